"""Refusals of the store and of the importers, which quote what may hold any Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import UserError
from bot.core.post_line import literal

# A message holds 2,000 characters.
_LIMIT = 1900


@contextmanager
def literal_refusals() -> Iterator[None]:
    """Let a `UserError` show titles, file names and reasons as they are."""
    try:
        yield
    except UserError as error:
        raise UserError(literal(str(error), _LIMIT)) from error
