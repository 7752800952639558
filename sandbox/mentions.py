"""Whom a message truly pings: "Messages Resource", section "Allowed Mentions Object"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.permissions import MENTION_EVERYONE, permissions_in
from sandbox.state import Pinged

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.people import SandboxUser
    from sandbox.state import SandboxChannel, SandboxMessage
    from sandbox.wire import JsonObject
    from sandbox.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")

EVERY_KIND: JsonObject = {"parse": ["users", "roles", "everyone"], "replied_user": True}
"""What a regular message mentions when it does not say ("Default Settings")."""

ONLY_USERS: JsonObject = {"parse": ["users"]}
"""What an interaction's answer or a webhook's message mentions when it does not say."""


def resolve_mentions(
    world: World,
    channel: SandboxChannel,
    text: str,
    allowed: JsonObject,
    *,
    sender: SandboxMember | None,
    answered: SandboxMessage | None,
) -> tuple[tuple[SandboxUser, ...], Pinged]:
    """Return the users a message mentions, and everything it pings.

    `text` is the content and what is written in the components; `allowed` is the request's
    allowed mentions object. `sender` None is a webhook or a DM, which no permission holds back.
    """
    if "@" not in text and answered is None:
        return (), Pinged()
    parse = allowed.get("parse") or ()
    found: dict[int, SandboxUser] = {}
    for user_id in map(int, _USER.findall(text)):
        chosen = "users" in parse or str(user_id) in map(str, allowed.get("users") or ())
        if chosen and user_id in world.users:
            found[user_id] = world.users[user_id]
    if answered is not None and answered.webhook is None and allowed.get("replied_user"):
        found[answered.author.id] = answered.author
    everyone_allowed = sender is None or bool(permissions_in(sender, channel) & MENTION_EVERYONE)
    roles: set[int] = set()
    guild = channel.guild
    if guild is not None:
        for role_id in map(int, _ROLE.findall(text)):
            role = guild.roles.get(role_id)
            chosen = "roles" in parse or str(role_id) in map(str, allowed.get("roles") or ())
            if role is not None and chosen and (role.mentionable or everyone_allowed):
                roles.add(role_id)
    everyone = "everyone" in parse and everyone_allowed and bool(_EVERYONE.search(text))
    pinged = Pinged(frozenset(found), frozenset(roles), everyone and guild is not None)
    return tuple(found.values()), pinged
