"""Digests and notices, from the hour they are due to the proof that they arrived.

The tick plans who is due (`bot/store/planning.py`) and sends what is planned: `sending.py` claims
rows and keeps a task for each, `compiling.py` finds out what they say at the moment of sending,
from what each person may read then, and `settling.py` decides what becomes of a row when Discord
has answered, or has not. `service.py` is what the rest of the bot calls.
"""

from __future__ import annotations

from bot.digests.service import Digests, open_digests

__all__ = ["Digests", "open_digests"]
