"""The buttons below a page of what a search found, and the list of its posts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.search import SearchHit, SearchOrder
from bot.store.search import MOST_COUNTED
from cogs._page_view import FOUND, options_of
from cogs._presses import Item, button, select

TURN = "hits"
"""The action of a button whose state is a search's name, an order and a page from 0."""

ORDERS = {SearchOrder.NEWEST: "Newest first", SearchOrder.BEST: "Best match"}


def hit_items(
    hits: Sequence[SearchHit], name: str, order: SearchOrder, page: int, last_page: int
) -> list[Item]:
    """Give what is below a page of hits: the posts to open, the pages beside it, the orders."""
    posts = select("Open a post whole", FOUND, "", options_of(hit.post for hit in hits), row=0)
    turns = [
        _button("‹ Previous", name, order, page - 1, "previous", is_off=page == 0),
        _button("Next ›", name, order, page + 1, "next", is_off=page == last_page),
    ]
    orders = [
        _button(words, name, each, 0, each, is_off=each is order) for each, words in ORDERS.items()
    ]
    return [posts, *(turns if last_page else ()), *orders]


def _button(
    label: str, name: str, order: SearchOrder, page: int, tag: str, *, is_off: bool
) -> Item:
    return button(label, TURN, f"{name} {order} {page}", tag=tag, row=1, disabled=is_off)


def turn_from_text(text: str) -> tuple[str, SearchOrder, int] | None:
    """Read what a button carries, or None where it cannot be read."""
    name, order, page = [*text.split(" "), "", ""][:3]
    if order not in set(SearchOrder) or not page.isdecimal():
        return None
    return name, SearchOrder(order), min(int(page), MOST_COUNTED)
