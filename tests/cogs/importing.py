"""What the tests of imports share: saved pages, as a host gives them to a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from sandbox import SandboxAttachment
from sandbox.answers import Answer

PAGES = Path(__file__).parents[1] / "pages"

Replayed = Callable[[], Awaitable[None]]
"""Waits until what was confirmed is in its thread, and its board says so."""


def page(name: str) -> SandboxAttachment:
    """Give one of the sample pages as a file."""
    return SandboxAttachment(name, (PAGES / name).read_bytes(), "text/plain; charset=utf-8")


FIRST, SECOND = page("frankenstein-1.txt"), page("frankenstein-2.txt")


def described(answer: Answer) -> str:
    """Give what the embed of an answer says."""
    return str(answer.embeds[0]["description"])
