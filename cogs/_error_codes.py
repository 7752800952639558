"""Discord's error codes that mean something here (its documentation, "JSON Error Codes").

An answer 404 without one of these may come from anything between here and Discord: it says
nothing of what exists.
"""

from __future__ import annotations

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
