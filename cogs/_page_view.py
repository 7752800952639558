"""A page of a discussion as a message: its leaf as an embed, and the buttons to turn it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import discord

from bot.core.model import Discussion, Post
from bot.core.overview import thread_url
from bot.core.page import Leaf, PostOption, post_option
from bot.core.place import Order, Place
from cogs._present import COLOUR
from cogs._presses import Item, button, select, view_of

TURN = "page"
"""The action of a button whose state is the `Place` to show."""
JUMP = "jump"
"""The action of the button that asks for a page; its state is the present `Place`."""
PICTURE = "picture"
"""The action of the button that draws a discussion; its state is the discussion's local id."""
ENTER = "enter"
"""The action of a select of discussions, whose values are their local ids."""
CHOOSE = "choose"
"""The action of a select of posts; its state is the `Place` to come back to."""
FOUND = "found"
"""The action of a select of posts of any discussions, whose values are their local ids."""

_POSTS_ROW, _LEAVES_ROW, _PAGES_ROW, _SORT_ROW = range(4)


def page_embed(discussion: Discussion, leaf: Leaf) -> discord.Embed:
    """Give the leaf as an embed whose title opens the thread."""
    return discord.Embed(
        title=leaf.title, url=thread_url(discussion), description=leaf.text, colour=COLOUR
    )


def page_view(leaf: Leaf, place: Place, last: int) -> discord.ui.View:
    """Give the buttons below a leaf; `last` is the highest number now."""
    return view_of(
        [
            *_post_select(leaf.posts, place),
            *_leaf_buttons(leaf, place),
            *_page_buttons(place),
            *_sort_buttons(place, last),
            button("Picture", PICTURE, str(place.discussion_id), row=_SORT_ROW),
        ]
    )


def options_of(posts: Iterable[Post]) -> list[discord.SelectOption]:
    """Give posts as the options of a select; their values are their local ids."""
    return [_option(post_option(post)) for post in posts]


def _option(option: PostOption) -> discord.SelectOption:
    return discord.SelectOption(
        label=option.label, description=option.description, value=str(option.post_id)
    )


def _post_select(posts: tuple[Post, ...], place: Place) -> Iterator[Item]:
    if posts:
        yield select(
            "Open a post whole", CHOOSE, place.as_text(), options_of(posts), row=_POSTS_ROW
        )


def _leaf_buttons(leaf: Leaf, place: Place) -> Iterator[Item]:
    """Give a button for each leaf of the page, by the posts on it, where there are several."""
    if len(leaf.spans) < 2:
        return
    shown = min(place.leaf, len(leaf.spans))
    for number, (first, last) in enumerate(leaf.spans, start=1):
        label = f"Post {first}" if first == last else f"Posts {first}-{last}"
        yield _turn(
            label, replace(place, leaf=number), "leaf", row=_LEAVES_ROW, here=number == shown
        )


def _page_buttons(place: Place) -> Iterator[Item]:
    """Give the page before, the first one, this one, the last one, and the next."""
    if place.pages == 1:
        return
    turn = place.turned_to
    yield _turn(
        "‹ Previous", turn(place.page - 1), "previous", row=_PAGES_ROW, here=place.page == 1
    )
    if place.page > 1:
        yield _turn("1", turn(1), "first", row=_PAGES_ROW)
    yield button(
        f"{place.page:,} …",
        JUMP,
        place.as_text(),
        row=_PAGES_ROW,
        style=discord.ButtonStyle.primary,
    )
    if place.page < place.pages:
        yield _turn(f"{place.pages:,}", turn(place.pages), "last", row=_PAGES_ROW)
    yield _turn(
        "Next ›", turn(place.page + 1), "next", row=_PAGES_ROW, here=place.page == place.pages
    )


def _sort_buttons(place: Place, last: int) -> Iterator[Item]:
    """Give the two orders, each from its beginning and with all posts there are now."""
    for order in Order:
        is_here = order is place.order and (order is Order.OLDEST or place.last == last)
        anew = Place(place.discussion_id, last, order)
        yield _turn(order.words, anew, order, row=_SORT_ROW, here=is_here and place.page == 1)


def _turn(label: str, place: Place, tag: str, *, row: int, here: bool = False) -> Item:
    """Make a button that leads to a place; it does nothing where one is there already."""
    return button(label, TURN, place.as_text(), tag=tag, row=row, disabled=here)
