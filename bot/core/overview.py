"""What a list says of a discussion or a forum: how large, how lively, and about which book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.graphemes import utf16_length
from bot.core.model import Discussion, Forum, Post
from bot.core.post_line import book_line, counted, literal, timestamp

LIST_LENGTH = 10
"""How many entries a page of a list has: with the longest titles and links they fit a message."""

_TITLE_LIMIT = 120
# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
_MOST_CHARACTERS = 4000


class Sort(StrEnum):
    """The order of a list of discussions. The value stands in buttons, so it stays."""

    LATEST = "l"
    POSTS = "p"
    NEWEST = "n"
    TITLE = "t"

    @property
    def words(self) -> str:
        """What the order is called."""
        return {
            Sort.LATEST: "Latest post first",
            Sort.POSTS: "Most posts first",
            Sort.NEWEST: "Newest discussion first",
            Sort.TITLE: "By title",
        }[self]


@dataclass(frozen=True, slots=True)
class Overview:
    """A discussion with what the old forums told of it in a box.

    `participants` counts the authors of posts that are there, `tracked_by` the members who get
    its news in whichever way. `initial` and `latest` are None where there is no such post.
    """

    discussion: Discussion
    participants: int
    initial: Post | None
    latest: Post | None
    tracked_by: int


@dataclass(frozen=True, slots=True)
class ForumOverview:
    """A forum with how many discussions and posts of it a member may read."""

    forum: Forum
    discussions: int
    posts: int


def thread_url(discussion: Discussion) -> str | None:
    """Give the address that opens the thread, or None while there is none."""
    if discussion.thread_id is None:
        return None
    return f"https://discord.com/channels/{discussion.guild_id}/{discussion.thread_id}"


def discussions_text(overviews: Sequence[Overview]) -> str:
    """Give a page of a forum's list as Markdown of at most 4,000 characters."""
    return _fitting([_discussion_lines(each) for each in overviews]) or (
        "There is no discussion here that you can read."
    )


def forums_text(overviews: Sequence[ForumOverview]) -> str:
    """Give a page of a server's forums as Markdown of at most 4,000 characters."""
    return _fitting([_forum_lines(each) for each in overviews]) or (
        "There is no forum here that you can read. A host makes a channel one with `/setup forum`."
    )


def _discussion_lines(overview: Overview) -> str:
    discussion = overview.discussion
    title = literal(discussion.title, _TITLE_LIMIT)
    url = thread_url(discussion)
    facts = [
        counted(discussion.post_count, "post"),
        counted(overview.participants, "participant"),
        None if overview.latest is None else f"latest {timestamp(overview.latest.posted_at, 'R')}",
        f"tracked by {counted(overview.tracked_by, 'member')}",
        "archived" if discussion.is_archived else None,
    ]
    return f"**{title if url is None else f'[{title}]({url})'}**\n{' · '.join(filter(None, facts))}"


def _forum_lines(overview: ForumOverview) -> str:
    forum = overview.forum
    facts = [counted(overview.discussions, "discussion"), counted(overview.posts, "post")]
    book = [] if forum.book is None else [book_line(forum.book)]
    return "\n".join([f"**<#{forum.id}>**", *book, " · ".join(facts)])


def _fitting(entries: Sequence[str]) -> str:
    """Put entries together, as many as fit; `LIST_LENGTH` of them always do."""
    text = "\n\n".join(entries)
    if utf16_length(text) > _MOST_CHARACTERS:
        raise ValueError(f"{len(entries)} entries of a list do not fit a message")
    return text
