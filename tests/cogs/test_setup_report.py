from __future__ import annotations

import pytest

from bot.core.model import Book
from bot.core.permissions import missing
from bot.store.discussions import ReadingProgress
from cogs._setup_report import MORE, book_words, described, missing_lines, progress_line


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (ReadingProgress(True, 0, 0, 0, None), "no thread yet"),
        (ReadingProgress(True, 1, 1, 1, None), "✅ Read: 1 discussion, 1 post."),
        (ReadingProgress(True, 12, 12, 3400, None), "✅ Read: 12 discussions, 3,400 posts."),
        (ReadingProgress(True, 12, 3, 40, None), "⏳ Reading: 3 of 12 discussions, 40 posts"),
        (ReadingProgress(False, 2, 2, 4, None), "⏳ Looking for threads: 2 discussions"),
        (ReadingProgress(False, 0, 0, 0, "I may not read it."), "⚠️ I may not read it."),
    ],
)
def test_progress_is_told_in_a_line(progress: ReadingProgress, said: str) -> None:
    assert said in progress_line(progress)


def test_each_missing_permission_is_told_once_and_each_place_to_grant_it_once() -> None:
    lines = missing_lines(missing(0))

    for permission in missing(0):
        assert sum(f"**{permission.label}**" in line for line in lines) == 1
    places = {permission.where for permission in missing(0)}
    assert sum(line.startswith("-# Switch on") for line in lines) == len(places)
    assert missing_lines(()) == []


def test_a_book_is_told_with_what_is_known_and_its_markdown_shown_as_typed() -> None:
    assert book_words(Book(1, 2, "Emma")) == "*Emma*"
    assert book_words(Book(1, 2, "Emma", "Jane Austen", "2nd")) == "*Emma* by Jane Austen (2nd)"
    assert book_words(Book(1, 2, "Emma [1815]")) == r"*Emma \[1815\]*"
    assert book_words(Book(1, 2, "Emma ||marries||")) == "*Emma ▮▮▮*"


def test_what_fits_is_described_whole_and_what_does_not_is_cut_at_a_line() -> None:
    assert described([]) == ""
    assert described([["a", "b"], ["c"]]) == "a\nb\n\nc"

    *kept, last = described([["x" * 1000] * 3, ["y" * 900, "z" * 1000]]).split("\n")

    assert kept == ["x" * 1000] * 3 + ["", "y" * 900]
    assert last == MORE
    assert described([["x" * 5000]], "… and more") == "… and more"
