"""The webhooks through which old posts are replayed."""

from __future__ import annotations

from bot.store.database import Database


class Webhooks:
    """Knows the stage's webhooks, so that what they say is not recorded a second time.

    Asked for every webhook's message, so kept in memory too.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: set[int] = set()

    async def load(self) -> None:
        """Read the webhooks anew."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall("SELECT webhook_id FROM webhook")
        self._ids = {row["webhook_id"] for row in rows}

    def is_ours(self, webhook_id: int) -> bool:
        """Say whether this webhook is one through which old posts are replayed."""
        return webhook_id in self._ids

    async def remember(self, webhook_id: int, channel_id: int) -> None:
        """Store a webhook for good; to be called before it is first used."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO webhook (webhook_id, channel_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (webhook_id, channel_id),
            )
        self._ids.add(webhook_id)
