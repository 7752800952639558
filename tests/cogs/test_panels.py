"""The panel of a discussion: posted once, kept true, and its buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.client import Marginalia
from bot.store.panels import EDIT_PAUSE
from cogs._panel_board import LATE_EDIT_PAUSE, REFUSED_PAUSE
from sandbox.clock import SandboxClock
from sandbox.permissions import PIN_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES_IN_THREADS
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from tests.cogs.scenes import set_up, text_of
from tests.harness import Club, Settled
from tests.replaying import EXECUTE, SHORT, begin, by_webhook, only_thread, queued, replay

Ticked = Callable[..., Awaitable[None]]


@pytest.fixture
def ticked(bot: Marginalia, sandbox: Sandbox, settled: Settled) -> Ticked:
    """`await ticked(length)`: so long afterwards, the panels are looked at."""

    async def tick(length: timedelta = timedelta(0)) -> None:
        assert isinstance(sandbox.clock, SandboxClock)
        await settled()
        sandbox.clock.advance(length)
        await bot.app.ticker.run("panels")
        await settled()

    return tick


@pytest.fixture
async def thread(club: Club, ticked: Ticked) -> SandboxThread:
    """A new discussion, with its panel."""
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await ticked()
    return thread


def panels_of(thread: SandboxThread, bot: Marginalia) -> list[SandboxMessage]:
    assert bot.user is not None
    return [
        message
        for message in thread.messages
        if message.author.id == bot.user.id and message.embeds and not message.deleted
    ]


def fields(message: SandboxMessage) -> dict[str, str]:
    return {field["name"]: field["value"] for field in message.embeds[0]["fields"]}


def edits(sandbox: Sandbox, message: SandboxMessage) -> int:
    return sum(
        request.method == "PATCH" and request.path.endswith(f"/messages/{message.id}")
        for request in sandbox.requests
    )


async def test_a_new_discussion_gets_one_panel_pinned_that_is_no_post_of_it(
    bot: Marginalia, thread: SandboxThread, ticked: Ticked
) -> None:
    await ticked()
    await ticked(EDIT_PAUSE)

    (panel,) = panels_of(thread, bot)
    assert panel.pinned_at is not None
    said = fields(panel)
    assert (said["Participants"], said["Total posts"]) == ("1", "1")
    assert thread.messages[0].jump_url in said["Initial post"]
    assert said["Tracked by"] == "0 members"
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert discussion.post_count == 1


async def test_it_is_kept_true_with_one_edit_in_ten_minutes_and_none_that_changes_nothing(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    (panel,) = panels_of(thread, bot)
    for _ in range(3):
        await club.ben.post(thread, "Hm.")
        await ticked(timedelta(minutes=1))
    assert edits(sandbox, panel) == 0

    await ticked(EDIT_PAUSE)
    assert edits(sandbox, panel) == 1
    assert fields(panel)["Total posts"] == "4"
    assert fields(panel)["Participants"] == "2"
    await ticked(EDIT_PAUSE)
    assert edits(sandbox, panel) == 1

    book = await bot.app.books.name(club.guild.id, "Emma", "Jane Austen")
    await bot.app.forums.set_book(club.forum.id, book.id)
    await club.ann.slash(thread, "book rate", stars=4)
    await ticked(EDIT_PAUSE)
    assert fields(panel)["This discussion is about"] == (
        "*Emma* by Jane Austen\n4.0 out of 5 stars (1)"
    )


async def test_it_is_not_edited_while_the_thread_is_archived(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    (panel,) = panels_of(thread, bot)
    await club.ben.post(thread, "Hm.")
    await club.ann.archive(thread)

    await ticked(EDIT_PAUSE)
    assert thread.archived
    assert edits(sandbox, panel) == 0

    await club.ann.unarchive(thread)
    await ticked()
    assert fields(panel)["Total posts"] == "2"


async def test_it_backs_off_where_discord_takes_no_more_edits_of_old_messages(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    (panel,) = panels_of(thread, bot)
    await club.ben.post(thread, "Hm.")
    path = f"/channels/{thread.id}/messages/{panel.id}"
    sandbox.faults.refuse("PATCH", path, 30046)

    await ticked(EDIT_PAUSE)
    tried = edits(sandbox, panel)
    await ticked(EDIT_PAUSE)
    assert edits(sandbox, panel) == tried == 1
    assert fields(panel)["Total posts"] == "1"

    await ticked(LATE_EDIT_PAUSE)
    assert fields(panel)["Total posts"] == "2"


async def test_one_that_somebody_deleted_stays_away_until_a_host_asks_for_it(
    bot: Marginalia, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    (panel,) = panels_of(thread, bot)
    await club.guild.owner.delete(panel)
    await club.ben.post(thread, "Hm.")
    await ticked(EDIT_PAUSE)
    await ticked(EDIT_PAUSE)
    assert panels_of(thread, bot) == []

    assert "Only a host" in (await club.ann.slash(thread, "panel post")).content
    answer = await club.host.slash(thread, "panel post")
    assert "within a minute" in answer.content
    await ticked()
    assert len(panels_of(thread, bot)) == 1


async def test_an_existing_discussion_gets_one_only_when_a_host_asks(
    bot: Marginalia, club: Club, ticked: Ticked, settled: Settled
) -> None:
    channel = await club.guild.create_forum("classics")
    old = await club.ann.start_thread(channel, "Evelina", "So?")
    await club.ann.archive(old)
    await settled()
    await set_up(bot, club, channel.id, is_forum=True)
    await ticked()
    assert panels_of(old, bot) == []
    assert old.archived

    lobby = await club.guild.create_text_channel("lobby")
    await settled()
    await club.host.slash(lobby, "panel post", discussion="Evelina")
    await ticked()
    assert len(panels_of(old, bot)) == 1


async def test_a_discussion_that_is_brought_back_gets_its_panel_below_its_old_posts(
    bot: Marginalia, sandbox: Sandbox, club: Club, ticked: Ticked
) -> None:
    await queued(bot, SHORT, club.forum)
    held = sandbox.faults.hold("POST", EXECUTE, after=1)
    await begin(bot)
    await held.came.wait()
    await ticked()
    thread = only_thread(club.guild)
    assert not panels_of(thread, bot)
    held.let_in()
    await replay(bot)
    await ticked()

    (panel,) = panels_of(thread, bot)
    assert thread.messages[:4] == (*by_webhook(thread), panel)


async def test_a_panel_whose_answer_was_lost_is_found_again_and_not_posted_twice(
    bot: Marginalia, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    # As after a crash between sending and knowing.
    async with bot.app.database.transaction() as connection:
        await connection.execute("UPDATE panel SET message_id = NULL, next_look_at = 0")

    # Discord remembers for a few minutes alone what it was sent.
    await ticked(timedelta(hours=1))

    (panel,) = panels_of(thread, bot)
    await club.ben.post(thread, "Hm.")
    await ticked(EDIT_PAUSE)
    assert fields(panel)["Total posts"] == "2"


async def test_a_panel_that_is_found_again_says_what_has_come_since_it_was_sent(
    bot: Marginalia, club: Club, thread: SandboxThread, ticked: Ticked
) -> None:
    async with bot.app.database.transaction() as connection:
        await connection.execute(
            "UPDATE panel SET message_id = NULL, shown = NULL, next_look_at = 0"
        )
    await club.ben.post(thread, "Hm.")

    await ticked(timedelta(hours=1))

    (panel,) = panels_of(thread, bot)
    assert fields(panel)["Total posts"] == "2"


async def test_what_changes_while_a_panel_is_edited_is_said_one_pause_after_that_edit_began(
    bot: Marginalia,
    sandbox: Sandbox,
    club: Club,
    thread: SandboxThread,
    ticked: Ticked,
    settled: Settled,
) -> None:
    (panel,) = panels_of(thread, bot)
    held = sandbox.faults.hold("PATCH", f"/channels/{thread.id}/messages/{panel.id}")
    await club.ben.post(thread, "Hm.")
    editing = asyncio.ensure_future(ticked(EDIT_PAUSE))
    await held.came.wait()
    await club.cleo.post(thread, "Quite.")
    await settled()
    assert isinstance(sandbox.clock, SandboxClock)
    sandbox.clock.advance(timedelta(minutes=4))
    held.let_in()
    await editing

    assert fields(panel)["Total posts"] == "2"
    await ticked(EDIT_PAUSE - timedelta(minutes=4))
    assert fields(panel)["Total posts"] == "3"


async def test_without_the_right_to_pin_it_is_posted_all_the_same(
    bot: Marginalia, club: Club, ticked: Ticked
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=PIN_MESSAGES)
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await ticked()

    (panel,) = panels_of(thread, bot)
    assert panel.pinned_at is None


async def test_where_it_may_not_write_it_tries_again_later(
    bot: Marginalia, club: Club, ticked: Ticked
) -> None:
    await club.guild.set_overwrite(club.forum, club.guild.me, deny=SEND_MESSAGES_IN_THREADS)
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await ticked()
    assert panels_of(thread, bot) == []

    await club.guild.set_overwrite(club.forum, club.guild.me, allow=SEND_MESSAGES_IN_THREADS)
    await ticked(REFUSED_PAUSE)
    assert len(panels_of(thread, bot)) == 1


async def test_its_buttons_answer_each_member_privately(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    await club.ben.post(thread, "She meddled.")
    await settled()
    (panel,) = panels_of(thread, bot)

    tracked = await club.cleo.click(panel, "Track")
    assert "You track the discussion **Emma** · Tracked by 1 member." in tracked.content
    start = await club.cleo.click(panel, "Read from the start")
    assert start.content.startswith("Showing 1-2 of 2 posts")
    newest = await club.cleo.click(panel, "Newest")
    assert newest.content.endswith("Sort: Newest first")
    form = await club.cleo.click(panel, "Search")
    found = await club.cleo.submit(form, {"Posts with all of these words": "meddling"})
    assert "meddled" in text_of(found)
    file = await club.cleo.click(panel, "Export")
    (attachment,) = file.message.attachments
    assert attachment.filename.endswith(".html")
    for answer in (tracked, start, newest, found, file):
        assert answer.ephemeral
    assert panels_of(thread, bot) == [panel]


async def test_its_buttons_show_nothing_to_who_may_not_read(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    (panel,) = panels_of(thread, bot)
    await club.guild.set_overwrite(club.forum, club.cleo, deny=READ_MESSAGE_HISTORY)
    await settled()

    for button in ("Track", "Read from the start", "Newest", "Export", "Search"):
        answer = await club.cleo.click(panel, button)
        if answer.modal is not None:
            answer = await club.cleo.submit(answer, {"Posts with all of these words": "right"})
        assert "no longer there for you" in answer.content, button
        assert answer.embeds == []
        assert answer.message.attachments == []


@pytest.mark.usefixtures("thread")
async def test_all_of_it_works_from_outside_the_thread(club: Club, settled: Settled) -> None:
    lobby: SandboxChannel = await club.guild.create_text_channel("lobby")
    await settled()

    shown = await club.cleo.slash(lobby, "panel show", discussion="Emma")

    assert shown.ephemeral
    assert fields(shown.message)["Total posts"] == "1"
    assert "Showing 1-1" in (await club.cleo.click(shown, "Read from the start")).content
