from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.graphemes import utf16_length
from bot.core.word_difference import (
    Change,
    Stretch,
    counts,
    difference,
    shown_stretches,
    words_of_texts,
)
from tests.core.nasty_texts import nasty_texts
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters


def shown(before: str, after: str, limit: int = 1_000) -> str:
    old, new = words_of_texts([before, after])
    return shown_stretches(difference(old, new), limit)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("She was right.", "She was wrong.", "She was ~~right.~~ **wrong.**"),
        ("She was.", "She was right.", "She ~~was.~~ **was right.**"),
        ("one two", "two", "~~one~~ two"),
        ("two", "one two", "**one** two"),
        ("one  two", "one\n\ntwo", ""),
        ("*one* two", "one two", "~~\\*one\\*~~ **one** two"),
        ("我不同意", "我同意", "我 ~~不~~ 同意"),
        ("see <@12>", "see", "see ~~\\<@12>~~"),
    ],
)
def test_what_was_removed_is_struck_out_and_what_was_added_is_bold(
    before: str, after: str, expected: str
) -> None:
    assert shown(before, after) == expected


def test_of_what_stayed_only_the_words_beside_a_change_are_shown() -> None:
    before = " ".join(f"a{n}" for n in range(100))
    after = before.replace("a50", "b50")

    text = shown(before, after)

    assert text == (
        "… a42 a43 a44 a45 a46 a47 a48 a49 ~~a50~~ **b50** a51 a52 a53 a54 a55 a56 a57 a58 …"
    )


def test_added_and_removed_words_are_counted() -> None:
    old, new = words_of_texts(["one two three", "one four five three six"])

    assert counts(difference(old, new)) == (3, 1)


def visible_words(text: str) -> set[str]:
    parts = text.split("||")
    return {word.strip("*~ .") for part in parts[::2] for word in part.split()}


def test_a_spoiler_stays_hidden() -> None:
    text = shown("It was ||Box Hill||.", "It was ||Box Hill, alone||.")

    assert text == "It was ||Box|| ||~~Hill.~~|| ||**Hill, alone.**||"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Jane is engaged", "||Jane is engaged||"),
        ("Jane is engaged to Frank", "We hear that ||engaged|| it is"),
        ("She is (engaged)", "She is ||Engaged!||"),
    ],
)
def test_what_an_author_hides_later_is_hidden_in_the_earlier_text_too(
    before: str, after: str
) -> None:
    old, _ = words_of_texts([before, after])
    whole = shown_stretches([Stretch(Change.STAYED, old)], 1_000)

    assert "engaged" in whole
    assert "engaged" not in visible_words(whole)
    assert "engaged" not in visible_words(shown(before, after))


def test_a_word_that_the_present_text_shows_is_not_hidden_for_being_in_a_spoiler() -> None:
    text = shown("the end", "the very end ||of the affair||")

    assert {"the", "very", "end"} <= visible_words(text)
    assert "affair" not in visible_words(text)


def ideographs(letters: set[str]) -> set[str]:
    return {letter for letter in letters if letter >= "\u4e00"}


@given(nasty_texts(), nasty_texts(), st.integers(20, 400))
def test_what_any_client_hides_in_the_present_text_is_hidden_in_the_difference(
    before: str, after: str, limit: int
) -> None:
    secret = ideographs(hidden_letters(after, ALL))
    old, _ = words_of_texts([before, after])

    for text in (
        shown(before, after, limit),
        shown_stretches([Stretch(Change.STAYED, old)], limit),
    ):
        assert not secret & visible_letters(text, CLIENTS)
        assert "Y" not in hidden_letters(f"{text} ||Z|| Y", CLIENTS)
        assert utf16_length(text) <= limit


@given(nasty_texts(), nasty_texts())
def test_every_word_of_both_texts_is_in_the_stretches_or_stayed(before: str, after: str) -> None:
    old, new = words_of_texts([before, after])
    stretches = difference(old, new)
    if not stretches or any(stretch.is_cut for stretch in stretches):
        return

    kept = [word for each in stretches if each.change is not Change.REMOVED for word in each.words]
    gone = [word for each in stretches if each.change is not Change.ADDED for word in each.words]
    assert [word.text for word in kept] == [word.text for word in new]
    assert [word.text for word in gone] == [word.text for word in old]
