"""An interaction, from the click to the answer: "Receiving and Responding"."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import message_payloads, message_rights, messages, payloads
from sandbox.answers import FIRST_ANSWER_S, Answer
from sandbox.errors import refused
from sandbox.kinds import EPHEMERAL, LOADING
from sandbox.limits import MAX_FILE_BYTES
from sandbox.permissions import EVERYONE_DEFAULT, permissions_in

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.drafts import Draft
    from sandbox.guild import SandboxGuild
    from sandbox.member import SandboxMember
    from sandbox.people import SandboxUser
    from sandbox.state import Reference, SandboxChannel, SandboxMessage
    from sandbox.wire import JsonObject
    from sandbox.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

TOKEN_LIFE = timedelta(minutes=15)


class Interaction:
    """One interaction of a person with the bot, and the token to answer it with."""

    def __init__(
        self,
        world: World,
        kind: int,
        user: SandboxUser,
        channel: SandboxChannel,
        data: JsonObject,
        description: str,
        *,
        message: SandboxMessage | None = None,
    ) -> None:
        self._world = world
        self.id = world.snowflakes.next()
        self.token = secrets.token_urlsafe(32)
        self.kind = kind
        self.user = user
        self.channel = channel
        self.data = data
        self.description = description
        self.message = message
        self.original: SandboxMessage | None = None
        self.callback: int | None = None
        self.started = time.monotonic()
        self.created_at: datetime = world.now()
        self._created: dict[int, SandboxMessage] = {}
        self.answer = Answer(self)
        world.interactions[self.id] = self
        world.interactions_by_token[self.token] = self

    @property
    def guild(self) -> SandboxGuild | None:
        """The guild it happened in; None in a DM."""
        return self.channel.guild

    @property
    def member(self) -> SandboxMember | None:
        """The person as the guild's member; None in a DM."""
        return None if self.guild is None else self.guild.members[self.user.id]

    def send(self) -> None:
        """Send INTERACTION_CREATE, whatever the intents."""
        guild_id = None if self.guild is None else self.guild.id
        self._world.gateway.publish("INTERACTION_CREATE", self._payload(), guild_id=guild_id)

    def _payload(self) -> JsonObject:
        world = self._world
        guild, member = self.guild, self.member
        body: JsonObject = {
            "id": str(self.id),
            "application_id": str(world.application.id),
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": str(self.channel.id),
            "channel": payloads.partial_channel(self.channel, member),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": MAX_FILE_BYTES if guild is None else guild.largest_file,
            "context": 1 if guild is None else 0,
            "authorizing_integration_owners": {"0": "0" if guild is None else str(guild.id)},
        }
        if guild is None or member is None:
            body["user"] = payloads.user(self.user)
            body["app_permissions"] = str(EVERYONE_DEFAULT)
        else:
            permissions = permissions_in(member, self.channel)
            body["member"] = {**payloads.member(member), "permissions": str(permissions)}
            body["guild_id"] = str(guild.id)
            body["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            body["guild_locale"] = "en-US"
            body["app_permissions"] = str(permissions_in(guild.me, self.channel))
        if self.message is not None:
            body["message"] = message_payloads.message(self.message)
        return body

    # What the bot does with it

    def check_token(self) -> None:
        """Raise 50027 when the token is over 15 minutes old, 10015 before the first answer."""
        if self._world.now() - self.created_at > TOKEN_LIFE:
            raise refused(50027)
        if self.callback is None:
            raise refused(10015)

    def check_open(self) -> None:
        """Raise 40060 when there was an answer, 10062 when 3 s passed without one."""
        if self.callback is not None:
            raise refused(40060)
        if time.monotonic() - self.started > FIRST_ANSWER_S:
            raise refused(10062)

    def acknowledge(self, kind: int) -> None:
        """Take the first answer."""
        self.callback = kind
        self.answer.acknowledged.set()

    def respond(
        self,
        draft: Draft,
        *,
        kind: int,
        reference: Reference | None = None,
        loading: bool = False,
    ) -> SandboxMessage:
        """Put a message of the bot's before the person; an ephemeral one nowhere else."""
        world = self._world
        if loading:
            draft.flags |= LOADING
        if draft.flags & EPHEMERAL:
            message = messages.compose(world, self.channel, world.bot, draft, kind=kind)
        else:
            message_rights.check_not_archived(self.channel)
            message = messages.create(
                world,
                self.channel,
                world.bot,
                draft,
                kind=kind,
                reference=reference,
                interaction_metadata=self._metadata(),
            )
        self._created[message.id] = message
        if not loading:
            self.answer.show(message)
        return message

    def change(self, message: SandboxMessage, draft: Draft) -> None:
        """Edit one of the answer's messages; a loading one is thereby filled, not edited."""
        filled = bool(message.flags & LOADING)
        draft.flags = draft.flags & ~(LOADING | EPHEMERAL) | message.flags & EPHEMERAL
        if message.ephemeral:
            messages.rewrite(self._world, message, draft)
        else:
            messages.edit(self._world, message, draft, filled=filled)
        self.answer.show(message)

    def find(self, message_id: int) -> SandboxMessage:
        """Return a message this interaction may touch, or raise 10008."""
        message = self._created.get(message_id)
        if message is None or message.deleted:
            raise refused(10008)
        return message

    def forget(self, message: SandboxMessage) -> None:
        """Delete one of the answer's messages."""
        if message.ephemeral:
            message.deleted = True
        else:
            messages.delete(self._world, message)

    def _metadata(self) -> JsonObject:
        return {
            "id": str(self.id),
            "type": self.kind,
            "user": payloads.user(self.user),
            "authorizing_integration_owners": {},
        }
