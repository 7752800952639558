"""Who may host besides those with Manage Server: the role named with `/setup hosts`."""

from __future__ import annotations

from bot.store.database import Database


class Hosts:
    """The host role of each server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def role(self, guild_id: int) -> int | None:
        """Give the role whose members are hosts, or None where none was named."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT host_role_id FROM guild WHERE id = ?", (guild_id,)
            )
        for row in rows:
            role_id: int | None = row["host_role_id"]
            return role_id
        return None

    async def set_role(self, guild_id: int, guild_name: str, role_id: int | None) -> None:
        """Name the role whose members are hosts; None leaves it to Manage Server alone."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO guild (id, name, host_role_id) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, host_role_id = excluded.host_role_id",
                (guild_id, guild_name, role_id),
            )
