"""Finding what a reply answers, where that is not known yet."""

from __future__ import annotations

import discord

from bot.store.recording import Recording
from cogs._convert import incoming_post, is_replayed
from cogs._error_codes import UNKNOWN_MESSAGE


async def record_ancestors(
    recording: Recording,
    discussion_id: int,
    thread_id: int,
    reply: discord.Message,
    parent_id: int,
) -> None:
    """Record what a reply answers, and what that answers, up to a post that is known.

    Raises `discord.HTTPException` where one cannot be read: it stays awaited then.
    """
    wanted: int | None = parent_id
    while wanted is not None:
        parent = await _parent(reply, wanted)
        if parent is not None and is_replayed(parent):
            # An old post's, sent a moment ago: it stays awaited until the replay notes it.
            return
        post = (
            None
            if parent is None
            else incoming_post(parent, thread_id=thread_id, is_initial=parent.id == thread_id)
        )
        if parent is None or post is None:
            await recording.parent_unknown(wanted)
            return
        recorded = await recording.record(discussion_id, post, after_gap=True)
        reply, wanted = parent, recorded.unknown_parent


async def _parent(reply: discord.Message, parent_id: int) -> discord.Message | None:
    """Give the message that is answered, or None where it does not exist any more.

    Discord mostly sends it along, and says so where it was deleted (Discord's documentation,
    "Message Object", `referenced_message`).
    """
    sent_along = None if reply.reference is None else reply.reference.resolved
    if isinstance(sent_along, discord.Message):
        return sent_along
    if isinstance(sent_along, discord.DeletedReferencedMessage):
        return None
    try:
        return await reply.channel.fetch_message(parent_id)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        return None
