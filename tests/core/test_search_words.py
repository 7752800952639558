from __future__ import annotations

import pytest

from bot.core.model import Attachment
from bot.core.search_words import indexed_text, words


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Was Emma right?", ["was", "emma", "right"]),
        ("Émile's café", ["emile", "s", "cafe"]),
        ("E\u0301mile", ["emile"]),
        ("Άνθρωπος ЁЛКА", ["ανθρωπος", "елка"]),
        ("हिन्दी किताब", ["हिन्दी", "किताब"]),
        ("كِتَاب", ["كتاب"]),
        ("红楼梦 2nd", ["红", "楼", "梦", "2nd"]),
        ("👍🏽 ❤️ — _…_", []),
        ("", []),
    ],
)
def test_words_are_letters_digits_and_their_marks_without_accents(
    text: str, found: list[str]
) -> None:
    assert texts(text) == found


@pytest.mark.parametrize("text", ["Was Émile “right”?", "红楼梦, vol. 2", "E\u0301mile"])
def test_each_word_says_where_it_stands(text: str) -> None:
    for word in words(text):
        assert texts(text[word.start : word.end]) == [word.text]


@pytest.mark.parametrize("text", ["Was Emma right?", "“Naïve”, said Émile… 👍🏽 ❤️"])
def test_of_a_latin_text_nothing_is_kept_beside_the_text(text: str) -> None:
    assert indexed_text(text) is None


def test_chinese_and_japanese_are_indexed_in_pairs() -> None:
    assert (indexed_text("读《红楼梦》吗") or "").split() == [
        *["读", "《", "红楼", "楼梦", "梦", "》", "吗"]
    ]
    assert (indexed_text("ネコ") or "").split() == ["ネコ", "コ"]


def test_notes_and_the_names_of_files_are_indexed_too() -> None:
    file = Attachment(1, "map.png", "image/png", 5, "Highbury from above")

    assert indexed_text("See:", ["Poll: Which?"], [file]) == (
        "See:\nPoll: Which?\nmap.png\nHighbury from above"
    )
