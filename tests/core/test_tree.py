from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from bot.core.graphemes import utf16_length
from bot.core.tree import COLOURS, SHAPES, OutlinePost, plan_tree, tick_labels
from tests.core.nasty_texts import nasty_texts
from tests.core.samples import POSTED_AT


def post(number: int, answers: int | None = None, author: str | None = "Ann") -> OutlinePost:
    """A post whose id is its number, an hour after the one before."""
    posted_at = POSTED_AT + timedelta(hours=number)
    return OutlinePost(number, number, answers, author, posted_at, is_deleted=False)


def test_posts_stand_in_their_order_each_a_step_above_what_it_answers() -> None:
    tree = plan_tree("Emma", [post(4), post(5, 4), post(6, 5), post(7, 4), post(8)], 5)

    assert [(node.place, node.depth, node.parent) for node in tree.nodes] == [
        (0, 0, None),
        (1, 1, 0),
        (2, 2, 1),
        (3, 1, 0),
        (4, 0, None),
    ]


def test_what_answers_a_post_outside_the_picture_begins_a_line_of_its_own() -> None:
    tree = plan_tree("Emma", [post(8, 2), post(9, 8)], 9)

    assert [node.depth for node in tree.nodes] == [0, 1]
    assert tree.subtitle.startswith("The latest 2 of 9 posts by 1 person")


def test_a_page_that_stands_newest_first_ends_in_a_picture_too() -> None:
    tree = plan_tree("Emma", [post(1, 2), post(2)], 2)

    assert [node.parent for node in tree.nodes] == [None, None]


def test_every_author_has_a_look_of_their_own_while_there_are_any() -> None:
    count = len(COLOURS) * len(SHAPES)
    posts = [post(number, author=f"Reader {number}") for number in range(1, count + 1)]

    tree = plan_tree("Emma", posts, count)

    assert len({(look.colour, look.shape) for look in tree.looks}) == count
    assert None not in {look.colour for look in tree.looks}


def test_authors_beyond_that_share_one_look_and_the_busiest_have_their_own() -> None:
    count = len(COLOURS) * len(SHAPES)
    posts = [post(number, author=f"Reader {number}") for number in range(1, count + 4)]
    posts += [post(count + 4, author="Zoe"), post(count + 5, author="Zoe")]

    tree = plan_tree("Emma", posts, len(posts))

    assert tree.looks[0].name == "Zoe"
    assert (tree.looks[-1].name, tree.looks[-1].posts) == ("4 others", 4)
    assert sum(look.posts for look in tree.looks) == len(posts)
    assert [node.look.colour for node in tree.nodes].count(None) == 4


def test_deleted_posts_are_nobodys_and_have_a_look_of_their_own() -> None:
    gone = replace(post(2, 1, author=None), is_deleted=True)

    tree = plan_tree("Emma", [post(1), gone, post(3, 2)], 3)

    assert [(look.name, look.posts, look.first, look.is_hollow) for look in tree.looks] == [
        ("Ann", 2, 1, False),
        ("deleted", 1, 2, True),
    ]
    assert tree.nodes[1].look is tree.looks[1]
    assert tree.subtitle == "2 posts by 1 person, 20 Nov 2026"
    assert "Most answered is post 1 by Ann" in tree.alternative


def test_the_alternative_text_names_a_deleted_post_by_its_number() -> None:
    gone = replace(post(1, author=None), is_deleted=True)

    tree = plan_tree("Emma", [gone, post(2, 1), post(3, 1)], 3)

    assert "Most answered is post 1, which was deleted, with 2 direct replies." in tree.alternative


def test_the_alternative_text_tells_what_the_picture_shows() -> None:
    posts = [post(1), post(2, 1, "Ben"), post(3, 2), post(4, 1, "Ben"), post(5, author=None)]

    tree = plan_tree("||Emma||", posts, 5)

    assert tree.title == "▮▮▮"
    assert tree.alternative == (
        "The discussion “▮▮▮” as a tree over time, from left to right: 5 posts by 3 people, "
        "20 Nov 2026. 2 posts begin a line of their own. The longest chain is 2 steps deep and "
        "ends with post 3 by Ann. Most answered is post 1 by Ann, with 2 direct replies. "
        "Most posts are by Ann (2), Ben (2), A reader (1)."
    )


@given(nasty_texts(max_size=200))
@settings(max_examples=60, deadline=None)
def test_the_alternative_text_always_fits(text: str) -> None:
    posts = [post(number, number - 1 or None, f"{text}{number}") for number in range(1, 9)]

    alternative = plan_tree(text, posts, 10**9).alternative

    assert utf16_length(alternative) <= 1024


def test_without_a_post_there_is_no_picture() -> None:
    with pytest.raises(ValueError, match="needs a post"):
        plan_tree("Emma", [], 0)


def test_times_are_told_by_year_and_where_two_are_of_one_day_by_the_hour() -> None:
    morning, noon = datetime(2026, 5, 9, 8, 5, tzinfo=UTC), datetime(2026, 5, 9, 12, tzinfo=UTC)
    later = datetime(2027, 1, 10, 7, 30, tzinfo=UTC)

    assert tick_labels([noon, later]) == ["9 May\n2026", "10 Jan\n2027"]
    assert tick_labels([morning, noon, later]) == ["9 May\n08:05", "9 May\n12:00", "10 Jan\n07:30"]
