"""Histories are read in, and gaps in the events are caught up with."""

from __future__ import annotations

from datetime import timedelta

from bot.client import Marginalia
from sandbox.permissions import (
    EVERYONE_DEFAULT,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    VIEW_CHANNEL,
)
from sandbox.server import Sandbox
from tests.cogs.scenes import moderator, outage, posts_of, set_up, texts_of
from tests.harness import Club, Settled


async def test_what_was_posted_in_an_outage_is_read_and_numbered_in_order(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Middlemarch", "Where to begin?")
    await club.ben.post(thread, "At the prelude.")
    await settled()
    with sandbox.gateway.swallowing():
        await club.ann.post(thread, "missed")
    await club.guild.become_unavailable()
    await club.guild.become_available()
    await club.ben.post(thread, "afterwards")
    await settled()
    assert await texts_of(bot, thread) == [
        "Where to begin?",
        "At the prelude.",
        "missed",
        "afterwards",
    ]
    assert [post.number for post in await posts_of(bot, thread)] == [1, 2, 3, 4]


async def test_threads_that_were_there_before_the_set_up_are_read_in(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await club.guild.create_forum("classics")
    active = await club.ann.start_thread(forum, "Emma", "Handsome, clever, and rich.")
    parent = await club.ben.post(active, "And wrong.")
    await club.cleo.reply(parent, "Mostly.")
    archived = await club.ann.start_thread(forum, "Persuasion", "Too late?")
    await club.ann.archive(archived)
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()

    assert await texts_of(bot, active) == ["Handsome, clever, and rich.", "And wrong.", "Mostly."]
    assert await texts_of(bot, archived) == ["Too late?"]
    initial, second, reply = await posts_of(bot, active)
    assert (initial.kind, initial.number) == ("initial", 1)
    assert reply.parent_id == second.id
    progress = await bot.app.discussions.progress(forum.id)
    assert progress.is_listed
    assert (progress.discussions, progress.discussions_read, progress.posts) == (2, 2, 4)
    assert progress.trouble is None


async def test_a_history_of_250_posts_is_read_whole(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await club.guild.create_forum("classics")
    thread = await club.ann.start_thread(forum, "War and Peace", "1")
    for number in range(2, 251):
        await club.ben.post(thread, str(number))
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    posts = await posts_of(bot, thread)
    assert [post.content for post in posts] == [str(number) for number in range(1, 251)]
    assert [post.number for post in posts] == list(range(1, 251))


async def test_the_message_a_thread_was_made_from_is_its_initial_post(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("classics")
    message = await club.ann.post(channel, "Who has read Villette?")
    thread = await club.ann.start_thread(channel, "Villette", message=message)
    await club.ben.post(thread, "Twice.")
    await settled()
    await set_up(bot, club, channel.id, is_forum=False)
    await settled()
    initial, answer = await posts_of(bot, thread)
    assert (initial.content, initial.kind, initial.number) == (
        "Who has read Villette?",
        "initial",
        1,
    )
    assert initial.channel_id == channel.id
    assert (answer.content, answer.number) == ("Twice.", 2)


async def test_a_new_thread_of_a_text_channel_begins_with_its_message(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("classics")
    await set_up(bot, club, channel.id, is_forum=False)
    await settled()
    message = await club.ann.post(channel, "Who has read Villette?")
    thread = await club.ben.start_thread(channel, "Villette", message=message)
    await club.ben.post(thread, "Twice.")
    await settled()
    assert [(post.number, post.content) for post in await posts_of(bot, thread)] == [
        (1, "Who has read Villette?"),
        (2, "Twice."),
    ]


async def test_an_edit_in_a_gap_is_a_revision_with_a_gap_mark(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Middlemarch", "Where to begin?")
    post = await club.ben.post(thread, "At the end.")
    async with outage(sandbox, club, settled):
        await club.ben.edit(post, "At the prelude.")
    _, edited = await posts_of(bot, thread)
    assert (edited.content, edited.edited_in_gap) == ("At the prelude.", True)
    earlier, present = await bot.app.posts.revisions(edited.id)
    assert (earlier.content, present.content) == ("At the end.", "At the prelude.")
    assert present.after_gap


async def test_a_deletion_in_a_gap_takes_the_text_and_keeps_the_place(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Middlemarch", "Where to begin?")
    post = await club.ben.post(thread, "regretted")
    await club.cleo.reply(post, "Really?")
    async with outage(sandbox, club, settled):
        await club.ben.delete(post)
    _, deleted, reply = await posts_of(bot, thread)
    assert (deleted.is_deleted, deleted.content, deleted.number) == (True, "", 2)
    assert reply.parent_id == deleted.id


async def test_a_deleted_starter_of_a_text_channels_thread_is_noticed_after_a_gap(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("classics")
    await set_up(bot, club, channel.id, is_forum=False)
    message = await club.ann.post(channel, "regretted")
    thread = await club.ann.start_thread(channel, "Villette", message=message)
    await club.ben.post(thread, "Why?")
    async with outage(sandbox, club, settled):
        await club.ann.delete(message)
    initial, answer = await posts_of(bot, thread)
    assert (initial.is_deleted, initial.content) == (True, "")
    assert answer.content == "Why?"


async def test_a_thread_made_in_a_gap_is_found_and_read(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    async with outage(sandbox, club, settled):
        active = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
        archived = await club.ben.start_thread(club.forum, "Persuasion", "Too late?")
        await club.ben.archive(archived)
    assert await texts_of(bot, active) == ["Handsome."]
    assert await texts_of(bot, archived) == ["Too late?"]
    found = await bot.app.discussions.by_thread(archived.id)
    assert found is not None
    assert found.is_archived


async def test_what_was_posted_to_an_archived_thread_in_a_gap_is_read(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await club.ann.archive(thread)
    async with outage(sandbox, club, settled):
        await club.ben.post(thread, "Clever.")
        await club.ann.archive(thread)
    assert await texts_of(bot, thread) == ["Handsome.", "Clever."]


async def test_a_thread_renamed_locked_and_retagged_in_a_gap_is_followed(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    mo = await moderator(club)
    book = await bot.app.books.name(club.guild.id, "Emma", "Jane Austen")
    (classics,) = (tag.id for tag in club.forum.tags if tag.name == "Classics")
    await bot.app.forums.set_tag_book(club.forum.id, classics, book.id)
    async with outage(sandbox, club, settled):
        await club.ann.rename(thread, "Emma, volume one")
        await club.ann.retag(thread, ["Classics"])
        await mo.lock(thread)
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert discussion.title == "Emma, volume one"
    assert discussion.is_locked
    assert discussion.book == book


async def test_a_thread_deleted_in_a_gap_is_hidden(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    mo = await moderator(club)
    async with outage(sandbox, club, settled):
        await mo.delete_thread(thread)
    assert await bot.app.discussions.by_thread(thread.id) is None
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    assert hidden.thread_id == thread.id


async def test_a_channel_deleted_in_a_gap_is_hidden(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    mo = await moderator(club)
    async with outage(sandbox, club, settled):
        await mo.delete_channel(club.forum)
    assert await bot.app.discussions.by_thread(thread.id) is None
    assert not bot.app.directory.is_forum(club.forum.id)
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    assert hidden.thread_id == thread.id


async def test_nothing_is_hidden_or_deleted_for_an_outage(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    await club.guild.become_unavailable()
    await settled()
    assert await texts_of(bot, thread) == ["Handsome."]
    assert await bot.app.removals.of_guild(club.guild.id) == ()
    await club.guild.become_available()
    await settled()


async def test_lost_rights_delete_nothing_and_returned_rights_bring_what_was_missed(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    post = await club.ben.post(thread, "Clever.")
    await settled()
    me = club.guild.bot_role
    await club.guild.set_overwrite(club.forum, me, deny=VIEW_CHANNEL)
    await club.ben.post(thread, "Rich.")
    await club.ben.edit(post, "Very clever.")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "Clever."]
    trouble = (await bot.app.discussions.progress(club.forum.id)).trouble
    assert trouble is not None
    assert "View Channel" in trouble

    await club.guild.set_overwrite(club.forum, me)
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "Very clever.", "Rich."]
    assert (await bot.app.discussions.progress(club.forum.id)).trouble is None


async def test_without_read_message_history_nothing_counts_as_gone(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    me = club.guild.bot_role
    with sandbox.gateway.swallowing():
        # The bot does not learn that it lost the right: the history is empty, without an error.
        await club.guild.set_overwrite(club.forum, me, deny=READ_MESSAGE_HISTORY)
    await bot.app.gaps.thread_interrupted(thread.id)
    bot.dispatch("history_wanted", club.guild.id)
    await settled()
    assert await texts_of(bot, thread) == ["Handsome."]
    trouble = (await bot.app.discussions.progress(club.forum.id)).trouble
    assert trouble is not None
    assert "Read Message History" in trouble
    refused = sandbox.invalid_requests
    await bot.app.ticker.run("catch up")
    await settled()
    assert sandbox.invalid_requests == refused, "what is refused is not asked for at every tick"


async def test_rights_lost_and_regained_with_a_role_are_caught_up_with(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    guild, role = club.guild, club.guild.bot_role
    readers = await guild.create_role("Readers")
    await club.ben.add_role(readers)
    await guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL | READ_MESSAGE_HISTORY)
    await guild.edit_role(guild.everyone, permissions=EVERYONE_DEFAULT & ~VIEW_CHANNEL)
    permissions = role.permissions
    await guild.edit_role(role, permissions=permissions & ~VIEW_CHANNEL)
    await club.ben.post(thread, "missed")
    # Regained before the bot has dealt with the loss.
    await guild.edit_role(role, permissions=permissions)
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "missed"]


async def test_rights_regained_by_being_given_a_role_are_caught_up_with(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    readers = await club.guild.create_role("Readers")
    me = club.guild.me
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await club.ben.add_role(readers)
    await settled()
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL | READ_MESSAGE_HISTORY)
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await settled()
    await club.ben.post(thread, "missed")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome."]
    await me.add_role(readers)
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "missed"]


async def test_a_private_thread_the_bot_was_put_back_into_is_read_again(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    guild = club.guild
    await guild.edit_role(guild.bot_role, permissions=guild.bot_role.permissions & ~MANAGE_THREADS)
    mo = await moderator(club)
    channel = await guild.create_text_channel("committee")
    await set_up(bot, club, channel.id, is_forum=False)
    thread = await mo.start_thread(channel, "Next year's books", private=True)
    await mo.add_to_thread(thread, guild.me)
    kept = await mo.post(thread, "Which ones?")
    await settled()
    assert await texts_of(bot, thread) == ["Which ones?"]
    await mo.remove_from_thread(thread, guild.me)
    await settled()
    # Asked for meanwhile, it is refused.
    await bot.app.ticker.run("catch up")
    await settled()
    assert (await bot.app.discussions.progress(channel.id)).trouble is not None
    await mo.post(thread, "missed")
    await mo.edit(kept, "Which five?")
    await mo.add_to_thread(thread, guild.me)
    await settled()
    assert await texts_of(bot, thread) == ["Which five?", "missed"]
    assert (await bot.app.discussions.progress(channel.id)).trouble is None


async def test_a_discussion_with_no_news_is_current_at_once_after_a_gap(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    async with outage(sandbox, club, settled):
        pass
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert discussion.is_current
    await club.ben.post(thread, "Clever.")
    await settled()
    assert [post.number for post in await posts_of(bot, thread)] == [1, 2]


async def test_a_failing_answer_is_tried_again_with_the_next_tick(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    forum = await club.guild.create_forum("classics")
    thread = await club.ann.start_thread(forum, "Emma", "Handsome.")
    await settled()
    sandbox.faults.fail("GET", f"/channels/{thread.id}/messages", status=400)
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    assert await texts_of(bot, thread) == []
    await bot.app.ticker.run("catch up")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome."]


async def test_an_answer_that_is_not_discords_own_hides_and_deletes_nothing(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    post = await club.ben.post(thread, "regretted")
    await settled()
    with sandbox.gateway.swallowing():
        await club.ben.delete(post)
    # Such as a proxy gives: 404, without a code of Discord's.
    sandbox.faults.fail("GET", f"/channels/{thread.id}/messages", status=404)
    sandbox.faults.fail("GET", f"/channels/{thread.id}/messages/{post.id}", status=404)
    await club.guild.become_unavailable()
    await club.guild.become_available()
    await settled()
    await bot.app.ticker.run("catch up")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "regretted"]
    await bot.app.ticker.run("catch up")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", ""]


async def test_a_post_whose_parent_is_gone_does_not_hold_the_history_up(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    forum = await club.guild.create_forum("classics")
    thread = await club.ann.start_thread(forum, "Emma", "Handsome.")
    parent = await club.ben.post(thread, "Clever.")
    await club.cleo.reply(parent, "And rich.")
    await club.ben.delete(parent)
    await club.ben.post(thread, "Happy.")
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    assert await texts_of(bot, thread) == ["Handsome.", "And rich.", "Happy."]
    _, reply, _ = await posts_of(bot, thread)
    assert (reply.kind, reply.parent_id) == ("reply", None)


async def test_the_sweep_finds_what_no_event_told_of(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsom.")
    post = await club.ben.post(thread, "regretted")
    initial = thread.messages[0]
    await settled()
    with sandbox.gateway.swallowing():
        await club.ben.delete(post)
        await club.ann.edit(initial, "Handsome.")
    sandbox.clock.advance(timedelta(days=31))
    # One discussion a tick, the one that waits longest first; the worker's other clubs wait too.
    while await texts_of(bot, thread) != ["Handsome.", ""]:
        before = len(sandbox.requests)
        await bot.app.ticker.run("catch up")
        await settled()
        assert len(sandbox.requests) > before, "the sweep has nothing left"


async def test_refused_history_is_asked_for_again_within_the_hour_and_not_before(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    forum = await club.guild.create_forum("classics")
    thread = await club.ann.start_thread(forum, "Emma", "Handsome.")
    await settled()
    sandbox.faults.refuse("GET", f"/channels/{thread.id}/messages", 50001)
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    await bot.app.ticker.run("catch up")
    await settled()
    assert await texts_of(bot, thread) == []
    trouble = (await bot.app.discussions.progress(forum.id)).trouble
    assert trouble is not None
    assert f"<#{thread.id}>" in trouble
    sandbox.clock.advance(timedelta(hours=2))
    await bot.app.ticker.run("catch up")
    await settled()
    assert await texts_of(bot, thread) == ["Handsome."]
    assert (await bot.app.discussions.progress(forum.id)).trouble is None
