"""The labelled replies: no link is wrong, and no fewer are found than were."""

import os
import tomllib
from pathlib import Path

import pytest

from bench.reply_evidence import (
    LABELS_OF_PAGES,
    SETS,
    Reply,
    main,
    page_replies,
    sample_replies,
    score,
)

FOLDER = Path(os.environ.get("MARGINALIA_SAVED_PAGES", Path(__file__).parents[3] / "shared/pages"))
NAMES = sorted(tomllib.loads(LABELS_OF_PAGES.read_text(encoding="utf-8")))


def wrong(replies: list[Reply]) -> list[Reply]:
    return [reply for reply in replies if reply.found not in (None, reply.truth)]


@pytest.mark.parametrize("name", SETS)
def test_no_link_found_in_the_samples_is_wrong(name: str) -> None:
    replies = sample_replies(name)
    assert len(replies) >= 60
    assert wrong(replies) == []
    assert score(replies).precision == 1


@pytest.mark.parametrize(("name", "least"), [(SETS[0], 0.66), (SETS[1], 0.22)])
def test_no_fewer_parents_are_found_than_were(name: str, least: float) -> None:
    recall = score(sample_replies(name)).recall
    assert recall is not None
    assert recall >= least


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
    rows = [row for row in capsys.readouterr().out.splitlines() if row.startswith("all ")]
    assert len(rows) == len(SETS)
    assert all("100%" in row.split() for row in rows)
