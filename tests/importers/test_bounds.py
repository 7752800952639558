"""What is large or hostile is read, or refused in words (how fast: `bench/saved_pages.py`)."""

from __future__ import annotations

import pytest

from bot.core.errors import UserError
from bot.importers.page import read_page
from tests.importers.page_html import page_html
from tests.importers.page_text import page_text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep" + "</div>" * 20_000,
        "<b><i>" * 20_000,
        "<p><a href='x" * 100_000,
        "<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<table><b>" * 10_000,
        "<!--" * 300_000,
        "<script>" + "<" * 1_000_000,
        "<p>" + "<\n" * 100_000,
        "<p>" + "&#x1F600;&nbsp;&lt;" * 100_000,
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b;' + "&b;" * 100_000,
    ],
    ids="deep open quotes attributes tables comments script brackets signs entities".split(),  # noqa: SIM905
)
def test_hostile_markup_is_refused_in_words(html: str) -> None:
    with pytest.raises(UserError, match=r"page\.html is not a saved forum page"):
        read_page(html.encode(), name="page.html")


def test_entities_of_a_pages_own_are_not_followed() -> None:
    post = "<div>Posted on Jan 2, 2008 9:00:00 AM PST</div><div>&file; &lt;b&gt;</div>"
    html = page_html([post, post.replace("Jan 2", "Jan 3")])
    entity = '<!DOCTYPE html [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    page = read_page(html.replace("<!DOCTYPE html>", entity).encode(), name="page.html")
    assert page.posts[0].content == "&file; <b>"


def test_a_post_of_a_megabyte_is_read_and_warned_of() -> None:
    text = "word " * 200_000 + "end"
    page = page_text([f"Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\n{text}"])
    read = read_page(page.encode(), name="page.txt")
    assert read.posts[0].content == text
    assert [warning.message for warning in read.warnings] == [
        "This post is unusually long: 1,000,003 characters."
    ]


@pytest.mark.parametrize(
    "page",
    [
        page_text(["Initial post: Jan 1, 2008 9:00:00 AM PST\nWren says:\n" + "x\n" * 500_000]),
        pytest.param(page_html(["<p>" + "<br>" * 500_000]), marks=pytest.mark.slow),
        pytest.param(page_html(["<pre>" + "\n" * 500_000]), marks=pytest.mark.slow),
    ],
    ids=["text", "breaks", "preformatted"],
)
def test_a_page_of_endless_lines_is_refused_in_words(page: str) -> None:
    with pytest.raises(UserError, match=r"page has more than 400,000 lines"):
        read_page(page.encode(), name="page")
