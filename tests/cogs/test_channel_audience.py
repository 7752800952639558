"""Whether a channel may show a forum's digest, as Discord's own rights stand at the moment."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from bot.core.ports import CourierError
from cogs._channel_audience import channel_may_show
from sandbox.people import SandboxRole
from sandbox.permissions import (
    ADMINISTRATOR,
    EMBED_LINKS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel
from tests.harness import Club, Settled


async def trouble(
    bot: Marginalia, club: Club, channel: SandboxChannel, settled: Settled
) -> str | None:
    await settled()
    return await channel_may_show(bot, channel.id, club.forum.id)


async def readers_alone(club: Club, channel: SandboxChannel, readers: SandboxRole) -> None:
    """Let a channel be read by those with a role, and by the bot."""
    await club.guild.set_overwrite(channel, club.guild.everyone, deny=VIEW_CHANNEL)
    for role in (readers, club.guild.bot_role):
        await club.guild.set_overwrite(channel, role, allow=VIEW_CHANNEL)


async def test_a_channel_that_the_same_people_read_may_show_it(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    assert await trouble(bot, club, lobby, settled) is None

    readers = await club.guild.create_role("Reader")
    await readers_alone(club, club.forum, readers)
    await readers_alone(club, lobby, readers)

    assert await trouble(bot, club, lobby, settled) is None


async def test_a_text_channel_may_show_its_own(bot: Marginalia, lobby: SandboxChannel) -> None:
    assert await channel_may_show(bot, lobby.id, lobby.id) is None


async def test_a_channel_that_everyone_reads_may_not_show_a_forum_for_some(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await readers_alone(club, club.forum, await club.guild.create_role("Reader"))

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(
        f"Everyone can read <#{lobby.id}>, and is kept out of <#{club.forum.id}"
    )


async def test_a_forum_whose_past_is_not_for_all_is_shown_only_to_those_who_may_read_it(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=READ_MESSAGE_HISTORY)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"Everyone can read <#{lobby.id}>")


async def test_the_role_that_reads_more_is_named(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    readers, guests = [await club.guild.create_role(name) for name in ("Reader", "Guest")]
    await readers_alone(club, club.forum, readers)
    await readers_alone(club, lobby, readers)
    await club.guild.set_overwrite(lobby, guests, allow=VIEW_CHANNEL)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"Whoever has <@&{guests.id}> can read <#{lobby.id}>")


async def test_two_roles_that_read_more_together_are_named(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    readers, barred = [await club.guild.create_role(name) for name in ("Reader", "Barred")]
    await readers_alone(club, lobby, readers)
    await club.guild.set_overwrite(club.forum, barred, deny=VIEW_CHANNEL)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"Whoever has <@&{readers.id}> and <@&{barred.id}> can read")


async def test_an_administrators_role_is_no_matter(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    await readers_alone(club, club.forum, readers)
    await readers_alone(club, lobby, readers)
    await club.guild.create_role("Head", permissions=ADMINISTRATOR)

    assert await trouble(bot, club, lobby, settled) is None


async def test_a_member_who_is_let_in_alone_is_named_unless_they_read_the_forum_too(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    await readers_alone(club, club.forum, readers)
    await readers_alone(club, lobby, readers)
    await club.guild.set_overwrite(lobby, club.ben, allow=VIEW_CHANNEL)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"<@{club.ben.id}> can read <#{lobby.id}>")
    await club.ben.add_role(readers)
    assert await trouble(bot, club, lobby, settled) is None


async def test_a_member_who_is_kept_out_of_the_forum_alone_is_named_while_they_are_there(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.cleo, deny=READ_MESSAGE_HISTORY)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"<@{club.cleo.id}> can read")
    await club.guild.remove_member(club.cleo)
    assert await trouble(bot, club, lobby, settled) is None


async def test_what_the_bot_lacks_to_post_there_is_named(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    lacking = SEND_MESSAGES | EMBED_LINKS
    await club.guild.set_overwrite(lobby, club.guild.bot_role, deny=lacking)

    assert await trouble(bot, club, lobby, settled) == (
        f"I may not post in <#{lobby.id}>: give me Embed Links, Send Messages there "
        "(Edit Channel → Permissions)."
    )


async def test_a_forum_that_the_bot_cannot_see_itself_is_shown_nowhere(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.bot_role, deny=VIEW_CHANNEL)

    assert await trouble(bot, club, lobby, settled) == (
        f"I cannot see <#{club.forum.id}> any more: give me View Channel there (Edit Channel → "
        "Permissions)."
    )


async def test_an_age_restricted_forum_is_shown_in_an_age_restricted_channel_alone(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.restrict_age(club.forum)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"<#{club.forum.id}> is age-restricted")
    await club.guild.restrict_age(lobby)
    assert await trouble(bot, club, lobby, settled) is None


async def test_a_channel_that_became_one_for_announcements_may_show_none(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.turn_into_announcements(lobby)

    words = await trouble(bot, club, lobby, settled)

    assert words is not None
    assert words.startswith(f"<#{lobby.id}> is for announcements, which other servers can follow")


async def test_a_channel_or_a_forum_that_was_deleted_is_gone(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.owner.delete_channel(lobby)
    words = await trouble(bot, club, lobby, settled)
    assert words == f"<#{lobby.id}> is gone, or is no text channel of this server."

    await club.guild.owner.delete_channel(club.forum)
    words = await trouble(bot, club, lobby, settled)
    assert words == f"The forum's channel, <#{club.forum.id}>, is gone."


async def test_a_forum_is_no_channel_to_post_in(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    words = await trouble(bot, club, club.forum, settled)

    assert words == f"<#{club.forum.id}> is gone, or is no text channel of this server."


async def test_a_channel_of_another_server_is_none(
    sandbox: Sandbox, bot: Marginalia, club: Club, settled: Settled
) -> None:
    elsewhere = await sandbox.create_guild("Elsewhere")
    channel = await elsewhere.create_text_channel("lobby")

    words = await trouble(bot, club, channel, settled)

    assert words == f"<#{channel.id}> is gone, or is no text channel of this server."
    await elsewhere.remove_bot()


async def test_during_an_outage_it_is_not_known(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.become_unavailable()
    await settled()

    with pytest.raises(CourierError):
        await channel_may_show(bot, lobby.id, club.forum.id)

    await club.guild.become_available()
    assert await trouble(bot, club, lobby, settled) is None


async def test_while_the_gateway_is_down_it_is_not_known_who_may_read_by_now(
    sandbox: Sandbox, bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.bot_role, allow=VIEW_CHANNEL)
    assert await trouble(bot, club, lobby, settled) is None
    sandbox.gateway.refuse()
    await sandbox.gateway.drop(4000)
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)

    with pytest.raises(CourierError):
        await channel_may_show(bot, lobby.id, club.forum.id)

    sandbox.gateway.accept()
    await sandbox.gateway.connected()
    words = await trouble(bot, club, lobby, settled)
    assert words is not None
    assert words.startswith("Everyone can read")
