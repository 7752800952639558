"""The values the bot speaks in: posts, revisions, discussions, forums, books, digests.

Every time is an aware `datetime` in UTC. Every Discord id is an `int` (a snowflake); ids
named only `id` are local row ids of the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.level import DigestKind


class PostKind(StrEnum):
    """What a post is to its discussion, in the words of the old forums."""

    INITIAL = "initial"
    POST = "post"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post.

    `user_id` is absent for a webhook's posts and for authors of imported pages.
    """

    id: int
    name: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a post, without its address: Discord's addresses expire.

    `size` is in bytes; `description` is the alternative text its author gave.
    """

    id: int
    name: str
    content_type: str | None
    size: int
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """What a forum, a forum tag or a single discussion is about.

    `rating` and `rating_count` are those of an imported page; members' own are `Ratings`.
    """

    id: int
    guild_id: int
    title: str
    author: str | None = None
    edition: str | None = None
    binding: str | None = None
    asin: str | None = None
    rating: float | None = None
    rating_count: int | None = None
    isbn: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum or text channel whose threads are discussions.

    `host_id` is the member who set it up and is told when something needs a decision.
    `removed_at` is set when a host ended it with `/setup remove`. `hidden_at` is set then, when
    the channel was deleted on Discord, and when the bot left the server: nothing new is recorded.
    """

    id: int
    guild_id: int
    name: str
    is_forum_channel: bool
    host_id: int
    book: Book | None = None
    removed_at: datetime | None = None
    hidden_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Discussion:
    """One debate: a Discord thread, or an imported page that may not have its thread yet.

    `is_current` says that everything up to now has been read; while it is false, new posts
    get no number. `hidden_at` is set when the thread was deleted on Discord or its forum is
    hidden; at `erase_at` it is erased.
    """

    id: int
    guild_id: int
    forum_id: int
    thread_id: int | None
    title: str
    book: Book | None
    is_private: bool
    is_locked: bool
    is_archived: bool
    is_current: bool
    post_count: int
    hidden_at: datetime | None = None
    erase_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it now stands.

    `number` is its place in the discussion, from 1, given once everything before it is known
    and never changed. `parent_id` is set only for a true reply to a known post; a reply whose
    parent is unknown has `kind` REPLY and no parent. `author` is absent where the page that
    was imported did not name one. A deleted post keeps its place with empty `content`
    and no author.
    `notes` are readable lines for what has no text: a poll, a sticker, a voice message, a
    forward. `edited_in_gap` marks that there may be edits the bot was not there to see.
    """

    id: int
    discussion_id: int
    thread_id: int | None
    message_id: int | None
    channel_id: int | None
    guild_id: int
    number: int | None
    author: Author | None
    kind: PostKind
    content: str
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]
    posted_at: datetime
    edited_at: datetime | None
    edited_in_gap: bool
    parent_id: int | None
    reply_count: int
    is_deleted: bool
    is_imported: bool

    @property
    def jump_url(self) -> str | None:
        """The address that opens this post in Discord, or None while it has no message."""
        if self.message_id is None or self.channel_id is None:
            return None
        return jump_url(self.guild_id, self.channel_id, self.message_id)


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier or the present text of a post, from `written_at` on.

    `after_gap` marks a text that was found after the bot had been away: there may have been
    others between it and the one before.
    """

    content: str
    attachments: tuple[Attachment, ...]
    written_at: datetime
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The path from the first known ancestor to a post, that post last.

    `initial` is the discussion's initial post, shown above as context; it is None when it is
    the first of `posts` itself or is not known. `is_cut` marks that the path was longer than
    was asked for, and that its middle is left out after the first post. `root_parent_unknown`
    marks that the first post answers one that the bot does not know.
    """

    discussion: Discussion
    initial: Post | None
    posts: tuple[Post, ...]
    is_cut: bool
    root_parent_unknown: bool


class Concern(StrEnum):
    """How a new post concerns the reader of a digest."""

    QUESTION = "question"
    """It answers or mentions them, asks something, and they have not answered it."""
    ANSWER = "answer"
    """It answers a post of theirs."""
    MENTION = "mention"
    """It names them."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post in a digest, with the post it answers where that is known.

    `concern` is None where the post has nothing to do with the reader.
    """

    post: Post
    parent: Post | None
    concern: Concern | None = None


@dataclass(frozen=True, slots=True)
class EditedPost:
    """An earlier post, changed since; `is_answered` says that the reader had answered it."""

    post: Post
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class DiscussionNews:
    """What is new in one discussion for one reader.

    `new_post_count` counts others' new posts, `author_count` who wrote them; `posts` are those
    of them that matter most to the reader, as many as a digest could ever show, in the order in
    which they are to be told. `edited` are others' earlier posts changed since, likewise.
    `imported_count` counts others' old posts that were brought back: they are no new posts.
    `answered_by` are the ids of the authors who answered the reader, and `asked_by` of those who
    ask them something that they have not answered. `first_number` is the number
    of the first new post, where it has one. `is_busy` marks a discussion with so many posts
    that those who want to hear of every post are told once an hour.
    """

    discussion: Discussion
    is_new: bool
    new_post_count: int
    author_count: int
    posts: tuple[NewPost, ...]
    edited_count: int
    edited: tuple[EditedPost, ...]
    imported_count: int = 0
    answered_by: frozenset[int] = frozenset()
    asked_by: frozenset[int] = frozenset()
    first_number: int | None = None
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person, or a channel's readers, are to be told.

    `reader_id` is None for a channel's digest. `up_to` is the last news mark that it covers.
    """

    kind: DigestKind
    reader_id: int | None
    up_to: int
    news: tuple[DiscussionNews, ...]


def channel_url(guild_id: int, channel_id: int) -> str:
    """Give the address that opens a channel or a thread in Discord."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}"


def jump_url(guild_id: int, channel_id: int, message_id: int) -> str:
    """Give the address that opens a message in Discord."""
    return f"{channel_url(guild_id, channel_id)}/{message_id}"
