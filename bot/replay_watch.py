"""A replay as the terminal shows it: the running bot does the work, another process watches."""

from __future__ import annotations

import asyncio

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.core.errors import UserError
from bot.core.post_line import counted
from bot.store.importing.imports import Queued
from bot.store.importing.replays import ImportProgress, Replays, ReplayState

_LOOK_SECONDS = 0.5


def is_under_way(progress: ImportProgress) -> bool:
    """Say whether the bot is to bring posts to the forum now."""
    return progress.state is ReplayState.RUNNING


def stored_words(queued: Queued, progress: ImportProgress) -> str:
    """Say what was stored just now, and what becomes of it."""
    if queued.added:
        stored = f"Stored: {counted(queued.added, 'post')}, new here."
    else:
        stored = "Nothing is new: all of these posts are here already."
    if progress.state is ReplayState.RUNNING:
        waiting = progress.posts - progress.posts_sent
        return f"{stored} The running bot brings {waiting:,} to the forum."
    return f"{stored} {_ended_words(progress)}"


async def watch(replays: Replays, discussion_id: int, patience: float) -> str:
    """Show a bar until the replay has ended or rests, and give what is to be said then.

    After `patience` seconds in which nothing moved, no bot seems to run. Raises `UserError` where
    the replay failed, or was cancelled.
    """
    loop = asyncio.get_running_loop()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TextColumn("posts")) as bar:
        progress = await _progress(replays, discussion_id)
        task = bar.add_task("Waiting for the bot", total=progress.posts)
        moved_at, seen = loop.time(), progress.posts_sent
        while is_under_way(progress):
            if progress.posts_sent != seen:
                moved_at, seen = loop.time(), progress.posts_sent
                bar.update(task, description="Bringing back")
            bar.update(task, completed=progress.posts_sent, total=progress.posts)
            if loop.time() - moved_at > patience:
                return (
                    f"Nothing has moved for {patience:.0f} seconds: no bot seems to run with this "
                    "database. Start it with `marginalia run`; it goes on by itself."
                )
            await asyncio.sleep(_LOOK_SECONDS)
            progress = await _progress(replays, discussion_id)
        bar.update(task, completed=progress.posts_sent, total=progress.posts)
    if progress.state is ReplayState.FAILED:
        raise UserError(
            f"It stopped after {progress.posts_sent:,} of {counted(progress.posts, 'post')}: "
            f"{progress.failure}"
        )
    return _ended_words(progress)


async def _progress(replays: Replays, discussion_id: int) -> ImportProgress:
    try:
        progress = await replays.progress(discussion_id)
    except LookupError as error:
        raise _cancelled() from error
    if progress.state is ReplayState.CANCELLED:
        raise _cancelled()
    return progress


def _cancelled() -> UserError:
    return UserError("A host has cancelled it in Discord: what it brought is taken back.")


def _ended_words(progress: ImportProgress) -> str:
    """Say how a replay stands that is not under way."""
    match progress.state:
        case ReplayState.FINISHED:
            address = f"https://discord.com/channels/{progress.guild_id}/{progress.thread_id}"
            return f"All of them are in the forum: {address}"
        case ReplayState.PAUSED:
            return (
                f"A host has paused it after {progress.posts_sent:,} of "
                f"{counted(progress.posts, 'post')}: `/imports` in Discord lets it go on."
            )
        case ReplayState.CANCELLED:
            return "A host has cancelled it: what it brought is being taken back."
        case ReplayState.THREAD_DELETED:
            return (
                "Somebody has deleted its thread in Discord: import the pages again to bring it "
                "back."
            )
        case ReplayState.FORUM_ENDED:
            return (
                f"It rests after {progress.posts_sent:,} of {counted(progress.posts, 'post')}: a "
                "host has ended the forum. `/setup forum` in Discord takes it up again."
            )
        case _:
            return f"It stopped: {progress.failure}"
