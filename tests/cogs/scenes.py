"""What the tests of the cogs have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.client import Marginalia
from bot.core.model import Post
from sandbox.answers import Answer
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_CHANNELS, MANAGE_THREADS
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.harness import Club, Settled

Tick = Callable[[float], Awaitable[None]]
"""Lets digests be sent as if so many days had passed: the fixture `tick`."""


async def posts_of(bot: Marginalia, thread: SandboxThread) -> tuple[Post, ...]:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return await bot.app.posts.page(discussion.id, limit=1000)


async def texts_of(bot: Marginalia, thread: SandboxThread) -> list[str]:
    return [post.content for post in await posts_of(bot, thread)]


def text_of(answer: Answer) -> str:
    """What the embeds of an answer say."""
    return "\n".join(embed.get("description", "") for embed in answer.embeds)


@asynccontextmanager
async def outage(sandbox: Sandbox, club: Club, settled: Settled) -> AsyncIterator[None]:
    """What happens in the body is not told to the bot, and it learns that it missed something."""
    await settled()
    with sandbox.gateway.swallowing():
        yield
    await club.guild.become_unavailable()
    await club.guild.become_available()
    await settled()


async def moderator(club: Club) -> SandboxMember:
    """One more member, who may manage threads and channels."""
    role = await club.guild.create_role("Moderator", MANAGE_THREADS | MANAGE_CHANNELS)
    return await club.guild.add_member("Mo", roles=[role])


async def set_up(bot: Marginalia, club: Club, channel_id: int, *, is_forum: bool) -> None:
    """Set one more forum up, as `/setup forum` would."""
    await bot.app.forums.set_up(
        channel_id,
        club.guild.id,
        club.guild.name,
        "classics",
        is_forum_channel=is_forum,
        host_id=club.host.id,
        now=bot.clock.now(),
    )
    bot.dispatch("forum_set_up", channel_id)


async def text_forum(bot: Marginalia, club: Club, settled: Settled) -> SandboxChannel:
    """Set up a text channel, whose threads are then discussions; nothing is read in."""
    channel = await club.guild.create_text_channel("books")
    await settled()
    await bot.app.forums.set_up(
        channel.id,
        club.guild.id,
        club.guild.name,
        channel.name,
        is_forum_channel=False,
        host_id=club.host.id,
        now=bot.clock.now(),
    )
    return channel
