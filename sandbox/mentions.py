"""Whom a message truly pings: "Messages Resource", section "Allowed Mentions Object"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.permissions import MENTION_EVERYONE, permissions_in
from sandbox.state import Pinged

if TYPE_CHECKING:
    from sandbox.member import SandboxMember
    from sandbox.state import SandboxChannel, SandboxMessage, SandboxUser
    from sandbox.wire import JsonObject
    from sandbox.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


def resolve_mentions(
    world: World,
    channel: SandboxChannel,
    text: str,
    allowed: JsonObject | None,
    *,
    sender: SandboxMember | None,
    answered: SandboxMessage | None,
) -> tuple[tuple[SandboxUser, ...], Pinged]:
    """Return the users a message mentions, and everything it pings.

    `allowed` None means everything in `text` and the author of the answered message; an object
    names what is left. `sender` None is a webhook or a DM, which no permission holds back.
    """
    if "@" not in text and answered is None:
        return (), Pinged()
    parse = ("users", "roles", "everyone") if allowed is None else allowed.get("parse") or ()
    listed = {} if allowed is None else allowed
    found: dict[int, SandboxUser] = {}
    for user_id in map(int, _USER.findall(text)):
        chosen = "users" in parse or str(user_id) in map(str, listed.get("users") or ())
        if chosen and user_id in world.users:
            found[user_id] = world.users[user_id]
    replied = allowed is None or bool(allowed.get("replied_user"))
    if answered is not None and answered.webhook is None and replied:
        found[answered.author.id] = answered.author
    everyone_allowed = sender is None or bool(permissions_in(sender, channel) & MENTION_EVERYONE)
    roles: set[int] = set()
    guild = channel.guild
    if guild is not None:
        for role_id in map(int, _ROLE.findall(text)):
            role = guild.roles.get(role_id)
            chosen = "roles" in parse or str(role_id) in map(str, listed.get("roles") or ())
            if role is not None and chosen and (role.mentionable or everyone_allowed):
                roles.add(role_id)
    everyone = "everyone" in parse and everyone_allowed and bool(_EVERYONE.search(text))
    pinged = Pinged(frozenset(found), frozenset(roles), everyone and guild is not None)
    return tuple(found.values()), pinged
