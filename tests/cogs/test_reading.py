"""`/read`: pages, and posts opened whole."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.client import Marginalia
from bot.core.incoming import IncomingPost
from sandbox.answers import Answer
from sandbox.clock import SandboxClock
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.scenes import moderator, set_up, text_of
from tests.discord_address import discord_at
from tests.harness import Club, Settled, found_club, running_bot, settle

NOT_THERE = "no longer there for you"


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    """A debate of 30 posts: an initial one, and 29 that each answer the one before."""
    return await debate(club, settled)


async def debate(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "thought 1")
    last = thread.messages[0]
    for number in range(2, 31):
        writer = club.ben if number % 2 else club.cleo
        last = await writer.reply(last, f"thought {number}")
    await settled()
    return thread


def thoughts(answer: Answer) -> list[int]:
    """The posts shown, in the order of reading."""
    return [
        int(number) for number in re.findall(r"^> thought (\d+)$", text_of(answer), re.MULTILINE)
    ]


def labels(answer: Answer, *, pressable: bool = True) -> list[str]:
    """The labels of the buttons that can be pressed."""
    return [
        item["label"]
        for row in answer.components
        for item in row["components"]
        if item["type"] == 2 and not (pressable and item.get("disabled"))
    ]


async def whole_page(club: Club, answer: Answer) -> list[int]:
    """Go through the leaves of the page and give all its posts."""
    shown: list[int] = []
    for leaf in [each for each in labels(answer, pressable=False) if each.startswith("Post")]:
        if leaf in labels(answer):
            answer = await club.ann.click(answer, leaf)
        shown += thoughts(answer)
    return shown or thoughts(answer)


async def test_the_first_page_is_private_and_says_what_is_shown(
    club: Club, thread: SandboxThread
) -> None:
    answer = await club.ann.slash(thread, "read")

    assert answer.ephemeral
    assert answer.content == ("Showing 1-25 of 30 posts in this discussion · Sort: Oldest first")
    assert "1\\. **Ann** · Initial post · <t:" in text_of(answer)
    assert "In reply to Ann, <t:" in text_of(answer)
    assert thread.messages[0].jump_url in text_of(answer)
    assert await whole_page(club, answer) == [*range(1, 26)]


async def test_pages_are_turned_in_either_order(club: Club, thread: SandboxThread) -> None:
    first = await club.ann.slash(thread, "read")
    second = await club.ann.click(first, "Next ›")
    assert second.content.startswith("Showing 26-30 of 30 posts")
    assert thoughts(second) == [*range(26, 31)]
    assert "Next ›" not in labels(second)

    back = await club.ann.click(second, "‹ Previous")
    assert back.content.startswith("Showing 1-25 of 30")

    newest = await club.ann.click(back, "Newest first")
    assert newest.content.endswith("Sort: Newest first")
    assert thoughts(newest)[0] == 30
    oldest_posts = await club.ann.click(newest, "2")
    assert thoughts(oldest_posts) == [*range(5, 0, -1)]


@pytest.mark.usefixtures("thread")
async def test_sort_and_page_can_be_said_at_once(club: Club, lobby: SandboxChannel) -> None:
    answer = await club.ann.slash(lobby, "read", discussion="Emma", sort="n", page=2)

    assert thoughts(answer) == [*range(5, 0, -1)]


async def test_a_page_that_is_not_there_is_refused_with_how_many_there_are(
    club: Club, thread: SandboxThread
) -> None:
    answer = await club.ann.slash(thread, "read", page=3)

    assert answer.ephemeral
    assert "has 2" in answer.content


async def test_one_can_go_to_a_page_by_its_number(club: Club, thread: SandboxThread) -> None:
    answer = await club.ann.slash(thread, "read")

    form = await club.ann.click(answer, "1 …")
    assert form.modal is not None
    (field,) = form.modal["components"]
    name = field.get("label") or field["components"][0]["label"]
    there = await club.ann.submit(form, {name: "2"})
    assert thoughts(there) == [*range(26, 31)]

    wrong = await club.ann.submit(await club.ann.click(there, "2 …"), {name: "three"})
    assert "1 to 2" in wrong.content


async def test_newest_first_the_page_stays_while_new_posts_arrive(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    answer = await club.ann.slash(thread, "read", sort="n")
    await club.ben.post(thread, "thought 31")
    await settled()

    second = await club.ann.click(answer, "Next ›")
    assert thoughts(second) == [*range(5, 0, -1)]
    assert "1 newer post since you began" in second.content

    anew = await club.ann.click(second, "Newest first")
    assert thoughts(anew)[0] == 31
    assert "of 31 posts" in anew.content


async def test_a_post_opens_whole_with_the_ways_on_from_it(club: Club, settled: Settled) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    essay = await club.ben.reply(thread.messages[0], "# No\n" + "because " * 200 + "\n\n**of it**")
    for name in ("Why?", "||How?||"):
        await club.cleo.reply(essay, name)
    await settled()

    page = await club.ann.slash(thread, "read")
    post = await club.ann.select(page, "Open a post whole", ["2. Ben"])

    assert post.ephemeral
    assert text_of(post).endswith("# No\n" + "because " * 200 + "\n\n**of it**")
    assert {"What it answers", "Reply chain", "‹ Back to the page", "Open in Discord"} <= {
        *labels(post)
    }
    links = [i.get("url") for row in post.components for i in row["components"]]
    assert essay.jump_url in links

    reply = await club.ann.select(post, "The direct replies", ["4. Cleo"])
    assert text_of(reply).endswith("||How?||")
    answered = await club.ann.click(reply, "What it answers")
    assert "# No" in text_of(answered)
    chain = await club.ann.click(answered, "Reply chain")
    assert chain.ephemeral
    assert "Was she right?" in text_of(chain)
    back = await club.ann.click(answered, "‹ Back to the page")
    assert back.content.startswith("Showing 1-4 of 4 posts")


async def test_a_post_of_several_parts_is_read_part_by_part(
    club: Club, bot: Marginalia, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "So?")
    essay = await club.ben.post(thread, "a")
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    # With Nitro, which the sandbox does not have, a member writes 4,000 characters.
    await bot.app.recording.record(
        discussion.id,
        IncomingPost(
            message_id=essay.id,
            channel_id=thread.id,
            user_id=club.ben.id,
            author_name="Ben",
            content="because " * 490 + "end",
            attachments=(),
            notes=(),
            posted_at=bot.clock.now(),
            edited_at=bot.clock.now() + timedelta(minutes=1),
            reply_to=None,
            is_initial=False,
        ),
    )

    page = await club.ann.slash(thread, "read")
    first = await club.ann.select(page, "Open a post whole", ["2. Ben"])
    second = await club.ann.click(first, "Part 2 ›")

    assert text_of(second).endswith(" end")
    assert "Part 2 of 2" in str(second.embeds)
    assert "‹ Part 1" in labels(second)


@pytest.mark.usefixtures("thread")
async def test_the_title_of_a_discussion_one_may_not_read_is_not_offered_nor_read(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.ben, deny=VIEW_CHANNEL)
    await settled()

    offered = await club.ben.autocomplete(lobby, "read", "discussion", "")
    answer = await club.ben.slash(lobby, "read", discussion="Emma")

    assert offered == []
    assert answer.embeds == []
    assert "thought" not in answer.content


@pytest.mark.usefixtures("thread")
@pytest.mark.parametrize("lost", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_who_lost_a_role_a_moment_ago_is_shown_nothing_by_any_button(
    club: Club, lobby: SandboxChannel, settled: Settled, lost: int
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=lost)
    await club.guild.set_overwrite(club.forum, readers, allow=lost)
    await club.ann.add_role(readers)
    await settled()
    page = await club.ann.slash(lobby, "read", discussion="Emma")
    state = page.message
    assert thoughts(page)
    await club.ann.remove_role(readers)

    answers = [
        await club.ann.click(state, "Next ›"),
        await club.ann.click(state, "Newest first"),
        await club.ann.select(state, "Open a post whole", ["2. Cleo"]),
    ]

    for answer in answers:
        assert NOT_THERE in answer.content
        assert answer.ephemeral
        assert answer.embeds == []


@pytest.mark.usefixtures("thread")
async def test_no_button_of_a_post_helps_who_may_not_read_any_more(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    page = await club.ann.slash(lobby, "read", discussion="Emma")
    post = await club.ann.select(page, "Open a post whole", ["3. Ben"])
    message = post.message
    await club.guild.set_overwrite(club.forum, club.ann, deny=VIEW_CHANNEL)
    await settled()

    for press in ("What it answers", "Reply chain", "‹ Back to the page"):
        answer = await club.ann.click(message, press)
        assert NOT_THERE in answer.content
        assert answer.embeds == []
    answer = await club.ann.select(message, "The direct reply", ["4. Cleo"])
    assert NOT_THERE in answer.content


async def test_a_private_thread_is_read_by_those_in_it_until_they_are_put_out(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await club.guild.create_text_channel("books")
    await settled()
    await set_up(bot, club, channel.id, is_forum=False)
    thread = await club.ann.start_thread(channel, "Just us", "A secret", private=True)
    await club.ann.add_to_thread(thread, club.guild.me)
    await club.ann.add_to_thread(thread, club.ben)
    await settled()

    page = await club.ben.slash(lobby, "read", discussion="Just us")
    assert "A secret" in text_of(page)
    stranger = await club.cleo.slash(lobby, "read", discussion="Just us")
    assert "I know no discussion" in stranger.content

    await club.ann.remove_from_thread(thread, club.ben)
    await settled()
    assert NOT_THERE in (await club.ben.click(page.message, "Newest first")).content


async def test_an_archived_discussion_is_read_from_elsewhere(
    club: Club, thread: SandboxThread, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.ann.archive(thread)
    await settled()

    answer = await club.ann.slash(lobby, "read", discussion="Emma")

    assert thoughts(answer)
    assert thread.archived


async def test_the_buttons_of_a_thread_that_is_gone_say_so(
    club: Club, thread: SandboxThread, lobby: SandboxChannel, settled: Settled
) -> None:
    page = await club.ann.slash(lobby, "read", discussion="Emma")
    await (await moderator(club)).delete_thread(thread)
    await settled()

    answer = await club.ann.click(page.message, "Next ›")

    assert NOT_THERE in answer.content


async def test_a_post_deleted_meanwhile_is_shown_without_its_text(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    page = await club.ann.slash(thread, "read")
    await club.cleo.delete(thread.messages[1])
    await settled()

    post = await club.ann.select(page, "Open a post whole", ["2. Cleo"])

    assert "(deleted)" in text_of(post)
    assert "thought 2" not in text_of(post)
    assert "Open in Discord" not in labels(post)


@pytest.fixture
async def own_sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=SandboxClock()) as sandbox:
        yield sandbox


async def test_buttons_and_selects_work_after_a_restart(
    own_sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "marginalia.sqlite3"
    with discord_at(own_sandbox):
        async with running_bot(own_sandbox, path) as bot:
            guild = await own_sandbox.create_guild("Tuesday Readers")
            await settle(own_sandbox)
            club = await found_club(bot, own_sandbox, guild)
            thread = await debate(club, lambda: settle(own_sandbox))
            page = await club.ann.slash(thread, "read")
            post = await club.ann.select(page, "Open a post whole", ["1. Ann"])
            await bot.app.ticker.run("panels")
            await settle(own_sandbox)
            (panel,) = [each for each in thread.messages if each.pinned]

        async with running_bot(own_sandbox, path):
            back = await club.ann.click(post.message, "‹ Back to the page")
            assert thoughts(back)
            second = await club.ann.click(back, "Next ›")
            assert thoughts(second) == [*range(26, 31)]
            opened = await club.ann.select(second, "Open a post whole", ["26. Cleo"])
            assert text_of(opened).endswith("thought 26")
            newest = await club.ann.click(panel, "Newest")
            assert thoughts(newest)[0] == 30
            assert "You track" in (await club.ann.click(panel, "Track")).content
