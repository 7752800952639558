from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digest_statistics import FEWEST, DigestStatistics, compose_statistics, guarded
from bot.core.level import Level

STATISTICS = DigestStatistics(
    days=7,
    trackers=40,
    by_level={Level.EVERY_POST: 4, Level.DAILY: 1, Level.WEEKLY: 39},
    paused_by_choice=3,
    paused_by_inbox=0,
    sent=120,
    reached=30,
    waiting=5,
    failed=2,
    quiet=37,
)


def test_a_host_is_told_how_many_and_of_nobody() -> None:
    lines = compose_statistics(STATISTICS).splitlines()

    assert lines[0] == "**40 members** track something here."
    assert lines[1] == (
        "How often they are told: every post, as it comes: 4 · once a day: fewer than 3 · "
        "once a week: more than 37"
    )
    assert "120 messages sent, to: 30" in lines
    assert "On its way to: 5" in lines
    assert "Given up for: fewer than 3" in lines
    assert "Nothing new for, at least once: 37" in lines
    assert "They asked for it: 3" in lines
    assert "Their direct messages are closed: fewer than 3" in lines


@pytest.mark.parametrize("trackers", range(2 * FEWEST))
def test_where_few_track_no_more_is_told_than_how_many(trackers: int) -> None:
    few = replace(STATISTICS, trackers=trackers, paused_by_inbox=trackers, sent=77)

    text = compose_statistics(few)

    assert f"{trackers} member" in text
    assert "77" not in text
    assert "Paused" not in text


@pytest.mark.parametrize(
    ("sent", "reached", "words"),
    [
        (2, 2, "Messages sent, to: fewer than 3"),
        (3, 3, "3 messages sent, to: 3"),
        (77, 37, "77 messages sent, to: 37"),
        # Fewer messages than people would say how many were not reached.
        (39, 38, "Messages sent, to: more than 37"),
        (41, 38, "41 messages sent, to: more than 37"),
    ],
)
def test_the_number_of_messages_tells_no_more_of_people_than_theirs(
    sent: int, reached: int, words: str
) -> None:
    assert words in compose_statistics(replace(STATISTICS, sent=sent, reached=reached)).splitlines()


@given(st.integers(2 * FEWEST, 10), st.integers(0, 12), st.integers(0, 10))
def test_from_messages_and_people_together_no_one_person_can_be_told(
    total: int, sent: int, reached: int
) -> None:
    def shown(sent: int, reached: int) -> str:
        return compose_statistics(replace(STATISTICS, trackers=total, sent=sent, reached=reached))

    reached = min(reached, sent, total)
    alike = {
        other
        for messages in range(13)
        for other in range(min(messages, total) + 1)
        if shown(messages, other) == shown(sent, reached)
    }

    assert len(alike) >= FEWEST or FEWEST <= reached <= total - FEWEST


@given(st.integers(2 * FEWEST, 60), st.integers(0, 60))
def test_whatever_is_told_fits_at_least_three_numbers_of_people_or_is_far_from_none_and_all(
    total: int, number: int
) -> None:
    number = min(number, total)

    alike = [other for other in range(total + 1) if guarded(other, total) == guarded(number, total)]

    assert len(alike) >= FEWEST or FEWEST <= number <= total - FEWEST
