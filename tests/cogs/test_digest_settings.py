"""`/digest settings`: what it shows, changes and refuses."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.client import Marginalia
from bot.core.level import Level
from bot.core.schedule import QuietHours, WeeklySchedule
from bot.store.person import Inbox, PauseReason, Person
from sandbox.answers import Answer
from sandbox.state import SandboxThread
from sandbox.wire import Json
from tests.harness import Club

COMMAND = "digest settings"


async def ann(bot: Marginalia, club: Club) -> Person:
    person = await bot.app.people.get(club.ann.id)
    assert person is not None
    return person


async def test_without_a_choice_all_is_shown(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    shown = await club.ann.slash(thread, COMMAND)

    weekly = (await bot.app.people.next_due(club.ann.id))[Level.WEEKLY]
    at = int(weekly.timestamp())
    assert shown.ephemeral
    assert "Once a week, on Sundays at 18:00, UTC" in shown.content
    assert f"<t:{at}:F> (<t:{at}:R>)" in shown.content
    assert "Quiet hours: none" in shown.content
    assert "My direct messages reach you" in shown.content
    assert "UTC counts" in shown.content
    assert "the same in every server" in shown.content
    assert "Paused" not in shown.content
    assert "Changed" not in shown.content


async def test_everything_can_be_chosen_at_once_or_one_by_one_and_in_direct_messages(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    (zone, *_) = await club.ann.autocomplete(thread, COMMAND, "timezone", "kolk")
    changed = await club.ann.slash(
        club.ann.dm,
        COMMAND,
        often="weekly",
        day=2,
        hour=9,
        timezone=str(zone.value),
        quiet_from=22,
        quiet_to=7,
    )
    day_alone = await club.ann.slash(thread, COMMAND, day=3)
    hour_alone = await club.ann.slash(thread, COMMAND, hour=20)

    assert "Changed" in changed.content
    assert "on Wednesdays at 09:00, Asia/Kolkata" in changed.content
    assert "Quiet hours: 22:00 to 07:00, Asia/Kolkata" in changed.content
    assert "You have chosen no time zone" not in changed.content
    assert "on Thursdays at 09:00, Asia/Kolkata" in day_alone.content
    assert "on Thursdays at 20:00, Asia/Kolkata" in hour_alone.content
    assert (await ann(bot, club)).schedule == WeeklySchedule(3, 20, "Asia/Kolkata")
    weekly = (await bot.app.people.next_due(club.ann.id))[Level.WEEKLY]
    local = weekly.astimezone(ZoneInfo("Asia/Kolkata"))
    assert (local.weekday(), local.hour, local.minute) == (3, 20, 0)
    now = bot.clock.now()
    assert now < weekly <= now + timedelta(days=7)
    assert f"<t:{int(weekly.timestamp())}:F>" in hour_alone.content


@pytest.mark.parametrize(
    ("often", "words"),
    [
        ("every_post", "Every post, as it comes"),
        ("daily", "Once a day, at 18:00, UTC"),
        ("weekly", "Once a week, on Sundays at 18:00, UTC"),
    ],
)
async def test_how_often_is_chosen_and_said(
    bot: Marginalia, club: Club, thread: SandboxThread, often: str, words: str
) -> None:
    answer = await club.ann.slash(thread, COMMAND, often=often)

    assert words in answer.content
    assert (await ann(bot, club)).level is Level(often)


async def test_what_is_tracked_at_another_level_is_said_too(
    club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, "track forum", level="daily")
    await club.ann.slash(thread, "track discussion", level="muted")

    answer = await club.ann.slash(thread, COMMAND)

    assert "Once a week, on Sundays" in answer.content
    assert "Once a day, at 18:00" in answer.content
    assert "Muted" not in answer.content


async def test_quiet_hours_are_changed_by_halves_and_ended(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await club.ann.slash(thread, COMMAND, quiet_from=22, quiet_to=7)
    half = await club.ann.slash(thread, COMMAND, quiet_to=8)
    assert "Quiet hours: 22:00 to 08:00" in half.content
    assert (await ann(bot, club)).quiet == QuietHours(22, 8)

    ended = await club.ann.slash(thread, COMMAND, quiet="none")

    assert "Quiet hours: none" in ended.content
    assert (await ann(bot, club)).quiet is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timezone": "Europe/Berln"}, "Did you mean Europe/Berlin?"),
        ({"timezone": "Mars"}, "I know no time zone called “Mars”"),
        ({"quiet_from": 22}, "Quiet hours need both ends"),
        ({"quiet_to": 7}, "Quiet hours need both ends"),
        ({"quiet_from": 7, "quiet_to": 7}, "would have no end"),
        ({"quiet_from": 17, "quiet_to": 19}, "at 18:00, within your quiet hours"),
        ({"hour": 3, "quiet_from": 22, "quiet_to": 7}, "at 03:00, within your quiet hours"),
        ({"quiet": "none", "quiet_from": 22, "quiet_to": 7}, "Choose one of the two"),
    ],
)
async def test_what_cannot_be_is_refused_in_words_and_nothing_changes(
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    options: dict[str, Json],
    words: str,
) -> None:
    before = await ann(bot, club)

    answer = await club.ann.slash(thread, COMMAND, often="daily", **options)

    assert answer.ephemeral
    assert words in answer.content
    assert await ann(bot, club) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hour": 24}, "There is no hour 24 in a day"),
        ({"hour": -1}, "There is no hour -1 in a day"),
        ({"quiet_from": 22, "quiet_to": 31}, "There is no hour 31 in a day"),
        ({"day": 31}, "“31” cannot be chosen there"),
        ({"day": "Caturday"}, "“Caturday” cannot be chosen there"),
        ({"often": "hourly"}, "“hourly” cannot be chosen there"),
        ({"often": "muted"}, "“muted” cannot be chosen there"),
        ({"quiet": "very"}, "“very” cannot be chosen there"),
        ({"timezone": "`*_||" * 1000}, "I know no time zone of that name"),
    ],
)
async def test_what_no_client_offers_is_refused_in_words_and_nothing_changes(
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    options: dict[str, Json],
    words: str,
) -> None:
    before = await ann(bot, club)

    answer = await club.ann.forge_slash(thread, COMMAND, **options)

    assert answer.ephemeral
    assert words in answer.content
    assert await ann(bot, club) == before


async def test_a_zone_that_is_gone_from_the_world_is_said_and_can_be_replaced(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    async with bot.app.database.transaction() as connection:
        await connection.execute(
            "UPDATE person SET zone = 'Europe/Atlantis', has_chosen_zone = 1 WHERE user_id = ?",
            (club.ann.id,),
        )

    shown = await club.ann.slash(thread, COMMAND)
    replaced = await club.ann.slash(thread, COMMAND, timezone="Europe/Athens")

    assert "no Europe/Atlantis any more" in shown.content
    assert "at 18:00, UTC" in shown.content
    assert "Atlantis" not in replaced.content
    assert "at 18:00, Europe/Athens" in replaced.content


async def test_one_who_tracks_nothing_is_told_how_to_begin(club: Club) -> None:
    answer = await club.cleo.slash(club.cleo.dm, COMMAND)
    assert "You track nothing yet" in answer.content
    assert "Once a week, on Sundays at 18:00, UTC" in answer.content


async def test_one_who_tracks_nothing_can_choose_before_they_do(
    bot: Marginalia, club: Club
) -> None:
    answer: Answer = await club.cleo.slash(club.cleo.dm, COMMAND, often="daily", hour=7)
    person = await bot.app.people.get(club.cleo.id)
    assert "at 07:00, UTC" in answer.content
    assert person is not None
    assert (person.level, person.schedule.hour) == (Level.DAILY, 7)


async def test_a_closed_inbox_is_said_and_tried_again_by_a_button(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    club.ann.close_inbox()
    await bot.app.people.set_inbox(club.ann.id, Inbox.CLOSED, bot.clock.now())
    shown = await club.ann.slash(thread, COMMAND)
    assert "direct messages are closed to me" in shown.content
    still = await club.ann.click(shown, "Try again")
    assert "still closed" in still.content
    club.ann.open_inbox()

    arrived = await club.ann.click(still, "Try again")

    assert "it arrived" in arrived.content
    assert (await ann(bot, club)).inbox is Inbox.OPEN
    assert "closed" not in (await club.ann.slash(thread, COMMAND)).content


async def test_while_digests_are_paused_no_next_one_is_promised(
    bot: Marginalia, club: Club, thread: SandboxThread
) -> None:
    await bot.app.people.pause(club.ann.id, PauseReason.ASKED, bot.clock.now())
    shown = await club.ann.slash(thread, COMMAND)
    assert "you asked me to stop" in shown.content
    assert "on Sundays at 18:00, UTC." in shown.content
    assert "next one" not in shown.content
    resumed = await club.ann.click(shown, "Resume")
    assert "Your digests go on" in resumed.content
    assert "Paused" not in (await club.ann.slash(thread, COMMAND)).content
