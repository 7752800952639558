from __future__ import annotations

import pytest

from bot.core.sameness import is_same_text


@pytest.mark.parametrize(
    "given_back",
    [
        "  She hid the letters.\n\nAll 12 of them.  ",
        "She hid the letters. All 12 of them.",
        "She hid the letters.\u200b\n\nAll 12 of them.",
    ],
)
def test_a_text_is_known_again_whatever_was_stripped_of_it(given_back: str) -> None:
    assert is_same_text("She hid the letters.\n\nAll 12 of them.", given_back)


@pytest.mark.parametrize(
    "other", ["She hid the letters. All 13 of them.", "She hid the letters.", "", "SHE HID"]
)
def test_another_text_is_another(other: str) -> None:
    assert not is_same_text("She hid the letters. All 12 of them.", other)
