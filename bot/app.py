"""The composition root: everything the bot is made of, put together once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.core.ports import Clock
from bot.settings import Settings
from bot.store.books import Books
from bot.store.database import Database, open_database
from bot.store.hosts import Hosts
from bot.ticker import Ticker, open_ticker


@dataclass(frozen=True, slots=True)
class App:
    """The parts that cogs are given in their constructors."""

    settings: Settings
    clock: Clock
    database: Database
    ticker: Ticker
    books: Books
    hosts: Hosts


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock) -> AsyncIterator[App]:
    """Open the database, migrated, and put the parts together.

    Raises `UserError` where the database cannot be used.
    """
    async with open_database(settings.database_path) as database, open_ticker() as ticker:
        yield App(
            settings=settings,
            clock=clock,
            database=database,
            ticker=ticker,
            books=Books(database),
            hosts=Hosts(database),
        )
