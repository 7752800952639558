"""Brings imported discussions back as threads, and takes them back again where a host says so.

`runs.py` keeps one task for each import under way; `bringing.py` is what it does, `script.py` the
messages in their order, `taking_back.py` the way back. `upkeep.py` mends what has gone out.
"""

from __future__ import annotations

from bot.replay.runs import Replay, open_replay

__all__ = ["Replay", "open_replay"]
