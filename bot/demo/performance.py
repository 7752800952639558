"""What happens in the demo: the members act, and the bot answers them over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion
from bot.core.model import Discussion
from bot.core.ports import Clock
from bot.demo import story
from bot.demo.club import Club, until
from bot.store.replays import ReplayState
from cogs._setup_report import is_read, progress_line
from sandbox.answers import Answer
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread


@dataclass(frozen=True, slots=True)
class Used:
    """A command that a member used, and what it was answered with."""

    who: str
    where: str
    command: str
    answer: Answer


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
    return Used(story.HOST, f"#{club.lobby.name}", command, answer)


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
    return Used(story.FOLLOWER, f"“{thread.name}”", "/track discussion", answer)


async def track_from_outside(club: Club, title: str) -> Used:
    """Let the follower track a discussion from the lobby, choosing it as its name is typed."""
    typed = title[:12]
    choices = await club.follower.autocomplete(club.lobby, "track discussion", "discussion", typed)
    if not choices:
        raise UserError(f"Typing “{typed}” in /track discussion offered nothing to choose.")
    answer = await club.follower.slash(club.lobby, "track discussion", discussion=choices[0].value)
    command = f"/track discussion discussion:{choices[0].name}"
    return Used(story.FOLLOWER, f"#{club.lobby.name}", command, answer)


async def show_chain(club: Club, message: SandboxMessage) -> Used:
    """Let the follower ask what a post answers."""
    answer = await club.follower.context_menu(message, "Reply chain")
    return Used(story.FOLLOWER, f"“{message.channel.name}”", "Apps → Reply chain", answer)


async def replay(club: Club, document: ImportedDiscussion, clock: Clock) -> Discussion:
    """Queue a page, let the bot's own ticks bring it back, and give the discussion.

    Raises `UserError` with the bot's reason where it cannot.
    """
    queued = await club.app.imports.queue(document, club.forum.id, clock.now())
    discussion_id = queued.discussion_id
    replays = club.app.replays

    async def is_over() -> bool:
        progress = await replays.progress(discussion_id)
        return progress.state in {ReplayState.FINISHED, ReplayState.FAILED}

    ended = await until(is_over)
    progress = await replays.progress(discussion_id)
    if not ended or progress.failure is not None:
        raise UserError(
            f"The replay stopped after {progress.posts_sent} of {progress.posts} posts: "
            f"{progress.failure or 'it took too long'}."
        )
    await club.settle()
    discussion = await club.app.discussions.get(discussion_id)
    if discussion is None:
        raise LookupError(f"discussion {discussion_id} was just replayed")
    return discussion


async def settle_reading(club: Club) -> None:
    """Wait until the bot has read every discussion of the forum, so that posts have numbers."""

    async def are_current() -> bool:
        discussions = await club.app.discussions.of_forum(club.forum.id)
        return all(discussion.is_current for discussion in discussions)

    await until(are_current)
