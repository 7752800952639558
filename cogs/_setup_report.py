"""What a host reads about the set-up: what is missing, how far it was read, books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import discord

from bot.core.model import Book, Forum
from bot.core.permissions import Permission, missing
from bot.core.post_line import counted, literal
from bot.store.books import AUTHOR_LIMIT, EDITION_LIMIT, TITLE_LIMIT
from bot.store.discussions import ReadingProgress
from bot.store.importing.leftovers import RefusedRemovals
from bot.store.importing.replay_progress import FailedReplay
from cogs._forum_channel import ForumChannel

# API documentation, "Message", section "Embed Limits".
DESCRIPTION_LIMIT = 4096
# Longer than any tag's name: escaped, the 20 characters may be 40.
TAG_NAME_LIMIT = 40
# A field of an embed holds 1,024.
FAILURES_SHOWN = 3
MORE = "… and more than fits here: `/setup forum` tells how a single channel stands."


def missing_permissions(channel: ForumChannel) -> tuple[Permission, ...]:
    """Give what the bot lacks in a channel now."""
    return missing(channel.permissions_for(channel.guild.me).value)


def missing_lines(lacking: Sequence[Permission]) -> list[str]:
    """Say of each missing permission what does not work without it, and where to grant it."""
    if not lacking:
        return []
    lines = ["⚠️ **Permissions are missing there**"]
    for where, group in groupby(lacking, key=lambda permission: permission.where):
        lines += [f"- **{each.label}**: without it, {each.without_it}." for each in group]
        lines.append(f"-# Switch on: {where}")
    return lines


def progress_line(progress: ReadingProgress) -> str:
    """Say how far the threads that were there already have been read."""
    discussions = counted(progress.discussions, "discussion")
    posts = counted(progress.posts, "post")
    if is_read(progress):
        if not progress.discussions:
            return "It has no thread yet: the first one begins the first discussion."
        return f"✅ Read: {discussions}, {posts}."
    if not progress.is_listed:
        line = f"⏳ Looking for threads: {discussions} found so far."
    else:
        line = f"⏳ Reading: {progress.discussions_read} of {discussions}, {posts} so far."
    return line if progress.trouble is None else f"{line}\n⚠️ {progress.trouble}"


def is_read(progress: ReadingProgress) -> bool:
    """Say whether everything that was there has been read."""
    return progress.is_listed and progress.discussions_read == progress.discussions


def book_words(book: Book) -> str:
    """Give a book in Markdown: its title in italics, its author, its edition."""
    by = "" if book.author is None else f" by {literal(book.author, AUTHOR_LIMIT)}"
    edition = "" if book.edition is None else f" ({literal(book.edition, EDITION_LIMIT)})"
    return f"*{literal(book.title, TITLE_LIMIT)}*{by}{edition}"


def shown_tag(tag: discord.ForumTag) -> str:
    """Give a forum tag's name for a message."""
    return f"“{literal(tag.name, TAG_NAME_LIMIT)}”"


def forum_lines(
    forum: Forum,
    channel: ForumChannel | None,
    progress: ReadingProgress,
    tag_books: Mapping[int, Book],
) -> list[str]:
    """Say how one forum stands; `channel` is None where the bot cannot see it any more."""
    book = "no book" if forum.book is None else book_words(forum.book)
    lines = [f"**<#{forum.id}>**: {book}", progress_line(progress)]
    if tag_books:
        lines += [
            f"- Tag {_tag_name(channel, tag_id)}: {book_words(tag_books[tag_id])}"
            for tag_id in tag_books
        ]
    if channel is None:
        lines.append(
            "⚠️ I cannot see this channel any more. Give me View Channel there, or end it with "
            "`/setup remove`."
        )
        return lines
    return lines + missing_lines(missing_permissions(channel))


def failure_lines(failed: Sequence[FailedReplay]) -> list[str]:
    """Say which imported discussions could not be replayed, and why; some 1,000 characters."""
    lines = [
        f"⚠️ “{literal(one.title, 60)}” in <#{one.forum_id}>: {literal(one.failure, 240)}"
        for one in failed[:FAILURES_SHOWN]
    ]
    if len(failed) > FAILURES_SHOWN:
        lines.append(f"and {len(failed) - FAILURES_SHOWN:,} more")
    return lines


def removal_lines(refused: Sequence[RefusedRemovals]) -> list[str]:
    """Say which messages of deleted old posts are still there, and why; some 1,000 characters."""
    lines = [
        f"⚠️ {counted(one.message_count, 'message')} in <#{one.forum_id}>: "
        f"{literal(one.refusal, 240)}"
        for one in refused[:FAILURES_SHOWN]
    ]
    return [*lines, "-# I try again once a day."]


def described(blocks: Iterable[Sequence[str]], more: str = MORE) -> str:
    """Put blocks of lines together, as many whole lines as an embed's description holds.

    `more` says at the end that there are others, and where.
    """
    kept: list[str] = []
    room = DESCRIPTION_LIMIT - len(more)
    for line in "\n\n".join("\n".join(block) for block in blocks).split("\n"):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*kept, more])
        kept.append(line)
    return "\n".join(kept)


def _tag_name(channel: ForumChannel | None, tag_id: int) -> str:
    if isinstance(channel, discord.ForumChannel):
        tag = channel.get_tag(tag_id)
        if tag is not None:
            return shown_tag(tag)
    return "(deleted)"
