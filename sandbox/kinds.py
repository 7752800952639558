"""The numbers Discord gives to kinds of channels, messages and references, and to flags."""

from __future__ import annotations

from typing import Final

# API documentation, "Channels Resource", section "Channel Types".
TEXT: Final = 0
DIRECT: Final = 1
ANNOUNCEMENTS: Final = 5
PUBLIC_THREAD: Final = 11
PRIVATE_THREAD: Final = 12
FORUM: Final = 15

# Section "Channel Flags".
PINNED_IN_FORUM: Final = 1 << 1

# API documentation, "Messages Resource", section "Message Types".
DEFAULT: Final = 0
RECIPIENT_ADD: Final = 1
RECIPIENT_REMOVE: Final = 2
CHANNEL_NAME_CHANGE: Final = 4
PINNED: Final = 6
THREAD_CREATED: Final = 18
REPLY: Final = 19
CHAT_INPUT_COMMAND: Final = 20
THREAD_STARTER_MESSAGE: Final = 21
CONTEXT_MENU_COMMAND: Final = 23
USER_TYPES: Final = (DEFAULT, REPLY, CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND)
"""What people and applications write; the others are system messages."""

# Section "Message Reference Types".
FORWARD: Final = 1

# Section "Message Flags".
SUPPRESS_EMBEDS: Final = 1 << 2
HAS_THREAD: Final = 1 << 5
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
IS_VOICE_MESSAGE: Final = 1 << 13
HAS_SNAPSHOT: Final = 1 << 14
IS_COMPONENTS_V2: Final = 1 << 15
