from __future__ import annotations

import pytest

from bot.core.inflection import inflections


@pytest.mark.parametrize(
    "family",
    [
        "meddle meddles meddled meddling",
        "walk walks walked walking",
        "hope hopes hoped hoping",
        "hop hops hopped hopping",
        "travel travels travelled travelling",
        "story stories",
        "marry marries married marrying",
        "box boxes boxed boxing",
        "hero heroes",
        "miss misses missed missing",
        "agree agrees agreed agreeing",
        "regret regrets regretted regretting",
        "visit visits visited visiting",
        "argue argues argued arguing",
    ],
)
def test_each_form_of_a_word_finds_the_word_itself_and_is_found_by_it(family: str) -> None:
    base, *forms = family.split()

    assert set(forms) <= inflections(base)
    for form in forms:
        assert base in inflections(form), form


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("hoping", "hop"),
        ("james", "jam"),
        ("jones", "jon"),
        ("need", "ne"),
        ("string", "str"),
        ("this", "thi"),
        ("bus", "bu"),
        ("misses", "mis"),
        ("emma", "emm"),
    ],
)
def test_what_only_looks_like_a_form_is_none(word: str, other: str) -> None:
    assert other not in inflections(word)


@pytest.mark.parametrize("word", ["é", "красный", "1815", "2nd", "os", "梦"])
def test_words_that_are_not_english_stay_as_they_are(word: str) -> None:
    assert inflections(word) == {word}
