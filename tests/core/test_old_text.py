"""Old posts show as they were typed, wherever they are shown."""

from dataclasses import replace

import pytest

from bot.core.old_text import old_markdown
from bot.core.page import ReadPost, compose_leaf, post_option
from bot.core.place import Place
from bot.core.query import parse_query
from bot.core.search import SearchCount, SearchHit
from bot.core.search_page import compose_hits
from bot.core.whole_post import compose_post
from tests.core.samples import DISCUSSION, POST

OLD = replace(POST, content="# One of *many* [[ASIN:014143954X Mills]]", is_imported=True)
SHOWN = r"\# One of \*many\* [Mills](<https://www.amazon.com/dp/014143954X>)"


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [
        ("Someone _always_ rebels", r"Someone \_always\_ rebels"),
        ("# one\n> two\n- three\n1. four", "\\# one\n\\> two\n\\- three\n1\\. four"),
        ("1) brainwashed", "1) brainwashed"),
        ("She ||*dies*||", r"She ||\*dies\*||"),
        ("a | b", r"a \| b"),
        ("<@123> and @everyone", r"\<@123> and @everyone"),
        ("in Slate (, the", "in Slate (, the"),
        (
            "see http://example.com/a_b_c.html.",
            "see <http://example.com/a_b_c.html>.",
        ),
        (
            "[[ASIN:014143954X The Mill [on_the] Floss]]!",
            r"[The Mill \[on\_the\] Floss](<https://www.amazon.com/dp/014143954X>)!",
        ),
        ("[[ASIN:014143954X]]", "[ASIN 014143954X](<https://www.amazon.com/dp/014143954X>)"),
        (
            "[[ISBN:0-14-143954-X]]",
            "[ISBN 0-14-143954-X](<https://openlibrary.org/isbn/014143954X>)",
        ),
        ("[[ASIN:ASIN product-title]]", r"\[\[ASIN:ASIN product-title\]\]"),
    ],
)
def test_old_text_shows_as_it_was_typed(typed: str, markdown: str) -> None:
    assert old_markdown(typed) == markdown


def test_every_reader_in_discord_shows_old_text_as_it_was_typed() -> None:
    read = ReadPost(OLD, None)
    assert compose_post(DISCUSSION, read).text.endswith(f"\n\n{SHOWN}")
    assert compose_leaf(DISCUSSION, Place(1, 1), [read]).text.endswith(f"\n> {SHOWN}")
    assert post_option(OLD).description.endswith("# One of *many* Mills")
    query, count = parse_query("one"), SearchCount(1, is_more=False)
    found = compose_hits("one", query, [SearchHit(OLD, "Emma")], count, 0, "newest first").text
    assert found.endswith(f"\n> {SHOWN.replace('One', '**One**')}")
