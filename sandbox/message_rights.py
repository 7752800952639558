"""Who may send, edit and delete messages, and where: asked before anything happens to one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import threads
from sandbox.errors import refused
from sandbox.kinds import FORUM, IS_VOICE_MESSAGE, USER_TYPES
from sandbox.permissions import (
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    SEND_POLLS,
    SEND_TTS_MESSAGES,
    require,
)
from sandbox.state import SandboxThread

if TYPE_CHECKING:
    from sandbox.drafts import Draft
    from sandbox.member import SandboxMember
    from sandbox.people import SandboxUser
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.world import World

# Error 30046 exists, its number is not documented: a message over an hour old takes few edits.
LATE_EDIT_AGE = timedelta(hours=1)
LATE_EDITS = 5
# "Messages Resource", section "Message Types": what cannot be deleted.
_UNDELETABLE_TYPES = (1, 2, 3, 4, 5, 21)


def check_may_send(world: World, member: SandboxMember | None, channel: SandboxChannel) -> None:
    """Raise what Discord raises when `member` may not speak in `channel` (None: the bot, in DM)."""
    if channel.kind == FORUM:
        raise refused(40058)
    if member is None:
        recipient = channel.recipient
        if recipient is None or recipient.bot:
            raise refused(50007)
        if not world.shares_guild(recipient):
            raise refused(50278)
        if not recipient.inbox_open:
            raise refused(50007)
        return
    if isinstance(channel, SandboxThread):
        require(member, channel, SEND_MESSAGES_IN_THREADS)
        threads.check_not_locked(member, channel)
    else:
        require(member, channel, SEND_MESSAGES)


def check_parts(member: SandboxMember | None, channel: SandboxChannel, draft: Draft) -> None:
    """Raise 50013 when `draft` has a part for which `member` lacks the permission."""
    if member is None:
        return
    if draft.attachments:
        require(member, channel, ATTACH_FILES)
    if draft.embeds:
        require(member, channel, EMBED_LINKS)
    if draft.poll is not None:
        require(member, channel, SEND_POLLS)
    if draft.tts:
        require(member, channel, SEND_TTS_MESSAGES)


def check_not_archived(channel: SandboxChannel) -> None:
    """Raise 50083 in an archived thread, where nothing is edited, reacted to or pinned."""
    if isinstance(channel, SandboxThread) and channel.archived:
        raise refused(50083)


def check_may_edit(world: World, author: SandboxUser, message: SandboxMessage) -> None:
    """Raise 50005, 50083 or 30046 when `author` may not change the message now."""
    if message.author is not author or message.webhook is not None:
        raise refused(50005)
    if message.type not in USER_TYPES:
        raise refused(50021)
    if message.flags & IS_VOICE_MESSAGE:
        raise refused(50162)
    channel = message.channel
    check_not_archived(channel)
    if isinstance(channel, SandboxThread) and channel.guild is not None:
        threads.check_not_locked(channel.guild.members[author.id], channel)
    if author.bot and world.now() - message.created_at > LATE_EDIT_AGE:
        if message.late_edits >= LATE_EDITS:
            raise refused(30046)
        message.late_edits += 1


def check_may_delete(user: SandboxUser, message: SandboxMessage) -> None:
    """Raise 50021 for a system message, 50013 for another's without Manage Messages."""
    if message.type in _UNDELETABLE_TYPES:
        raise refused(50021)
    channel = message.channel
    if isinstance(channel, SandboxThread) and channel.archived and channel.guild is not None:
        threads.check_not_locked(channel.guild.members[user.id], channel)
    if message.author is user and message.webhook is None:
        return
    guild = message.channel.guild
    if guild is None:
        raise refused(50003)
    require(guild.members[user.id], message.channel, MANAGE_MESSAGES)
