"""People who act: what they may not do, they are refused as Discord's client would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import events, message_rights, threads
from sandbox.channels import (
    add_to_thread,
    announce_name,
    delete_channel,
    remove_from_thread,
    start_forum_post,
    start_from_message,
    start_without_message,
)
from sandbox.errors import not_possible, refused
from sandbox.kinds import FORUM
from sandbox.limits import Problems, check_thread_settings
from sandbox.permissions import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_THREADS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    permissions_in,
    require,
)
from sandbox.posting import Poster
from sandbox.state import SandboxThread
from sandbox.wire import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.guild import SandboxGuild
    from sandbox.people import SandboxRole, SandboxUser
    from sandbox.state import SandboxAttachment, SandboxChannel, SandboxMessage
    from sandbox.world import World


class SandboxMember(Poster):
    """A person in one guild, who posts, replies, edits, clicks; refusals raise SandboxRefused."""

    def __init__(self, world: World, guild: SandboxGuild, user: SandboxUser) -> None:
        super().__init__(world, user)
        self.guild = guild
        self.roles: list[SandboxRole] = []
        self.nick: str | None = None
        self.joined_at = world.now()

    def __repr__(self) -> str:
        return f"<SandboxMember {self.name!r} {self.id}>"

    async def start_thread(
        self,
        channel: SandboxChannel,
        name: str,
        content: str = "",
        *,
        tags: Sequence[str] = (),
        message: SandboxMessage | None = None,
        private: bool = False,
        attachments: Sequence[SandboxAttachment] = (),
    ) -> SandboxThread:
        """Start a thread: a forum's post with `content`, or in a text channel.

        There, `message` makes it that message's thread; else `content`, when given, is posted
        into it.
        """
        name = _checked_name(name)
        draft = self._draft(content, attachments, None, None)
        if channel.kind == FORUM:
            require(self, channel, SEND_MESSAGES)
            chosen = _tag_ids(channel, tags)
            threads.check_tags(self, channel, chosen)
            if draft.empty:
                raise refused(50006)
            message_rights.check_parts(self, channel, draft)
            return start_forum_post(self._world, channel, name, self.user, draft, chosen)
        require(self, channel, CREATE_PRIVATE_THREADS if private else CREATE_PUBLIC_THREADS)
        if message is not None:
            return start_from_message(self._world, message, name, self.user)
        thread = start_without_message(self._world, channel, name, self.user, private=private)
        if not draft.empty:
            await self._send(thread, draft)
        return thread

    async def join(self, thread: SandboxThread) -> None:
        """Join a thread one sees and that is not archived."""
        require(self, thread, VIEW_CHANNEL)
        message_rights.check_not_archived(thread)
        threads.join(self._world, thread, self.id)

    async def add_to_thread(self, thread: SandboxThread, member: SandboxMember) -> None:
        """Bring another member (the bot is `guild.me`) into a thread."""
        require(self, thread, SEND_MESSAGES_IN_THREADS)
        message_rights.check_not_archived(thread)
        add_to_thread(self._world, thread, self.user, member.user)

    async def leave(self, thread: SandboxThread) -> None:
        """Leave a thread."""
        threads.leave(self._world, thread, self.id)

    async def remove_from_thread(self, thread: SandboxThread, member: SandboxMember) -> None:
        """Take a member out of a thread, with Manage Threads or as a private thread's starter."""
        if not (thread.private and thread.owner_id == self.id):
            require(self, thread, MANAGE_THREADS)
        message_rights.check_not_archived(thread)
        remove_from_thread(self._world, thread, self.user, member.user)

    def _require_thread_control(self, thread: SandboxThread) -> None:
        if thread.owner_id != self.id:
            require(self, thread, MANAGE_THREADS)

    async def archive(self, thread: SandboxThread) -> None:
        """Close a thread: its starter may, and who manages threads."""
        self._require_thread_control(thread)
        threads.change(self._world, thread, archived=True)

    async def unarchive(self, thread: SandboxThread) -> None:
        """Open a thread again; a locked one only with Manage Threads."""
        require(self, thread, MANAGE_THREADS if thread.locked else SEND_MESSAGES_IN_THREADS)
        threads.change(self._world, thread, archived=False)

    async def lock(self, thread: SandboxThread) -> None:
        """Lock a thread, with Manage Threads."""
        require(self, thread, MANAGE_THREADS)
        threads.change(self._world, thread, locked=True)

    async def unlock(self, thread: SandboxThread) -> None:
        """Unlock a thread, with Manage Threads."""
        require(self, thread, MANAGE_THREADS)
        threads.change(self._world, thread, locked=False)

    async def rename(self, channel: SandboxChannel, name: str) -> None:
        """Give a thread, or with Manage Channels a channel, another name."""
        name = _checked_name(name)
        if isinstance(channel, SandboxThread):
            self._require_thread_control(channel)
            threads.check_may_be_changed(self, channel)
            threads.change(self._world, channel, name=name)
            announce_name(self._world, channel, self.user)
            return
        require(self, channel, MANAGE_CHANNELS)
        channel.name = name
        events.channel_changed(self._world, "CHANNEL_UPDATE", channel)

    async def retag(self, thread: SandboxThread, tags: Sequence[str]) -> None:
        """Give a forum's post other tags, by name."""
        self._require_thread_control(thread)
        threads.check_may_be_changed(self, thread)
        chosen = _tag_ids(thread.parent, tags)
        threads.check_tags(self, thread.parent, chosen)
        threads.change(self._world, thread, tags=chosen)

    async def delete_thread(self, thread: SandboxThread) -> None:
        """Delete a thread, with Manage Threads."""
        require(self, thread, MANAGE_THREADS)
        threads.delete(self._world, thread)

    async def delete_channel(self, channel: SandboxChannel) -> None:
        """Delete a channel and its threads, with Manage Channels."""
        require(self, channel, MANAGE_CHANNELS)
        delete_channel(self._world, channel)

    async def add_role(self, role: SandboxRole) -> None:
        """Be given a role."""
        if role not in self.roles:
            self._set_roles([*self.roles, role])

    async def remove_role(self, role: SandboxRole) -> None:
        """Lose a role."""
        self._set_roles([r for r in self.roles if r is not role])

    def _set_roles(self, roles: list[SandboxRole]) -> None:
        with self.guild.regaining():
            self.roles = roles
            self.guild.permission_cache.clear()
            events.member_changed(self._world, "GUILD_MEMBER_UPDATE", self.guild, self.id)

    def permissions_in(self, channel: SandboxChannel) -> int:
        """Return the member's permission bits in a channel."""
        return permissions_in(self, channel)


def _checked_name(name: str) -> str:
    """Return a thread's or channel's name as Discord keeps it, or raise 50035."""
    kept = clean_text(name)
    problems = Problems()
    check_thread_settings({"name": kept}, problems)
    problems.raise_if_any()
    return kept


def _tag_ids(forum: SandboxChannel, names: Sequence[str]) -> list[int]:
    known = {tag.name: tag.id for tag in forum.tags}
    for name in names:
        if name not in known:
            raise not_possible(f"#{forum.name} has no tag {name!r}")
    return [known[name] for name in names]
