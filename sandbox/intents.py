"""Gateway intents: API documentation, "Gateway", section "List of Intents"."""

from __future__ import annotations

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_WEBHOOKS = 1 << 5
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
MESSAGE_CONTENT = 1 << 15

KNOWN = ((1 << 17) - 1) | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
"""Every bit Discord gives a meaning to; others close the connection with 4013."""
