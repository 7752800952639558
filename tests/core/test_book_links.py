from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.book_links import with_book_links
from bot.core.excerpt import Surface, excerpt
from bot.core.page import ReadPost
from bot.core.whole_post import compose_post
from tests.core.samples import DISCUSSION, POST


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "See [[ISBN:978-0-14-143951-8 Pride & Prejudice]].",
            "See [Pride & Prejudice](<https://openlibrary.org/isbn/9780141439518>).",
        ),
        ("[[ASIN:b00artmi28 *Emma*]]", "[\\*Emma\\*](<https://www.amazon.com/dp/B00ARTMI28>)"),
        ("[[ASIN:0000000026]]", "[ASIN 0000000026](<https://www.amazon.com/dp/0000000026>)"),
        ("[[ISBN:0141439513]]", "[ISBN 0141439513](<https://openlibrary.org/isbn/0141439513>)"),
        ("[[ISBN:12 Emma]]", "[[ISBN:12 Emma]]"),
        ("[[ASIN:0000000026 a]b]]", "[[ASIN:0000000026 a]b]]"),
        ("[[ASIN:0000000026 ||a||]]", "[[ASIN:0000000026 ||a||]]"),
        ("`[[ASIN:0000000026]]`", "`[[ASIN:0000000026]]`"),
        ("```\n[[ASIN:0000000026]]\n```", "```\n[[ASIN:0000000026]]\n```"),
        ("[[nothing]]", "[[nothing]]"),
    ],
)
def test_a_book_link_of_the_old_forums_is_a_link(typed: str, shown: str) -> None:
    assert with_book_links(typed) == shown


def test_it_is_one_in_shortened_texts_and_reads_as_its_title_where_there_are_no_links() -> None:
    text = "See [[ASIN:0000000026 Frankenstein]] " + "on and on " * 100

    assert excerpt(text, 120).startswith(
        "See [Frankenstein](<https://www.amazon.com/dp/0000000026>) on and on"
    )
    assert excerpt(text, 40, Surface.PLAIN).startswith("See Frankenstein on and on")


def test_it_is_one_in_a_post_that_is_opened_whole() -> None:
    post = replace(POST, content="See [[ASIN:0000000026 Frankenstein]].")

    assert compose_post(DISCUSSION, ReadPost(post, None)).text.endswith(
        "See [Frankenstein](<https://www.amazon.com/dp/0000000026>)."
    )


def test_one_in_a_spoiler_stays_hidden() -> None:
    assert excerpt("||[[ASIN:0000000026 Emma]]||", 100) == (
        "||[Emma](<https://www.amazon.com/dp/0000000026>)||"
    )
