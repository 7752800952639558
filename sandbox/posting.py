"""What a member does with messages: posts, replies, edits, deletes, pins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox import events, message_rights, messages, pins
from sandbox.acting import Actor
from sandbox.drafts import MAX_CONTENT, Draft
from sandbox.errors import refused
from sandbox.kinds import DEFAULT, FORWARD, IS_VOICE_MESSAGE, REPLY, SUPPRESS_EMBEDS
from sandbox.limits import Problems, check_text
from sandbox.mentions import EVERY_KIND
from sandbox.permissions import (
    ADD_REACTIONS,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    VIEW_CHANNEL,
    require,
)
from sandbox.references import check_may_be_forwarded, read_reply, reference_to
from sandbox.wire import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.member import SandboxMember
    from sandbox.state import Reference, SandboxAttachment, SandboxChannel, SandboxMessage
    from sandbox.wire import JsonObject

# How many posts follow each other before the event loop turns to the clients.
_POSTS_AT_ONCE = 16


class Poster(Actor):
    """The side of a member that writes."""

    def _seat(self, channel: SandboxChannel) -> SandboxMember | None:
        """Return who speaks in `channel`: this member, or None in the DM with the bot."""
        if channel.guild is None:
            if channel is not self.dm:
                raise refused(50001)
            return None
        if channel.guild is not self.guild or self.id not in self.guild.members:
            raise refused(50001)
        require(self.guild.members[self.id], channel, VIEW_CHANNEL)
        return self.guild.members[self.id]

    async def post(
        self,
        channel: SandboxChannel,
        content: str = "",
        *,
        attachments: Sequence[SandboxAttachment] = (),
        embeds: Sequence[JsonObject] = (),
        poll: tuple[str, Sequence[str]] | None = None,
        sticker: str | None = None,
        voice_message: bool = False,
        flags: int = 0,
    ) -> SandboxMessage:
        """Send a message; `poll` is a question and its answers, `sticker` a sticker's name.

        `embeds` are the previews that Discord made of its links before it was delivered.
        """
        draft = self._draft(content, attachments, poll, sticker)
        draft.embeds = list(embeds)
        draft.flags = flags | (IS_VOICE_MESSAGE if voice_message else 0)
        return await self._send(channel, draft)

    async def reply(
        self,
        message: SandboxMessage,
        content: str = "",
        *,
        attachments: Sequence[SandboxAttachment] = (),
        ping: bool = True,
    ) -> SandboxMessage:
        """Answer a message in its channel; `ping` false does not notify its author."""
        channel = message.channel
        draft = self._draft(content, attachments, None, None)
        if not ping:
            draft.allowed_mentions = {**EVERY_KIND, "replied_user": False}
        body: JsonObject = {"message_id": str(message.id), "channel_id": str(channel.id)}
        reference, answered = read_reply(self._seat(channel), channel, body)
        return await self._send(channel, draft, REPLY, reference, answered)

    async def forward(self, message: SandboxMessage, channel: SandboxChannel) -> SandboxMessage:
        """Forward a message into another channel, which keeps a snapshot of it."""
        self._seat(message.channel)
        check_may_be_forwarded(message)
        reference = reference_to(message, FORWARD)
        return await self._send(channel, Draft(), DEFAULT, reference, message)

    def _draft(
        self,
        content: str,
        attachments: Sequence[SandboxAttachment],
        poll: tuple[str, Sequence[str]] | None,
        sticker: str | None,
    ) -> Draft:
        if len(content) > MAX_CONTENT:
            problems = Problems()
            check_text(problems, ("content",), content, 0, MAX_CONTENT)
            problems.raise_if_any()
        draft = Draft(content=clean_text(content), attachments=list(attachments))
        if poll is not None:
            question, answers = poll
            draft.poll = {
                "question": {"text": clean_text(question)},
                "answers": [{"poll_media": {"text": clean_text(answer)}} for answer in answers],
            }
        if sticker is not None:
            sticker_id = str(self._world.snowflakes.next())
            draft.stickers = [{"id": sticker_id, "name": clean_text(sticker), "format_type": 1}]
        return draft

    async def _send(
        self,
        channel: SandboxChannel,
        draft: Draft,
        kind: int = DEFAULT,
        reference: Reference | None = None,
        answered: SandboxMessage | None = None,
    ) -> SandboxMessage:
        seat = self._seat(channel)
        if draft.empty and reference is None:
            raise refused(50006)
        if seat is not None:
            message_rights.check_may_send(self._world, seat, channel)
            message_rights.check_parts(seat, channel, draft)
        message = messages.create(
            self._world,
            channel,
            self.user,
            draft,
            kind=kind,
            reference=reference,
            answered=answered,
        )
        if channel.message_count % _POSTS_AT_ONCE == 0:
            await asyncio.sleep(0)
        return message

    async def edit(self, message: SandboxMessage, content: str) -> SandboxMessage:
        """Give one's own message another text."""
        self._seat(message.channel)
        message_rights.check_may_edit(self._world, self.user, message)
        draft = messages.draft_of(message)
        draft.content = self._draft(content, (), None, None).content
        if draft.empty:
            raise refused(50006)
        messages.edit(self._world, message, draft)
        return message

    async def suppress_embeds(self, message: SandboxMessage) -> None:
        """Hide a message's link previews: an update without a new edit time."""
        seat = self._seat(message.channel)
        if message.author is not self.user and seat is not None:
            require(seat, message.channel, MANAGE_MESSAGES)
        message.flags |= SUPPRESS_EMBEDS
        message.embeds = []
        events.message_updated(self._world, message)

    async def delete(self, message: SandboxMessage) -> None:
        """Delete one's own message, or another's with Manage Messages."""
        self._seat(message.channel)
        message_rights.check_may_delete(self.user, message)
        messages.delete(self._world, message)

    async def bulk_delete(self, deleted: Sequence[SandboxMessage]) -> None:
        """Delete 2 to 100 messages of one channel at once, with Manage Messages."""
        channel = deleted[0].channel
        seat = self._seat(channel)
        if seat is None:
            raise refused(50003)
        require(seat, channel, MANAGE_MESSAGES)
        messages.bulk_delete(self._world, channel, [m.id for m in deleted])

    async def pin(self, message: SandboxMessage) -> None:
        """Pin a message, with Pin Messages."""
        self._seat(message.channel)
        pins.pin(self._world, self.user, message)

    async def unpin(self, message: SandboxMessage) -> None:
        """Take a pin away, with Pin Messages."""
        self._seat(message.channel)
        pins.unpin(self._world, self.user, message)

    async def react(self, message: SandboxMessage, emoji: str) -> None:
        """Add a reaction; `emoji` is a Unicode one."""
        seat = self._seat(message.channel)
        message_rights.check_not_archived(message.channel)
        if seat is not None:
            first = emoji not in message.reactions
            require(seat, message.channel, READ_MESSAGE_HISTORY | (ADD_REACTIONS if first else 0))
        message.reactions.setdefault(emoji, []).append(self.id)
        events.reaction_changed(
            self._world, "MESSAGE_REACTION_ADD", message, self.id, {"id": None, "name": emoji}
        )
