from __future__ import annotations

import pytest

from bot.core.errors import UserError
from bot.core.zones import load_zone, matching_zones


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("europe/paris", "Did you mean Europe/Paris?"),
        ("EUROPE/PARIS", "Did you mean Europe/Paris?"),
        ("Europe/Pariss", "Did you mean Europe/Paris?"),
        ("new york", "Did you mean America/New_York?"),
        ("utc", "Did you mean UTC?"),
        ("", "Type a city"),
        ("GMT+2", "does not say when clocks change: type a city"),
        ("utc +05:30", "does not say when clocks change"),
        ("−3", "does not say when clocks change"),
        ("GMT+25", "time zone"),
        ("../etc/passwd", "Type a city"),
        ("/etc/localtime", "time zone"),
        ("localtime", "time zone"),
        ("a\x00b", "of that name"),
        ("x" * 5000, "of that name"),
    ],
)
def test_a_zone_that_is_unknown_is_refused_with_advice(name: str, advice: str) -> None:
    with pytest.raises(UserError) as refusal:
        load_zone(name)
    assert advice in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_a_known_zone_is_loaded() -> None:
    assert load_zone("Australia/Lord_Howe").key == "Australia/Lord_Howe"


def test_zones_are_found_by_words_with_common_ones_first() -> None:
    assert "America/New_York" in matching_zones("new york")
    assert matching_zones("EUROPE")[0] == "Europe/London"
    assert matching_zones("america york") == ("America/New_York",)
    assert matching_zones("no such place") == ()
    assert matching_zones("")[0] == "UTC"
    assert all(len(matching_zones(words)) <= 25 for words in ("", "a", "europe"))
    assert matching_zones("a", limit=3) == matching_zones("a")[:3]
    for zone in matching_zones("") + matching_zones("indian"):
        load_zone(zone)


def test_the_zone_that_is_near_comes_first_where_it_has_the_words() -> None:
    assert matching_zones("", nearby="Asia/Kathmandu")[:2] == ("Asia/Kathmandu", "UTC")
    assert matching_zones("", nearby="Asia/Tokyo").count("Asia/Tokyo") == 1
    assert matching_zones("europe", nearby="Europe/Oslo")[:2] == ("Europe/Oslo", "Europe/London")
    assert "Asia/Kathmandu" not in matching_zones("europe", nearby="Asia/Kathmandu")
    assert matching_zones("", nearby="Mars/Olympus") == matching_zones("")


def test_a_difference_in_hours_is_known_but_not_offered() -> None:
    assert load_zone("Etc/GMT+2").key == "Etc/GMT+2"
    assert matching_zones("gmt+2") == ()
    assert matching_zones("gmt")[-1] == "GMT"
