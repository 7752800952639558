"""The message command `Edit history`, and the button of the same name."""

from __future__ import annotations

import pytest

from bot.core.history import GAP
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.server import Sandbox
from sandbox.state import SandboxMessage, SandboxThread
from tests.cogs.scenes import outage, text_of
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await settled()
    return thread


@pytest.fixture
async def edited(club: Club, thread: SandboxThread, settled: Settled) -> SandboxMessage:
    post = await club.ben.post(thread, "She was ||right||.")
    await settled()
    await club.ben.edit(post, "She was ||wrong||, I see.")
    await settled()
    return post


async def test_the_message_command_shows_every_text_privately(
    club: Club, edited: SandboxMessage
) -> None:
    answer = await club.ann.context_menu(edited, "Edit history")

    assert answer.ephemeral
    text = text_of(answer)
    assert "**Written** · <t:" in text
    assert "> She was ||right.||" in text
    assert "**Edit 1 of 1** · <t:" in text
    assert "||~~right.~~||" in text
    assert "||**wrong,**|| **I see.**" in text


async def test_the_history_is_a_button_of_a_post_that_was_edited_and_leads_back_to_it(
    club: Club, thread: SandboxThread, edited: SandboxMessage
) -> None:
    page = await club.ann.slash(thread, "read")
    assert "Last edited by the author on <t:" in text_of(page)
    unedited = await club.ann.select(page, "Open a post whole", ["1. Ann"])
    assert "Edit history" not in str(unedited.components)
    page = await club.ann.click(unedited, "‹ Back to the page")

    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    history = await club.ann.click(post, "Edit history")
    assert "**Edit 1 of 1**" in text_of(history)
    back = await club.ann.click(history, "‹ Back to the post")
    assert text_of(back).endswith("She was ||wrong||, I see.")
    assert edited.jump_url in text_of(back)


async def test_a_long_history_is_turned_page_by_page(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.ben.post(thread, "word0 " * 300)
    for number in range(1, 5):
        await settled()
        await club.ben.edit(post, f"word{number} " * 300)
    await settled()

    first = await club.ann.context_menu(post, "Edit history")
    assert "**Written**" in text_of(first)
    second = await club.ann.click(first, "Later ›")
    assert "**Written**" not in text_of(second)
    assert "**Written**" in text_of(await club.ann.click(second, "‹ Earlier"))


async def test_an_edit_that_was_found_after_an_outage_is_marked(
    sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.ben.post(thread, "She was right.")
    async with outage(sandbox, club, settled):
        await club.ben.edit(post, "She was wrong.")
    await settled()

    assert GAP in text_of(await club.ann.context_menu(post, "Edit history"))


async def test_the_texts_of_a_deleted_post_are_gone_from_its_history(
    club: Club, thread: SandboxThread, edited: SandboxMessage, settled: Settled
) -> None:
    page = await club.ann.slash(thread, "read")
    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    await club.ben.delete(edited)
    await settled()

    history = await club.ann.click(post, "Edit history")

    assert text_of(history) == "(deleted)"


async def test_nobody_sees_edits_of_what_they_may_not_read_now(
    club: Club, thread: SandboxThread, edited: SandboxMessage, settled: Settled
) -> None:
    page = await club.ann.slash(thread, "read")
    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    await club.guild.set_overwrite(club.forum, club.ann, deny=READ_MESSAGE_HISTORY)
    await settled()

    pressed = await club.ann.click(post.message, "Edit history")
    commanded = await club.ann.context_menu(edited, "Edit history")

    assert "no longer there for you" in pressed.content
    assert "There is no edit history for this message" in commanded.content
    assert pressed.embeds == commanded.embeds == []


async def test_what_is_no_post_has_no_history(club: Club, settled: Settled) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    chat = await club.ann.post(lobby, "Anyone here?")
    await settled()

    assert (
        "not a post of a discussion" in (await club.ben.context_menu(chat, "Edit history")).content
    )
