"""Discussions that were never held, for properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.core.imported import ImportedPost
from bot.core.model import PostKind
from bot.importers.author_line import candidate, reads_like_name
from bot.importers.sites import SITES

# No-break spaces become plain, the separators end lines, what has no character is no text.
NOT_KEPT = "\u00a0\u202f\u2007\u2028\u2029"
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters=NOT_KEPT)
FOOT_LINES = {"[Add comment]", "Add your own message to the discussion", "This discussion"}


def is_plain(line: str) -> bool:
    return bool(line.strip()) and not any(site.header(line) for site in SITES)


tricky_lines = st.sampled_from(
    [
        "She says:",
        "When they meet again, he says:",
        "Posted on my door",
        "In reply to an earlier post on the subject",
        "Initial post: May 10, 2006",
        "Total posts: 9",
        "Showing 1-25 of",
        "‹ Previous 1 2 Next › was all I saw",
        "    indented *verse* _as typed_",
        "<b>bold</b> &amp; <br> \"quoted\" 'too'",
        "see [[ASIN:0000000018 Paradise Lost]] and http://example.org/a?b=1&c=2",
        *FOOT_LINES,
    ]
)
lines = st.one_of(tricky_lines, st.text(CHARACTERS, max_size=60).map(str.rstrip).filter(is_plain))
paragraphs = st.lists(lines, min_size=1, max_size=3).map("\n".join)
contents = st.lists(paragraphs, min_size=1, max_size=3).map("\n\n".join)
names = st.one_of(
    st.sampled_from(["Wren", "J. Marsh", 'Ada "reads" Thorn', "a reader"]),
    st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=20),
).filter(reads_like_name)


def names_an_author(content: str) -> bool:
    name = candidate(content.partition("\n")[0], "says:")
    return name is not None and reads_like_name(name, seen_again=True)


@st.composite
def discussions(draw: st.DrawFn, *, most: int = 8) -> list[ImportedPost]:
    moment = datetime(1999, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 500_000_000)))
    posts = []
    for number in range(1, draw(st.integers(2, most)) + 1):
        moment += timedelta(seconds=draw(st.integers(1, 10_000_000)))
        author = draw(st.none() | names)
        content = draw(contents)
        if author is None and names_an_author(content):
            content = "Well. " + content
        is_edited = draw(st.booleans())
        posts.append(
            ImportedPost(
                number=number,
                author=author,
                posted_at=moment,
                edited_at=moment + timedelta(hours=1) if is_edited else None,
                kind=PostKind.INITIAL
                if number == 1
                else draw(st.sampled_from([PostKind.POST, PostKind.REPLY])),
                content=content,
            )
        )
    return posts
