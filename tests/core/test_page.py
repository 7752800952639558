from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.graphemes import utf16_length
from bot.core.model import Author, Post, PostKind
from bot.core.page import (
    LEAST_TEXT,
    Leaf,
    ReadPost,
    compose_leaf,
    leaf_with,
    post_heading,
    post_option,
)
from bot.core.place import Order, Place
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import ATTACHMENT, DISCUSSION, INITIAL, POST, POSTED_AT, REPLY

FAR = 10**19
# The longest heading there is: every number and name as long as can be.
LONGEST = replace(
    REPLY,
    number=999_999_999,
    author=Author(1, "**_" * 30),
    message_id=FAR,
    channel_id=FAR,
    guild_id=FAR,
    edited_at=POSTED_AT,
    reply_count=100_000,
    content="word " * 800,
)


def every_leaf(posts: list[Post]) -> list[Leaf]:
    read = [ReadPost(post, LONGEST) for post in posts]
    first = compose_leaf(DISCUSSION, Place(1, len(posts)), read)
    return [
        compose_leaf(DISCUSSION, Place(1, len(posts), leaf=leaf), read)
        for leaf in range(1, len(first.spans) + 1)
    ]


def test_each_post_tells_its_number_author_time_what_it_answers_and_its_last_edit() -> None:
    edited = replace(REPLY, edited_at=POSTED_AT, reply_count=2)
    time = "<t:1795199400:f>"

    assert post_heading(ReadPost(INITIAL, None)) == (
        f"1\\. **Ben** · Initial post · {time} · [open](https://discord.com/channels/9/7/7)"
    )
    assert f"2\\. **Ann** · Posted on {time}" in post_heading(ReadPost(POST, None))
    assert post_heading(ReadPost(edited, POST)) == (
        f"3\\. **Ben** · {time} · In reply to Ann, {time} · Last edited by the author on {time} · "
        "2 direct replies · [open](https://discord.com/channels/9/7/71)"
    )
    assert "In reply to an earlier post" in post_heading(ReadPost(REPLY, None))


def test_the_header_says_which_posts_are_shown_and_in_which_order() -> None:
    place = Place(1, 50, Order.NEWEST, page=2)

    assert compose_leaf(DISCUSSION, place, [ReadPost(POST, None)], newer=3).header == (
        "Showing 26-50 of 50 posts in this discussion · Sort: Newest first · "
        "3 newer posts since you began"
    )
    assert compose_leaf(DISCUSSION, Place(1, 0), []).header.startswith("Showing 0 of 0 posts")
    unread = replace(DISCUSSION, is_current=False)
    assert "still being read in" in compose_leaf(unread, Place(1, 0), []).header


def test_a_page_of_short_posts_is_one_leaf_with_all_of_their_text() -> None:
    posts = [replace(POST, number=n, content=f"Thought {n}.", message_id=n) for n in range(1, 26)]

    (leaf,) = every_leaf(posts)

    assert leaf.posts == tuple(posts)
    assert leaf.spans == ((1, 25),)
    assert all(f"> Thought {n}.\n" in leaf.text + "\n" for n in range(1, 26))


def test_a_page_of_the_longest_posts_is_four_leaves_with_200_characters_of_each() -> None:
    posts = [replace(LONGEST, number=999_999_900 + n) for n in range(25)]

    leaves = every_leaf(posts)

    assert [len(leaf.posts) for leaf in leaves] == [7, 7, 7, 4]
    assert [post for leaf in leaves for post in leaf.posts] == posts
    for leaf in leaves:
        texts = [line for line in leaf.text.split("\n") if line.startswith("> ")]
        assert all(utf16_length(line) >= LEAST_TEXT - len("> word") for line in texts)
        assert utf16_length(leaf.text) <= 4000


def test_the_room_that_is_left_shows_more_of_the_longer_posts() -> None:
    posts = [replace(POST, content="Short."), replace(POST, content="word " * 200)]

    (leaf,) = every_leaf(posts)

    assert leaf.text.count("word") == 200


def test_a_leaf_that_is_no_longer_there_is_the_pages_last() -> None:
    read = [ReadPost(POST, None)]

    assert compose_leaf(DISCUSSION, Place(1, 1, leaf=4), read).posts == (POST,)


def test_a_spoiler_that_is_cut_stays_hidden() -> None:
    posts = [replace(LONGEST, content=f"So ||{'secret ' * 300}|| it was.") for _ in range(7)]

    (leaf,) = every_leaf(posts)

    assert all(line.count("||") == 2 for line in leaf.text.split("\n") if line.startswith("> "))


@given(st.lists(nasty_texts(), min_size=1, max_size=25))
def test_whatever_the_posts_hold_a_leaf_fits_and_no_post_is_lost(texts: list[str]) -> None:
    posts = [replace(LONGEST, number=n, content=text) for n, text in enumerate(texts, 1)]

    leaves = every_leaf(posts)

    assert [post for leaf in leaves for post in leaf.posts] == posts
    assert len(leaves) <= 5
    assert all(0 < utf16_length(leaf.text) <= 4000 for leaf in leaves)


@pytest.mark.parametrize(
    ("post", "label", "description"),
    [
        (POST, "2. Ann", "He lies to himself first."),
        (replace(POST, content="||Secret||"), "2. Ann", "▮▮▮"),
        (replace(POST, is_deleted=True, author=None, content=""), "2. A deleted post", "(deleted)"),
        (replace(POST, author=None, number=None, content=""), "A reader", "(no text)"),
        (replace(POST, content="", attachments=(ATTACHMENT,)), "2. Ann", "1 attachment"),
        (replace(POST, content="", notes=("Poll: Yes?",)), "2. Ann", "Poll: Yes?"),
    ],
)
def test_a_post_in_a_list_is_plain_text_without_spoilers(
    post: Post, label: str, description: str
) -> None:
    option = post_option(post)

    assert (option.label, option.description) == (label, description)


@given(nasty_texts(max_size=200), nasty_texts(max_size=200))
def test_an_option_always_fits(name: str, text: str) -> None:
    option = post_option(replace(LONGEST, author=Author(1, name), content=text))

    assert 1 <= utf16_length(option.label) <= 100
    assert 1 <= utf16_length(option.description) <= 100


def test_a_page_without_posts_says_so() -> None:
    leaf = compose_leaf(DISCUSSION, Place(1, 0), [])

    assert (leaf.text, leaf.posts, leaf.spans) == ("There is no post here yet.", (), ())


def test_kinds_of_posts_have_the_old_forums_words() -> None:
    kinds = {
        PostKind.INITIAL: "Initial post",
        PostKind.POST: "Posted on",
        PostKind.REPLY: "In reply",
    }

    assert all(
        words in post_heading(ReadPost(replace(POST, kind=kind), None))
        for kind, words in kinds.items()
    )


def test_the_leaf_is_found_on_which_a_post_is_or_the_next_one_where_it_is_gone() -> None:
    posts = [ReadPost(replace(LONGEST, number=number), LONGEST) for number in range(26, 51)]
    posts.pop(7)
    spans = compose_leaf(DISCUSSION, Place(1, 50, page=2), posts).spans
    assert len(spans) > 1

    for leaf, (first, last) in enumerate(spans, start=1):
        assert {leaf_with(posts, number) for number in (first, last)} == {leaf}
    assert leaf_with(posts, 33) == leaf_with(posts, 34)
    assert leaf_with(posts, 1) == 1
    assert leaf_with(posts, 999) == len(spans)
    assert leaf_with([], 5) == 1
