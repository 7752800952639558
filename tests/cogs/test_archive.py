from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import discord

from bot.importers.page import read_page
from bot.store.importing.replays import ReplayState
from sandbox.permissions import BOT_DEFAULT, READ_MESSAGE_HISTORY
from tests.cogs.scenes import set_up, text_forum
from tests.replaying import (
    SHORT,
    by_webhook,
    discussion,
    only_thread,
    queued,
    replay,
    thoughts,
)

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from sandbox.state import SandboxChannel
    from tests.harness import Club, Settled

PAGES = Path(__file__).parents[1] / "pages"


async def channel_webhooks(bot: Marginalia, channel: SandboxChannel) -> list[discord.Webhook]:
    known = bot.get_channel(channel.id)
    assert isinstance(known, discord.ForumChannel)
    return await known.webhooks()


async def test_an_old_page_becomes_a_thread_under_its_authors_names_in_order(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    page = PAGES / "frankenstein-1.txt"
    document = read_page(page.read_bytes(), name=page.name)
    discussion_id = await queued(bot, document, club.forum)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thread.name == document.title
    shown = by_webhook(thread)
    assert [message.author_name for message in shown] == [
        post.author or "A reader" for post in document.posts
    ]
    for message, post in zip(shown, document.posts, strict=True):
        assert f"<t:{int(post.posted_at.timestamp())}:f>" in message.content
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.message_id for post in posts] == [message.id for message in shown]
    assert (await bot.app.replays.progress(discussion_id)).state is ReplayState.FINISHED


async def test_nobody_is_pinged_or_notified_by_an_old_post(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    shout = replace(SHORT.posts[0], content=f"@everyone, and {club.ann.mention}!")
    await queued(bot, replace(SHORT, posts=(shout,)), club.forum)
    await replay(bot)
    await settled()
    (message,) = only_thread(club.guild).messages
    assert not message.pinged.everyone
    assert not message.pinged.users
    assert message.flags & 1 << 12


async def test_the_replayed_messages_are_not_recorded_a_second_time(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    posts = await bot.app.posts.page(discussion_id, limit=100)
    assert [post.content for post in posts] == [post.content for post in SHORT.posts]
    kept = await bot.app.discussions.by_thread(only_thread(club.guild).id)
    assert kept is not None
    assert kept.id == discussion_id
    assert len(await bot.app.discussions.of_forum(club.forum.id)) == 1


async def test_a_reply_names_and_links_the_old_post_it_answers(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    first, second, _ = only_thread(club.guild).messages
    assert f"In reply to [Wren]({first.jump_url})" in second.content


async def test_a_members_reply_to_an_old_post_continues_its_chain(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    await settled()
    last = only_thread(club.guild).messages[-1]
    reply = await club.ann.reply(last, "Twenty years on, I still wonder.")
    await settled()
    chain = await bot.app.posts.chain(reply.id)
    assert chain is not None
    assert [post.content for post in chain.posts] == [
        "Do you trust Nelly?",
        "No.",
        "Why not?",
        "Twenty years on, I still wonder.",
    ]


async def test_in_a_text_channel_a_thread_is_made_for_the_old_posts(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    discussion_id = await queued(bot, SHORT, channel)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thread.parent is channel
    assert len(by_webhook(thread)) == 3
    assert [one.id for one in await bot.app.discussions.of_forum(channel.id)] == [discussion_id]


async def test_who_wants_a_replay_at_once_need_not_wait_for_a_tick(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    bot.dispatch("replay_wanted")
    await settled()
    await bot.app.replay.settled()
    assert len(only_thread(club.guild).messages) == 3


async def test_a_tick_after_the_end_posts_nothing_more(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    await replay(bot)
    await settled()
    assert len(only_thread(club.guild).messages) == 3


async def test_a_long_discussion_goes_out_in_one_run(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(40), club.forum)
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [*range(1, 41)]
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.state is ReplayState.FINISHED
    assert progress.posts_sent == 40


async def test_a_webhook_that_someone_removed_is_replaced(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    (webhook,) = await channel_webhooks(bot, club.forum)
    await webhook.delete()
    await settled()
    other = replace(SHORT, title="And who is listening?")
    await queued(bot, other, club.forum)
    await replay(bot)
    await replay(bot)
    await settled()
    assert sorted(thread.name for thread in club.guild.threads.values()) == [
        "And who is listening?",
        "Who is telling this?",
    ]


async def tagged_forum(bot: Marginalia, club: Club, settled: Settled) -> SandboxChannel:
    """Set up a forum in which every thread carries a tag."""
    forum = await club.guild.create_forum("tagged", tags=["Classics", "Crime"], require_tag=True)
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    return forum


async def test_where_the_forum_requires_a_tag_the_host_is_told_in_words(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await tagged_forum(bot, club, settled)
    discussion_id = await queued(bot, SHORT, forum)
    await replay(bot)
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.failure == (
        "Posts in this forum must carry a tag. Import the page again with one of its tags, as "
        "the option tag of /import or as --tag on the command line: “Classics”, “Crime”."
    )
    assert not club.guild.threads

    spoiling = [f"{number} ||dies||" * 9 for number in range(4)]
    for title in spoiling:
        await queued(bot, replace(SHORT, title=title), forum)
    await replay(bot)
    shown = await club.host.slash(club.forum, "setup show")
    fields = {field["name"]: field["value"] for field in shown.embeds[0]["fields"]}
    told = fields["Old discussions that stopped on their way: see /imports"]
    assert f"in {forum.mention}: Posts in this forum must carry a tag" in told
    assert "dies" not in told
    assert told.endswith("and 2 more")
    assert len(told) <= 1024


async def test_the_thread_gets_the_tag_that_was_given(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await tagged_forum(bot, club, settled)
    await bot.app.imports.queue(SHORT, forum.id, bot.clock.now(), tag="crime")
    await replay(bot)
    (crime,) = [tag.id for tag in forum.tags if tag.name == "Crime"]
    assert only_thread(club.guild).applied_tags == [crime]


async def test_a_tag_that_the_forum_does_not_have_is_refused_with_those_it_has(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await tagged_forum(bot, club, settled)
    plain = await text_forum(bot, club, settled)
    for channel, told in (
        (forum, "This forum has no tag “Poetry”. Import the page again with one of its tags"),
        (plain, "Threads of a text channel carry no tags, so there is no “Poetry”."),
    ):
        stored = await bot.app.imports.queue(SHORT, channel.id, bot.clock.now(), tag="Poetry")
        await replay(bot)
        progress = await bot.app.replays.progress(stored.discussion_id)
        assert progress.failure is not None
        assert progress.failure.startswith(told)
    assert not club.guild.threads


async def test_importing_again_with_a_tag_brings_back_what_was_refused_for_want_of_one(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await tagged_forum(bot, club, settled)
    await queued(bot, SHORT, forum)
    await replay(bot)
    await bot.app.imports.queue(SHORT, forum.id, bot.clock.now(), tag="Classics")
    await replay(bot)
    assert len(only_thread(club.guild).messages) == 3


async def test_without_the_right_to_read_the_history_nothing_is_sent_twice_but_the_host_is_told(
    bot: Marginalia, sandbox: Sandbox, settled: Settled
) -> None:
    guild = await sandbox.create_guild(
        "Forgetful", bot_permissions=BOT_DEFAULT & ~READ_MESSAGE_HISTORY
    )
    forum = await guild.create_forum("novels")
    await guild.set_overwrite(forum, guild.everyone, deny=READ_MESSAGE_HISTORY)
    await settled()
    await bot.app.forums.set_up(
        forum.id,
        guild.id,
        guild.name,
        forum.name,
        is_forum_channel=True,
        host_id=guild.owner_id,
        now=bot.clock.now(),
    )
    discussion_id = await queued(bot, SHORT, forum)
    await replay(bot)
    progress = await bot.app.replays.progress(discussion_id)
    assert progress.failure is not None
    assert "Read Message History" in progress.failure
    assert not guild.threads
