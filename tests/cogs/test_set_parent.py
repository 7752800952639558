"""A host says what an old post answers."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.answers import Answer
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.cogs.old_posts import (
    brought_back,
    import_again,
    message_of,
    old_page,
    old_post,
    post_numbered,
    replay_settled,
)
from tests.harness import Club, Settled, commands_ended

COMMAND = "Set what this answers"
SELECT = "It answers …"
LONG = old_page(
    "A long one",
    *(old_post(number, "Wren", f"Thought ||{number}|| of it.") for number in range(1, 41)),
)


@pytest.fixture
async def thread(bot: Marginalia, sandbox: Sandbox, club: Club) -> SandboxThread:
    """The old discussion, in the club's forum."""
    return await brought_back(bot, sandbox, club.forum)


async def asked_about(bot: Marginalia, club: Club, thread: SandboxThread, number: int) -> Answer:
    return await club.host.context_menu(await message_of(bot, thread, number), COMMAND)


async def parent_of(bot: Marginalia, thread: SandboxThread, number: int) -> int | None:
    """Give the number of the post that a post answers."""
    post = await post_numbered(bot, thread, number)
    parent = None if post.parent_id is None else await bot.app.posts.get(post.parent_id)
    return None if parent is None else parent.number


async def text_of(bot: Marginalia, thread: SandboxThread, number: int) -> str:
    return (await message_of(bot, thread, number)).content


async def test_a_host_chooses_an_earlier_post_and_the_line_in_the_thread_says_it(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    assert "In reply to an earlier post" in await text_of(bot, thread, 4)
    asked = await asked_about(bot, club, thread, 4)
    assert asked.ephemeral
    assert "Because she was there." in asked.content
    assert "nothing says which" in asked.content
    done = await club.host.select(asked, SELECT, ["3. Tamsin, 2006-05-13"])
    await commands_ended(sandbox)
    await replay_settled(bot, sandbox)

    assert "answers [post 3]" in done.content
    assert not done.components
    assert await parent_of(bot, thread, 4) == 3
    parent = await message_of(bot, thread, 3)
    assert "In reply to [Tamsin](" in await text_of(bot, thread, 4)
    assert f"{parent.id})" in await text_of(bot, thread, 4)


async def test_it_is_shown_what_is_known_and_why(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    by_link = await asked_about(bot, club, thread, 2)
    assert "It is known to answer [post 1]" in by_link.content
    assert "its page links to it" in by_link.content
    by_address = await asked_about(bot, club, thread, 3)
    assert "it opens by speaking to that author" in by_address.content
    by_nothing = await asked_about(bot, club, thread, 5)
    assert "a post of its own" in by_nothing.content

    await club.host.select(by_link, SELECT, ["1. Wren, 2006-05-11"])
    await commands_ended(sandbox)
    by_host = await asked_about(bot, club, thread, 2)
    assert f"{club.host.mention} said so" in by_host.content
    assert "links" not in by_host.content


async def test_what_is_known_can_be_taken_away_and_no_later_import_brings_it_back(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    asked = await asked_about(bot, club, thread, 3)
    done = await club.host.click(asked, "Nothing known")
    await commands_ended(sandbox)
    assert "nothing is known" in done.content
    assert await parent_of(bot, thread, 3) is None

    await import_again(bot, sandbox, club.forum)
    assert await parent_of(bot, thread, 3) is None
    assert "In reply to an earlier post" in await text_of(bot, thread, 3)


@pytest.mark.parametrize("typed", ["2", "#2", " 2 ", "link"])
async def test_any_other_post_can_be_given_by_its_number_or_a_link(
    bot: Marginalia, sandbox: Sandbox, club: Club, typed: str
) -> None:
    thread = await brought_back(bot, sandbox, club.forum, LONG)
    asked = await asked_about(bot, club, thread, 40)
    if typed == "link":
        message = await message_of(bot, thread, 2)
        typed = f"https://discord.com/channels/{club.guild.id}/{thread.id}/{message.id}"
    form = await club.host.click(asked, "Another post…")
    done = await club.host.submit(form, {"Its number, or a link to it": typed})
    await commands_ended(sandbox)

    assert "answers [post 2]" in done.content
    assert await parent_of(bot, thread, 40) == 2


async def test_the_nearest_earlier_posts_are_offered_with_their_spoilers_hidden(
    bot: Marginalia, sandbox: Sandbox, club: Club
) -> None:
    thread = await brought_back(bot, sandbox, club.forum, LONG)
    asked = await asked_about(bot, club, thread, 40)
    ((select,), _) = [row["components"] for row in asked.components]
    labels = [option["label"] for option in select["options"]]
    assert len(labels) == 25
    assert labels[0].startswith("39. Wren, 2006-06-")
    assert select["options"][0]["description"] == "Thought ▮▮▮ of it."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("5", "only answer an earlier post"),
        ("4", "only answer an earlier post"),
        *((typed, "no such post") for typed in ("6", "0", "9" * 20, "²", "the first", "-1")),
    ],
)
async def test_what_is_no_earlier_post_of_the_discussion_is_refused_and_can_be_tried_again(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, typed: str, words: str
) -> None:
    asked = await asked_about(bot, club, thread, 4)
    form = await club.host.click(asked, "Another post…")
    refused = await club.host.submit(form, {"Its number, or a link to it": typed})
    await commands_ended(sandbox)
    assert words in refused.content
    assert await parent_of(bot, thread, 4) is None

    await club.host.select(asked, SELECT, ["2. A reader, 2006-05-12"])
    await commands_ended(sandbox)
    assert await parent_of(bot, thread, 4) == 2


async def test_a_post_of_another_discussion_is_refused(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    other = await brought_back(bot, sandbox, club.forum, LONG)
    message = await message_of(bot, other, 1)
    asked = await asked_about(bot, club, thread, 4)
    form = await club.host.click(asked, "Another post…")
    link = f"https://discord.com/channels/{club.guild.id}/{other.id}/{message.id}"
    refused = await club.host.submit(form, {"Its number, or a link to it": link})
    await commands_ended(sandbox)
    assert "no such post in this discussion" in refused.content


async def test_on_part_two_of_a_long_post_it_is_that_post(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    *_, last = thread.messages
    assert last.id != (await message_of(bot, thread, 5)).id
    asked = await club.host.context_menu(last, COMMAND)
    await club.host.select(asked, SELECT, ["4. Wren, 2006-05-14"])
    await commands_ended(sandbox)
    assert await parent_of(bot, thread, 5) == 4


async def test_of_what_a_member_wrote_here_discord_itself_knows_what_it_answers(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    native = await club.ben.reply(await message_of(bot, thread, 3), "Quite so.")
    await settled()
    answer = await club.host.context_menu(native, COMMAND)
    assert "Discord itself knows" in answer.content
    assert not answer.components


async def test_the_initial_post_answers_none_and_a_message_elsewhere_is_no_post(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    initial = await asked_about(bot, club, thread, 1)
    assert "began the discussion" in initial.content
    lobby = await club.guild.create_text_channel("lobby")
    await settled()
    chat = await club.ben.post(lobby, "Hello!")
    answer = await club.host.context_menu(chat, COMMAND)
    assert "not a post of a discussion" in answer.content


async def test_only_hosts_say_what_a_post_answers(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    member = await club.ann.context_menu(await message_of(bot, thread, 4), COMMAND)
    assert "Only a host" in member.content

    asked = await asked_about(bot, club, thread, 4)
    for role in list(club.host.roles):
        await club.host.remove_role(role)
    refused = await club.host.click(asked, "Nothing known")
    await commands_ended(sandbox)
    assert "Only a host" in refused.content
    assert await bot.app.parents.chosen_by((await post_numbered(bot, thread, 4)).id) is None


async def test_a_deleted_parent_is_told_by_its_number_alone(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.guild.owner.delete(await message_of(bot, thread, 1))
    await settled()

    asked = await asked_about(bot, club, thread, 2)

    assert "It is known to answer post 1 (deleted)" in asked.content
    assert "Wren" not in asked.content


async def test_a_post_erased_meanwhile_is_named_to_nobody(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread
) -> None:
    asked = await asked_about(bot, club, thread, 3)
    now = bot.clock.now()
    claim = await bot.app.claims.ask_name(club.guild.id, "Tamsin", club.ann.id, now)
    await bot.app.claims.confirm(claim.id, club.host.id, now)
    await bot.app.erasures.erase_claimed(club.guild.id, club.ann.id, now)
    answer = await club.host.click(asked, "Nothing known")
    await commands_ended(sandbox)
    assert "deleted" in answer.content
    assert "Tamsin" not in answer.content


async def test_a_host_who_may_not_read_the_thread_any_more_chooses_nothing_there(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    asked = await asked_about(bot, club, thread, 4)
    await club.guild.set_overwrite(club.forum, club.host, deny=READ_MESSAGE_HISTORY)
    await settled()

    answer = await club.host.select(asked, SELECT, ["3. Tamsin, 2006-05-13"])

    assert "not a post of a discussion here" in answer.content
    assert await parent_of(bot, thread, 4) is None


async def test_of_a_post_whose_forum_has_ended_nothing_is_shown_nor_chosen(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    message = await message_of(bot, thread, 4)
    await bot.app.forums.remove(club.forum.id, bot.clock.now())

    answer = await club.host.context_menu(message, COMMAND)

    assert "not a post of a discussion here" in answer.content
    assert "Because she was there." not in answer.content
