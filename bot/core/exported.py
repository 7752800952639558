"""What an export is made of: a whole discussion, as the files show it.

Times are aware and in UTC. Posts are named by their numbers: local ids and members' ids have no
place in a file that leaves the server, nor have the addresses of attachments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.core.model import Attachment, Book, PostKind, Revision


class Visibility(Enum):
    """Whether a post shows what it says; the value is what a reader is told in its place."""

    SHOWN = ""
    DELETED = "This post was deleted."
    NOT_PUBLISHED = "The author has not agreed to publish this."


@dataclass(frozen=True, slots=True)
class Names:
    """What mentions in the texts stand for, by the ids in them; one that is missing is unnamed.

    `channels` holds threads too.
    """

    users: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportedPost:
    """A post with what it answers and what it said before.

    `author` is None where nobody known wrote it, and where `visibility` hides the post; then
    `content`, `attachments`, `notes` and `revisions` are empty too. `user_id` is the author's on
    Discord: it decides what may be published, and no file shows it. `answers` is the number of
    the post it answers, `replies` are those of the posts that answer it. `revisions` are its
    earlier texts, oldest first, without the present one. Old posts of imported pages are plain
    text (`is_markdown` false); `url` opens the post in Discord, where it is still to be opened.
    """

    number: int
    author: str | None
    kind: PostKind
    posted_at: datetime
    content: str = ""
    is_markdown: bool = True
    edited_at: datetime | None = None
    edited_in_gap: bool = False
    answers: int | None = None
    replies: tuple[int, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    visibility: Visibility = Visibility.SHOWN
    url: str | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExportedDiscussion:
    """A discussion with all its posts, in the order of their numbers.

    `participants` counts the authors of the posts that are there, `post_count` those posts,
    `tracked_by` the members who follow it. `stars` say how the book is liked, such as "4.2 out of
    5 stars (17)", None while nobody said. `url` opens the discussion in Discord.
    """

    id: int
    title: str
    forum: str
    book: Book | None
    participants: int
    post_count: int
    tracked_by: int
    posts: tuple[ExportedPost, ...]
    names: Names = field(default_factory=Names)
    stars: str | None = None
    url: str | None = None
