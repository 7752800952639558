from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.branch import BRANCH_LENGTH, BranchPost, compose_branch
from bot.core.graphemes import utf16_length
from bot.core.model import Author
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import POST, POSTED_AT, REPLY

FAR = 10**19


def test_each_post_stands_below_what_it_answers() -> None:
    answer = replace(REPLY, reply_count=1, content="No.")
    below = replace(REPLY, id=4, number=4, message_id=72, content="||Why|| not?")

    page = compose_branch(POST, [BranchPost(answer, 1), BranchPost(below, 2)])

    assert page.title == "Replies below post 2 by Ann"
    assert page.text == (
        "┊ 3\\. **Ben** · <t:1795199400:d> · 1 direct reply · "
        "[open](https://discord.com/channels/9/7/71)\n"
        "┊ No.\n"
        "┊ ┊ 4\\. **Ben** · <t:1795199400:d> · [open](https://discord.com/channels/9/7/72)\n"
        "┊ ┊ ||Why|| not?"
    )


def test_what_is_too_deep_to_be_indented_says_how_deep_it_is() -> None:
    (heading, _) = compose_branch(POST, [BranchPost(REPLY, 40)]).text.split("\n")

    assert heading.startswith("┊ " * 8 + "3")
    assert "40 steps down" in heading


def test_a_text_takes_one_line_so_that_none_begins_outside_its_place() -> None:
    long = replace(REPLY, content="word " * 100)

    lines = compose_branch(POST, [BranchPost(long, 1), BranchPost(long, 40)]).text.split("\n")

    assert [line.endswith("word…") for line in lines] == [False, True, False, True]
    assert all(60 <= len(line) <= 68 for line in lines[1::2])


def test_a_branch_without_posts_says_so() -> None:
    assert compose_branch(POST, []).text == "Nobody has answered it yet."


@given(
    st.lists(nasty_texts(max_size=200), min_size=1, max_size=BRANCH_LENGTH),
    nasty_texts(max_size=100),
)
def test_whatever_the_posts_hold_a_page_fits(texts: list[str], name: str) -> None:
    post = replace(
        REPLY, number=10**9, author=Author(1, name), reply_count=10**6, edited_at=POSTED_AT,
        guild_id=FAR, channel_id=FAR, message_id=FAR,
    )  # fmt: skip
    posts = [BranchPost(replace(post, content=text * 5), 10**6) for text in texts]

    page = compose_branch(post, posts)

    assert 0 < utf16_length(page.text) <= 4096
    assert utf16_length(page.title) <= 256
    assert page.text.count("[open]") == len(posts)
