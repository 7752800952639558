from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digest import DigestMessage, DigestSection
from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind, Level
from cogs._digest_view import (
    FirstNew,
    LevelOfOne,
    digest_view,
    first_new_from_text,
    level_of_one_from_text,
)
from tests.core.nasty_texts import nasty_texts

# Beyond what any id or number comes to, and what buttons are read up to.
HUGE = 8_999_999_999_999_999_999


def message(kind: DigestKind, *sections: DigestSection) -> DigestMessage:
    return DigestMessage(kind, "Title", "Introduction", sections, "Footer", {})


def section(number: int, title: str = "") -> DigestSection:
    return DigestSection(title or f"Discussion {number}", None, ("News.",), number, 7)


def labels(shown: DigestMessage) -> list[str]:
    """Give what is written on the buttons and lists, by rows from left to right."""
    rows = digest_view(shown).to_components()
    return [item.get("label") or item["placeholder"] for row in rows for item in row["components"]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (DigestKind.NOTICE, ["This one once a day", "This one once a week"]),
        (DigestKind.DAILY, ["Everything once a week"]),
        (DigestKind.WEEKLY, ["Everything once a day"]),
    ],
)
def test_a_digest_of_one_discussion_has_buttons_for_it_and_for_the_other_levels(
    kind: DigestKind, expected: list[str]
) -> None:
    assert labels(message(kind, section(1))) == [
        "Read",
        "Mute this discussion",
        *expected,
        "Stop all",
    ]


def test_a_notice_of_several_discussions_changes_how_often_all_are_told() -> None:
    assert labels(message(DigestKind.NOTICE, section(1), section(2))) == [
        "Read from the first new post",
        "Mute a discussion",
        "Everything once a day",
        "Everything once a week",
        "Stop all",
    ]


def test_below_a_channels_digest_is_only_what_answers_whoever_presses() -> None:
    assert labels(message(DigestKind.CHANNEL, section(1))) == ["Read", "Track"]
    assert labels(message(DigestKind.CHANNEL, section(1), section(2))) == [
        "Read from the first new post",
        "Track a discussion",
    ]


def test_discussions_for_which_there_was_no_room_are_not_in_the_lists() -> None:
    rest = DigestSection("And 3 more discussions", None, ("…",))

    assert labels(message(DigestKind.WEEKLY, section(1), rest))[:2] == [
        "Read",
        "Mute this discussion",
    ]
    assert labels(message(DigestKind.WEEKLY, rest)) == ["Everything once a day", "Stop all"]


def test_a_list_names_discussions_in_plain_text_with_their_spoilers_hidden() -> None:
    (read, *_) = digest_view(
        message(DigestKind.WEEKLY, section(1, "**Emma** \\[1\\]"), section(2, "Was it ||he||?"))
    ).to_components()

    (select,) = read["components"]
    assert [(each["label"], each["value"]) for each in select["options"]] == [
        ("Emma [1]", "1.7"),
        ("Was it ▮▮▮?", "2.7"),
    ]


@given(
    st.sampled_from(DigestKind),
    st.lists(nasty_texts(), max_size=10),
)
def test_the_buttons_fit_a_message_whatever_the_titles(kind: DigestKind, titles: list[str]) -> None:
    sections = [
        DigestSection(title, None, ("News.",), HUGE - place, HUGE)
        for place, title in enumerate(titles)
    ]
    rows = digest_view(message(kind, *sections)).to_components()

    assert len(rows) <= 5
    items = [item for row in rows for item in row["components"]]
    custom_ids = [item["custom_id"] for item in items]
    assert len(set(custom_ids)) == len(custom_ids)
    assert all(len(each) <= 100 for each in custom_ids)
    for item in items:
        assert 1 <= len(item.get("label", "x")) <= 80
        for option in item.get("options", []):
            assert 1 <= utf16_length(option["label"]) <= 100
            assert 1 <= len(option["value"]) <= 100


@given(
    st.integers(0, HUGE),
    st.none() | st.integers(0, HUGE),
    st.sampled_from([Level.EVERY_POST, Level.DAILY, Level.WEEKLY]),
)
def test_what_a_button_carries_is_read_again(
    discussion_id: int, number: int | None, level: Level
) -> None:
    first, chosen = FirstNew(discussion_id, number), LevelOfOne(discussion_id, level)

    assert first_new_from_text(first.as_text()) == first
    assert level_of_one_from_text(chosen.as_text()) == chosen


@pytest.mark.parametrize("text", ["", ".", "1", "x.1", "1.x", "1.1.1", "-1.1", "1.-1", "٣.1"])
def test_what_no_button_carries_is_read_as_nothing(text: str) -> None:
    assert first_new_from_text(text) is None
    assert level_of_one_from_text(text) is None


def test_no_button_carries_that_a_discussion_be_muted_at_a_level() -> None:
    assert level_of_one_from_text("1.muted") is None
