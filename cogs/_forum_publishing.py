"""`/setup publish`: a host puts a forum on the public site, or takes it off."""

from __future__ import annotations

import discord

from bot.core.model import Forum
from bot.core.ports import Clock
from bot.store.publication import Publication
from cogs._choices import Choices
from cogs._forum_channel import server
from cogs._hosts import HostRights
from cogs._views import Confirmation


class ForumPublishing:
    """Asks before it publishes, and never before it takes back."""

    def __init__(
        self, host_rights: HostRights, choices: Choices, publication: Publication, clock: Clock
    ) -> None:
        self._host_rights = host_rights
        self._choices = choices
        self._publication = publication
        self._clock = clock

    async def set_forum(
        self, interaction: discord.Interaction, named: str | None, *, is_published: bool
    ) -> None:
        """Publish the forum, or take it off.

        Raises `UserError` where there is no such forum that they can read, or they are no host of
        its server.
        """
        forum = await self._choices.forum(interaction, named)
        await self._host_rights.require_host(interaction, forum.guild_id)
        if not is_published:
            await self._publication.publish_forum(forum.id, None)
            await interaction.response.send_message(
                f"<#{forum.id}> is not published any more: the site is without it when it is next "
                "built (`marginalia site`).",
                ephemeral=True,
            )
            return

        async def publish(confirmed: discord.Interaction) -> None:
            await self._host_rights.require_host(confirmed, forum.guild_id)
            await self._publication.publish_forum(forum.id, self._clock.now())
            await confirmed.response.edit_message(
                content=f"<#{forum.id}> is on the site when it is next built (`marginalia site`). "
                "Tell your members about `/publish me`; `/setup publish` with `publish: False` "
                "takes the forum off again.",
                view=None,
            )

        await interaction.response.send_message(
            f"Publish <#{forum.id}>? Anyone on the web can then see that its discussions exist, "
            "when posts were written and what answers what. Names, texts and titles are shown of "
            "those members alone who agree with `/publish me`; private threads never."
            f"{_not_open(interaction, forum)}",
            view=Confirmation(interaction, "Publish it", publish),
            ephemeral=True,
        )


def _not_open(interaction: discord.Interaction, forum: Forum) -> str:
    """Say that the channel is not open to everyone in the server, where that is so."""
    guild = server(interaction)
    channel = guild.get_channel(forum.id)
    if channel is None:
        return ""
    granted = channel.permissions_for(guild.default_role)
    if granted.view_channel and granted.read_message_history:
        return ""
    return "\n**Not everyone in this server can read this forum now.**"
