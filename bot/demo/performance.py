"""What happens in the demo: the members act, and the bot answers them over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.errors import UserError
from bot.demo import story
from bot.demo.club import Club, until
from bot.store.importing.replays import ImportProgress, ReplayState
from cogs._import_decision import CONFIRM
from cogs._setup_report import is_read, progress_line
from sandbox.answers import Answer
from sandbox.state import SandboxAttachment, SandboxChannel, SandboxMessage, SandboxThread
from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Used:
    """A command that a member used, and what it was answered with."""

    who: str
    where: str
    command: str
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Played:
    """A discussion as it was held: its thread, its messages by their keys, the commands used."""

    debate: story.Debate
    thread: SandboxThread
    messages: Mapping[str, SandboxMessage]
    used: tuple[Used, ...]


async def set_up(club: Club, book: tuple[str, str] | None) -> Used:
    """Let the host set the forum up; `book` is the title and author of what is read there."""
    host, lobby, command = club.host, club.lobby, f"/setup forum channel:#{story.FORUM}"
    if book is None:
        answer = await host.slash(lobby, "setup forum", channel=club.forum)
    else:
        title, author = book
        answer = await host.slash(
            lobby, "setup forum", channel=club.forum, book=title, book_author=author
        )
        command = f"{command} book:{title}"
    await club.settle()

    async def is_read_and_says_so() -> bool:
        progress = await club.app.discussions.progress(club.forum.id)
        return is_read(progress) and progress_line(progress) in answer.content

    await until(is_read_and_says_so)
    return Used(story.HOST, f"#{club.lobby.name}", command, answer, club.sandbox.clock.now())


async def play(club: Club, debate: story.Debate) -> Played:
    """Let the members hold a debate, act by act; the bot hears of each before the next."""
    first, *acts = debate.acts
    if not isinstance(first, story.Says):
        raise TypeError("A debate begins with its initial post.")
    club.sandbox.clock.advance(first.later)
    thread = await club.members[first.who].start_thread(club.forum, debate.title, first.text)
    await club.settle()
    messages = {first.key: thread.messages[0]}
    authors = {post.key: club.members[post.who] for post in debate.posts()}
    used: list[Used] = []
    for act in acts:
        club.sandbox.clock.advance(act.later)
        match act:
            case story.Says(answers=None):
                messages[act.key] = await authors[act.key].post(thread, act.text)
            case story.Says(answers=str(answered)):
                messages[act.key] = await authors[act.key].reply(messages[answered], act.text)
            case story.Edits():
                await authors[act.key].edit(messages[act.key], act.text)
            case story.Deletes():
                await authors[act.key].delete(messages[act.key])
            case story.Tracks(from_outside=True):
                used.append(await track_from_outside(club, debate.title))
            case story.Tracks():
                used.append(await track_here(club, thread))
        await club.settle()
    return Played(debate, thread, messages, tuple(used))


async def track_here(club: Club, thread: SandboxChannel) -> Used:
    """Let the follower track the discussion of the thread she is in."""
    answer = await club.follower.slash(thread, "track discussion")
    return Used(
        story.FOLLOWER, f"“{thread.name}”", "/track discussion", answer, club.sandbox.clock.now()
    )


async def track_from_outside(club: Club, title: str) -> Used:
    """Let the follower track a discussion from the lobby, choosing it as its name is typed."""
    typed = title[:12]
    choices = await club.follower.autocomplete(club.lobby, "track discussion", "discussion", typed)
    if not choices:
        raise UserError(f"Typing “{typed}” in /track discussion offered nothing to choose.")
    answer = await club.follower.slash(club.lobby, "track discussion", discussion=choices[0].value)
    command = f"/track discussion discussion:{choices[0].name}"
    return Used(story.FOLLOWER, f"#{club.lobby.name}", command, answer, club.sandbox.clock.now())


async def show_chain(club: Club, message: SandboxMessage) -> Used:
    """Let the follower ask what a post answers."""
    answer = await club.follower.context_menu(message, "Reply chain")
    return Used(
        story.FOLLOWER,
        f"“{message.channel.name}”",
        "Apps → Reply chain",
        answer,
        club.sandbox.clock.now(),
    )


async def preview(club: Club, pages: Sequence[Path]) -> Used:
    """Let the host give pages to `/import`, ten at most, and see what they hold."""
    files = {
        f"page{place}": SandboxAttachment(page.name, page.read_bytes())
        for place, page in enumerate(pages, start=1)
    }
    options: dict[str, Json] = {**files, "forum": club.forum}
    answer = await club.host.slash(club.lobby, "import", **options)
    named = " ".join(f"{option}:{file.filename}" for option, file in files.items())
    command = f"/import {named} forum:#{story.FORUM}"
    return Used(story.HOST, f"#{club.lobby.name}", command, answer, club.sandbox.clock.now())


async def confirm(club: Club, shown: Used) -> None:
    """Let the host import what the preview showed, if it brings anything, and wait for it.

    Raises `UserError` with the bot's reason where it cannot.
    """
    if not shown.answer.components:
        return
    await club.host.click(shown.answer, CONFIRM)
    await club.settle()
    discussion_id = (await imported(club)).discussion_id
    progress = await _moved(club, discussion_id, -1)
    while progress.state is ReplayState.RUNNING:
        progress = await _moved(club, discussion_id, progress.posts_sent)
    if progress.state is not ReplayState.FINISHED:
        raise UserError(
            f"The replay stopped after {progress.posts_sent} of {progress.posts} posts: "
            f"{progress.failure}"
        )

    async def is_told() -> bool:
        return not await club.app.boards.open()

    await until(is_told)
    await club.settle()


async def imported(club: Club) -> ImportProgress:
    """Give how the discussion stands that the host imported. Raises `UserError` without one."""
    imports = await club.app.replays.of_guild(club.guild.id)
    if not imports:
        raise UserError("The pages brought nothing back.")
    return imports[0]


async def _moved(club: Club, discussion_id: int, sent: int) -> ImportProgress:
    """Wait until more posts than `sent` are in the thread, or the replay has ended."""

    async def has_moved() -> bool:
        progress = await club.app.replays.progress(discussion_id)
        return progress.posts_sent > sent or progress.state is not ReplayState.RUNNING

    if not await until(has_moved):
        raise UserError(f"The replay stopped after {sent} posts: it took too long.")
    return await club.app.replays.progress(discussion_id)


async def settle_reading(club: Club) -> None:
    """Wait until the bot has read every discussion of the forum, so that posts have numbers."""

    async def are_current() -> bool:
        discussions = await club.app.discussions.of_forum(club.forum.id)
        return all(discussion.is_current for discussion in discussions)

    await until(are_current)
