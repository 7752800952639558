"""The message command `Reply tree`, and the button of the same name."""

from __future__ import annotations

import pytest

from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.state import SandboxMessage, SandboxThread
from tests.cogs.scenes import text_of
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await settled()
    return thread


@pytest.fixture
async def no(club: Club, thread: SandboxThread, settled: Settled) -> SandboxMessage:
    """A post with a reply, which has a reply, and with a second one."""
    no = await club.ben.reply(thread.messages[0], "She was not.")
    why = await club.cleo.reply(no, "Why not?")
    await club.ben.reply(why, "||Box Hill||.")
    await club.ann.reply(no, "Quite.")
    await settled()
    return no


async def test_the_message_command_shows_what_is_below_a_post_privately(
    club: Club, no: SandboxMessage
) -> None:
    answer = await club.ann.context_menu(no, "Reply tree")

    assert answer.ephemeral
    lines = [line for line in text_of(answer).split("\n") if "[open]" not in line]
    assert lines == ["┊ Why not?", "┊ ┊ ||Box Hill||.", "┊ Quite."]


async def test_the_tree_is_a_button_of_a_post_that_was_answered_and_leads_on_to_each_reply(
    club: Club, thread: SandboxThread, no: SandboxMessage
) -> None:
    page = await club.ann.slash(thread, "read")
    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    tree = await club.ann.click(post, "Reply tree")
    assert "Why not?" in text_of(tree)
    last = await club.ann.select(tree, "Open a post whole", ["5. Ann"])
    assert text_of(last).endswith("Quite.")
    assert "Reply tree" not in str(last.components)
    answered = await club.ann.click(last, "What it answers")
    assert no.jump_url in str(answered.components)


async def test_a_large_branch_is_read_page_by_page(
    club: Club, no: SandboxMessage, settled: Settled
) -> None:
    last = no
    for number in range(30):
        last = await club.cleo.reply(last, f"step {number}")
    await settled()

    answer = await club.ann.context_menu(no, "Reply tree")
    seen = text_of(answer)
    for _ in range(2):
        answer = await club.ann.click(answer, "Next ›")
        seen += text_of(answer)

    assert "Next ›" not in str(answer.components)
    assert all(f"step {number}" in seen for number in range(30))
    before = await club.ann.click(answer, "‹ Previous")
    assert "Replies 13-24, and there are more" in str(before.embeds)


async def test_nobody_sees_the_branch_of_what_they_may_not_read_now(
    club: Club, thread: SandboxThread, no: SandboxMessage, settled: Settled
) -> None:
    page = await club.ann.slash(thread, "read")
    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    await club.guild.set_overwrite(club.forum, club.ann, deny=READ_MESSAGE_HISTORY)
    await settled()

    pressed = await club.ann.click(post.message, "Reply tree")
    commanded = await club.ann.context_menu(no, "Reply tree")

    assert "no longer there for you" in pressed.content
    assert "There is no reply tree for this message" in commanded.content
    assert pressed.embeds == commanded.embeds == []
