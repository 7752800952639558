"""The buttons below a list of discussions or of forums, and what they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.core.excerpt import Surface, excerpt
from bot.core.overview import LIST_LENGTH, ForumOverview, Overview, Sort
from bot.core.post_line import counted
from cogs._naming import local_id
from cogs._page_view import ENTER
from cogs._presses import Item, button, select, view_of

LIST = "list"
"""The action of a button whose state is the `ListPlace` to show."""
SORT = "sort"
"""The action of a select of orders; its state is the `ListPlace` that one is at."""
FORUM = "forum"
"""The action of a select of forums, whose values are their ids."""
FORUMS = "forums"
"""The action of a button that shows a page of the server's forums; its state is the page."""

# Discord's documentation, "Component Reference", section "Select Option Structure".
_OPTION_LIMIT = 100
_PLACE = re.compile(r"([0-9]{1,19})\.([lpnt])\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A page of the list of a forum's discussions; pages count from 1."""

    forum_id: int
    sort: Sort = Sort.LATEST
    page: int = 1

    def as_text(self) -> str:
        """Give it for a custom id, to be read by `list_place`."""
        return f"{self.forum_id}.{self.sort}.{self.page}"


def list_place(text: str) -> ListPlace | None:
    """Read what `ListPlace.as_text` gave; None for anything else."""
    found = _PLACE.fullmatch(text)
    forum_id = None if found is None else local_id(found[1])
    if found is None or forum_id is None:
        return None
    return ListPlace(forum_id, Sort(found[2]), int(found[3]))


def sort_from_text(text: str | None) -> Sort | None:
    """Read the value of an order in a select; None for anything else."""
    return next((sort for sort in Sort if sort.value == text), None)


def pages_of(count: int) -> int:
    """Give how many pages a list of so many entries has: one at least."""
    return max(-(-count // LIST_LENGTH), 1)


def discussions_view(
    overviews: Sequence[Overview], place: ListPlace, pages: int
) -> discord.ui.View:
    """Give the buttons below a page of a forum's discussions."""
    items: list[Item] = []
    if overviews:
        options = [
            _option(
                each.discussion.title,
                each.discussion.id,
                counted(each.discussion.post_count, "post"),
            )
            for each in overviews
        ]
        items.append(select("Read a discussion", ENTER, "", options, row=0))
    orders = [
        discord.SelectOption(label=sort.words, value=sort.value, default=sort is place.sort)
        for sort in Sort
    ]
    items.append(select("Sort", SORT, place.as_text(), orders, row=1))
    if pages > 1:
        items += [
            button(
                label,
                LIST,
                replace(place, page=page).as_text(),
                tag=tag,
                row=2,
                disabled=not 1 <= page <= pages,
            )
            for label, tag, page in (
                ("‹ Previous", "previous", place.page - 1),
                ("Next ›", "next", place.page + 1),
            )
        ]
    items.append(button("All forums", FORUMS, "1", row=2))
    return view_of(items)


def forums_view(overviews: Sequence[ForumOverview], page: int, pages: int) -> discord.ui.View:
    """Give the buttons below a page of a server's forums."""
    items: list[Item] = []
    if overviews:
        options = [
            _option(each.forum.name, each.forum.id, counted(each.discussions, "discussion"))
            for each in overviews
        ]
        items.append(select("List a forum's discussions", FORUM, "", options, row=0))
    if pages > 1:
        items += [
            button(label, FORUMS, str(to), row=1, disabled=not 1 <= to <= pages)
            for label, to in (("‹ Previous", page - 1), ("Next ›", page + 1))
        ]
    return view_of(items)


def _option(name: str, value: int, description: str) -> discord.SelectOption:
    return discord.SelectOption(
        label=excerpt(name, _OPTION_LIMIT, Surface.PLAIN) or "(no title)",
        value=str(value),
        description=description,
    )
