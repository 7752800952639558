from dataclasses import replace

import pytest

from bot.core.digest_opening import footer, introduction, section_title, title
from bot.core.level import DigestKind
from bot.core.model import Author, Concern, DiscussionNews, NewPost, Post
from tests.core.samples import BEN, DISCUSSION, POST, REPLY, news

OTHER = replace(DISCUSSION, id=2, title="The dog")
BY_CLEO = replace(POST, author=Author(3, "Cleo *", 103))


def to_reader(*posts: tuple[Post, Concern]) -> DiscussionNews:
    """News of posts that all answer the reader, but for those that only mention them."""
    by = {concern: set[int]() for concern in Concern}
    for post, concern in posts:
        assert post.author is not None
        by[concern].add(post.author.id)
    return news(
        *(NewPost(post, None, concern) for post, concern in posts),
        answered_by=frozenset(by[Concern.ANSWER] | by[Concern.QUESTION]),
        asked_by=frozenset(by[Concern.QUESTION]),
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (DigestKind.WEEKLY, "Your week in discussions"),
        (DigestKind.DAILY, "Your day in discussions"),
        (DigestKind.CHANNEL, "The week in discussions"),
        (DigestKind.NOTICE, "New in 2 discussions"),
    ],
)
def test_each_kind_of_digest_has_its_title(kind: DigestKind, said: str) -> None:
    assert title(kind, [news(POST), news(POST, discussion=OTHER)]) == said


def test_a_notice_of_one_discussion_has_its_name() -> None:
    odd = news(POST, discussion=replace(DISCUSSION, title="*Who* dies?"))
    assert title(DigestKind.NOTICE, [odd]) == "New in \\*Who\\* dies?"
    assert section_title(DigestKind.NOTICE, odd) == "New in \\*Who\\* dies?"
    assert section_title(DigestKind.DAILY, odd) == "\\*Who\\* dies?"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([news(POST)], "1 new post in 1 discussion that you track."),
        (
            [news(POST, REPLY), news(POST, edited=(REPLY,), discussion=OTHER)],
            "3 new posts and 1 edited post in 2 discussions that you track.",
        ),
        (
            [news(POST, edited=(REPLY,), imported_count=1), news(imported_count=1_200)],
            (
                "1 new post, 1 edited post and 1,201 old posts imported"
                " in 2 discussions that you track."
            ),
        ),
    ],
)
def test_an_introduction_counts_what_is_new(told: list[DiscussionNews], said: str) -> None:
    assert introduction(DigestKind.WEEKLY, told) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([to_reader((POST, Concern.ANSWER))], "1 person answered you"),
        (
            [
                to_reader((POST, Concern.ANSWER), (REPLY, Concern.ANSWER)),
                to_reader((POST, Concern.ANSWER), (BY_CLEO, Concern.ANSWER)),
            ],
            "3 people answered you",
        ),
        ([to_reader((POST, Concern.QUESTION))], "Ann asks you something"),
        (
            [
                to_reader((POST, Concern.QUESTION), (REPLY, Concern.ANSWER)),
                to_reader((POST, Concern.QUESTION)),
            ],
            "2 people answered you, and Ann asks you something",
        ),
        (
            [to_reader((BY_CLEO, Concern.QUESTION)), to_reader((POST, Concern.QUESTION))],
            "2 people ask you something",
        ),
        ([to_reader((BY_CLEO, Concern.QUESTION))], "Cleo \\* asks you something"),
        ([news(count=9, asked_by=frozenset({3}))], "1 person asks you something"),
    ],
)
def test_it_begins_with_who_turned_to_the_reader(told: list[DiscussionNews], said: str) -> None:
    first, second = introduction(DigestKind.DAILY, told).split("\n")
    assert first == f"**{said}.**"
    assert "that you track" in second


def test_a_mention_alone_is_no_answer() -> None:
    assert "\n" not in introduction(DigestKind.DAILY, [to_reader((POST, Concern.MENTION))])


def test_a_channels_digest_says_of_which_forum_it_is() -> None:
    told = [news(POST), news(replace(POST, author=BEN), discussion=OTHER)]
    assert introduction(DigestKind.CHANNEL, told) == "2 new posts in 2 discussions of <#8>."


def test_a_digest_says_why_one_gets_it_and_a_channels_how_to_get_more() -> None:
    for kind in (DigestKind.NOTICE, DigestKind.DAILY, DigestKind.WEEKLY):
        assert "because you track" in footer(kind)
        assert "/digest settings" in footer(kind)
    assert "/track discussion" in footer(DigestKind.CHANNEL)
    assert "You get" not in footer(DigestKind.CHANNEL)
