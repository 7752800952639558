"""What a typed name means, and how a name is shown where one is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from discord import app_commands

from bot.core.errors import UserError
from bot.core.excerpt import Surface, excerpt
from bot.core.model import Author, Book, Discussion, Forum
from bot.core.post_line import literal

Choice = app_commands.Choice[str]
Nameable = TypeVar("Nameable", Author, Book, Discussion, Forum)

# Discord's documentation, "Application Commands", section "Application Command Option Choice".
CHOICES = 25
CHOICE_NAME_LIMIT = 100
# Names in an error message.
_SHOWN_NAMES = 5
_SHOWN_NAME_LIMIT = 80
_TITLE_LIMIT = 100

# What SQLite can hold as an id: longer numbers are words.
_ID = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")
_LINK = re.compile(
    r"<?(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/channels/\d+/(\d+)(?:/(\d+))?/?>?|<#(\d+)>"
)


def book_name(book: Book) -> str:
    """Give a book in one line: title and author."""
    return book.title if book.author is None else f"{book.title} — {book.author}"


def shown_title(title: str) -> str:
    """Give a discussion's title for a message."""
    return f"“{literal(title, _TITLE_LIMIT)}”"


def choice(name: str, value: object) -> Choice:
    """Give one line of an autocomplete list, spoilers hidden: Discord shows it as plain text."""
    return app_commands.Choice(
        name=excerpt(name, CHOICE_NAME_LIMIT, Surface.PLAIN) or "(no title)", value=str(value)
    )


def local_id(named: str | None) -> int | None:
    """Give the id that a chosen value is, or None where it is nothing or something else."""
    return int(named) if named is not None and _ID.fullmatch(named) else None


def linked_ids(named: str) -> tuple[int, ...]:
    """Give the thread or channel ids that a pasted link, mention or id may mean.

    The starter of a thread in a text channel is linked as (channel, message), and has the
    thread's own id: so the last one counts first.
    """
    text = named.strip()
    if _ID.fullmatch(text):
        return (int(text),)
    link = _LINK.fullmatch(text)
    ids = () if link is None else link.groups(default="")
    return tuple(int(id_) for id_ in reversed(ids) if _ID.fullmatch(id_))


def the_one(found: Sequence[Nameable], names: Sequence[str], named: str, kind: str) -> Nameable:
    """Give the one that the words mean: the only one found, or the only one so called.

    Raises `UserError` that says what to do where there is none, or more than one.
    """
    exact = [
        each
        for each, name in zip(found, names, strict=True)
        if name.casefold() == named.strip().casefold()
    ]
    for only in (exact, found):
        if len(only) == 1:
            return only[0]
    asked = literal(named, _SHOWN_NAME_LIMIT)
    if not found:
        raise UserError(
            f"I know no {kind} called “{asked}” that you can read. Choose one "
            "from the list that appears while you type."
        )
    shown = [f"“{literal(name, _SHOWN_NAME_LIMIT)}”" for name in names[:_SHOWN_NAMES]]
    raise UserError(
        f"“{asked}” may mean more than one {kind}: {', '.join(shown)}"
        f"{', …' if len(found) > len(shown) else ''}. Choose one from the list that appears "
        "while you type."
    )
