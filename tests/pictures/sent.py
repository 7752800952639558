"""Holds the demo's debate in the sandbox, and gives what the real bot sent there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.demo import performance, story
from bot.demo.club import Club, open_club, until
from bot.store.panels import EDIT_PAUSE
from sandbox.state import SandboxMessage, SandboxThread
from sandbox.wire import Json

STARS = {"Seun": 4, "Ines": 5, "Tobias": 4, "Marguerite": 5}


@dataclass(frozen=True, slots=True)
class Scene:
    """Messages as a member sees them; the last answers `who`'s `command`, where there is one."""

    name: str
    messages: Sequence[SandboxMessage]
    who: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent; `names` says what the people and channels in it are called, by their ids."""

    scenes: Sequence[Scene]
    names: dict[int, str]


async def hold_debate(database: Path) -> Sent:
    """Let the members hold the debate and use the bot, which keeps it in a new file."""
    names = story.speakers()
    async with open_club(database, names) as club:
        await performance.set_up(club, story.BOOK)
        threads = [(await performance.play(club, debate)).thread for debate in story.DEBATES]
        await performance.settle_reading(club)
        thread = threads[0]
        for name, stars in STARS.items():
            await club.members[name].slash(thread, "book rate", stars=stars)
        panel = await _up_to_date_panel(club, thread)
        scenes = [
            Scene("panel", [panel]),
            await _asked(club, thread, "page", "read"),
            await _asked(club, thread, "tree", "tree"),
            await _asked(club, thread, "search", "search", words="control"),
            Scene("digest", await club.next_sunday()),
        ]
        return Sent(scenes, club.names)


async def _asked(
    club: Club, thread: SandboxThread, name: str, command: str, **options: Json
) -> Scene:
    answer = await club.follower.slash(thread, command, **options)
    await club.settle()
    if not answer.embeds and not answer.message.attachments:
        raise ValueError(f"/{command} showed nothing: {answer.content}")
    words = "".join(f" {option}:{value}" for option, value in options.items())
    return Scene(name, [answer.message], story.FOLLOWER, f"/{command}{words}")


async def _up_to_date_panel(club: Club, thread: SandboxThread) -> SandboxMessage:
    """Wait until the panel's next edit is allowed and made."""
    bot_id = club.guild.me.id
    (panel,) = (each for each in thread.messages if each.author.id == bot_id and each.components)

    async def tells_of_the_stars() -> bool:
        # An edit may be on its way that was put into words before the stars were given.
        club.sandbox.clock.advance(EDIT_PAUSE / 10)
        return "4.5 out of 5" in str(panel.embeds)

    if not await until(tells_of_the_stars):
        raise TimeoutError(f"The panel was not brought up to date: {panel.embeds}")
    return panel
