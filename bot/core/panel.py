"""The wording of a discussion's panel: the box that the old forums had beside it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.book_card import Ratings, known_stars
from bot.core.model import Book, Post
from bot.core.overview import Overview, thread_url
from bot.core.post_line import counted, literal, timestamp

_TITLE_LIMIT = 240
_BOOK_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PanelMessage:
    """A panel: `fields` are names, plain, with their values, Markdown of at most 1,024 each."""

    title: str
    url: str | None
    fields: tuple[tuple[str, str], ...]

    @property
    def as_text(self) -> str:
        """All of it, to see whether it has changed."""
        return "\n".join([self.title, *(f"{name}: {value}" for name, value in self.fields)])


def compose_panel(overview: Overview, ratings: Ratings) -> PanelMessage:
    """Put into words how a discussion stands; `ratings` are those of its book."""
    discussion = overview.discussion
    fields: list[tuple[str, str]] = []
    if discussion.book is not None:
        fields.append(("This discussion is about", _book(discussion.book, ratings)))
    fields += [
        ("Participants", f"{overview.participants:,}"),
        ("Total posts", f"{discussion.post_count:,}"),
    ]
    for name, post in (("Initial post", overview.initial), ("Latest post", overview.latest)):
        if post is not None:
            fields.append((name, _when(post)))
    fields.append(("Tracked by", counted(overview.tracked_by, "member")))
    return PanelMessage(
        title=literal(discussion.title, _TITLE_LIMIT),
        url=thread_url(discussion),
        fields=tuple(fields),
    )


def _book(book: Book, ratings: Ratings) -> str:
    by = "" if book.author is None else f" by {literal(book.author, _BOOK_LIMIT)}"
    edition = "" if book.edition is None else f" ({literal(book.edition, _BOOK_LIMIT)})"
    stars = known_stars(book, ratings)
    return "\n".join(filter(None, (f"*{literal(book.title, _BOOK_LIMIT)}*{by}{edition}", stars)))


def _when(post: Post) -> str:
    when = timestamp(post.posted_at)
    return when if post.jump_url is None else f"[{when}]({post.jump_url})"
