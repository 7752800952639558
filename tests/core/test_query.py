from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.query import LONGEST_QUERY, parse_query
from bot.core.search_words import indexed_text

SIGNS = ['"', "“", "”", "-", "–", "*", "(", ")", ":", "^", "+", "{", "}", "'", ",", " ", " ", "\0"]
WORDS = ["AND", "OR", "NOT", "NEAR", "words", "labels", "meddle", "été", "红楼", "梦", "हिन्दी", "1"]
MIXED = "ab1é红楼梦ネコ책，。·'❤\ufe0f\u20e3\u0301\u1ba2 "
LETTERS = st.characters(
    categories=["Lu", "Ll", "Lo", "Mn", "Nd"], max_codepoint=0x9FFF, exclude_characters="\u0345"
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE post_search USING fts5 (words, labels, content = '', tokenize ="
            " \"unicode61 remove_diacritics 2 categories 'L* M* N* Co' separators '\ufe0f'\")"
        )
        yield connection


def finds(index: sqlite3.Connection, typed: str, text: str) -> bool:
    """Ask SQLite's own search, of an index that holds this text alone."""
    index.execute("INSERT INTO post_search (post_search) VALUES ('delete-all')")
    indexed = indexed_text(text)
    index.execute(
        "INSERT INTO post_search (rowid, words) VALUES (1, ?)",
        (text if indexed is None else indexed,),
    )
    expression = f"{{words}} : ({parse_query(typed).expression()})"
    found = index.execute(
        "SELECT rowid FROM post_search WHERE post_search MATCH ?", (expression,)
    ).fetchall()
    return found == [(1,)]


@given(st.lists(st.sampled_from(SIGNS + WORDS), max_size=12).map("".join) | st.text(max_size=30))
def test_whatever_is_typed_is_a_query_or_gets_a_clear_sentence(
    index: sqlite3.Connection, typed: str
) -> None:
    # What SQLite would say to a query of its own is no `UserError`.
    with suppress(UserError):
        finds(index, typed, "Some text.")


@given(st.text(LETTERS, min_size=1, max_size=12), st.text(st.sampled_from("abé红 "), max_size=8))
def test_every_word_of_a_post_finds_it_and_is_marked_in_it(
    index: sqlite3.Connection, word: str, others: str
) -> None:
    text = f"{others} {word} {others}"
    try:
        query = parse_query(word)
    except UserError:
        return

    assert finds(index, word, text)
    assert query.matches(text)


@given(
    st.text(
        st.sampled_from("ab1é红楼梦ネコ책，。·'❤\ufe0f\u20e3\u0301\u1ba2 "), min_size=1, max_size=12
    )
)
def test_a_post_is_found_by_its_own_words_whatever_signs_stand_between_them(
    index: sqlite3.Connection, text: str
) -> None:
    try:
        query = parse_query(text)
    except UserError:
        return

    assert finds(index, text, text)
    assert query.matches(text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("meddling", "She meddled."),
        ("emma's", "Emma was right"),
        ("right EMMA", "Was Emma right?"),
        ('"was emma"', "Was Emma right?"),
        ("“was emma", "Was Emma right?"),
        ("medd*", "meddlesome"),
        ("cafe", "Café"),
        ("CAFÉ", "cafe"),
        ("well-known", "a well known man"),
        ("emma -wedding", "Emma meddled"),
        ('emma -"the wedding"', "Emma, wedding the"),
        ("红楼", "读《红楼梦》吗"),
        ("楼梦", "读《红楼梦》吗"),
        ("梦", "读《红楼梦》吗"),
        ("红楼梦", "读《红楼梦》吗"),
        ('"红楼梦 volume"', "红楼梦 volume 2"),
        ("1\ufe0f1", "1\ufe0f1"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("你好，世界", "你好，世界"),
        ('"你好 世界"', "你好，世界"),
        ("ぁ\u1ba2ぁ", "ぁ\u1ba2ぁ"),
        ("か\u3099くせい", "がくせい"),
        ("ネコ", "吾輩はネコである"),
        ("책", "그 책을 읽었다"),
        ("elka", "elka -"),
        ("don't", "I don’t know"),
        ("AND", "you and me"),
        ("words:x", "words x"),
    ],
)
def test_this_finds_that(index: sqlite3.Connection, typed: str, text: str) -> None:
    assert finds(index, typed, text)
    assert parse_query(typed).matches(text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"right emma"', "Was Emma right?"),
        ('"meddling"', "She meddled."),
        ("emma -wedding", "Emma at the weddings"),
        ("emma -wed*", "Emma at the wedding"),
        ("emma knightley", "Emma alone"),
        ("红梦", "读《红楼梦》吗"),
        ("meddle", "middle"),
    ],
)
def test_this_does_not_find_that(index: sqlite3.Connection, typed: str, text: str) -> None:
    assert not finds(index, typed, text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no word"),
        ("!!! ... 👍", "no word"),
        ('""', "no word"),
        ("-emma", "must not be"),
        ("a*", "first 3 letters"),
        ("x" * (LONGEST_QUERY + 1), "characters"),
        (" ".join(map(str, range(20))), "more than 16"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words(typed: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_query(typed)


def test_what_is_found_is_told_by_its_ranges() -> None:
    text = "Meddling, she said: “was Emma right?” 读《红楼梦》吗"
    query = parse_query('meddle "was emma" 楼梦')

    assert [text[start:end] for start, end in query.matches(text)] == [
        "Meddling",
        "was Emma",
        "楼梦",
    ]
