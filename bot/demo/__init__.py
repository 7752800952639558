"""`marginalia demo`: the main job on this machine, without a Discord account.

The sandbox is a Discord on loopback; the bot that connects to it is the real one, over the real
wire. What is shown at the end as promised is checked: the demo fails where it is not so.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from rich.console import Console

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.demo import performance, story
from bot.demo.club import Club, open_club
from bot.demo.promises import Promise, file_promise, page_promises, story_promises
from bot.demo.showing import WIDTH, Showing
from bot.page_import import read_files
from sandbox.errors import SandboxRefused, SandboxTimeout
from sandbox.state import SandboxMessage

# Of a long discussion the beginning of each post is shown.
_MANY = 20
# What `/import` takes at once.
_PAGES_A_COMMAND = 10
_WHOLE, _BEGINNING = 2000, 240


def run(database: Path | None, pages: Sequence[Path] = (), svg: Path | None = None) -> int:
    """Play the demo, or bring saved `pages` back, and give 0: all it promises happened.

    The database is a new file at `database`, or a temporary one that is kept; it is named at
    the end. `svg` is where a picture of the discussion and the digest goes. Raises `UserError`
    where a file cannot be used, and where something that was promised did not happen.
    """
    document = read_files(pages) if pages else None
    path = _database_path(database)
    # Errors alone: that discord.py has no voice is no news here.
    logging.basicConfig(level=logging.ERROR)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a character shows another in its place.
        sys.stdout.reconfigure(errors="replace")
    console = Console(record=True, highlight=False)
    console.width = min(console.width, WIDTH)
    showing = Showing(console)
    try:
        promises = asyncio.run(_play(path, pages, document, showing))
    except (SandboxTimeout, SandboxRefused) as error:
        raise UserError(f"The demo stopped halfway: {error}") from error
    if document is None:
        promises.append(file_promise(path))
    showing.heading("What was promised")
    showing.promises(promises)
    showing.line(f"The database: {path}")
    if svg is not None:
        _save_picture(showing, svg)
    broken = [promise.words for promise in promises if not promise.is_kept]
    if broken:
        raise UserError(f"The demo did not keep its promise: {'; '.join(broken)}.")
    return 0


async def _play(
    path: Path, pages: Sequence[Path], document: ImportedDiscussion | None, showing: Showing
) -> list[Promise]:
    names = story.speakers()
    async with open_club(path, names) as club:
        showing.title(
            f"Marginalia at “{story.CLUB}”",
            f"a Discord on this machine, {club.sandbox.api_url}",
            "the real bot, connected over the wire",
        )
        showing.heading("A host sets the forum up")
        book = story.BOOK if document is None else None
        showing.command(await performance.set_up(club, book), club.names)
        if document is None:
            return await _play_story(club, showing)
        return await _play_pages(club, pages, document, showing)


async def _play_story(club: Club, showing: Showing) -> list[Promise]:
    played = [await performance.play(club, debate) for debate in story.DEBATES]
    await performance.settle_reading(club)
    main = played[0]
    showing.heading(f"{story.FOLLOWER} tracks two discussions, one of them from outside")
    for one in played:
        for used in one.used:
            showing.command(used, club.names)
    for one in played:
        showing.heading("A discussion, as it is kept")
        await _show_thread(club, showing, one.thread.id)
    showing.heading(f"What does {main.messages[story.DEEP_POST].author_name}'s post answer?")
    chain = await performance.show_chain(club, main.messages[story.DEEP_POST])
    showing.answer(chain, club.names)
    showing.heading("What an edit changed")
    edited = await club.app.posts.by_message(main.messages[story.EDITED_POST].id)
    if edited is not None and edited.author is not None:
        showing.edits(edited.author.name, await club.app.posts.revisions(edited.id))
    digests = await _show_digests(club, showing)
    return await story_promises(club, played, digests, showing.text())


async def _play_pages(
    club: Club, pages: Sequence[Path], document: ImportedDiscussion, showing: Showing
) -> list[Promise]:
    showing.heading(f"{story.HOST} gives the saved pages to the bot, and sees what they hold")
    for start in range(0, len(pages), _PAGES_A_COMMAND):
        shown = await performance.preview(club, pages[start : start + _PAGES_A_COMMAND])
        showing.answer(shown, club.names)
        await performance.confirm(club, shown)
    progress = await performance.imported(club)
    showing.heading("It becomes a thread, post by post")
    showing.messages(club.lobby.messages[-1:])
    thread = club.guild.threads[progress.thread_id or 0]
    replayed = [message for message in thread.messages if message.webhook is not None]
    showing.line(f"{len(replayed)} messages through a webhook; the first, and an edited one:")
    edited = (message for message in replayed[1:] if ", edited <t:" in message.content)
    showing.messages([replayed[0], *islice(edited, 1)])
    showing.heading(f"{story.FOLLOWER} tracks it, and {story.HOST} answers its last post")
    showing.command(await performance.track_here(club, thread), club.names)
    reply = await club.host.reply(replayed[-1], story.LIVE_REPLY)
    await club.settle()
    await performance.settle_reading(club)
    showing.heading("The discussion, as it is kept")
    await _show_thread(club, showing, thread.id)
    showing.heading("What does the new post answer?")
    showing.answer(await performance.show_chain(club, reply), club.names)
    digests = await _show_digests(club, showing)
    return await page_promises(club, document, thread, reply, digests)


async def _show_thread(club: Club, showing: Showing, thread_id: int) -> None:
    discussion = await club.app.discussions.by_thread(thread_id)
    if discussion is None:
        raise UserError(f"The bot knows no discussion for the thread {thread_id}.")
    posts = await club.app.posts.page(discussion.id, limit=100_000)
    showing.thread(discussion, posts, _WHOLE if len(posts) < _MANY else _BEGINNING)


async def _show_digests(club: Club, showing: Showing) -> list[SandboxMessage]:
    digests = await club.next_sunday()
    showing.heading("Sunday: the week's digest arrives as a direct message")
    showing.inbox(story.FOLLOWER, digests, club.names)
    return digests


def _save_picture(showing: Showing, path: Path) -> None:
    try:
        showing.save_picture(path)
    except OSError as error:
        raise UserError(
            f"The picture {path} cannot be written: {error.strerror}. Name another file."
        ) from error


def _database_path(database: Path | None) -> Path:
    if database is None:
        return Path(tempfile.mkdtemp(prefix="marginalia-demo-")) / "marginalia.sqlite3"
    if database.exists():
        raise UserError(
            f"{database} exists, and the demo writes into a new file only: name another."
        )
    return database.absolute()
