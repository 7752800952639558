"""What is in this Discord: channels, threads, messages, webhooks.

Plain objects: ids are ints, times aware and in UTC. Tests read them; only the sandbox writes them.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.kinds import DEFAULT, EPHEMERAL, PRIVATE_THREAD
from sandbox.snowflakes import created_at

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from sandbox.guild import SandboxGuild
    from sandbox.people import SandboxUser
    from sandbox.wire import JsonObject


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows or denies one role (`kind` 0) or member (`kind` 1)."""

    target_id: int
    kind: int
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class SandboxTag:
    """A forum's tag."""

    id: int
    name: str
    moderated: bool = False


@dataclass(frozen=True, slots=True)
class SandboxAttachment:
    """A file of a message; `id` and `url` are given when it is sent."""

    filename: str
    content: bytes = b""
    content_type: str | None = None
    description: str | None = None
    size: int | None = None
    duration_secs: float | None = None
    waveform: str | None = None
    is_spoiler: bool = False
    id: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pinged:
    """Whom a message truly notified."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False


@dataclass(slots=True, eq=False)
class SandboxWebhook:
    """A webhook of `channel`, made by `user` (the bot's own carry its application's id)."""

    id: int
    token: str
    name: str
    channel: SandboxChannel
    user: SandboxUser
    application_id: int | None
    avatar: str | None = None


@dataclass(slots=True, eq=False)
class Reference:
    """What a message answers (`kind` 0) or forwards (`kind` 1)."""

    message_id: int | None
    channel_id: int
    guild_id: int | None
    kind: int = 0


@dataclass(slots=True, eq=False)
class SandboxMessage:
    """A message as Discord keeps it: the latest text only.

    `mentioned…` and `mentions_everyone` follow its edits; `pinged` is whom it notified when sent.
    """

    id: int
    channel: SandboxChannel
    author: SandboxUser
    content: str
    created_at: datetime
    type: int = DEFAULT
    edited_at: datetime | None = None
    flags: int = 0
    tts: bool = False
    pinned_at: datetime | None = None
    embeds: list[JsonObject] = field(default_factory=list)
    attachments: list[SandboxAttachment] = field(default_factory=list)
    components: list[JsonObject] = field(default_factory=list)
    stickers: list[JsonObject] = field(default_factory=list)
    poll: JsonObject | None = None
    reference: Reference | None = None
    snapshots: list[JsonObject] = field(default_factory=list)
    nonce: str | int | None = None
    webhook: SandboxWebhook | None = None
    webhook_name: str | None = None
    webhook_avatar: str | None = None
    interaction_metadata: JsonObject | None = None
    mentioned: tuple[SandboxUser, ...] = ()
    mentioned_roles: frozenset[int] = frozenset()
    mentions_everyone: bool = False
    pinged: Pinged = Pinged()
    reactions: dict[str, list[int]] = field(default_factory=dict)
    thread: SandboxThread | None = None
    late_edits: int = 0
    deleted: bool = False

    def __repr__(self) -> str:
        return f"<SandboxMessage {self.id} by {self.author_name}: {self.content!r}>"

    @property
    def pinned(self) -> bool:
        """Whether the message is pinned in its channel."""
        return self.pinned_at is not None

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def author_name(self) -> str:
        """The name shown above the message."""
        return self.author.name if self.webhook_name is None else self.webhook_name

    @property
    def jump_url(self) -> str:
        """The address that leads to the message in Discord's client."""
        guild = self.channel.guild
        place = "@me" if guild is None else guild.id
        return f"https://discord.com/channels/{place}/{self.channel.id}/{self.id}"


class SandboxChannel:
    """A text channel, a forum, or a DM (then `guild` is None and `recipient` the person)."""

    def __init__(
        self,
        id: int,  # noqa: A002 - Discord's own name for it
        kind: int,
        name: str,
        guild: SandboxGuild | None,
        *,
        topic: str | None = None,
        tags: list[SandboxTag] | None = None,
        require_tag: bool = False,
        recipient: SandboxUser | None = None,
    ) -> None:
        self.id = id
        self.kind = kind
        self.name = name
        self.guild = guild
        self.topic = topic
        self.tags = tags or []
        self.require_tag = require_tag
        self.recipient = recipient
        self.position = 0
        self.slowmode_seconds = 0
        self.is_age_restricted = False
        self.auto_archive_minutes = 1440
        self.overwrites: dict[int, Overwrite] = {}
        self.webhooks: dict[int, SandboxWebhook] = {}
        self.last_message_id: int | None = None
        self.last_pin_at: datetime | None = None
        self.arrivals: set[asyncio.Future[None]] = set()
        self._ids: list[int] = []
        self._messages: dict[int, SandboxMessage] = {}

    @property
    def mention(self) -> str:
        """The text that links to this channel."""
        return f"<#{self.id}>"

    @property
    def created_at(self) -> datetime:
        """When the channel was made."""
        return created_at(self.id)

    @property
    def messages(self) -> tuple[SandboxMessage, ...]:
        """What is in the channel now, oldest first."""
        return tuple(self._messages[i] for i in self._ids)

    @property
    def message_count(self) -> int:
        """How many messages are in the channel now."""
        return len(self._ids)

    def add(self, message: SandboxMessage) -> None:
        """Take in a new message; ids may come in any order."""
        if not self._ids or message.id > self._ids[-1]:
            self._ids.append(message.id)
        else:
            self._ids.insert(bisect_left(self._ids, message.id), message.id)
        self._messages[message.id] = message
        self.last_message_id = max(message.id, self.last_message_id or 0)
        for waiting in self.arrivals:
            if not waiting.done():
                waiting.set_result(None)

    def find(self, message_id: int) -> SandboxMessage | None:
        """Return the message with this id, or None when it is not here now."""
        return self._messages.get(message_id)

    def discard(self, message: SandboxMessage) -> None:
        """Let a message go."""
        del self._messages[message.id]
        del self._ids[bisect_left(self._ids, message.id)]
        message.deleted = True

    def before(self, message_id: int | None, limit: int) -> list[SandboxMessage]:
        """Return up to `limit` messages older than `message_id` (None: any), newest first."""
        end = len(self._ids) if message_id is None else bisect_left(self._ids, message_id)
        return [self._messages[i] for i in reversed(self._ids[max(0, end - limit) : end])]

    def after(self, message_id: int, limit: int) -> list[SandboxMessage]:
        """Return the `limit` messages that follow `message_id` most closely, newest first."""
        start = bisect_left(self._ids, message_id + 1)
        return [self._messages[i] for i in reversed(self._ids[start : start + limit])]


class SandboxThread(SandboxChannel):
    """A thread of a text channel, or a forum's post; `owner_id` started it."""

    def __init__(
        self,
        id: int,  # noqa: A002 - Discord's own name for it
        kind: int,
        name: str,
        parent: SandboxChannel,
        *,
        owner_id: int,
        changed_at: datetime,
        applied_tags: list[int] | None = None,
    ) -> None:
        super().__init__(id, kind, name, parent.guild)
        self.parent = parent
        self.owner_id = owner_id
        self.applied_tags = applied_tags or []
        self.archived = False
        self.locked = False
        self.invitable = True
        self.archive_changed_at = changed_at
        self.started_at = changed_at
        self.members: dict[int, datetime] = {}
        self.total_sent = 0
        self.flags = 0

    @property
    def private(self) -> bool:
        """Whether only its members, and those who manage threads, see it."""
        return self.kind == PRIVATE_THREAD

    @property
    def tags_applied(self) -> tuple[str, ...]:
        """The names of the forum's tags on it."""
        return tuple(tag.name for tag in self.parent.tags if tag.id in self.applied_tags)

    @property
    def jump_url(self) -> str:
        """The address that leads to the thread in Discord's client."""
        place = "@me" if self.guild is None else self.guild.id
        return f"https://discord.com/channels/{place}/{self.id}"
