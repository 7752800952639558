"""A Discord that runs on this machine: REST and gateway on loopback, for tests and the demo."""

from sandbox.clock import SandboxClock
from sandbox.errors import SandboxRefused, SandboxTimeout
from sandbox.interactions import Answer, Choice
from sandbox.server import Sandbox
from sandbox.state import SandboxAttachment

__all__ = [
    "Answer",
    "Choice",
    "Sandbox",
    "SandboxAttachment",
    "SandboxClock",
    "SandboxRefused",
    "SandboxTimeout",
]
