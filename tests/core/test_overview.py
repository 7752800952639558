from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.core.graphemes import utf16_length
from bot.core.model import Forum
from bot.core.overview import (
    LIST_LENGTH,
    ForumOverview,
    Overview,
    discussions_text,
    forums_text,
)
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import BOOK, DISCUSSION, INITIAL, POST

FAR = 10**19
OVERVIEW = Overview(DISCUSSION, 2, INITIAL, POST, 1)


def test_a_discussion_is_listed_with_its_posts_participants_latest_post_and_trackers() -> None:
    assert discussions_text([OVERVIEW]) == (
        "**[Is Charles a liar?](https://discord.com/channels/9/7)**\n"
        "3 posts · 2 participants · latest <t:1795199400:R> · tracked by 1 member"
    )


def test_what_has_no_thread_is_listed_without_a_link_and_what_is_archived_says_so() -> None:
    imported = replace(DISCUSSION, thread_id=None, is_archived=True)

    text = discussions_text([Overview(imported, 0, None, None, 0)])

    assert text == (
        "**Is Charles a liar?**\n3 posts · 0 participants · tracked by 0 members · archived"
    )


def test_a_forum_is_listed_with_its_book_and_what_can_be_read_in_it() -> None:
    forum = Forum(8, 9, "novels", is_forum_channel=True, host_id=1, book=BOOK)

    assert forums_text([ForumOverview(forum, 1, 1_200)]) == (
        "**<#8>**\nThe Sea, the Sea — Iris Murdoch\n1 discussion · 1,200 posts"
    )


@pytest.mark.parametrize("text", [discussions_text([]), forums_text([])])
def test_an_empty_list_says_so(text: str) -> None:
    assert "that you can read" in text


@given(nasty_texts(max_size=200))
def test_whatever_the_titles_are_a_page_fits(title: str) -> None:
    long = replace(
        DISCUSSION, title=title * 3, guild_id=FAR, thread_id=FAR, post_count=10**9, is_archived=True
    )
    book = replace(BOOK, title=title * 3, author=title * 3)
    forum = Forum(FAR, FAR, title, is_forum_channel=True, host_id=1, book=book)

    for text in (
        discussions_text([replace(OVERVIEW, discussion=long)] * LIST_LENGTH),
        forums_text([ForumOverview(forum, 10**6, 10**9)] * LIST_LENGTH),
    ):
        assert 0 < utf16_length(text) <= 4096
