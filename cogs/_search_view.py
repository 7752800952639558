"""The buttons below a page of what a search found."""

from __future__ import annotations

from bot.core.search import SearchOrder
from bot.store.search import MOST_COUNTED
from cogs._presses import Item, button

TURN = "hits"
"""The action of a button whose state is a search's name, an order and a page from 0."""

ORDERS = {SearchOrder.NEWEST: "Newest first", SearchOrder.BEST: "Best match"}


def hit_buttons(name: str, order: SearchOrder, page: int, last_page: int) -> list[Item]:
    """Give the buttons below a page of hits: the pages beside it, and the orders."""
    turns = [
        _button("‹ Previous", name, order, page - 1, "previous", is_off=page == 0),
        _button("Next ›", name, order, page + 1, "next", is_off=page == last_page),
    ]
    orders = [
        _button(words, name, each, 0, each, is_off=each is order) for each, words in ORDERS.items()
    ]
    return [*(turns if last_page else ()), *orders]


def _button(
    label: str, name: str, order: SearchOrder, page: int, tag: str, *, is_off: bool
) -> Item:
    return button(label, TURN, f"{name} {order} {page}", tag=tag, row=0, disabled=is_off)


def turn_from_text(text: str) -> tuple[str, SearchOrder, int] | None:
    """Read what a button carries, or None where it cannot be read."""
    name, order, page = [*text.split(" "), "", ""][:3]
    if order not in set(SearchOrder) or not page.isdecimal():
        return None
    return name, SearchOrder(order), min(int(page), MOST_COUNTED)
