"""Discord's error codes that mean something here (its documentation, "JSON Error Codes").

An answer 404 without one of these may come from anything between here and Discord: it says
nothing of what exists.
"""

from __future__ import annotations

UNKNOWN_CHANNEL = 10003  # a thread is a channel
UNKNOWN_MESSAGE = 10008
UNKNOWN_USER = 10013
UNKNOWN_WEBHOOK = 10015
TOO_MANY_WEBHOOKS = 30007
TOO_MANY_LATE_EDITS = 30046  # of a message over an hour old
OPENING_TOO_FAST = 40003
TAG_REQUIRED = 40067
MISSING_ACCESS = 50001
CANNOT_SEND_TO_USER = 50007
INVALID_WEBHOOK_TOKEN = 50027
ARCHIVED_THREAD = 50083
NO_MUTUAL_SERVER = 50278
THREAD_LOCKED = 160005
TOO_MANY_ACTIVE_THREADS = 160006
