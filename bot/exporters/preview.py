"""Give what an import would bring, in lines for a person to decide by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC

from bot.core.imported import ImportedBook, ImportedDiscussion
from bot.core.model import PostKind

_MOST_AUTHORS = 10


def discussion_preview(discussion: ImportedDiscussion) -> str:
    """Give title, book, posts found and missing, authors, dates, links, and all that was odd.

    Lines end in line ends; times are UTC.
    """
    return "".join(f"{line}\n" for line in _lines(discussion))


def _lines(discussion: ImportedDiscussion) -> Iterator[str]:
    yield discussion.title
    if discussion.forum is not None:
        yield f"  Forum: {discussion.forum}"
    if discussion.book is not None:
        yield f"  Book: {_book(discussion.book)}"
    total = "" if discussion.total_posts is None else f" of {discussion.total_posts}"
    yield f"  Posts: {len(discussion.posts)}{total}"
    if discussion.missing_posts:
        ranges = ", ".join(
            str(first) if first == last else f"{first}-{last}"
            for first, last in discussion.missing_posts
        )
        yield f"  Missing: {ranges} (on the discussion's other pages)"
    yield f"  Authors: {_authors(discussion)}"
    first = min(post.posted_at for post in discussion.posts).astimezone(UTC)
    last = max(post.posted_at for post in discussion.posts).astimezone(UTC)
    yield f"  Written: {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    yield f"  Replies: {_replies(discussion)}"
    if discussion.participants is not None:
        tracked = discussion.tracked_by
        trackers = "" if tracked is None else f", tracked by {tracked}"
        yield f"  Participants: {discussion.participants}{trackers}"
    for warning in discussion.warnings:
        yield f"  Line {warning.line}: {warning.message}"


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
        named.append(f"{len(counts) - _MOST_AUTHORS} more")
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
    evidence = Counter(post.reply_evidence for post in replies if post.in_reply_to is not None)
    known = sum(evidence.values())
    by = ", ".join(f"{count} by {name}" for name, count in sorted(evidence.items(), key=str))
    told = f"{known} linked ({by})" if known else "none linked"
    return f"{len(replies)}: {told}, {len(replies) - known} to an unknown earlier post"


def _count(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else f'{one}s'}"
