"""Pages of one discussion that were saved at different times, or are of another."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.core.errors import UserError
from bot.importers.page import read_pages
from tests.importers.page_text import page_text

INITIAL = "Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\nFirst."


def post(day: int, text: str = "", author: str = "Ash") -> str:
    by = f"{author} says:\n" if author else ""
    return f"Posted on Jan {day}, 2008 9:00:00 AM PST\n{by}{text or f'Of day {day}.'}"


def page(posts: Sequence[str], first: int, total: int, *, title: str = "On Dorothea") -> bytes:
    return page_text(posts, first=first, total=total, title=title).encode()


def read(*pages: bytes) -> dict[int, str]:
    whole = read_pages([(f"page-{place}.txt", data) for place, data in enumerate(pages)])
    return {post.number: post.content for post in whole.posts}


def test_overlapping_pages_with_a_gap_keep_their_numbers() -> None:
    one = page([INITIAL, post(2)], 1, 9)
    two = page([post(2), post(3)], 2, 9)
    far = page([post(8), post(9)], 8, 9)
    whole = read_pages([("c", far), ("b", two), ("a", one)])
    assert [post.number for post in whole.posts] == [1, 2, 3, 8, 9]
    assert whole.missing_posts == ((4, 7),)
    assert whole.warnings == ()


def test_the_page_saved_last_tells_the_totals_and_the_latest_edit_the_text() -> None:
    mark = "PST\nLast edited by the author on Jan 5, 2008 9:00:00 AM PST"
    old = page([INITIAL, post(2)], 1, 2)
    new = page([INITIAL, post(2, "Better.").replace("PST", mark), post(6)], 1, 3)
    assert read(old, new) == read(new, old) == {1: "First.", 2: "Better.", 3: "Of day 6."}
    assert read_pages([("new", new), ("old", old)]).total_posts == 3


def test_what_looked_odd_is_told_of_each_page_once() -> None:
    first, second = page([INITIAL, post(2, " ")], 1, 3), page([post(3, " ")], 3, 3)
    whole = read_pages([("b.txt", second), ("a.txt", first), ("b.txt", second)])
    assert [str(warning) for warning in whole.warnings] == [
        "a.txt, line 11: This post has no text.",
        "b.txt, line 7: This post has no text.",
    ]


def test_an_author_who_left_is_known_from_the_older_page() -> None:
    left = page([INITIAL, post(2, author="")], 1, 2)
    whole = read_pages([("left", left), ("there", page([INITIAL, post(2)], 1, 2))])
    assert [post.author for post in whole.posts] == ["Wren", "Ash"]
    assert len(whole.posts) == 2


def test_a_post_deleted_between_two_savings_moves_no_other() -> None:
    before = page([INITIAL, post(2), post(3), post(4)], 1, 4)
    after = page([INITIAL, post(3), post(4), post(5)], 1, 4)
    numbered = {1: "First.", 2: "Of day 2.", 3: "Of day 3.", 4: "Of day 4.", 5: "Of day 5."}
    assert read(before, after) == read(after, before) == numbered
    whole = read_pages([("a", before), ("b", after)])
    assert "numbered by their dates" in whole.warnings[0].message


def test_a_page_that_does_not_say_what_it_shows_goes_where_its_dates_are() -> None:
    silent = "\n".join(
        line
        for line in page([post(3), post(4)], 3, 4).decode().split("\n")
        if "Showing" not in line
    )
    numbered = {1: "First.", 2: "Of day 2.", 3: "Of day 3.", 4: "Of day 4."}
    assert read(silent.encode(), page([INITIAL, post(2)], 1, 4)) == numbered


def test_two_posts_of_one_second_stay_two() -> None:
    twice = page([INITIAL, post(2, "Yes."), post(2, "Yes.")], 1, 3)
    assert len(read(twice, twice)) == 3
    assert len(read(page([INITIAL, post(2, "No.", "Elm")], 1, 4), twice)) == 4


@pytest.mark.parametrize(
    ("stranger", "why"),
    [
        (page([post(3)], 3, 3, title="On Casaubon"), "its title is “On Casaubon”"),
        (page([post(3)], 3, 3).replace(b"Middlemarch forum", b"Emma forum"), "its forum is"),
        (page([INITIAL.replace("2008", "2007"), post(3)], 1, 3), "its initial post is of 2007"),
    ],
    ids=["title", "forum", "beginning"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_page_that_does_not_belong_is_named(stranger: bytes, why: str, place: int) -> None:
    pages = [("a.txt", page([INITIAL, post(2)], 1, 3)), ("b.txt", page([INITIAL], 1, 3))]
    pages.insert(place, ("stranger.txt", stranger))
    with pytest.raises(UserError, match=f"stranger.txt does not belong .*{why}"):
        read_pages(pages)


def test_the_same_title_in_other_capitals_is_the_same() -> None:
    assert len(read(page([INITIAL], 1, 2), page([post(2)], 2, 2, title="ON  DOROTHEA"))) == 2
