from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Marginalia
from bot.core.digest import DigestMessage
from bot.core.level import DigestKind, Level
from bot.core.ports import ChannelClosedError, Recipient, TooFastError
from cogs._access import Access
from cogs._courier import DiscordCourier
from sandbox.member import SandboxMember
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from sandbox.wire import JsonObject
from tests.cogs.scenes import Tick
from tests.harness import Club, Settled

DAY = timedelta(days=1)


def digests_of(member: SandboxMember) -> list[SandboxMessage]:
    """Give the person's direct messages but for the greeting."""
    return [message for message in member.inbox if message.embeds]


def text_of(embeds: list[JsonObject]) -> str:
    return "\n".join(f"{embed.get('title')}\n{embed.get('description')}" for embed in embeds)


async def test_the_weekly_digest_arrives_once_and_says_what_others_wrote(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    question = await club.cleo.post(thread, "Is it the wife?")
    answer = await club.ben.reply(question, "It must be ||Bertha||")
    await club.ann.post(thread, "I do not believe it")

    await tick(8)
    await tick(8)

    (digest,) = digests_of(club.ann)
    text = text_of(digest.embeds)
    assert "Who is in the attic?" in text
    assert "2 new posts by 2 people" in text
    assert "Is it the wife?" in text
    assert "in reply to Cleo" in text
    assert "||Bertha||" in text
    assert answer.jump_url in text
    assert "I do not believe it" not in text
    assert "I have a theory" not in text


async def test_ones_own_posts_alone_bring_no_digest(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.ann.post(thread, "Only me here")

    await tick(8)

    assert digests_of(club.ann) == []


async def test_a_post_deleted_after_the_plan_is_not_in_the_digest(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, tick: Tick
) -> None:
    regretted = await club.cleo.post(thread, "The ending is stupid")
    await club.cleo.post(thread, "I like the ending")
    await settled()
    await bot.app.digests.plan(bot.clock.now() + 8 * DAY)
    await club.cleo.delete(regretted)

    await tick(8)

    (digest,) = digests_of(club.ann)
    assert "I like the ending" in text_of(digest.embeds)
    assert "stupid" not in text_of(digest.embeds)


async def test_an_edit_of_a_post_that_was_told_is_mentioned_beside_other_news(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    told = await club.cleo.post(thread, "Frist thought")
    await tick(8)
    await club.cleo.edit(told, "First thought")
    await club.cleo.post(thread, "Second thought")

    await tick(16)

    _, second = digests_of(club.ann)
    assert "Edited since: [Cleo](" in text_of(second.embeds)
    assert "1 edited post" in text_of(second.embeds)


async def test_a_role_lost_between_plan_and_send_shows_nothing(
    bot: Marginalia, club: Club, settled: Settled, tick: Tick
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL)
    for member in (club.ann, club.ben):
        await member.add_role(readers)
    thread = await club.ben.start_thread(club.forum, "For readers", "Secrets")
    await settled()
    await club.ann.slash(thread, "track forum")
    await club.ben.post(thread, "More secrets")
    await settled()
    await bot.app.digests.plan(bot.clock.now() + 8 * DAY)

    await club.ann.remove_role(readers)
    await tick(8)

    assert digests_of(club.ann) == []


async def test_an_inbox_that_is_closed_is_told_of_and_gets_all_of_it_when_it_is_open(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "In the first week")
    club.ann.close_inbox()
    await tick(8)
    told = await club.ann.slash(thread, "digest settings")
    await club.cleo.post(thread, "In the second week")
    club.ann.open_inbox()

    await tick(16)
    await tick(16.01)

    assert "direct messages are closed" in told.content
    first, second = digests_of(club.ann)
    assert "In the first week" in text_of(first.embeds)
    assert "In the second week" in text_of(second.embeds)
    after = await club.ann.slash(thread, "digest settings")
    assert "closed" not in after.content


async def test_an_answer_that_is_lost_is_settled_by_looking_into_the_inbox(
    sandbox: Sandbox, bot: Marginalia, club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    sandbox.faults.lose_answer("POST", f"/channels/{club.ann.dm.id}/messages", status=503)

    await tick(8)
    sent_before = [request for request in sandbox.requests if request.method == "POST"]
    await tick(8.01)

    (digest,) = digests_of(club.ann)
    assert sent_before == [request for request in sandbox.requests if request.method == "POST"]
    async with bot.app.database.reading() as connection:
        (row,) = await connection.execute_fetchall(
            "SELECT state, message_id FROM outbox WHERE user_id = ?", (club.ann.id,)
        )
    assert (row["state"], row["message_id"]) == ("sent", digest.id)


async def test_an_answer_that_discord_py_asks_for_again_does_not_double_the_digest(
    sandbox: Sandbox, club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    sandbox.faults.lose_answer("POST", f"/channels/{club.ann.dm.id}/messages", status=502)

    await tick(8)

    assert len(digests_of(club.ann)) == 1


async def test_a_token_is_sent_once_and_found_again(bot: Marginalia, club: Club) -> None:
    courier = DiscordCourier(bot, Access(bot))
    message = DigestMessage(
        DigestKind.WEEKLY, "Your week", "1 new post", (), "Because you track it", {}
    )

    to_ann = Recipient(user_id=club.ann.id)

    first = await courier.deliver(to_ann, message, "digest-1-a")
    again = await courier.deliver(to_ann, message, "digest-1-a")
    other = await courier.deliver(to_ann, message, "digest-1-b")

    assert first == again
    assert [sent.id for sent in digests_of(club.ann)] == [first, other]
    assert await courier.find(to_ann, "digest-1-a") == first
    assert await courier.find(to_ann, "digest-1-b") == other
    assert await courier.find(to_ann, "digest-1-c") is None


async def test_the_digest_waits_while_discord_does_not_say_what_one_may_read(
    club: Club, thread: SandboxThread, settled: Settled, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    await club.guild.become_unavailable()

    await tick(8)
    assert digests_of(club.ann) == []
    await club.guild.become_available()
    await tick(8.01)

    assert len(digests_of(club.ann)) == 1


async def test_one_who_left_every_server_gets_nothing(
    club: Club, thread: SandboxThread, tick: Tick
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await club.guild.remove_member(club.ann)

    await tick(8)

    assert digests_of(club.ann) == []


async def test_a_channel_gets_a_message_that_is_found_again_below_others(
    bot: Marginalia, club: Club
) -> None:
    courier = DiscordCourier(bot, Access(bot))
    lobby = await club.guild.create_text_channel("lobby")
    message = DigestMessage(DigestKind.CHANNEL, "The week", "1 new post", (), "Weekly", {})

    sent = await courier.deliver(Recipient(channel_id=lobby.id), message, "digest-7-a")
    await club.cleo.post(lobby, "What is that?")

    assert await courier.find(Recipient(channel_id=lobby.id), "digest-7-a") == sent


async def test_a_channel_that_refuses_or_is_gone_is_told_apart_from_no_answer(
    bot: Marginalia, club: Club
) -> None:
    courier = DiscordCourier(bot, Access(bot))
    lobby = await club.guild.create_text_channel("lobby")
    message = DigestMessage(DigestKind.CHANNEL, "The week", "1 new post", (), "Weekly", {})
    await club.guild.set_overwrite(lobby, club.guild.everyone, deny=VIEW_CHANNEL)

    for channel_id in (lobby.id, 4_000_000_000_000_000):
        with pytest.raises(ChannelClosedError):
            await courier.deliver(Recipient(channel_id=channel_id), message, "digest-8-a")


async def test_that_discord_wants_fewer_messages_is_told_apart_from_a_closed_inbox(
    sandbox: Sandbox, bot: Marginalia, club: Club
) -> None:
    courier = DiscordCourier(bot, Access(bot))
    message = DigestMessage(DigestKind.WEEKLY, "Your week", "1 new post", (), "Weekly", {})
    sandbox.faults.refuse("POST", "/users/@me/channels", 40003)

    with pytest.raises(TooFastError):
        await courier.deliver(Recipient(user_id=club.ann.id), message, "digest-9-a")


async def test_the_tick_of_the_bot_itself_sends_what_is_due(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    async with bot.app.database.transaction() as connection:
        await connection.execute("UPDATE due SET at = 0 WHERE user_id = ?", (club.ann.id,))

    await bot.app.ticker.run("digests")

    (digest,) = digests_of(club.ann)
    assert "Is it the wife?" in text_of(digest.embeds)


async def test_a_post_is_told_at_once_to_who_wants_to_hear_of_each(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    await bot.app.tracking.set_level_of_discussion(
        club.ann.id, discussion.id, Level.EVERY_POST, bot.clock.now()
    )
    await club.cleo.post(thread, "Is it the wife?")
    await settled()
    courier = DiscordCourier(bot, Access(bot))

    for seconds in (0, 20, 40):
        await bot.app.digests.tick(courier, bot.clock.now() + timedelta(seconds=seconds))

    (notice,) = digests_of(club.ann)
    assert "Is it the wife?" in text_of(notice.embeds)
