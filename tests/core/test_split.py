import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.graphemes import utf16_length
from bot.core.split import split
from tests.core.nasty_texts import nasty_texts
from tests.core.spoiler_model import ALL, CLIENTS, hidden_letters, visible_letters

WORDS = "The sea was calm that day, and nobody spoke. "


def letters(text: str) -> list[str]:
    return [letter for letter in text if letter >= "\u4e00" and letter.isalpha()]


def steps(text: str) -> int:
    """Count the calls and the resumptions of generators that it takes to cut a text."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        split(text, 200)
    finally:
        sys.setprofile(None)
    return count


@given(text=nasty_texts(max_size=400), limit=st.integers(100, 300))
def test_what_any_client_hides_in_the_text_is_hidden_in_its_part_on_every_client(
    text: str, limit: int
) -> None:
    parts = split(text, limit)
    if len(parts) > 1:
        secret = set(letters("".join(hidden_letters(text, ALL))))
        for part in parts:
            assert not secret & visible_letters(part, CLIENTS)


@given(text=nasty_texts(max_size=400), limit=st.integers(100, 300))
def test_every_letter_is_in_one_part_in_order_and_every_part_can_be_sent(
    text: str, limit: int
) -> None:
    parts = split(text, limit)
    assert letters("".join(parts)) == letters(text)
    assert all(part.strip() and utf16_length(part) <= limit for part in parts)


@given(
    text=st.lists(st.sampled_from(["word", "a", ". ", " ", "\n", "\n\n", "é", "👩‍👩‍👧", "!"]))
    .map("".join)
    .filter(lambda text: text.strip() != ""),
    limit=st.integers(100, 200),
)
def test_parts_without_marks_set_together_are_the_text(text: str, limit: int) -> None:
    repeated = text * 20
    parts = split(repeated, limit)
    if all(len(blank) < limit for blank in repeated.replace("\n", " ").split("word")):
        assert "".join(parts).split() == repeated.split()
    assert "".join("".join(parts).split()) == "".join(repeated.split())


def test_a_short_text_stays_as_it_is() -> None:
    assert split("**as** ||it `is||") == ("**as** ||it `is||",)
    assert split(" \n ") == ()


def test_a_cut_falls_between_paragraphs_before_sentences_before_words() -> None:
    first, second = WORDS * 3, WORDS * 4
    assert split(f"{first}\n\n{second}", 200) == (f"{first}\n\n", second)
    assert split(WORDS * 6, 200) == (WORDS * 4, WORDS * 2)
    assert split("word " * 50, 101) == ("word " * 20, "word " * 20, "word " * 10)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("||" + WORDS * 6 + "end||", "||", "|| "),
        ("**" + WORDS * 6 + "end**", "**", "** "),
        ("***" + WORDS * 6 + "end***", "***", "*** "),
        ("**||" + WORDS * 6 + "end||**", "**||", "||** "),
        ("> " + WORDS * 6, "> ", " "),
        (">>> " + WORDS * 6, ">>> ", " "),
        ("```py\n" + "    word = 1\n" * 30 + "```", "```py\n    word", "\n```"),
    ],
)
def test_open_marks_are_closed_at_the_end_of_a_part_and_opened_in_the_next(
    text: str, starts: str, ends: str
) -> None:
    parts = split(text, 200)
    assert len(parts) > 1
    assert all(part.startswith(starts) for part in parts)
    assert all(part.endswith(ends) for part in parts[:-1])
    inner = starts.removesuffix("    word")
    joined = parts[0].removesuffix(ends)
    for part in parts[1:]:
        joined += (" " if ends.endswith(" ") else "\n") + part.removeprefix(inner).removesuffix(
            ends
        )
    assert "".join(joined.split()) in "".join(text.split())


def test_a_cut_next_to_a_mark_leaves_no_empty_pair() -> None:
    for length in range(150, 200):
        parts = split("x" * length + " **" + WORDS * 5 + "** end", 200)
        assert not any("****" in part for part in parts)


def test_an_address_longer_than_a_message_is_cut_all_the_same() -> None:
    address = "https://example.org/" + "a" * 500
    assert "".join(split(f"see {address} now", 200)) == f"see {address} now"


def test_links_and_mentions_are_kept_whole() -> None:
    text = "[the page](https://example.org/page) <@123456789012345678> " * 20
    for part in split(text, 200):
        assert part.count("[") == part.count("](https://example.org/page)")
        assert part.count("<@") == part.count("<@123456789012345678>")


def test_what_it_takes_to_cut_a_part_does_not_grow_with_the_links_of_the_whole_text() -> None:
    text = "[page](https://example.org/page) and " * 20
    assert steps(text * 40) < 60 * steps(text)


def test_a_limit_without_room_for_marks_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="room"):
        split("text", 99)
