"""What becomes of threads, channels and servers is followed as it happens."""

from __future__ import annotations

from bot.client import Marginalia
from bot.core.model import Discussion
from sandbox.state import SandboxThread
from tests.cogs.scenes import moderator, posts_of, set_up, texts_of
from tests.harness import Club, Settled


async def discussion_of(bot: Marginalia, thread: SandboxThread) -> Discussion:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return discussion


async def test_a_new_thread_is_a_discussion_whose_posts_are_numbered(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await club.ben.post(thread, "Clever.")
    await settled()
    discussion = await discussion_of(bot, thread)
    assert (discussion.title, discussion.forum_id) == ("Emma", club.forum.id)
    assert discussion.is_current
    assert [(post.number, post.kind) for post in await posts_of(bot, thread)] == [
        (1, "initial"),
        (2, "post"),
    ]


async def test_a_thread_of_a_channel_that_is_not_set_up_is_no_discussion(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    other = await club.guild.create_forum("off-topic")
    thread = await club.ann.start_thread(other, "Cats", "Mine is asleep.")
    await settled()
    assert await bot.app.discussions.by_thread(thread.id) is None


async def test_a_thread_is_followed_through_its_name_lock_tags_and_archive(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    mo = await moderator(club)
    book = await bot.app.books.name(club.guild.id, "Emma", "Jane Austen")
    (classics,) = (tag.id for tag in club.forum.tags if tag.name == "Classics")
    await bot.app.forums.set_tag_book(club.forum.id, classics, book.id)
    thread = await club.ann.start_thread(club.forum, "Ema", "Handsome.")
    await club.ann.rename(thread, "Emma")
    await club.ann.retag(thread, ["Classics"])
    await mo.lock(thread)
    await mo.archive(thread)
    await settled()
    discussion = await discussion_of(bot, thread)
    assert (discussion.title, discussion.book) == ("Emma", book)
    assert (discussion.is_locked, discussion.is_archived) == (True, True)

    await mo.unlock(thread)
    await mo.unarchive(thread)
    await settled()
    discussion = await discussion_of(bot, thread)
    assert (discussion.is_locked, discussion.is_archived) == (False, False)


async def test_an_archived_thread_goes_on_where_it_was(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await club.ann.archive(thread)
    await settled()
    await club.ben.post(thread, "Clever.")
    await settled()
    assert [post.number for post in await posts_of(bot, thread)] == [1, 2]


async def test_a_deleted_thread_is_hidden_at_once(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    mo = await moderator(club)
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    await mo.delete_thread(thread)
    await settled()
    assert await bot.app.discussions.by_thread(thread.id) is None
    assert await bot.app.discussions.matching(club.guild.id, "emma") == ()
    (hidden,) = await bot.app.removals.of_guild(club.guild.id)
    assert hidden.title == "Emma"


async def test_a_deleted_thread_of_a_removed_forum_is_hidden_too(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    mo = await moderator(club)
    thread = await club.ann.start_thread(club.forum, "Emma", "Handsome.")
    await settled()
    await bot.app.forums.remove(club.forum.id, bot.clock.now())
    await mo.delete_thread(thread)
    await settled()
    assert await bot.app.discussions.by_thread(thread.id) is None


async def test_a_deleted_channel_hides_all_its_discussions_at_once(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    mo = await moderator(club)
    threads = [
        await club.ann.start_thread(club.forum, title, "Read it.") for title in ("Emma", "Villette")
    ]
    await settled()
    await mo.delete_channel(club.forum)
    await settled()
    for thread in threads:
        assert await bot.app.discussions.by_thread(thread.id) is None
    assert await bot.app.forums.of_guild(club.guild.id) == ()
    hidden = await bot.app.removals.of_guild(club.guild.id)
    assert {each.title for each in hidden} == {"Emma", "Villette"}


async def test_a_renamed_channel_is_followed(bot: Marginalia, club: Club, settled: Settled) -> None:
    mo = await moderator(club)
    await mo.rename(club.forum, "classics")
    await settled()
    forum = await bot.app.forums.get(club.forum.id)
    assert forum is not None
    assert forum.name == "classics"


async def test_a_private_thread_is_kept_where_the_bot_is_in_it(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("committee")
    await set_up(bot, club, channel.id, is_forum=False)
    mo = await moderator(club)
    thread = await mo.start_thread(channel, "Next year's books", private=True)
    await mo.add_to_thread(thread, club.guild.me)
    await mo.post(thread, "Which ones?")
    await settled()
    assert (await discussion_of(bot, thread)).is_private
    assert await texts_of(bot, thread) == ["Which ones?"]
