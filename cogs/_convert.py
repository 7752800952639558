"""From Discord's messages and threads to ours: the one way in.

What becomes a post is decided here: what people say (plain messages and replies), and what they
say through a webhook. Not: other bots, for they are not members; this bot, and its own webhooks,
whose posts the replay stores itself; and what Discord itself says (that a thread began, that
something was pinned, …). The types are those of "Message Types" in Discord's documentation of
the message resource.
"""

from __future__ import annotations

import discord

from bot.core.excerpt import attachment_name
from bot.core.incoming import IncomingPost, ThreadFacts, clean
from bot.core.markdown import escape_markdown
from bot.core.model import Attachment

# What the core takes for the mark of a hidden file (`bot.core.excerpt.attachment_name`).
_SPOILER_MARK = "SPOILER_"
_SAID_BY_SOMEONE = frozenset({discord.MessageType.default, discord.MessageType.reply})


def incoming_post(
    message: discord.Message, *, thread_id: int, is_initial: bool
) -> IncomingPost | None:
    """Give the post that a message is, or None where it is not one.

    `is_initial` says that the message began the thread: it has the thread's own id, and lies in
    the thread's parent channel where that is no forum.
    """
    if message.type not in _SAID_BY_SOMEONE or not _is_said_by_a_person(message):
        return None
    author = message.author
    return IncomingPost(
        message_id=message.id,
        channel_id=message.channel.id,
        user_id=None if message.webhook_id is not None else author.id,
        # Not the name in the server: the history does not tell it, so it would change to and fro,
        # and it is not for the members of another.
        author_name=clean(author.global_name or author.name),
        content=clean(message.content),
        attachments=tuple(
            Attachment(
                id=file.id,
                name=clean(_file_name(file)),
                content_type=file.content_type,
                size=file.size,
                description=None if file.description is None else clean(file.description),
            )
            for file in message.attachments
        ),
        notes=tuple(clean(note) for note in _notes(message)),
        posted_at=message.created_at,
        edited_at=message.edited_at,
        reply_to=None if is_initial else _reply_to(message),
        is_initial=is_initial and message.id == thread_id,
    )


def thread_facts(thread: discord.Thread) -> ThreadFacts:
    """Give what a thread is now."""
    return ThreadFacts(
        thread_id=thread.id,
        forum_id=thread.parent_id,
        guild_id=thread.guild.id,
        title=clean(thread.name),
        is_private=thread.is_private(),
        is_locked=thread.locked,
        is_archived=thread.archived,
        tag_ids=frozenset(tag.id for tag in thread.applied_tags),
        # Discord does not say it of threads older than January 2022; their id does.
        started_at=thread.created_at or discord.utils.snowflake_time(thread.id),
    )


def is_replayed(message: discord.Message) -> bool:
    """Say whether a webhook of the bot's own sent the message: it is an old post's.

    A webhook's messages name the application that owns it, whose id its bot user shares.
    """
    if message.webhook_id is None or message.webhook_id == message.application_id:
        return False
    guild = message.guild
    return guild is not None and message.application_id == guild.me.id


def _is_said_by_a_person(message: discord.Message) -> bool:
    if message.webhook_id is None:
        return not message.author.bot
    # Bots answer commands through a webhook with their application's own id (Discord's
    # documentation, "Receiving and Responding", section "Followup Messages").
    if message.webhook_id == message.application_id:
        return False
    return not is_replayed(message)


def _reply_to(message: discord.Message) -> int | None:
    # Forwards, pins and crossposts have a reference too.
    reference = message.reference
    if (
        reference is None
        or message.type is not discord.MessageType.reply
        or reference.channel_id != message.channel.id
    ):
        return None
    return reference.message_id


def _notes(message: discord.Message) -> list[str]:
    """Give a line of Markdown for each part of a message that is not its text or a file."""
    notes = [_forward_note(snapshot) for snapshot in message.message_snapshots]
    if message.poll is not None:
        options = " · ".join(_as_shown(answer.text) for answer in message.poll.answers)
        notes.append(f"Poll: {_as_shown(message.poll.question)} ({options})")
    notes += [f"Sticker: {_as_shown(sticker.name)}" for sticker in message.stickers]
    notes += [
        f"Voice message, {_minutes(file.duration)}"
        for file in message.attachments
        if file.duration is not None and file.is_voice_message()
    ]
    return notes


def _forward_note(snapshot: discord.MessageSnapshot) -> str:
    # The text is kept whole: it is what the post says, and its author made it Markdown.
    parts = [snapshot.content] if snapshot.content else []
    parts += [escape_markdown(attachment_name(_file_name(file))) for file in snapshot.attachments]
    parts += [f"Sticker: {_as_shown(sticker.name)}" for sticker in snapshot.stickers]
    return f"Forwarded: {' · '.join(parts)}" if parts else "Forwarded message"


def _as_shown(text: str) -> str:
    """Give Markdown that shows the text as it is, but for its spoilers: they are hidden here."""
    return escape_markdown(text).replace(r"\|\|", "||")


def _file_name(file: discord.Attachment) -> str:
    # A spoiler is marked in the name or by a flag (Discord's documentation, "Attachment Flags");
    # the name alone is kept, so the mark is put there.
    marked = file.is_spoiler() and not file.filename.startswith(_SPOILER_MARK)
    return f"{_SPOILER_MARK}{file.filename}" if marked else file.filename


def _minutes(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"
