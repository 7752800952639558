"""`/tree`, and the button below a page."""

from __future__ import annotations

import pytest

from sandbox.answers import Answer
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.state import SandboxThread
from tests.harness import Club, Settled

PNG = b"\x89PNG"


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    no = await club.ben.reply(thread.messages[0], "No.")
    await club.cleo.reply(no, "Why not?")
    await settled()
    return thread


def alternative(answer: Answer) -> str:
    (attachment,) = answer.message.attachments
    return attachment.description or ""


async def test_a_discussion_is_drawn_privately_with_an_alternative_text(
    club: Club, thread: SandboxThread
) -> None:
    answer = await club.ann.slash(thread, "tree")

    assert answer.ephemeral
    assert "3 posts by 3 people" in alternative(answer)
    (attachment,) = answer.message.attachments
    assert attachment.filename == "tree.png"


async def test_the_picture_is_a_button_below_a_page_and_only_for_who_may_read(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    page = await club.ann.slash(thread, "read")
    picture = await club.ann.click(page, "Picture")
    assert "“Emma”" in alternative(picture)

    await club.guild.set_overwrite(club.forum, club.ann, deny=READ_MESSAGE_HISTORY)
    await settled()
    refused = await club.ann.click(page.message, "Picture")

    assert "no longer there for you" in refused.content
    assert refused.message.attachments == []
