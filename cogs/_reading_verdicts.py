"""Which threads many people may read now: each server is asked once for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping

import discord
from discord.ext import commands

from bot.core.ports import CourierError, ThreadReference, Verdict
from cogs._access import Access
from cogs._members import SECONDS_TO_ANSWER, current_members

logger = logging.getLogger(__name__)

# How many questions about private threads are asked at a time: Discord takes fifty a second.
_ASKED_AT_ONCE = 10

Asked = Mapping[int, Collection[ThreadReference]]
"""By user id, the threads in question."""


class ReadingVerdicts:
    """Asks Discord for people's roles, and says what they may read with them."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        access: Access,
        seconds_to_answer: float = SECONDS_TO_ANSWER,
    ) -> None:
        self._bot = bot
        self._access = access
        self._seconds_to_answer = seconds_to_answer
        self._turns = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def ask(self, asked: Asked) -> dict[int, dict[int, Verdict]]:
        """Give the verdict on each thread, by user id and thread id.

        What Discord does not say of a server, or of a private thread, is `UNKNOWN`. So is all of
        a server that the bot does not know: that it was put out of one is stored elsewhere.
        """
        verdicts = {
            user_id: {thread.thread_id: Verdict.UNKNOWN for thread in threads}
            for user_id, threads in asked.items()
        }
        by_guild: defaultdict[int, dict[int, list[ThreadReference]]] = defaultdict(dict)
        for user_id, threads in asked.items():
            for thread in threads:
                by_guild[thread.guild_id].setdefault(user_id, []).append(thread)
        async with asyncio.TaskGroup() as group:
            for guild_id, people in by_guild.items():
                group.create_task(self._ask_guild(guild_id, people, verdicts))
        return verdicts

    async def _ask_guild(
        self, guild_id: int, people: Asked, verdicts: dict[int, dict[int, Verdict]]
    ) -> None:
        try:
            members = await current_members(
                self._bot, guild_id, people, seconds_to_answer=self._seconds_to_answer
            )
        except CourierError as error:
            logger.warning("What %d people may read is unknown: %s", len(people), error)
            return
        async with asyncio.TaskGroup() as group:
            for user_id, threads in people.items():
                member = members.get(user_id)
                for thread in threads:
                    if member is None:
                        verdicts[user_id][thread.thread_id] = Verdict.LEFT
                    else:
                        group.create_task(self._judge(member, thread, verdicts[user_id]))

    async def _judge(
        self, member: discord.Member, thread: ThreadReference, verdicts: dict[int, Verdict]
    ) -> None:
        async with self._turns:
            try:
                may_read = await self._access.lets_read(member, thread)
            except CourierError as error:
                logger.warning("Whether a thread may be read is unknown: %s", error)
                return
        verdicts[thread.thread_id] = Verdict.READABLE if may_read else Verdict.NO_ACCESS
