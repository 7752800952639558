from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.since import parse_since

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        (" 2026-3 ", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1998", datetime(1998, 1, 1, tzinfo=UTC)),
        ("3 weeks", NOW - timedelta(weeks=3)),
        ("day", NOW - timedelta(days=1)),
        ("2 Years ago", NOW - timedelta(days=730)),
        ("10days", NOW - timedelta(days=10)),
    ],
)
def test_a_date_or_a_length_of_time_is_a_moment(typed: str, moment: datetime) -> None:
    assert parse_since(typed, NOW) == moment


@pytest.mark.parametrize("typed", ["", "yesteryear", "2026-02-30", "0000", "9999 years", "1/2/26"])
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match="2026-11-01"):
        parse_since(typed, NOW)


@given(st.text(max_size=20))
def test_nothing_that_is_typed_fails_otherwise(typed: str) -> None:
    try:
        assert parse_since(typed, NOW).tzinfo is UTC
    except UserError:
        return
