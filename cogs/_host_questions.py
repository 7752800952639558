"""Questions to hosts: each reaches an inbox once, and is answered there with a button."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import discord
from discord.ext import commands

from bot.core.ports import Clock, CourierError
from cogs._hosts import HostRights
from cogs._no_answer import NO_ANSWER
from cogs._views import Action, View

logger = logging.getLogger(__name__)

# Meanwhile the question is shown by a command: each kind says by which.
CLOSED_INBOX_PAUSE = timedelta(days=1)
NO_ANSWER_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HostQuestion:
    """What is asked, in a message of its own, and who is asked."""

    host_id: int
    text: str


@dataclass(frozen=True, slots=True)
class PossibleAnswer:
    """A button below a question: `name` tells it from the question's others.

    `action` is what a click does; it must ask whether the person is a host.
    """

    name: str
    label: str
    style: discord.ButtonStyle
    action: Action


class QuestionButtons(View):
    """Buttons that work as long as their question is open, after a restart too.

    The bot registers those of every open question when it starts (`Client.add_view`).
    """

    def __init__(self, kind: str, question_id: int, answers: Sequence[PossibleAnswer]) -> None:
        super().__init__(timeout=None)
        for answer in answers:
            self.add_item(_AnswerButton(f"{kind}:{answer.name}:{question_id}", answer))


class _AnswerButton(discord.ui.Button[QuestionButtons]):
    def __init__(self, custom_id: str, answer: PossibleAnswer) -> None:
        super().__init__(label=answer.label, style=answer.style, custom_id=custom_id)
        self._action = answer.action

    async def callback(self, interaction: discord.Interaction) -> None:
        await self._action(interaction)


class HostQuestions(Protocol):
    """The questions of one kind: a ledger of them, their words, and what their buttons do."""

    @property
    def kind(self) -> str:
        """The word that tells these questions from those of other kinds."""
        ...

    async def open(self) -> Sequence[int]:
        """Give the ids of all questions that nobody has decided."""
        ...

    async def untold(self, now: datetime) -> Sequence[int]:
        """Give the ids of those that have reached nobody yet, and are due to."""
        ...

    async def compose(self, question_id: int) -> HostQuestion | None:
        """Put a question into words for a host; None where there is none to ask, or it is decided.

        Raises `CourierError` when Discord does not say who the hosts are.
        """
        ...

    async def told(self, question_id: int, now: datetime) -> None:
        """Note that the question has reached a host."""
        ...

    async def postpone(self, question_id: int, until: datetime) -> None:
        """Note when to try again."""
        ...

    def buttons(self, question_id: int) -> QuestionButtons:
        """Give the buttons below a question."""
        ...


class QuestionMessenger:
    """Brings the questions of one kind to the hosts' inboxes."""

    def __init__(
        self, bot: commands.AutoShardedBot, clock: Clock, questions: HostQuestions
    ) -> None:
        self._bot = bot
        self._clock = clock
        self._questions = questions

    async def restore_buttons(self) -> None:
        """Let the buttons of the open questions work again, after a start."""
        for question_id in await self._questions.open():
            self._bot.add_view(self._questions.buttons(question_id))

    async def ask(self) -> None:
        """Ask the hosts who have not been asked yet."""
        for question_id in await self._questions.untold(self._clock.now()):
            await self._ask(question_id)

    async def _ask(self, question_id: int) -> None:
        now, kind = self._clock.now(), self._questions.kind
        try:
            question = await self._questions.compose(question_id)
            if question is None:
                logger.info("There is no host to ask the %s question %d", kind, question_id)
                await self._questions.postpone(question_id, now + CLOSED_INBOX_PAUSE)
                return
            inbox = await self._bot.create_dm(discord.Object(question.host_id))
            await inbox.send(
                question.text,
                view=self._questions.buttons(question_id),
                # Asked twice within minutes, for want of an answer, it arrives once.
                nonce=f"{kind}-{question_id}",
            )
        except (discord.Forbidden, discord.NotFound):
            logger.warning("The %s question %d reaches no host's inbox", kind, question_id)
            await self._questions.postpone(question_id, now + CLOSED_INBOX_PAUSE)
        except (CourierError, *NO_ANSWER) as error:
            logger.warning("The %s question %d got no clear answer: %s", kind, question_id, error)
            await self._questions.postpone(question_id, now + NO_ANSWER_PAUSE)
        else:
            await self._questions.told(question_id, now)


async def hosts_to_ask(
    bot: commands.AutoShardedBot, host_rights: HostRights, guild_id: int, host_id: int | None
) -> list[discord.Member]:
    """Give whom to ask first: the host who set the forum up, then the server's owner.

    One who is no host any more is left out. Without the Server Members intent, the other hosts
    are not known. Raises `CourierError` when Discord does not answer.
    """
    guild = bot.get_guild(guild_id)
    owner_id = None if guild is None else guild.owner_id
    wanted = dict.fromkeys(id_ for id_ in (host_id, owner_id) if id_ is not None)
    hosts = [await host_rights.host(guild_id, user_id) for user_id in wanted]
    return [host for host in hosts if host is not None]
