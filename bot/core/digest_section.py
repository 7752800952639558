"""A discussion's part of a digest, as it is filled while there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.core.digest_opening import facts, section_title
from bot.core.digest_posts import TextLengths, changed_post, new_post, other_changes
from bot.core.digest_room import MOST_IN_DESCRIPTION
from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind
from bot.core.model import DiscussionNews, channel_url
from bot.core.post_line import book_line, counted

_MOST_OTHER_CHANGES = 3
_BUSY = "-# So much is written here that you are told of it once an hour, until it calms down."


@dataclass(frozen=True, slots=True)
class DigestSection:
    """What is new in one discussion, as Markdown to be joined by newlines.

    `url` opens the discussion and is None where it has no thread. `discussion_id` is None for a
    section that stands for several. `first_number` is that of the first new post, if it has one.
    """

    title: str
    url: str | None
    lines: tuple[str, ...]
    discussion_id: int | None = None
    first_number: int | None = None

    @property
    def length(self) -> int:
        """How much it takes of Discord's limits."""
        return utf16_length(self.title) + utf16_length("\n".join(self.lines))


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something to be told, in words only once it is its turn: to shorten a text takes time.

    `post_ids` are the posts that it shows; `is_near` says that it concerns the reader.
    """

    post_ids: tuple[int, ...]
    words: Callable[[], str]
    is_near: bool = False


@dataclass(slots=True)
class Draft:
    """A section as it grows: `told` are the words of its first entries."""

    news: DiscussionNews
    title: str
    heading: str | None
    entries: Sequence[_Entry]
    told: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether all that could be told is."""
        return len(self.told) == len(self.entries)

    @property
    def next_is_near(self) -> bool:
        """Whether what comes next concerns the reader."""
        return not self.is_complete and self.entries[len(self.told)].is_near

    def add(self, room: int) -> int | None:
        """Tell the next entry, and give the room it takes; None where it does not fit."""
        before = self.section().length
        self.told.append(self.entries[len(self.told)].words())
        section = self.section()
        taken = section.length - before
        if taken > room or utf16_length("\n".join(section.lines)) > MOST_IN_DESCRIPTION:
            self.told.pop()
            return None
        return taken

    def shown(self) -> tuple[int, ...] | None:
        """Give the ids of the posts that are shown; None where all that is new is."""
        ids = self._shown_ids()
        is_all = len(ids) == self.news.new_post_count + self.news.edited_count
        return None if is_all else ids

    def section(self) -> DigestSection:
        """Give the section as it is now, with how much it leaves out."""
        news = self.news
        paragraphs = [
            *filter(None, [self.heading]),
            *self.told,
            *filter(None, [self._more(), _BUSY if news.is_busy else None]),
        ]
        spaced = [line for paragraph in paragraphs for line in ("", *paragraph.split("\n"))]
        return DigestSection(
            title=self.title,
            url=discussion_url(news),
            lines=tuple(spaced[1:]),
            discussion_id=news.discussion.id,
            first_number=news.first_number,
        )

    def _shown_ids(self) -> tuple[int, ...]:
        entries = self.entries[: len(self.told)]
        return tuple(post_id for entry in entries for post_id in entry.post_ids)

    def _more(self) -> str | None:
        """Say how much of the news is left out, and where to read it."""
        shown = set(self._shown_ids())
        posts = sum(new.post.id in shown for new in self.news.posts)
        edits = sum(each.post.id in shown for each in self.news.edited)
        left_out = {
            "more new post": self.news.new_post_count - posts,
            "more edited post": self.news.edited_count - edits,
        }
        more = [counted(number, thing) for thing, number in left_out.items() if number > 0]
        if not more:
            return None
        url = discussion_url(self.news)
        where = "" if url is None else f", or [open the discussion]({url})"
        return f"**and {' and '.join(more)}**: press Read{where}"


def draft(
    news: DiscussionNews, kind: DigestKind, reader_id: int | None, lengths: TextLengths
) -> Draft:
    """Begin a section, of which nothing is told yet but how much is new."""
    return Draft(
        news=news,
        title=section_title(kind, news),
        heading=_heading(news, kind),
        entries=tuple(_entries(news, reader_id, lengths)),
    )


def _entries(news: DiscussionNews, reader_id: int | None, lengths: TextLengths) -> Iterator[_Entry]:
    """Give what there is to tell, what concerns the reader first.

    What a post answers is quoted where it is not in sight above.
    """
    in_sight = set[int | None]()
    for new in (each for each in news.posts if each.concern is not None):
        quotes = new.post.parent_id not in in_sight
        words = partial(new_post, new, reader_id, lengths, quotes_answered=quotes)
        yield _Entry((new.post.id,), words, is_near=True)
        in_sight = {new.post.parent_id}
    for each in news.edited:
        if each.is_answered:
            yield _Entry((each.post.id,), partial(changed_post, each.post, lengths), is_near=True)
            in_sight.add(each.post.id)
    in_sight |= {new.post.id for new in news.posts if new.concern is not None}
    for new in (each for each in news.posts if each.concern is None):
        quotes = new.post.parent_id not in in_sight
        words = partial(new_post, new, reader_id, lengths, quotes_answered=quotes)
        yield _Entry((new.post.id,), words)
        in_sight |= {new.post.id, new.post.parent_id}
    changes = [each for each in news.edited if not each.is_answered][:_MOST_OTHER_CHANGES]
    if changes:
        ids = tuple(each.post.id for each in changes)
        yield _Entry(ids, partial(other_changes, changes))


def _heading(news: DiscussionNews, kind: DigestKind) -> str | None:
    """Say which book a discussion is about and how much is new; of a notice what is not shown."""
    if kind is DigestKind.NOTICE and not (news.is_new or news.imported_count):
        return None
    book = news.discussion.book
    said = facts(news)
    if book is not None:
        said.insert(0, book_line(book))
    return f"-# {' · '.join(said)}"


def discussion_url(news: DiscussionNews) -> str | None:
    """Give the address that opens the discussion, or None where it has no thread."""
    discussion = news.discussion
    if discussion.thread_id is None:
        return None
    return channel_url(discussion.guild_id, discussion.thread_id)
