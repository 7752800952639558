"""What happens to threads: started, joined, archived, renamed ("Threads" in the documentation)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import events
from sandbox.errors import refused
from sandbox.kinds import PINNED_IN_FORUM
from sandbox.permissions import MANAGE_THREADS, permissions_in
from sandbox.snowflakes import created_at
from sandbox.state import SandboxThread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel
    from sandbox.world import World


def check_not_locked(member: SandboxMember, thread: SandboxThread) -> None:
    """Raise 160005 in a locked thread, unless `member` may manage threads.

    "Threads", section "Locked Threads": nothing is sent or edited there.
    """
    if thread.locked and not permissions_in(member, thread) & MANAGE_THREADS:
        raise refused(160005)


def check_tags(member: SandboxMember, forum: SandboxChannel, tags: Sequence[int]) -> None:
    """Raise 40067 when `forum` wants a tag and none is given.

    Only those who manage threads set a moderated tag; an unknown tag is left out by Discord.
    """
    known = {tag.id: tag for tag in forum.tags}
    chosen = [known[i] for i in tags if i in known]
    manages = permissions_in(member, forum) & MANAGE_THREADS
    if any(tag.moderated for tag in chosen) and not manages:
        raise refused(50013)
    if forum.require_tag and not chosen and not manages:
        raise refused(40067)


def open_thread(
    world: World,
    parent: SandboxChannel,
    kind: int,
    name: str,
    owner_id: int,
    *,
    thread_id: int | None = None,
    tags: Sequence[int] = (),
    auto_archive_minutes: int | None = None,
) -> SandboxThread:
    """Make a thread with its starter as first member; the caller tells of it and posts in it."""
    known = {tag.id for tag in parent.tags}
    thread = SandboxThread(
        world.snowflakes.next() if thread_id is None else thread_id,
        kind,
        name,
        parent,
        owner_id=owner_id,
        changed_at=world.now(),
        applied_tags=[tag for tag in tags if tag in known],
    )
    if auto_archive_minutes is None:
        thread.auto_archive_minutes = parent.auto_archive_minutes
    else:
        thread.auto_archive_minutes = auto_archive_minutes
    guild = parent.guild
    if guild is not None:
        if owner_id in guild.members:
            thread.members[owner_id] = world.now()
        guild.threads[thread.id] = thread
    world.channels[thread.id] = thread
    return thread


def check_may_be_changed(member: SandboxMember, thread: SandboxThread) -> None:
    """Raise 50083 in an archived thread, 160005 in a locked one without Manage Threads.

    "Threads", section "Locked Threads": its title and tags are closed to others too.
    """
    if thread.archived:
        raise refused(50083)
    check_not_locked(member, thread)


def join(world: World, thread: SandboxThread, user_id: int) -> None:
    """Add a member; the bot is sent the thread itself too, which it may not have known."""
    if user_id in thread.members:
        return
    thread.members[user_id] = world.now()
    _forget_permissions(thread)
    # "Gaining Access to Private Threads", and "… to Public Threads": sent even if not needed.
    if user_id == world.bot.id:
        events.thread_created(world, thread, new=False)
    events.thread_members_changed(world, thread, added=[user_id])


def leave(world: World, thread: SandboxThread, user_id: int) -> None:
    """Remove a member; the bot is told of its own removal."""
    if user_id not in thread.members:
        return
    del thread.members[user_id]
    _forget_permissions(thread)
    events.thread_members_changed(world, thread, removed=[user_id])


def change(
    world: World,
    thread: SandboxThread,
    *,
    archived: bool | None = None,
    locked: bool | None = None,
    name: str | None = None,
    tags: Sequence[int] | None = None,
    auto_archive_minutes: int | None = None,
    slowmode_seconds: int | None = None,
    invitable: bool | None = None,
    flags: int | None = None,
) -> None:
    """Apply changes and send one THREAD_UPDATE.

    The archive timestamp changes with the archived state ("Thread Metadata Object"), archiving
    takes a pin away ("Forums"), and unarchiving tells the bot that it is a member ("Unarchiving
    a Thread").
    """
    opened = thread.archived and archived is False
    if archived is not None and archived != thread.archived:
        thread.archived = archived
        thread.archive_changed_at = world.now()
        flags = thread.flags & ~PINNED_IN_FORUM if archived else flags
    if locked is not None:
        thread.locked = locked
    if name is not None:
        thread.name = name
    if tags is not None:
        known = {tag.id for tag in thread.parent.tags}
        thread.applied_tags = [tag for tag in tags if tag in known]
    if auto_archive_minutes is not None:
        thread.auto_archive_minutes = auto_archive_minutes
        thread.archive_changed_at = world.now()
    if slowmode_seconds is not None:
        thread.slowmode_seconds = slowmode_seconds
    if invitable is not None:
        thread.invitable = invitable
    if flags is not None:
        thread.flags = flags
    events.thread_updated(world, thread)
    if opened:
        events.thread_member_updated(world, thread)


def delete(world: World, thread: SandboxThread) -> None:
    """Take a thread away with everything in it."""
    events.thread_deleted(world, thread)
    world.channels.pop(thread.id, None)
    if thread.guild is not None:
        thread.guild.threads.pop(thread.id, None)


def _forget_permissions(thread: SandboxThread) -> None:
    if thread.private and thread.guild is not None:
        thread.guild.permission_cache.clear()


def is_stale(thread: SandboxThread, now: datetime) -> bool:
    """Return whether nothing happened in `thread` for its auto-archive duration.

    "Threads", section "Active & Archived Threads": activity is a message, or its unarchiving; a
    thread pinned in its forum is never stale.
    """
    if thread.flags & PINNED_IN_FORUM:
        return False
    last = max(created_at(thread.last_message_id or thread.id), thread.archive_changed_at)
    return now - last > timedelta(minutes=thread.auto_archive_minutes)
