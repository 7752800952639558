"""A page that was really saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.importers.page import read_page
from tests.saved_pages import SAVED_PAGES


@pytest.mark.skipif(not SAVED_PAGES, reason="no saved page at hand")
@pytest.mark.parametrize("path", SAVED_PAGES, ids=lambda path: path.name)
def test_nothing_of_a_saved_page_is_lost_or_odd(path: Path) -> None:
    page = read_page(path.read_bytes(), name=path.name)
    assert page.warnings == ()
    assert page.total_posts is not None
    gaps = sum(high - low + 1 for low, high in page.missing_posts)
    assert len(page.posts) + gaps == page.total_posts
    assert page.book is not None
    assert page.book.author is not None
    source = path.read_text(encoding="utf-8")
    for post in page.posts:
        assert post.content in source
        assert post.content
        assert "earlier post on" not in post.content
        assert post.author is None or f"\n{post.author} says:\n" in source
    named = source.count(" says:\n")
    assert sum(post.author is not None for post in page.posts) == named
    headers = sum(
        source.count(words) for words in ("Initial post: ", "Posted on ", "earlier post on ")
    )
    assert len(page.posts) == headers
