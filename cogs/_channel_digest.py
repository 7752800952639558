"""What `/digest channel` does: a host lets a forum's weekly digest be posted in a channel."""

from __future__ import annotations

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.errors import UserError
from bot.core.model import Forum
from bot.core.ports import Clock
from bot.core.post_line import timestamp
from bot.core.schedule import WEEKDAYS, clock
from bot.store.channel_digests import ChannelDigest, ChannelDigests
from cogs._channel_audience import channel_may_show
from cogs._choices import Choices
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._naming import Choice
from cogs._no_answer import answer_expected


class TextChannelOption(app_commands.Transformer):
    """An option that offers text channels, as Discord tells them.

    Not those for announcements: what is posted there may be passed on to other servers.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text channels."""
        return [discord.ChannelType.text]

    async def transform(
        self, _interaction: discord.Interaction, value: app_commands.AppCommandChannel, /
    ) -> app_commands.AppCommandChannel:
        """Give the channel as it came: the bot may not see it, which is for the command to say."""
        return value


ChosenTextChannel = app_commands.Transform[app_commands.AppCommandChannel, TextChannelOption]


@dataclass(frozen=True, slots=True)
class ChosenChannelDigest:
    """What a host chose for a forum's digest; None is left as it is. `weekday` 0 is Monday."""

    channel: app_commands.AppCommandChannel | None
    weekday: int | None
    hour: int | None
    is_ended: bool

    @property
    def says_where_or_when(self) -> bool:
        """Whether anything of it was chosen but its end."""
        return not (self.channel is None and self.weekday is None and self.hour is None)


class ChannelDigestChoice:
    """Sets, shows and ends the digest of a forum in a channel, for hosts who may read the forum."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        channel_digests: ChannelDigests,
        host_rights: HostRights,
        choices: Choices,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._channel_digests = channel_digests
        self._host_rights = host_rights
        self._choices = choices
        self._clock = clock

    async def answer(
        self, interaction: discord.Interaction, named: str | None, chosen: ChosenChannelDigest
    ) -> None:
        """Do what was chosen, and say how it stands. Raises `UserError` where it cannot be."""
        server(interaction)
        await self._host_rights.require_host(interaction)
        forum = await self._choices.forum(interaction, named)
        if chosen.is_ended and chosen.says_where_or_when:
            raise UserError(
                "You chose to end it, and where or when it comes. Choose one of the two."
            )
        await interaction.response.defer(ephemeral=True)
        if chosen.is_ended:
            words = await self._end(forum)
        elif chosen.says_where_or_when:
            words = await self._put(forum, chosen)
        else:
            words = _standing_words(forum, await self._channel_digests.get(forum.id))
        await interaction.edit_original_response(content=words)

    async def forums(self, interaction: discord.Interaction, words: str) -> list[Choice]:
        """Offer the server's forums that the person may read."""
        return await self._choices.forums(interaction, words)

    async def _put(self, forum: Forum, chosen: ChosenChannelDigest) -> str:
        channel_id = await self._channel_id(forum, chosen)
        with answer_expected():
            trouble = await channel_may_show(self._bot, channel_id, forum.id)
        if trouble is not None:
            raise UserError(f"The digest of <#{forum.id}> cannot be posted there. {trouble}")
        await self._channel_digests.put(
            forum.id,
            channel_id,
            weekday=chosen.weekday,
            hour=chosen.hour,
            now=self._clock.now(),
        )
        return _standing_words(forum, await self._channel_digests.get(forum.id))

    async def _channel_id(self, forum: Forum, chosen: ChosenChannelDigest) -> int:
        if chosen.channel is not None:
            return chosen.channel.id
        known = await self._channel_digests.get(forum.id)
        if known is None:
            raise UserError(
                f"<#{forum.id}> has no digest in a channel yet. Name one with the `channel` option."
            )
        return known.channel_id

    async def _end(self, forum: Forum) -> str:
        if not await self._channel_digests.end(forum.id, self._clock.now()):
            raise UserError(f"<#{forum.id}> has no digest in a channel, so there is none to end.")
        return f"The digest of <#{forum.id}> is posted in no channel any more."


def channel_digest_words(digest: ChannelDigest) -> str:
    """Say where and when a forum's digest is posted, and what is in its way."""
    schedule = digest.schedule
    when = f"every {WEEKDAYS[schedule.weekday]} at {clock(schedule.hour)} ({schedule.zone})"
    lines = [
        f"The digest of <#{digest.forum_id}> is posted in <#{digest.channel_id}> {when}.",
        f"The next one, if there is news: {timestamp(digest.next_at, 'F')}.",
    ]
    if digest.posted_at is not None:
        lines.append(f"The last one that was posted came {timestamp(digest.posted_at, 'f')}.")
    if digest.trouble is not None:
        # Several sentences, or a clause of what kept it waiting until it was given up.
        trouble = digest.trouble.removesuffix(".")
        lines.append(f"⚠️ The latest was not posted: {trouble}. The next one brings its news.")
    return "\n".join(lines)


def _standing_words(forum: Forum, digest: ChannelDigest | None) -> str:
    if digest is None:
        return (
            f"<#{forum.id}> has no digest in a channel. Name one with the `channel` option: once a "
            "week I post there what is new in the forum, for those who want no direct messages."
        )
    return (
        f"{channel_digest_words(digest)}\n-# What is in private threads is never in it. The zone "
        "is the server's: `/setup timezone`. End it with `end: True`."
    )
