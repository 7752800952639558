"""What a person sees of the bot's answer to their command, click or form."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.errors import SandboxTimeout

if TYPE_CHECKING:
    from sandbox.interactions import Interaction
    from sandbox.state import SandboxMessage
    from sandbox.wire import JsonObject

# "Receiving and Responding", section "Interaction Callback".
FIRST_ANSWER_S = 3.0
_PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion of an autocomplete."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class AnswerState:
    """What one of the answer's messages showed at one time."""

    message_id: int
    content: str
    embeds: tuple[JsonObject, ...]
    components: tuple[JsonObject, ...]
    ephemeral: bool


class Answer:
    """What a person sees of the bot's answer to their command, click or form.

    `content`, `embeds`, `components` and `ephemeral` are of the message last sent or changed;
    `messages` has all of them, `history` every state they went through.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self.deferred = False
        self.modal: JsonObject | None = None
        self.choices: list[Choice] | None = None
        self.messages: list[SandboxMessage] = []
        self.history: list[AnswerState] = []
        self.acknowledged = asyncio.Event()
        self._shown = asyncio.Event()

    @property
    def message(self) -> SandboxMessage:
        """The message last sent or changed; SandboxTimeout when there is none yet."""
        if not self.messages:
            raise SandboxTimeout("the answer has no message")
        return self.messages[-1]

    @property
    def content(self) -> str:
        """The message's text."""
        return self.message.content

    @property
    def embeds(self) -> list[JsonObject]:
        """The message's embeds."""
        return self.message.embeds

    @property
    def components(self) -> list[JsonObject]:
        """The message's components."""
        return self.message.components

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees it."""
        return self.message.ephemeral

    def show(self, message: SandboxMessage) -> None:
        """Note that `message` was sent or changed."""
        if message in self.messages:
            self.messages.remove(message)
        self.messages.append(message)
        state = AnswerState(
            message.id,
            message.content,
            tuple(message.embeds),
            tuple(message.components),
            message.ephemeral,
        )
        self.history.append(state)
        self._shown.set()

    def finish(self) -> None:
        """Note that the answer is complete without a message: choices, or a form."""
        self._shown.set()

    async def acknowledge(self) -> None:
        """Wait for the first answer, for which there are 3 seconds of real time."""
        remaining = self.interaction.started + FIRST_ANSWER_S - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, remaining)):
                await self.acknowledged.wait()
        except TimeoutError:
            what = self.interaction.description
            raise SandboxTimeout(f"{what}: The application did not respond") from None

    async def finished(self, timeout: float = _PATIENCE_S) -> Answer:  # noqa: ASYNC109 - patience
        """Wait until a deferred answer shows something; return this answer."""
        await self.acknowledge()
        try:
            async with asyncio.timeout(timeout):
                await self._shown.wait()
        except TimeoutError:
            what = self.interaction.description
            raise SandboxTimeout(
                f"{what}: deferred, but within {timeout} s neither edited nor followed up"
            ) from None
        return self
