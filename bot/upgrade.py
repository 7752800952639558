"""`marginalia migrate`: brings the database to the newest schema, and says what was done."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.store.database import open_database
from bot.store.health import schema_version
from bot.store.migrate import load_migrations


def upgrade(path: Path) -> int:
    """Make or migrate the database at `path`, say what was applied, and give 0.

    Raises `UserError` where the file cannot be used.
    """
    before = schema_version(path)
    asyncio.run(_open_once(path))
    applied = load_migrations()[before:]
    if not applied:
        sys.stdout.write(f"{path} is up to date (schema {before}).\n")
    for migration in applied:
        sys.stdout.write(f"{path}: applied {migration.name}\n")
    return 0


async def _open_once(path: Path) -> None:
    async with open_database(path):
        pass
