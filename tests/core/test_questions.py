import pytest
from hypothesis import given

from bot.core.questions import asks, named_in
from tests.core.nasty_texts import nasty_texts


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "> He lies.\nDoes he?",
        "||Does he?||",
        "Is it `lie` or lay?",
        "Have you seen https://example.org/?page=2 yet?",
        "(https://example.org/a)?",
        "本当？",
        "حقا؟",
        "Why?\n>>> He lies.",
        "a > b?",
    ],
)
def test_a_question_mark_in_the_authors_own_words_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No.",
        "> Does he?\nHe does.",
        "He does.\n>>> Does he?\nWhy?",
        "`x ? y : z`",
        "```\nwhy?\n```",
        "https://example.org/?page=2",
        "[here](https://example.org/?page=2)",
        "<https://example.org/?page=2>",
    ],
)
def test_one_in_a_quotation_in_code_or_in_an_address_does_not(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<@1> and <@!22>, <@1>", {1, 22}),
        ("> <@1> wrote\n<@2>!", {2}),
        ("`<@1>` and \\<@2>", set()),
        ("<@&3> <#4> <@> <@x> @5", set()),
    ],
)
def test_who_is_mentioned_in_the_authors_own_words_is_named(text: str, named: set[int]) -> None:
    assert named_in(text) == named


@given(nasty_texts())
def test_no_text_is_a_trouble(text: str) -> None:
    assert not named_in(text) - {1}
    assert not asks(text)
    assert asks(f"{text}\n```?```\nWhy?") or "`" in text or ">>>" in text
