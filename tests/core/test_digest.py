from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digest import DigestMessage, compose_digest
from bot.core.graphemes import utf16_length
from bot.core.model import Author, Book, DiscussionNews, Post, PostKind
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import ATTACHMENT, DISCUSSION, INITIAL, POST, REPLY, digest, news
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters


def compose(*of: DiscussionNews, user_id: int = 500) -> DigestMessage:
    message = compose_digest(digest(*of, user_id=user_id))
    assert message is not None
    return message


def text_of(message: DigestMessage) -> str:
    return "\n".join(
        [message.title, message.introduction]
        + ["\n".join((section.title, *section.lines)) for section in message.sections]
        + [message.footer]
    )


def assert_fits_one_message(message: DigestMessage) -> None:
    """Discord's own limits (developers/resources/message, "Embed Limits")."""
    assert len(message.sections) + 1 <= 10
    total = sum(map(utf16_length, (message.title, message.introduction, message.footer)))
    for section in message.sections:
        description = "\n".join(section.lines)
        assert 0 < utf16_length(section.title) <= 256
        assert 0 < utf16_length(description) <= 4096
        total += utf16_length(section.title) + utf16_length(description)
    assert total + len("token") * 5 <= 6000


def test_nothing_new_is_no_digest() -> None:
    assert compose_digest(digest()) is None
    assert compose_digest(digest(news())) is None


def test_a_digest_tells_of_each_new_post_what_a_reader_wants_to_know() -> None:
    message = compose(news(POST, REPLY, parent=POST, is_new=True))
    assert message.introduction == "2 new posts in 1 discussion that you track."
    [section] = message.sections
    assert section.title == "Is Charles a liar?"
    assert section.url == "https://discord.com/channels/9/7"
    assert "\n".join(section.lines) == (
        "*The Sea, the Sea — Iris Murdoch*\n"
        "new discussion · 2 new posts by 2 people\n"
        "\n"
        "**Ann** · <t:1795199400:f> · Posted · [open](https://discord.com/channels/9/7/70)\n"
        "> He lies to himself first.\n"
        "\n"
        "**Ben** · <t:1795199400:f> · In reply to Ann · "
        "[open](https://discord.com/channels/9/7/71)\n"
        "> No."
    )
    assert "/track list" in message.footer


def test_old_posts_that_were_brought_back_are_one_line_and_may_be_all_there_is() -> None:
    message = compose(news(imported_count=50, is_new=True))
    assert message.introduction == "50 old posts imported in 1 discussion that you track."
    assert message.sections[0].lines == (
        "*The Sea, the Sea — Iris Murdoch*",
        "new discussion · 50 old posts imported",
    )


def test_old_posts_stand_beside_what_else_is_new() -> None:
    message = compose(news(POST, edited=(REPLY,), imported_count=1), news(imported_count=2))
    assert message.introduction == (
        "1 new post, 1 edited post and 3 old posts imported in 2 discussions that you track."
    )
    assert message.sections[0].lines[1] == (
        "1 new post by 1 person · 1 edited post · 1 old post imported"
    )


@pytest.mark.parametrize(
    ("post", "parent", "words"),
    [
        (INITIAL, None, "Initial post"),
        (POST, None, "Posted"),
        (REPLY, POST, "In reply to Ann"),
        (REPLY, replace(POST, author=Author(1, "Ann", 500)), "In reply to you"),
        (REPLY, None, "In reply to an earlier post"),
        (REPLY, replace(POST, author=None), "In reply to an earlier post"),
    ],
)
def test_a_post_says_what_it_answers(post: Post, parent: Post | None, words: str) -> None:
    assert f" · {words} · " in text_of(compose(news(post, parent=parent)))


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (replace(POST, content="", attachments=(ATTACHMENT,)), "> 1 attachment"),
        (replace(POST, content="", attachments=(ATTACHMENT,) * 2), "> 2 attachments"),
        (replace(POST, content="", notes=("Poll: who?", "Ann / Ben")), "> Poll: who? · Ann / Ben"),
        (replace(POST, content=""), "> (no text)"),
        (replace(POST, author=None), "**A reader**"),
        (replace(POST, author=Author(1, "**x** [a](b)")), "**\\*\\*x\\*\\* \\[a\\](b)**"),
        (replace(POST, content="||He did it|| " * 60), "> ||He did it|| "),
    ],
)
def test_a_post_without_text_or_with_an_odd_name_reads_well(post: Post, words: str) -> None:
    assert words in text_of(compose(news(post)))


def test_a_post_without_a_message_has_no_link() -> None:
    text = text_of(compose(news(replace(POST, message_id=None))))
    assert "· Posted\n" in text
    assert "[open]" not in text


def test_titles_hide_what_discord_cannot_hide_in_them() -> None:
    telling = replace(DISCUSSION, title="Who dies? ||Bertha|| does", book=Book(1, 9, "||Emma||"))
    message = compose(news(POST, discussion=telling))
    assert message.sections[0].title == "Who dies? ▮▮▮ does"
    assert message.sections[0].lines[0] == "*▮▮▮*"


def test_edits_stand_apart_from_the_last_post_and_together() -> None:
    edited = replace(POST, edited_at=POST.posted_at)
    section = text_of(compose(news(POST, edited=(edited, edited))))
    assert "> He lies to himself first.\n\nEdited since: " in section
    assert section.count("\nEdited since: ") == 2
    assert section.count("\n\nEdited since: ") == 1


def test_a_week_of_edits_alone_is_told_as_such() -> None:
    edited = replace(POST, edited_at=POST.posted_at)
    message = compose(news(edited=(edited,)))
    assert message.introduction == "1 edited post in 1 discussion that you track."


def test_a_title_never_styles() -> None:
    odd = replace(DISCUSSION, title="**Loud** [x](y) <@1>", book=Book(1, 9, "_Emma_", None))
    [section] = compose(news(POST, discussion=odd)).sections
    assert section.title == "\\*\\*Loud\\*\\* \\[x\\](y) \\<@1>"
    assert section.lines[0] == "*\\_Emma\\_*"


def test_edits_of_earlier_posts_are_told_with_their_time_and_a_link() -> None:
    edited = replace(POST, edited_at=POST.posted_at)
    message = compose(news(edited=(edited,)))
    assert "1 edited post" in text_of(message)
    assert message.sections[0].lines[-1] == (
        "Edited since: Ann, <t:1795199400:f> ([open](https://discord.com/channels/9/7/70))"
    )


def test_what_is_left_out_is_counted_with_a_link_to_the_discussion() -> None:
    [section] = compose(news(POST, count=32)).sections
    assert section.lines[-1] == "[and 31 more new posts](https://discord.com/channels/9/7)"
    [section] = compose(news(POST, edited_count=2)).sections
    assert section.lines[-1] == "[and 2 more edited posts](https://discord.com/channels/9/7)"


def test_every_post_is_either_shown_or_counted() -> None:
    busy = news(*[replace(POST, content=f"Post {n} " + "words " * 50) for n in range(40)])
    [section] = compose(busy).sections
    shown = sum(line.startswith("**Ann**") for line in section.lines)
    assert 10 < shown < 40
    assert section.lines[-1].startswith(f"[and {40 - shown} more new posts]")


def test_a_busy_discussion_leaves_the_quiet_ones_their_room() -> None:
    busy = news(*[replace(POST, content="words " * 100)] * 40)
    quiet = news(replace(POST, content="A quiet word."))
    sections = compose(busy, quiet, busy, quiet).sections
    for section in (sections[1], sections[3]):
        assert section.lines[-1].endswith("> A quiet word.")
    shown = [sum(line.startswith("**Ann**") for line in sections[n].lines) for n in (0, 2)]
    assert min(shown) >= 5
    assert max(shown) - min(shown) <= 1


def test_more_discussions_than_embeds_are_named_in_the_last_section() -> None:
    many = [
        news(POST, discussion=replace(DISCUSSION, thread_id=n, title=f"Topic {n}"))
        for n in range(1, 31)
    ]
    message = compose(*many)
    assert_fits_one_message(message)
    *named, rest = message.sections
    assert [section.title for section in named] == [f"Topic {n}" for n in range(1, 9)]
    assert rest.title == "And 22 more discussions"
    assert rest.lines[0] == "[Topic 9](https://discord.com/channels/9/9): 1 new post by 1 person"
    assert rest.lines[-1] == f"and {22 - len(rest.lines) + 1} more discussions"


names = st.one_of(st.none(), st.builds(Author, st.integers(1, 9), st.text(max_size=80)))
odd_texts = st.one_of(
    nasty_texts(), st.text(max_size=300), st.just("🦉" * 2000), st.just("|" * 999)
)
posts = st.builds(
    lambda content, author, kind, message_id: replace(
        POST,
        content=content,
        author=author,
        kind=kind,
        message_id=message_id,
        channel_id=10**19,
        guild_id=10**19,
    ),
    odd_texts,
    names,
    st.sampled_from(PostKind),
    st.sampled_from([None, 10**19]),
)
discussions = st.builds(
    lambda title, book_title: replace(
        DISCUSSION,
        title=title,
        guild_id=10**19,
        thread_id=10**19,
        book=Book(1, 1, book_title, book_title),
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=100),
    st.text(max_size=300),
)
some_news = st.builds(
    lambda many, discussion, more, edited: news(
        *many * 8, discussion=discussion, count=len(many) * 8 + more, parent=POST, edited=edited
    ),
    st.lists(posts, min_size=1, max_size=4),
    discussions,
    st.sampled_from([0, 1, 10**6]),
    st.lists(posts, max_size=3).map(tuple),
)


@given(st.lists(some_news, min_size=1, max_size=12))
def test_a_digest_fits_one_message_whatever_the_posts_hold(many: list[DiscussionNews]) -> None:
    assert_fits_one_message(compose(*many))


@given(first=nasty_texts(), second=nasty_texts())
def test_posts_in_one_digest_do_not_unhide_each_other(first: str, second: str) -> None:
    second = "".join(chr(ord(sign) + 1000) if sign >= "\u4e00" else sign for sign in second)
    [section] = compose(news(replace(POST, content=first), replace(POST, content=second))).sections
    secret = hidden_letters(first, ALL) | hidden_letters(second, ALL)
    shown = visible_letters("\n".join(section.lines), CLIENTS)
    assert not {letter for letter in secret & shown if letter >= "\u4e00"}
