"""What has gone out is kept as it should be: later pages, other parents, deleted posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot.core.model import PostKind
from sandbox.permissions import BOT_DEFAULT, MANAGE_MESSAGES, MANAGE_WEBHOOKS
from tests.cogs.scenes import moderator
from tests.harness import found_club
from tests.replaying import (
    SHORT,
    by_webhook,
    discussion,
    only_thread,
    queued,
    replay,
    replay_held,
    thoughts,
)

if TYPE_CHECKING:
    from bot.client import Marginalia
    from sandbox.server import Sandbox
    from sandbox.state import SandboxThread
    from tests.harness import Club, Settled


def first_lines(thread: SandboxThread) -> list[str]:
    return [message.content.split("\n")[0] for message in by_webhook(thread)]


async def post_ids(bot: Marginalia, discussion_id: int) -> dict[int, int]:
    """Give the local id of each post by its number."""
    posts = await bot.app.posts.page(discussion_id, limit=100)
    return {post.number: post.id for post in posts if post.number is not None}


async def claim_and_erase(bot: Marginalia, club: Club, discussion_id: int, number: int) -> None:
    """Let Ann be whoever wrote that post, and have all of theirs erased."""
    ids = await post_ids(bot, discussion_id)
    claim = await bot.app.claims.ask(ids[number], club.ann.id, bot.clock.now())
    await bot.app.claims.confirm(claim.id, club.host.id, bot.clock.now())
    await bot.app.erasures.erase_claimed(club.guild.id, club.ann.id, bot.clock.now())


async def test_posts_of_a_page_found_later_say_where_they_belong(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, discussion(8, first=5), club.forum)
    await replay(bot)
    await queued(bot, discussion(3, total=8), club.forum)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thoughts(thread) == [5, 6, 7, 8, 1, 2, 3]
    fifth = by_webhook(thread)[0]
    lines = first_lines(thread)
    assert lines[4] == (
        f"-# Posts 1 to 3, found later: they belong before [post 5]({fifth.jump_url})"
    )
    assert [place for place, line in enumerate(lines) if "found later" in line] == [4]


async def test_a_page_that_continues_what_is_there_says_nothing_of_it(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, discussion(3, total=6), club.forum)
    await replay(bot)
    await queued(bot, discussion(6, first=4), club.forum)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thoughts(thread) == [1, 2, 3, 4, 5, 6]
    assert not [message for message in thread.messages if "found later" in message.content]


async def test_each_run_of_later_posts_says_before_which_post_it_belongs(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    whole = discussion(9)
    some = [post for post in whole.posts if post.number in (3, 6)]
    first = replace(
        whole,
        posts=tuple(replace(post, in_reply_to=None) for post in some),
        missing_posts=((1, 2), (4, 5), (7, 9)),
    )
    await queued(bot, first, club.forum)
    await replay(bot)
    await queued(bot, whole, club.forum)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert thoughts(thread) == [3, 6, 1, 2, 4, 5, 7, 8, 9]
    third, sixth = by_webhook(thread)[:2]
    assert [line for line in first_lines(thread) if "found later" in line] == [
        f"-# Posts 1 to 2, found later: they belong before [post 3]({third.jump_url})",
        f"-# Posts 4 to 5, found later: they belong before [post 6]({sixth.jump_url})",
    ]


async def test_the_box_of_the_page_is_in_the_thread_once_where_pages_come_later(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, discussion(8, first=5), club.forum)
    await replay(bot)
    await queued(bot, discussion(4, total=8), club.forum)
    await replay(bot)
    await settled()
    messages = only_thread(club.guild).messages
    assert ["Total posts" in message.content for message in messages] == [True] + [False] * 7


async def test_a_parent_that_a_later_page_brings_is_named_in_the_old_message(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    whole = discussion(4)
    linked = [replace(post, message_id=f"Mx{post.number}") for post in whole.posts]
    answer = replace(linked[2], in_reply_to=None, answered_id="Mx1")
    later = replace(whole, posts=(answer, linked[3]), missing_posts=((1, 2),))
    await queued(bot, later, club.forum)
    await replay(bot)
    thread = only_thread(club.guild)
    assert "In reply to an earlier post" in thread.messages[0].content
    earlier = replace(whole, posts=tuple(linked[:2]), missing_posts=((3, 4),))
    await queued(bot, earlier, club.forum)
    await replay(bot)
    await replay(bot)
    await settled()
    first = by_webhook(thread)[2]
    assert thoughts(thread) == [3, 4, 1, 2]
    assert f"In reply to [Wren]({first.jump_url})" in thread.messages[0].content


async def test_what_a_host_says_a_post_answers_is_shown_in_its_message(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(4), club.forum)
    await replay(bot)
    ids = await post_ids(bot, discussion_id)
    await bot.app.parents.choose(ids[4], ids[1], club.host.id, bot.clock.now())
    await replay(bot)
    await settled()
    first, *_, fourth = only_thread(club.guild).messages
    assert f"In reply to [Wren]({first.jump_url})" in fourth.content
    assert fourth.content.endswith("Thought 4 about Nelly Dean.")
    await bot.app.parents.choose(ids[4], None, club.host.id, bot.clock.now())
    await replay(bot)
    await settled()
    assert "-# In reply to an earlier post\n" in fourth.content
    assert await bot.app.replays.outdated() == ()


async def test_only_the_first_message_of_a_long_post_changes_with_its_parent(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    long = "\n\n".join(f"{number} " + "word " * 100 for number in range(12))
    first, _, third = SHORT.posts
    page = replace(
        SHORT,
        posts=(
            first,
            replace(SHORT.posts[1], kind=PostKind.POST, in_reply_to=None, content=long),
            third,
        ),
    )
    discussion_id = await queued(bot, page, club.forum)
    await replay(bot)
    thread = only_thread(club.guild)
    before = [message.content for message in thread.messages]
    ids = await post_ids(bot, discussion_id)
    await bot.app.parents.choose(ids[2], ids[1], club.host.id, bot.clock.now())
    await replay(bot)
    await settled()
    after = [message.content for message in thread.messages]
    changed = [
        place for place, texts in enumerate(zip(before, after, strict=True)) if len({*texts}) > 1
    ]
    assert changed == [1]
    line = f"\n-# In reply to [Wren]({thread.messages[0].jump_url}), <t:1147298564:f>"
    assert after[1].replace(line, "") == before[1]


async def test_in_an_archived_thread_a_line_stays_as_it_is_until_it_is_opened(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(3), club.forum)
    await replay(bot)
    thread = only_thread(club.guild)
    someone = await moderator(club)
    await someone.archive(thread)
    await settled()
    ids = await post_ids(bot, discussion_id)
    await bot.app.parents.choose(ids[3], ids[1], club.host.id, bot.clock.now())
    await replay(bot)
    await settled()
    assert thread.messages[1].jump_url in thread.messages[2].content
    assert thread.archived
    assert await bot.app.replays.outdated() == ()

    await someone.unarchive(thread)
    await settled()
    await replay(bot)
    assert thread.messages[0].jump_url in thread.messages[2].content
    assert await bot.app.replays.outdated() == ()


async def test_a_line_that_discord_refused_to_change_is_changed_once_the_bot_may(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    guild = club.guild
    discussion_id = await queued(bot, discussion(4), club.forum)
    await replay(bot)
    ids = await post_ids(bot, discussion_id)
    await bot.app.parents.choose(ids[4], ids[1], club.host.id, bot.clock.now())
    await guild.edit_role(guild.bot_role, permissions=BOT_DEFAULT & ~MANAGE_WEBHOOKS)
    await settled()
    await replay(bot)
    await guild.edit_role(guild.bot_role, permissions=BOT_DEFAULT)
    await settled()
    sandbox.clock.advance(timedelta(days=1, minutes=1))
    await replay(bot)
    first, *_, fourth = only_thread(guild).messages
    assert first.jump_url in fourth.content
    assert await bot.app.replays.outdated() == ()


async def test_an_outage_of_one_server_keeps_no_erased_post_in_another(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    elsewhere = await found_club(bot, sandbox, await sandbox.create_guild("Thursday Readers"))
    ids = {}
    # What is older is seen to first.
    for each in (club, elsewhere):
        ids[each.forum.id] = await queued(bot, SHORT, each.forum)
        await replay(bot)
    for each in (club, elsewhere):
        await claim_and_erase(bot, each, ids[each.forum.id], 3)
    await club.guild.become_unavailable()
    await settled()
    await replay(bot)
    await settled()
    assert len(only_thread(elsewhere.guild).messages) == 2
    assert len(only_thread(club.guild).messages) == 3
    await club.guild.become_available()
    await settled()
    await replay(bot)
    await settled()
    assert len(only_thread(club.guild).messages) == 2
    await elsewhere.guild.remove_bot()


async def test_every_message_of_a_post_goes_where_one_of_them_was_deleted(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    long = replace(SHORT.posts[1], content="word " * 900)
    await queued(bot, replace(SHORT, posts=(SHORT.posts[0], long, SHORT.posts[2])), club.forum)
    await replay(bot)
    thread = only_thread(club.guild)
    parts = [message for message in thread.messages if message.author_name == "A reader"]
    assert len(parts) == 3
    cleaner = await club.guild.create_role("Cleaner", MANAGE_MESSAGES)
    await (await club.guild.add_member("Clea", roles=[cleaner])).delete(parts[1])
    await settled()
    await replay(bot)
    await settled()
    assert [message.author_name for message in thread.messages] == ["Wren", "Tamsin"]
    assert await bot.app.replays.leftovers(bot.clock.now()) == ()


@pytest.mark.parametrize(
    ("number", "left"), [(1, ["A reader", "Tamsin"]), (3, ["Wren", "A reader"])]
)
async def test_the_messages_of_posts_that_their_author_had_erased_go_from_discord(
    bot: Marginalia, club: Club, settled: Settled, number: int, left: list[str]
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await claim_and_erase(bot, club, discussion_id, number)
    await replay(bot)
    await settled()
    thread = only_thread(club.guild)
    assert [message.author_name for message in thread.messages] == left


async def test_the_name_of_an_author_who_had_their_posts_erased_goes_from_the_answers_to_them(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    await claim_and_erase(bot, club, discussion_id, 1)
    await replay(bot)
    await settled()
    texts = [message.content for message in only_thread(club.guild).messages]
    assert texts[0] == "-# <t:1147384964:f>\n-# In reply to a deleted post, <t:1147298564:f>\nNo."
    assert "Wren" not in "".join(texts)


async def test_the_name_of_who_wrote_a_deleted_old_post_goes_from_the_answers_to_it(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    await queued(bot, SHORT, club.forum)
    await replay(bot)
    thread = only_thread(club.guild)
    await club.guild.owner.delete(thread.messages[0])
    await settled()
    await replay(bot)
    await settled()
    texts = [message.content for message in thread.messages]
    assert texts[0] == "-# <t:1147384964:f>\n-# In reply to a deleted post, <t:1147298564:f>\nNo."
    assert "Wren" not in "".join(texts)


async def test_a_post_that_is_erased_while_its_discussion_is_replayed_is_never_sent(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    discussion_id = await queued(bot, discussion(4), club.forum)
    async with replay_held(bot, sandbox, after=1):
        before = len(sandbox.requests)
        await claim_and_erase(bot, club, discussion_id, 3)
    await replay(bot)
    await settled()
    assert thoughts(only_thread(club.guild)) == [2, 4]
    sent = [str(request.body) for request in sandbox.requests[before:]]
    assert not [body for body in sent if "Thought 3" in body]
    # One answer was on its way when its author's name was erased, one was still to go.
    assert not [body for body in sent[1:] if "Wren" in body]
    await replay(bot)
    assert "Wren" not in "".join(one.content for one in only_thread(club.guild).messages)


@pytest.mark.parametrize("may_delete", [True, False])
async def test_a_message_of_a_webhook_that_was_since_replaced_is_removed_where_the_bot_may(
    bot: Marginalia, club: Club, settled: Settled, *, may_delete: bool
) -> None:
    if not may_delete:
        permissions = BOT_DEFAULT & ~MANAGE_MESSAGES
        await club.guild.edit_role(club.guild.bot_role, permissions=permissions)
    discussion_id = await queued(bot, SHORT, club.forum)
    await replay(bot)
    forum = bot.get_channel(club.forum.id)
    assert isinstance(forum, discord.ForumChannel)
    (webhook,) = await forum.webhooks()
    await webhook.delete()
    await settled()
    await claim_and_erase(bot, club, discussion_id, 3)
    # The first run finds that the webhook is gone.
    await replay(bot)
    await replay(bot)
    left = await bot.app.replays.leftovers(bot.clock.now() + timedelta(days=1, minutes=1))
    assert len(only_thread(club.guild).messages) == (2 if may_delete else 3)
    assert len(left) == (0 if may_delete else 1)
    refused = await bot.app.replays.refused_removals(club.guild.id)
    assert [one.message_count for one in refused] == ([] if may_delete else [1])
    lobby = await club.guild.create_text_channel("lobby")
    (overview,) = (await club.host.slash(lobby, "setup show")).embeds
    told = {field["name"]: field["value"] for field in overview["fields"]}
    words = told.get("Messages of deleted old posts that I cannot remove", "")
    assert ("Manage Messages" in words) is not may_delete
    # What was refused is not asked for again at once.
    assert await bot.app.replays.leftovers(bot.clock.now()) == ()
