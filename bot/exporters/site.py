"""Gives the files of the public site: a page a discussion, an index a book, and an Atom feed.

What it is handed is published as it is: `bot.core.publication` decides what that may be.
"""

from __future__ import annotations

import heapq
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from bot.core.excerpt import Surface, excerpt
from bot.core.exported import ExportedDiscussion, ExportedPost, Visibility
from bot.core.model import Book
from bot.core.old_text import old_markdown
from bot.exporters.html import Place, discussion_html, environment, page_part, policy
from bot.exporters.wording import plain, shown_author

HOME = "index.html"
FEED = "feed.xml"
PAGE_NAME = re.compile(r"index\.html|feed\.xml|(?:discussion|book)-[0-9]+\.html")
"""What the site's files are called: those of an earlier build are known by it."""

_NEWEST = 50
_SUMMARY_LIMIT = 400
_TITLE = "Discussions"
# XML 1.0 (https://www.w3.org/TR/xml/#charsets) has no way to write these.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Random: the names of this program's feeds and their entries.
_IDS = uuid.UUID("b0fd0ea8-5a4f-4c0c-9a0b-7f6d8f0b9c11")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """A discussion's line in an index."""

    address: str
    title: str
    book: Book | None
    post_count: int
    participants: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A post in the feed; moments are as RFC 4287 has them."""

    title: str
    id: str
    published: str
    updated: str
    author: str
    address: str
    summary: str


class Site:
    """Gathers the discussions one by one, and then gives what is about all of them.

    `url` is where the site will stand, without a slash at its end; None where that is not known:
    then addresses are relative, and there are no canonical ones.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._listed: list[Listed] = []
        self._newest: list[tuple[datetime, int, int, FeedEntry]] = []

    def page(self, discussion: ExportedDiscussion) -> tuple[str, bytes]:
        """Give the name and the content of a discussion's page, and remember it for the indexes."""
        name = f"discussion-{discussion.id}.html"
        latest = max((post.posted_at for post in discussion.posts), default=None)
        title = plain(discussion.title) or "(untitled)"
        self._listed.append(
            Listed(
                name,
                title,
                discussion.book,
                discussion.post_count,
                discussion.participants,
                latest,
            )
        )
        for post in discussion.posts:
            if post.visibility is Visibility.SHOWN:
                self._remember(discussion, title, post, name)
        book = None if discussion.book is None else _book_page(discussion.book)
        place = Place(home=HOME, book=book, feed=FEED, canonical=self._canonical(name))
        return name, discussion_html(discussion, place)

    def indexes(self) -> Iterator[tuple[str, bytes]]:
        """Give the names and contents of the indexes, and of the feed."""
        books: dict[int, list[Listed]] = {}
        others = []
        for each in sorted(self._listed, key=_latest, reverse=True):
            if each.book is None:
                others.append(each)
            else:
                books.setdefault(each.book.id, []).append(each)
        groups: list[tuple[str, str | None, list[Listed]]] = []
        for entries in books.values():
            book = entries[0].book
            if book is not None:
                groups.append((plain(book.title), _book_page(book), entries))
                yield _book_page(book), self._book_index(book, entries)
        if others:
            groups.append(("Without a book" if groups else "", None, others))
        yield HOME, self._index(HOME, _TITLE, "", groups)
        yield FEED, self._feed()

    def _book_index(self, book: Book, entries: Sequence[Listed]) -> bytes:
        facts = [f"by {plain(book.author)}" if book.author else "", plain(book.edition or "")]
        subtitle = ", ".join(filter(None, facts))
        return self._index(_book_page(book), plain(book.title), subtitle, [("", None, entries)])

    def _index(
        self,
        name: str,
        title: str,
        subtitle: str,
        groups: Sequence[tuple[str, str | None, Sequence[Listed]]],
    ) -> bytes:
        css = page_part("discussion.css")
        page = (
            environment()
            .get_template("site.html.jinja")
            .render(
                title=title,
                subtitle=subtitle,
                groups=groups,
                home=None if name == HOME else HOME,
                feed=FEED,
                canonical=self._canonical(name),
                policy=policy(css),
                css=Markup(css),  # noqa: S704 - the file in `pages/`
            )
        )
        return page.encode("utf-8", "replace")

    def _feed(self) -> bytes:
        newest = [entry for *_, entry in sorted(self._newest, reverse=True)]
        feed = (
            environment()
            .get_template("feed.xml.jinja")
            .render(
                title=_TITLE,
                id=_id(f"feed {self._url or (newest and newest[-1].id)}"),
                updated=max((entry.updated for entry in newest), default=_moment(_EPOCH)),
                address=self._canonical(FEED),
                home=self._address(HOME),
                entries=newest,
            )
        )
        return _NO_XML.sub("", feed).encode("utf-8", "replace")

    def _remember(
        self, discussion: ExportedDiscussion, title: str, post: ExportedPost, name: str
    ) -> None:
        place = (post.posted_at, discussion.id, post.number)
        if len(self._newest) == _NEWEST and place < self._newest[0][:3]:
            return
        author = shown_author(post)
        entry = FeedEntry(
            title=f"{author} in {title}",
            id=_id(f"{discussion.id} {post.number} {post.posted_at.isoformat()}"),
            published=_moment(post.posted_at),
            updated=_moment(post.edited_at or post.posted_at),
            author=author,
            address=f"{self._address(name)}#post-{post.number}",
            # Plain text: readers of feeds would show what a spoiler hides.
            summary=_summary(post),
        )
        heapq.heappush(self._newest, (*place, entry))
        if len(self._newest) > _NEWEST:
            heapq.heappop(self._newest)

    def _address(self, name: str) -> str:
        return name if self._url is None else f"{self._url}/{name}"

    def _canonical(self, name: str) -> str | None:
        return None if self._url is None else f"{self._url}/{name}"


def _latest(listed: Listed) -> datetime:
    return listed.latest or _EPOCH


def _summary(post: ExportedPost) -> str:
    text = post.content if post.is_markdown else old_markdown(post.content)
    return excerpt(text, _SUMMARY_LIMIT, Surface.PLAIN) if text else ""


def _book_page(book: Book) -> str:
    return f"book-{book.id}.html"


def _id(name: str) -> str:
    """Give an id that stays when the site moves (RFC 4287, "The atom:id Element")."""
    return uuid.uuid5(_IDS, name).urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
