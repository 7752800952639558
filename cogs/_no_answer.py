"""When Discord gives no clear answer: what discord.py raises, and what a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.core.errors import UserError
from bot.core.ports import CourierError

# What discord.py raises when a request got no clear answer, after its own retries. The refusals
# (`Forbidden`, `NotFound`) are HTTPExceptions too: catch those first.
NO_ANSWER = (discord.HTTPException, aiohttp.ClientError, OSError)


@contextmanager
def answer_expected() -> Iterator[None]:
    """Tell a person in words that Discord did not answer (`CourierError`)."""
    try:
        yield
    except CourierError as error:
        raise UserError(
            "Discord does not answer just now, so nothing was changed. Try again in a minute."
        ) from error
