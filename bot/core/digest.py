"""The wording of the weekly digest, and how much of it fits into one Discord message.

To change what a digest says, change it here: `_introduction`, `_heading`, `_post_line`,
`_edit_line`, `_more_line` and `FOOTER`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind
from bot.core.model import Digest, Discussion, DiscussionNews, NewPost, Post
from bot.core.post_line import (
    author_name,
    book_line,
    counted,
    jump_link,
    kind_words,
    literal,
    shown_text,
    timestamp,
)

TITLE = "Your week in discussions"
FOOTER = "You get this because you track these discussions · /track list · /digest settings"

# Limits of developers/resources/message, "Embed Limits", in characters.
MOST_EMBEDS = 10
MOST_IN_ALL = 6000
MOST_IN_DESCRIPTION = 4096
# Kept free for the mark that the courier adds to the footer.
_ROOM_FOR_TOKEN = 60
# The first embed holds the introduction, and the last one may stand for many discussions.
_MOST_SECTIONS = MOST_EMBEDS - 1
_ROOM_FOR_REST = 900
_TEXT_LENGTHS = (300, 160, 90)


@dataclass(frozen=True, slots=True)
class DigestSection:
    """What is new in one discussion, as Markdown to be joined by newlines.

    `url` opens the discussion and is None where it has no thread. `discussion_id` is None for a
    section that stands for several. `first_number` is that of the first new post, if it has one.
    """

    title: str
    url: str | None
    lines: tuple[str, ...]
    discussion_id: int | None = None
    first_number: int | None = None


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """A digest as it is sent: one embed with the introduction and one for each section.

    `title`, `introduction` and the sections are Markdown, `footer` is plain. All of it and a
    token of 25 characters fit into one message.

    `shown` says for every discussion that it tells of, by id, which posts are shown (local ids;
    none of them where it is only counted), or None: all that is new.
    """

    kind: DigestKind
    title: str
    introduction: str
    sections: tuple[DigestSection, ...]
    footer: str
    shown: Mapping[int, tuple[int, ...] | None]


def compose_digest(digest: Digest) -> DigestMessage | None:
    """Put a digest into words, or give None when there is nothing to say.

    A week that does not fit into one message is cut fairly: discussions with little news keep
    all of it, the others share the room that is left, and say how much more there is.
    """
    news = [
        one for one in digest.news if one.new_post_count or one.edited_count or one.imported_count
    ]
    if not news:
        return None
    introduction = _introduction(news)
    room = MOST_IN_ALL - _ROOM_FOR_TOKEN - sum(map(utf16_length, (TITLE, introduction, FOOTER)))
    shown, rest = news, []
    if len(news) > _MOST_SECTIONS:
        shown, rest = news[: _MOST_SECTIONS - 1], news[_MOST_SECTIONS - 1 :]
    sections = []
    if rest:
        last = _rest(rest)
        sections = [last]
        room -= _length(last)
    return DigestMessage(
        digest.kind,
        TITLE,
        introduction,
        (*_sections(shown, digest.reader_id, room), *sections),
        FOOTER,
        {one.discussion.id: None for one in news},
    )


def _introduction(news: Sequence[DiscussionNews]) -> str:
    counts = {
        "new post": sum(one.new_post_count for one in news),
        "edited post": sum(one.edited_count for one in news),
    }
    facts = [counted(number, thing) for thing, number in counts.items() if number]
    facts += _imported(sum(one.imported_count for one in news))
    listed = " and ".join(filter(None, [", ".join(facts[:-1]), facts[-1]]))
    return f"{listed} in {counted(len(news), 'discussion')} that you track."


def _imported(count: int) -> list[str]:
    """Say how many old posts were brought back, where any were: that is all of them it tells."""
    return [f"{counted(count, 'old post')} imported"] if count else []


def _heading(news: DiscussionNews) -> list[str]:
    """Say which book a discussion is about, and how much is new."""
    facts = ["new discussion"] if news.is_new else []
    if news.new_post_count:
        people = counted(news.author_count, "person")
        facts.append(f"{counted(news.new_post_count, 'new post')} by {people}")
    if news.edited_count:
        facts.append(counted(news.edited_count, "edited post"))
    facts += _imported(news.imported_count)
    book = [f"*{book_line(news.discussion.book)}*"] if news.discussion.book else []
    return [*book, " · ".join(facts)]


def _post_line(new: NewPost, reader_id: int | None, text_length: int) -> str:
    """Say who wrote a post, when, what it answers, and how it begins."""
    facts = [
        f"**{author_name(new.post)}**",
        timestamp(new.post.posted_at),
        kind_words(new.post, _answered(new.parent, reader_id)),
        jump_link(new.post),
    ]
    return f"{' · '.join(filter(None, facts))}\n> {shown_text(new.post, text_length)}"


def _answered(parent: Post | None, reader_id: int | None) -> str | None:
    if parent is None or parent.author is None:
        return None
    is_own = reader_id is not None and parent.author.user_id == reader_id
    return "you" if is_own else author_name(parent)


def _edit_line(post: Post) -> str:
    when = timestamp(post.edited_at or post.posted_at)
    link = jump_link(post)
    return f"Edited since: {author_name(post)}, {when}{f' ({link})' if link else ''}"


def _more_line(news: DiscussionNews, posts_shown: int, edits_shown: int) -> str | None:
    """Say how much of the news was left out, with a link to the discussion."""
    left_out = {
        "more new post": news.new_post_count - posts_shown,
        "more edited post": news.edited_count - edits_shown,
    }
    more = [counted(number, thing) for thing, number in left_out.items() if number > 0]
    if not more:
        return None
    text, url = f"and {' and '.join(more)}", _url(news.discussion)
    return f"[{text}]({url})" if url else text


def _rest(news: Sequence[DiscussionNews]) -> DigestSection:
    """Name the discussions for which the message has no section left."""
    lines: list[str] = []
    for one in news:
        title, url = literal(one.discussion.title, 60), _url(one.discussion)
        line = f"{f'[{title}]({url})' if url else title}: {' · '.join(_heading(one)[-1:])}"
        if utf16_length("\n".join([*lines, line])) > _ROOM_FOR_REST:
            lines.append(f"and {counted(len(news) - len(lines), 'more discussion')}")
            break
        lines.append(line)
    return DigestSection(f"And {counted(len(news), 'more discussion')}", None, tuple(lines))


def _sections(
    news: Sequence[DiscussionNews], reader_id: int | None, room: int
) -> list[DigestSection]:
    """Give a section for each discussion that together take at most `room` characters.

    The longest texts with which everything fits are taken; where nothing helps, the shortest,
    and as much as fits.
    """
    drafts: list[_Draft] = []
    for text_length in _TEXT_LENGTHS:
        drafts = [_draft(one, reader_id, text_length) for one in news]
        if _fill(drafts, room):
            break
    return [draft.section() for draft in drafts]


def _fill(drafts: Sequence[_Draft], room: int) -> bool:
    """Give the drafts one entry after another in turn while there is room; say if all fitted.

    In turn, so that a busy discussion does not push the quiet ones out. Only what is shown is
    put into words: to shorten a text takes milliseconds, and most of a long week is left out.
    """
    left = room - sum(_length(draft.section()) for draft in drafts)
    open_drafts = list(drafts)
    while open_drafts:
        for draft in tuple(open_drafts):
            entry = draft.next_entry()
            if entry is None:
                open_drafts.remove(draft)
                continue
            before = _length(draft.section())
            draft.entries.append(entry)
            after = _length(draft.section())
            if after - before > left or after > MOST_IN_DESCRIPTION:
                draft.entries.pop()
                open_drafts.remove(draft)
            else:
                left -= after - before
    return all(draft.next_entry() is None for draft in drafts)


@dataclass(slots=True)
class _Draft:
    """A section as it grows: `entries` are what it tells so far, posts before edits."""

    news: DiscussionNews
    reader_id: int | None
    text_length: int
    title: str
    heading: tuple[str, ...]
    entries: list[str] = field(default_factory=list)

    def next_entry(self) -> str | None:
        """Put the next post or edit into words; None when there is no other."""
        told, posts, edited = len(self.entries), self.news.posts, self.news.edited
        if told < len(posts):
            return _post_line(posts[told], self.reader_id, self.text_length)
        if told < len(posts) + len(edited):
            return _edit_line(edited[told - len(posts)].post)
        return None

    def section(self) -> DigestSection:
        """Give the section as it is now, with how much it leaves out."""
        posts, edits = self.entries[: len(self.news.posts)], self.entries[len(self.news.posts) :]
        more = _more_line(self.news, len(posts), len(edits))
        below = [*edits, *([more] if more else [])]
        # Right below a quotation Discord leaves no space of its own.
        spaced = [line for post in posts for line in ("", post)]
        lines = (*self.heading, *spaced, *([""] if spaced and below else []), *below)
        news = self.news
        return DigestSection(
            self.title, _url(news.discussion), lines, news.discussion.id, news.first_number
        )


def _draft(news: DiscussionNews, reader_id: int | None, text_length: int) -> _Draft:
    title = literal(news.discussion.title, 120)
    return _Draft(news, reader_id, text_length, title, tuple(_heading(news)))


def _length(section: DigestSection) -> int:
    return utf16_length(section.title) + utf16_length("\n".join(section.lines))


def _url(discussion: Discussion) -> str | None:
    if discussion.thread_id is None:
        return None
    return f"https://discord.com/channels/{discussion.guild_id}/{discussion.thread_id}"
