"""A discussion that not everyone is to hear of, and by which ways they do."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.state import SandboxChannel, SandboxThread
from tests.harness import Club

TITLE, WORD = "Dismissals", "midsummer"
"""What the discussion is called, and a word that stands in all its posts."""


async def quarrel(club: Club, channel: SandboxChannel, *, private: bool = False) -> SandboxThread:
    """Three posts by two members, each with the word, of which the last was edited."""
    thread = await club.ann.start_thread(channel, TITLE, "Who goes at midsummer?", private=private)
    if private:
        await club.ann.add_to_thread(thread, club.guild.me)
        await club.ann.add_to_thread(thread, club.ben)
    answer = await club.ben.reply(thread.messages[0], "Nobody goes at midsummer.")
    last = await club.ann.reply(answer, "The cook goes.")
    await club.ann.edit(last, "The cook goes at midsummer.")
    return thread


def leaking(shown: Mapping[str, str], *secrets: str) -> list[str]:
    """Give by which ways one of the secrets was shown."""
    return [way for way, text in shown.items() if any(secret in text for secret in secrets)]
