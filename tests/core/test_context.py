"""What is shown of a text around what was found in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.excerpt import context
from bot.core.graphemes import utf16_length
from bot.core.query import parse_query
from tests.core.nasty_texts import nasty_texts
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters


def around(text: str, typed: str, limit: int = 120) -> str:
    return context(text, parse_query(typed).matches(text), limit)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("She meddled.", "She **meddled**."),
        ("Well—meddling, *meddling*!", "Well—**meddling**, ***meddling***!"),
        ("__meddle__", "__**meddle**__"),
        ("`meddle` and meddle", "`meddle` and **meddle**"),
        ("> meddle\n# meddle", "**meddle** **meddle**"),
        ("[to meddle](https://a.example)", "**[to meddle](<https://a.example>)**"),
        ("||meddle|| but meddle", "||meddle|| but **meddle**"),
        ("||to meddle||", "||to meddle||"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_what_was_found_is_bold_but_for_code_and_spoilers(text: str, shown: str) -> None:
    assert around(text, "meddle") == shown


def test_a_long_text_is_shown_from_a_word_before_the_first_that_was_found() -> None:
    text = f"{'word ' * 200}at last she meddled {'word ' * 200}"

    shown = around(text, "meddle", 100)

    assert shown.startswith("… word ")
    assert "at last she **meddled** word" in shown
    assert shown.endswith("word…")
    assert utf16_length(shown) <= 100


def test_of_what_was_found_the_first_in_sight_is_shown() -> None:
    text = f"||meddle|| {'word ' * 200} meddle"

    assert around(text, "meddle", 60).endswith("word **meddle**")


def test_what_was_found_far_behind_leaves_the_start_of_the_text() -> None:
    assert around("word " * 4_000 + "meddle", "meddle", 20) == "word word word word…"


@given(
    text=nasty_texts(),
    limit=st.integers(10, 120),
    places=st.sets(st.integers(0, 60), max_size=6).map(sorted),
)
def test_what_any_client_hides_is_hidden_and_all_fits(
    text: str, limit: int, places: list[int]
) -> None:
    found = [(start, end) for start, end in zip(places[::2], places[1::2], strict=False)]
    secret = {letter for letter in hidden_letters(text, ALL) if letter >= "\u4e00"}

    shown = context(text, found, limit)

    assert not secret & visible_letters(shown, CLIENTS)
    assert not secret & visible_letters(f"> {shown}\n> {shown} ||Z||", CLIENTS)
    assert utf16_length(shown) <= limit
    assert "Z" not in visible_letters(f"{shown} ||Z|| Y", CLIENTS)
