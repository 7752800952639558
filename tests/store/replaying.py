"""A replay as the store sees it: Discord has taken every message."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.store.importing.replays import Replays

THREAD = 30
SENT_AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


async def send_rest(replays: Replays, discussion_id: int, *, parts: int = 1) -> None:
    """Note a message, or several, for each post that has none; ids rise with the post's number."""
    await replays.attach_thread(discussion_id, THREAD)
    for one in (await replays.load(discussion_id)).posts:
        if not one.message_ids and not one.is_deleted:
            for part in range(parts):
                await replays.message_sent(one.id, part, message_of(one.post.number, part))


async def replay_whole(replays: Replays, discussion_id: int) -> None:
    """Note a message for each post that has none, and that this was all."""
    await send_rest(replays, discussion_id)
    await replays.finish(discussion_id, SENT_AT)


def message_of(number: int, part: int = 0) -> int:
    """Give the id of the message that a post of this number is here."""
    return 10_000 + 10 * number + part
