"""How old posts look in a thread."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.graphemes import utf16_length
from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.core.replay_text import (
    Answered,
    FoundLater,
    staged_posts,
    webhook_name,
)

INITIAL = ImportedPost(
    number=1,
    author="Wren_",
    posted_at=datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC),
    edited_at=None,
    kind=PostKind.INITIAL,
    content="Why does she marry him?",
)
REPLY = replace(
    INITIAL,
    number=2,
    author=None,
    posted_at=datetime(2006, 5, 11, 22, 2, 44, tzinfo=UTC),
    edited_at=datetime(2006, 5, 11, 23, 2, 44, tzinfo=UTC),
    kind=PostKind.REPLY,
    content="For his library.",
)
LONG = replace(REPLY, content="\n\n".join(f"{number} " + "word " * 150 for number in range(6)))
URL = "https://discord.com/channels/1234567890123456789/1234567890123456789/1234567890123456789"
DISCUSSION = ImportedDiscussion(
    title="On Dorothea",
    forum="Middlemarch forum",
    book=ImportedBook("Middlemarch", "Paperback", "George Eliot", "Penguin", 4.3, 1612),
    participants=2,
    total_posts=9,
    tracked_by=1,
    initial_post=date(2006, 5, 10),
    latest_post=date(2007, 1, 1),
    missing_posts=((3, 9),),
    posts=(INITIAL, REPLY),
    warnings=(),
)


def test_the_first_post_opens_with_its_date_and_ends_with_the_box() -> None:
    (message,) = staged_posts(INITIAL, boxed=DISCUSSION)
    assert message.author_name == "Wren_"
    assert message.content.split("\n") == [
        "-# <t:1147298564:f>",
        "Why does she marry him?",
        (
            "-# Discussion in: Middlemarch forum · Participants: 2 · Total posts: 9 · "
            "Initial post: May 10, 2006 · Latest post: Jan 1, 2007 · Tracked by: 1"
        ),
        (
            r"-# About Middlemarch \[Paperback\] by George Eliot (Penguin) · "
            "4.3 out of 5 stars (1,612)"
        ),
    ]


def test_the_box_leaves_out_what_the_page_does_not_say() -> None:
    bare = replace(
        DISCUSSION,
        forum=None,
        book=None,
        participants=None,
        tracked_by=None,
        initial_post=None,
        latest_post=None,
    )
    (message,) = staged_posts(INITIAL, boxed=bare)
    assert message.content.split("\n")[2:] == ["-# Total posts: 9"]


def test_a_reply_to_an_unknown_post_says_so_and_shows_its_edit() -> None:
    (message,) = staged_posts(REPLY)
    assert message.author_name == "A reader"
    assert message.content == (
        "-# <t:1147384964:f>, edited <t:1147388564:f>\n"
        "-# In reply to an earlier post\n"
        "For his library."
    )


def test_a_reply_to_a_known_post_names_it_and_links_its_message() -> None:
    (linked,) = staged_posts(REPLY, answered=Answered(INITIAL, URL))
    assert rf"-# In reply to [Wren\_]({URL}), <t:1147298564:f>" in linked.content
    (unlinked,) = staged_posts(REPLY, answered=Answered(INITIAL))
    assert "-# In reply to Wren\\_, <t:1147298564:f>" in unlinked.content


def test_posts_that_were_found_later_say_where_they_belong() -> None:
    (several,) = staged_posts(INITIAL, found_later=FoundLater(1, 25, 26, URL))
    assert several.content.split("\n") == [
        f"-# Posts 1 to 25, found later: they belong before [post 26]({URL})",
        "-# <t:1147298564:f>",
        "Why does she marry him?",
    ]
    (one,) = staged_posts(INITIAL, found_later=FoundLater(7, 7, 8, URL))
    assert f"-# Post 7, found later: it belongs before [post 8]({URL})\n" in one.content


def test_the_box_is_on_no_other_post_than_the_one_that_opens_the_thread() -> None:
    (message,) = staged_posts(INITIAL)
    assert "Discussion in" not in message.content


def test_the_box_gets_a_message_of_its_own_when_the_last_is_full() -> None:
    full = replace(INITIAL, content="a" * 1700)
    messages = staged_posts(full, boxed=DISCUSSION)
    assert [message.content[:6] for message in messages] == ["-# <t:", "-# Dis"]


def test_a_long_post_is_split_between_paragraphs_under_one_name() -> None:
    messages = staged_posts(LONG)
    assert len(messages) > 1
    assert {message.author_name for message in messages} == {"A reader"}
    assert messages[1].content[:2] in {"2 ", "3 "}


def test_where_a_long_post_is_split_does_not_depend_on_its_small_lines() -> None:
    parent = replace(INITIAL, author="_" * 90, edited_at=REPLY.edited_at)
    bare = staged_posts(replace(LONG, edited_at=None, kind=PostKind.POST))
    lined = staged_posts(LONG, answered=Answered(parent, URL))
    assert bare[1:] == lined[1:]
    assert lined[0].content.endswith(bare[0].content.removeprefix("-# <t:1147384964:f>"))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        (None, "A reader"),
        ("  ", "A reader"),
        ("\u200b", "A reader"),
        ("Clyde Barrow", "C·lyde Barrow"),
        ("discordant CLYDE", "d·iscordant C·LYDE"),
        ("dis\u200bcord", "d·iscord"),
        ("A.   B.\tCee", "A. B. Cee"),
        ("x" * 81, "x" * 79 + "…"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_made_one_that_discord_takes(author: str | None, name: str) -> None:
    assert webhook_name(author) == name


@given(st.text() | st.sampled_from(["CLYDE", "DiScOrD"]).map(lambda word: f"\u2060{word}😀" * 30))
def test_every_name_keeps_to_the_rules_of_webhooks(author: str) -> None:
    name = webhook_name(author)
    assert 1 <= utf16_length(name) <= 80
    assert name == name.strip()
    assert "clyde" not in name.lower()
    assert "discord" not in name.lower()


def test_a_product_link_is_never_cut_in_two() -> None:
    link = "[[ASIN:014143954X " + "a long title " * 8 + "it is]]"
    for length in range(1600, 2000, 7):
        text = "w " * (length // 2) + link
        messages = staged_posts(replace(REPLY, content=text))
        whole = [m for m in messages if "](<https://www.amazon.com/dp/014143954X>)" in m.content]
        assert len(whole) == 1
        assert "[a long title" in whole[0].content


@given(
    st.lists(
        st.text(max_size=400) | st.sampled_from(["word " * 300, "é😀" * 700, "*_||`" * 250]),
        max_size=8,
    ).map("\n\n".join)
)
def test_every_message_fits_and_none_is_blank(content: str) -> None:
    messages = staged_posts(
        replace(REPLY, content=content),
        answered=Answered(replace(INITIAL, author="|" * 90), URL),
        found_later=FoundLater(9_990, 9_999, 10_000, URL),
        boxed=DISCUSSION,
    )
    assert messages
    assert all(utf16_length(message.content) <= 2000 for message in messages)
    assert all(message.content.strip() for message in messages)
