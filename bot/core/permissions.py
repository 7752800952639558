"""What the bot needs on a server, for what, and what is lost without it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

_SERVER = "Server Settings → Roles → the bot's role → Permissions"
_CHANNEL = "Edit Channel → Permissions → the bot's role, on the discussions' channel"

INTENT_MESSAGE_CONTENT = (
    "Discord hides the text of posts from me, so I cannot keep discussions, find anything or "
    "send digests. Open https://discord.com/developers/applications, choose this application, "
    "then Bot → Privileged Gateway Intents → Message Content Intent, switch it on, save, and "
    "start me again."
)


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission of Discord's.

    `name` is discord.py's flag, `bit` the flag's value (developers/topics/permissions,
    "Bitwise Permission Flags"), `label` the name in Discord's settings. `feature` is what it is
    for, `without_it` what happens when it is missing, `where` the place to switch it on.
    """

    name: str
    bit: int
    label: str
    feature: str
    without_it: str
    where: str


REQUIRED: tuple[Permission, ...] = (
    Permission(
        "view_channel",
        1 << 10,
        "View Channel",
        "seeing the discussions",
        "nothing posted there is kept, and nobody can track it",
        _CHANNEL,
    ),
    Permission(
        "read_message_history",
        1 << 16,
        "Read Message History",
        "reading what was posted before I came or while I was away",
        "older discussions stay empty, posts made while I was away are missing, and reply chains "
        "end early",
        _CHANNEL,
    ),
    Permission(
        "create_public_threads",
        1 << 35,
        "Create Public Threads",
        "opening a thread for an old discussion in a text channel",
        "old discussions can be replayed in forum channels alone",
        _CHANNEL,
    ),
    Permission(
        "send_messages_in_threads",
        1 << 38,
        "Send Messages in Threads",
        "posting the panel of a new discussion: its book, its numbers and its buttons",
        "discussions have no panel; /panel show and the other commands do the same",
        _CHANNEL,
    ),
    Permission(
        "embed_links",
        1 << 14,
        "Embed Links",
        "showing what a panel says",
        "discussions have no panel; /panel show and the other commands do the same",
        _CHANNEL,
    ),
    Permission(
        "pin_messages",
        1 << 51,
        "Pin Messages",
        "pinning the panel, so that it is found again",
        "the panel stays where it was posted, and is passed by what follows",
        _CHANNEL,
    ),
    Permission(
        "manage_webhooks",
        1 << 29,
        "Manage Webhooks",
        "replaying old discussions under the names of those who wrote them",
        "no old discussion comes back as a thread",
        _CHANNEL,
    ),
    Permission(
        "manage_threads",
        1 << 34,
        "Manage Threads",
        "finding private and archived private threads, and who may read them; removing the thread "
        "of an import that is taken back",
        "private threads to which I was not added are not kept, and their digests are held back; "
        "the thread of an import that is taken back stays",
        _CHANNEL,
    ),
    Permission(
        "send_messages",
        1 << 11,
        "Send Messages",
        "telling the first step in the server's channel for system messages when I am invited, and "
        "posting a forum's weekly digest in a channel",
        "I join without a word, which /setup show and /help make good; no channel gets a digest",
        _SERVER,
    ),
)


def invite_permissions() -> int:
    """Give the permission integer of the invite link."""
    return sum(permission.bit for permission in REQUIRED)


def missing(granted: int) -> tuple[Permission, ...]:
    """Give what a channel of discussions lacks: required there, and not among those granted.

    What concerns the whole server is not asked of a channel. `granted` is what Discord computes
    for a member: for one with Administrator every bit is to be set already, as discord.py does.
    """
    return tuple(
        permission
        for permission in REQUIRED
        if permission.where == _CHANNEL and not granted & permission.bit
    )


def invite_link(application_id: int) -> str:
    """Give the address that adds the bot to a server (developers/topics/oauth2, "Bot Users")."""
    query = urlencode(
        {
            "client_id": application_id,
            "scope": "bot applications.commands",
            "permissions": invite_permissions(),
        }
    )
    return f"https://discord.com/oauth2/authorize?{query}"
