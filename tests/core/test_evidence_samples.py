"""The labelled replies: no link is wrong, and no fewer are found than were."""

import os
import tomllib
from pathlib import Path

import pytest

from bench.reply_evidence import LABELS_OF_PAGES, Reply, main, page_replies, sample_replies, score

FOLDER = Path(os.environ.get("MARGINALIA_SAVED_PAGES", Path(__file__).parents[3] / "shared/pages"))
NAMES = sorted(tomllib.loads(LABELS_OF_PAGES.read_text(encoding="utf-8")))


def wrong(replies: list[Reply]) -> list[Reply]:
    return [reply for reply in replies if reply.found not in (None, reply.truth)]


def test_no_link_found_in_the_samples_is_wrong() -> None:
    replies = sample_replies()
    assert len(replies) >= 60
    assert wrong(replies) == []
    assert score(replies).precision == 1


def test_most_of_the_parents_that_can_be_told_are_found() -> None:
    recall = score(sample_replies()).recall
    assert recall is not None
    assert recall >= 0.66


@pytest.mark.parametrize("name", NAMES)
def test_no_link_found_in_a_saved_page_is_wrong(name: str) -> None:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip("no saved page at hand")
    replies = page_replies(path)
    assert wrong(replies) == []
    assert score(replies).right >= 1


def test_the_table_is_printed_and_says_that_all_links_are_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    last_row = next(row for row in capsys.readouterr().out.splitlines() if row.startswith("all "))
    assert "100%" in last_row.split()
