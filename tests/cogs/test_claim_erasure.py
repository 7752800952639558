"""Old authors have their posts erased: here, on Discord, and for good."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.answers import Answer
from sandbox.member import SandboxMember
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from tests.cogs.old_posts import (
    LONG_TEXT,
    OTHER_PAGE,
    PAGE,
    brought_back,
    claimed,
    forum_of_the_few,
    import_again,
    message_of,
    old_page,
    old_post,
    post_numbered,
    replay_settled,
)
from tests.cogs.scenes import moderator
from tests.harness import Club, Settled, commands_ended


@pytest.fixture
async def thread(bot: Marginalia, sandbox: Sandbox, club: Club) -> SandboxThread:
    """The old discussion, in the club's forum."""
    return await brought_back(bot, sandbox, club.forum)


async def erase(bot: Marginalia, sandbox: Sandbox, member: SandboxMember, asked: Answer) -> Answer:
    done = await member.click(asked, "Erase for good")
    await commands_ended(sandbox)
    await replay_settled(bot, sandbox)
    return done


async def test_an_old_author_has_all_their_posts_erased_here_and_on_discord_for_good(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await claimed(bot, club, club.ann, "Wren")
    asked = await club.ann.slash(lobby, "claim erase")
    assert "“Wren” (3 posts that you can read)" in asked.content
    assert (await post_numbered(bot, thread, 4)).content, "not before it is confirmed"
    done = await erase(bot, sandbox, club.ann, asked)

    assert "Erased for good" in done.content
    for number in (1, 4, 5):
        post = await post_numbered(bot, thread, number)
        assert (post.is_deleted, post.content, post.author) == (True, "", None)
    assert (await post_numbered(bot, thread, 3)).content == PAGE.posts[2].content
    left = "\n".join(message.content for message in shown(thread))
    assert "No." in left
    for erased in (PAGE.posts[0], PAGE.posts[3]):
        assert erased.content not in left
    assert LONG_TEXT[:100] not in left

    again = await erase(bot, sandbox, club.ann, await club.ann.slash(lobby, "claim erase"))
    assert "nothing left" in again.content
    await import_again(bot, sandbox, club.forum)
    assert (await post_numbered(bot, thread, 4)).is_deleted
    assert "Because she was there." not in "\n".join(one.content for one in shown(thread))


async def test_an_old_author_has_one_post_erased_by_a_link_to_any_part_of_it(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await claimed(bot, club, club.ann, "Wren")
    *_, last = thread.messages
    asked = await club.ann.slash(lobby, "claim erase", post=link(last))
    await erase(bot, sandbox, club.ann, asked)

    assert (await post_numbered(bot, thread, 5)).is_deleted
    assert last.deleted
    assert not (await post_numbered(bot, thread, 4)).is_deleted


async def test_within_a_tick_the_bots_files_hold_nothing_of_what_was_erased(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel
) -> None:
    page = old_page(
        "Only here",
        old_post(1, "Wren", "Nobody else says quicksilver."),
        old_post(2, "Tamsin", "Nor does anybody say thistledown.", 1),
    )
    await brought_back(bot, sandbox, club.forum, page)
    await claimed(bot, club, club.ann, "Wren")
    await erase(bot, sandbox, club.ann, await club.ann.slash(lobby, "claim erase"))
    await bot.app.ticker.run("forgetting")

    path = bot.settings.database_path
    files = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"thistledown" in files
    assert b"quicksilver" not in files


async def test_what_is_erased_goes_from_the_threads_of_a_forum_that_was_ended_too(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await claimed(bot, club, club.ann, "Wren")
    await bot.app.forums.remove(club.forum.id, bot.clock.now())
    await erase(bot, sandbox, club.ann, await club.ann.slash(lobby, "claim erase"))
    left = "\n".join(message.content for message in shown(thread))
    assert "No." in left
    assert "Wren" not in left
    assert PAGE.posts[3].content not in left


async def test_posts_of_an_archived_thread_are_erased_too(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, lobby: SandboxChannel
) -> None:
    await claimed(bot, club, club.ann, "Tamsin")
    message = await message_of(bot, thread, 3)
    await (await moderator(club)).archive(thread)
    await erase(bot, sandbox, club.ann, await club.ann.slash(lobby, "claim erase"))
    assert (await post_numbered(bot, thread, 3)).is_deleted
    assert message.deleted


async def test_one_who_has_left_has_their_posts_erased_by_direct_message(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    await claimed(bot, club, club.ann, "Wren")
    shared = await sandbox.create_guild("Where they still are")
    await shared.add_member(club.ann)
    await club.guild.remove_member(club.ann)
    last = await message_of(bot, thread, 4)
    one = await club.ann.slash(club.ann.dm, "claim erase", post=link(last))
    await erase(bot, sandbox, club.ann, one)
    assert (await post_numbered(bot, thread, 4)).is_deleted
    assert not (await post_numbered(bot, thread, 5)).is_deleted

    asked = await club.ann.slash(club.ann.dm, "claim erase")
    assert "“Wren” in Tuesday Readers" in asked.content
    assert "2 posts" not in asked.content, "how many there are is for those who can read them"
    done = await erase(bot, sandbox, club.ann, asked)
    assert "Erased for good" in done.content
    assert [(await post_numbered(bot, thread, number)).is_deleted for number in (1, 3, 5)] == [
        True,
        False,
        True,
    ]


async def test_by_direct_message_nothing_else_of_claims_can_be_done(
    club: Club, thread: SandboxThread
) -> None:
    assert thread.name == PAGE.title
    nothing = await club.ann.slash(club.ann.dm, "claim erase")
    assert "No old posts are yours" in nothing.content
    for refused in (
        await club.host.slash(club.host.dm, "claim posts", name="Wren"),
        await club.host.slash(club.host.dm, "claim list"),
    ):
        assert "only in a server" in refused.content


async def test_what_is_not_theirs_is_not_erased(
    bot: Marginalia, club: Club, thread: SandboxThread, lobby: SandboxChannel, settled: Settled
) -> None:
    nothing = await club.ann.slash(lobby, "claim erase")
    assert "No old posts are yours here yet" in nothing.content
    await claimed(bot, club, club.ann, "Wren")
    native = await club.ann.post(thread, "It is me!")
    await settled()
    for message in (await message_of(bot, thread, 3), native):
        answer = await club.ann.slash(lobby, "claim erase", post=link(message))
        assert "no old post of yours" in answer.content
    assert (
        "no old post of yours"
        in (await club.ann.slash(lobby, "claim erase", post="that one")).content
    )


async def test_of_posts_that_the_author_cannot_read_the_erasure_tells_nothing(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    hidden = await brought_back(
        bot, sandbox, await forum_of_the_few(bot, club, settled), OTHER_PAGE
    )
    await claimed(bot, club, club.ann, "Wren")
    asked = await club.ann.slash(lobby, "claim erase")
    assert "Lockwood" not in asked.content
    assert "1 post" not in asked.content
    await erase(bot, sandbox, club.ann, asked)
    assert (await post_numbered(bot, hidden, 2)).is_deleted


def shown(thread: SandboxThread) -> list[SandboxMessage]:
    return [message for message in thread.messages if not message.deleted]


def link(message: SandboxMessage) -> str:
    assert message.channel.guild is not None
    return (
        f"https://discord.com/channels/{message.channel.guild.id}/{message.channel.id}/{message.id}"
    )
