"""What Discord says about the bot, asked over REST alone: for `marginalia doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import discord

from bot.core.permissions import Permission, missing
from bot.store.health import SetUpForum
from cogs._no_answer import NO_ANSWER


@dataclass(frozen=True, slots=True)
class ForumRights:
    """What the bot lacks in a forum; `obstacle` says why that could not be found out."""

    forum: SetUpForum
    missing: tuple[Permission, ...] = ()
    obstacle: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Who the token belongs to, whether Message Content is on, and the rights in each forum."""

    name: str
    application_id: int
    has_message_content: bool
    forums: tuple[ForumRights, ...]


async def diagnose(client: discord.Client, forums: Iterable[SetUpForum]) -> Diagnosis:
    """Ask Discord about a client that has logged in."""
    if client.user is None:
        raise ValueError("the client has not logged in")
    application = await client.application_info()
    return Diagnosis(
        name=application.name,
        application_id=application.id,
        # API documentation, "Application", section "Application Flags": full, or limited for a
        # bot in fewer servers than need a review.
        has_message_content=(
            application.flags.gateway_message_content
            or application.flags.gateway_message_content_limited
        ),
        forums=tuple([await _rights(client, client.user.id, forum) for forum in forums]),
    )


async def _rights(client: discord.Client, user_id: int, forum: SetUpForum) -> ForumRights:
    try:
        guild = await client.fetch_guild(forum.guild_id, with_counts=False)
        channel = await guild.fetch_channel(forum.id)
        member = await guild.fetch_member(user_id)
    except discord.NotFound:
        return ForumRights(forum, obstacle="The channel is not there any more.")
    except discord.Forbidden:
        return ForumRights(forum, obstacle="The bot is not in its server, or may not see it.")
    except NO_ANSWER as error:
        return ForumRights(forum, obstacle=f"Discord does not answer: {error}")
    return ForumRights(forum, missing=missing(channel.permissions_for(member).value))
