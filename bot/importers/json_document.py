"""Read a discussion from the JSON that the bot exports (`marginalia.discussion/1`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.core.imported import ImportedBook, ImportedDiscussion, ImportedPost, PageWarning
from bot.core.model import PostKind
from bot.importers.refusal import PageRefusedError

_SCHEMA = "marginalia.discussion/1"
_AGAIN = "Export the discussion again and import that."
_EVIDENCE = ("link", "reply", "address", "quotation")


def is_json(text: str) -> bool:
    """Say whether a file's text is a JSON object rather than a page."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def read_document(text: str) -> ImportedDiscussion:
    """Read a discussion that `bot.exporters.json` wrote.

    Raises `PageRefusedError` when the text is none, naming the first field that is wrong.
    """
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise PageRefusedError(
            f"the JSON breaks off or is damaged. {_AGAIN}", error.lineno
        ) from error
    except (ValueError, RecursionError) as error:  # an endless number, endless brackets
        raise PageRefusedError(f"is not a discussion that was exported here. {_AGAIN}") from error
    document = _Fields(value, "")
    if not isinstance(value, dict) or value.get("schema") != _SCHEMA:
        raise PageRefusedError(f"is JSON, but no discussion of the form {_SCHEMA}. {_AGAIN}")
    posts = tuple(_post(fields) for fields in document.objects("posts"))
    numbers = [post.number for post in posts]
    if numbers != sorted(set(numbers)):
        raise PageRefusedError(f"has posts that are not in the order of their numbers. {_AGAIN}")
    return ImportedDiscussion(
        title=document.text("title"),
        forum=document.text_or_none("forum"),
        book=_book(document.object_or_none("book")),
        participants=document.count_or_none("participants"),
        total_posts=document.count_or_none("total_posts"),
        tracked_by=document.count_or_none("tracked_by"),
        initial_post=document.day_or_none("initial_post"),
        latest_post=document.day_or_none("latest_post"),
        missing_posts=tuple(document.ranges("missing_posts")),
        posts=posts,
        warnings=tuple(
            PageWarning(fields.number("line"), fields.text("message"))
            for fields in document.objects("warnings")
        ),
    )


def _post(fields: _Fields) -> ImportedPost:
    number = fields.number("number")
    parent = fields.count_or_none("in_reply_to")
    if parent is not None and not 1 <= parent < number:
        raise fields.wrong("in_reply_to")
    return ImportedPost(
        number=number,
        author=fields.text_or_none("author"),
        posted_at=fields.moment("posted_at"),
        edited_at=None if fields.get("edited_at") is None else fields.moment("edited_at"),
        kind=PostKind(fields.one_of("kind", tuple(PostKind))),
        content=fields.text("content"),
        in_reply_to=parent,
        reply_evidence=(
            None
            if fields.get("reply_evidence") is None
            else fields.one_of("reply_evidence", _EVIDENCE)
        ),
    )


def _book(fields: _Fields | None) -> ImportedBook | None:
    if fields is None:
        return None
    rating = fields.get("rating")
    if isinstance(rating, bool) or not isinstance(rating, int | float | None):
        raise fields.wrong("rating")
    if rating is not None and not 0 <= rating <= 5:
        raise fields.wrong("rating")
    return ImportedBook(
        title=fields.text("title"),
        binding=fields.text_or_none("binding"),
        author=fields.text_or_none("author"),
        edition=fields.text_or_none("edition"),
        rating=rating,
        rating_count=fields.count_or_none("rating_count"),
        asin=fields.text_or_none("asin"),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """An object of the document, and the path to it; each field is read as what it must be."""

    value: object
    path: str

    def get(self, name: str) -> object:
        if not isinstance(self.value, Mapping) or name not in self.value:
            raise self.wrong(name)
        return self.value[name]

    def text(self, name: str) -> str:
        value = self.get(name)
        # A half of a surrogate pair can be written in JSON, and is no text.
        if not isinstance(value, str) or any("\ud800" <= c <= "\udfff" for c in value):
            raise self.wrong(name)
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self.get(name) is None else self.text(name)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise self.wrong(name)
        return value

    def count_or_none(self, name: str) -> int | None:
        return None if self.get(name) is None else self._whole(name, self.get(name), least=0)

    def number(self, name: str) -> int:
        return self._whole(name, self.get(name), least=1)

    def moment(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
            if moment.tzinfo is None:
                raise self.wrong(name)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(name) from None

    def day_or_none(self, name: str) -> date | None:
        try:
            return None if self.get(name) is None else date.fromisoformat(self.text(name))
        except ValueError:
            raise self.wrong(name) from None

    def object_or_none(self, name: str) -> _Fields | None:
        return None if self.get(name) is None else _Fields(self.get(name), f"{self.path}{name}.")

    def objects(self, name: str) -> Iterator[_Fields]:
        for place, value in enumerate(self._list(name)):
            yield _Fields(value, f"{self.path}{name}[{place}].")

    def ranges(self, name: str) -> Iterator[tuple[int, int]]:
        for value in self._list(name):
            if not isinstance(value, list) or len(value) != 2:
                raise self.wrong(name)
            yield self._whole(name, value[0], least=1), self._whole(name, value[1], least=1)

    def wrong(self, name: str) -> PageRefusedError:
        return PageRefusedError(
            f"is no whole discussion of the form {_SCHEMA}: “{self.path}{name}” is not what it "
            f"must be. {_AGAIN}"
        )

    def _list(self, name: str) -> list[object]:
        value = self.get(name)
        if not isinstance(value, list):
            raise self.wrong(name)
        return value

    def _whole(self, name: str, value: object, *, least: int) -> int:
        # The bound is what a page prints: it keeps what follows from overflowing.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 10**9:
            raise self.wrong(name)
        return value
