"""Give what an import would bring, for a person to decide by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from bot.core.imported import ImportedBook, ImportedDiscussion
from bot.core.model import PostKind

_MOST_AUTHORS = 10


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a page says of its discussion, such as "Posts" and "25 of 29"."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A discussion in short: plain text, times in UTC; `oddities` have each its line."""

    title: str
    facts: tuple[Fact, ...]
    oddities: tuple[str, ...]


def preview_of(discussion: ImportedDiscussion) -> Preview:
    """Give title, book, posts found and missing, authors, dates, links, and all that was odd."""
    return Preview(
        title=discussion.title,
        facts=tuple(_facts(discussion)),
        oddities=tuple(map(str, discussion.warnings)),
    )


def discussion_preview(discussion: ImportedDiscussion) -> str:
    """Give the same as text for a terminal; lines end in line ends."""
    preview = preview_of(discussion)
    facts = [f"{fact.label}: {fact.words}" for fact in preview.facts]
    below = "".join(f"  {line}\n" for line in (*facts, *preview.oddities))
    return f"{preview.title}\n{below}"


def _facts(discussion: ImportedDiscussion) -> Iterator[Fact]:
    if discussion.forum is not None:
        yield Fact("Forum", discussion.forum)
    if discussion.book is not None:
        yield Fact("Book", _book(discussion.book))
    total = "" if discussion.total_posts is None else f" of {discussion.total_posts:,}"
    yield Fact("Posts", f"{len(discussion.posts):,}{total}")
    if discussion.missing_posts:
        ranges = ", ".join(
            str(first) if first == last else f"{first}-{last}"
            for first, last in discussion.missing_posts
        )
        yield Fact("Missing", f"{ranges} (on the discussion's other pages)")
    yield Fact("Authors", _authors(discussion))
    first = min(post.posted_at for post in discussion.posts).astimezone(UTC)
    last = max(post.posted_at for post in discussion.posts).astimezone(UTC)
    yield Fact("Written", f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")
    yield Fact("Replies", _replies(discussion))
    if discussion.participants is not None:
        tracked = discussion.tracked_by
        trackers = "" if tracked is None else f", tracked by {tracked:,}"
        yield Fact("Participants", f"{discussion.participants:,}{trackers}")


def _book(book: ImportedBook) -> str:
    binding = "" if book.binding is None else f" [{book.binding}]"
    author = "" if book.author is None else f" by {book.author}"
    edition = "" if book.edition is None else f" ({book.edition})"
    count = "" if book.rating_count is None else f" ({book.rating_count:,})"
    stars = "" if book.rating is None else f", {book.rating} out of 5 stars{count}"
    return f"{book.title}{binding}{author}{edition}{stars}"


def _authors(discussion: ImportedDiscussion) -> str:
    """Give the authors with most posts, and how many others there are."""
    counts = Counter(post.author for post in discussion.posts)
    unnamed = counts.pop(None, 0)
    named = [
        f"{author} ({count})" if count > 1 else f"{author}"
        for author, count in counts.most_common(_MOST_AUTHORS)
    ]
    if len(counts) > _MOST_AUTHORS:
        named.append(f"{len(counts) - _MOST_AUTHORS:,} more")
    if unnamed:
        named.append(f"{_count(unnamed, 'post')} by nobody known")
    return ", ".join(named)


def _replies(discussion: ImportedDiscussion) -> str:
    """Give how many replies there are, and of how many it is known by what they answer whom."""
    replies = [
        post
        for post in discussion.posts
        if post.kind is PostKind.REPLY or post.in_reply_to is not None
    ]
    if not replies:
        return "none"
    evidence = Counter(
        post.reply_evidence or "a host" for post in replies if post.in_reply_to is not None
    )
    known = sum(evidence.values())
    if not known:
        return f"{len(replies):,}; for none is it known what they answer"
    unknown = len(replies) - known
    by = ", ".join(f"{count:,} by {name}" for name, count in sorted(evidence.items()))
    rest = f", for {unknown:,} it is not" if unknown else ""
    return f"{len(replies):,}; for {known:,} it is known what they answer ({by}){rest}"


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else f'{one}s'}"
