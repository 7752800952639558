"""The time zone that a host names for a server: that of its members who have chosen none."""

from __future__ import annotations

from datetime import datetime

from bot.core.zones import load_zone
from bot.store.channel_planning import reschedule_channel_digests
from bot.store.database import Database
from bot.store.people import People


class ServerZones:
    """Keeps each server's zone, and has people follow it."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def get(self, guild_id: int) -> str | None:
        """Give the IANA name of the server's zone, or None where no host has named one."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT zone FROM guild WHERE id = ?", (guild_id,)
            )
        for row in rows:
            zone: str | None = row["zone"]
            return zone
        return None

    async def set(self, guild_id: int, guild_name: str, zone: str | None, now: datetime) -> None:
        """Name a server's zone; None leaves its members to the bot's default zone.

        Whoever has chosen no zone, and first tracked in this server, follows it from their next
        hour on. Raises `UserError` for a zone that is none.
        """
        if zone is not None:
            load_zone(zone)
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO guild (id, name, zone) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone",
                (guild_id, guild_name, zone),
            )
            await self._people.follow_zones(connection, guild_id, now)
            await reschedule_channel_digests(connection, now, self._people.default)

    async def follow(self, now: datetime) -> None:
        """Have everyone who chose no zone follow their server's, or the default as it is now."""
        async with self._database.transaction() as connection:
            await self._people.follow_zones(connection, None, now)
