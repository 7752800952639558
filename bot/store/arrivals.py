"""Stores messages as they are now: new posts together, known ones each by itself.

A storm is almost all new posts, so these cost one statement a batch for each thing there is to
know or to write, whatever their number.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.core.incoming import IncomingPost
from bot.core.model import Attachment, PostKind
from bot.core.search_words import indexed_text
from bot.store.authors import author_ids
from bot.store.batch import Arrival, Outcome, Recorded
from bot.store.database import to_milliseconds
from bot.store.known_messages import KnownMessage, known_messages, tombstones
from bot.store.orphans import adopt
from bot.store.search_index import free_keys, search_place_of
from bot.store.versions import NOTHING, StoredText, record_version, written_at

_INSERT = """
    INSERT INTO post (
        id, discussion_id, message_id, channel_id, number, author_id, kind, parent_id, root_id,
        depth, awaited_id, content, attachments, notes, posted_at, edited_at, edited_in_gap, mark,
        deleted_at, search_text, search_place, search_key
    )
    VALUES """
_VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# After each statement FTS5 puts its share of the index into a part of its own, and SQLite takes
# 32,766 parameters at most.
MOST_ROWS = 256

Row = tuple[int | str | None, ...]
"""What the columns of a new post hold."""


@dataclass(slots=True)
class _Tally:
    """A discussion as it grows with a batch; `next_number` is None while numbers wait."""

    search_place: str
    next_number: int | None
    added: int = 0

    def take_number(self) -> int | None:
        number = self.next_number
        if number is not None:
            self.next_number = number + 1
        return number


def record_arrivals(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> list[Recorded]:
    """Store these messages and say, in their order, what became of each.

    New posts are numbered and marked in the order of their ids.
    """
    if not arrivals:
        return []
    return _Recorder(connection, arrivals).record()


class _Recorder:
    """One batch's arrivals: what is known of them at first, and what they add."""

    def __init__(self, connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> None:
        self._connection = connection
        self._arrivals = arrivals
        messages = {arrival.post.message_id for arrival in arrivals}
        parents = {arrival.post.reply_to for arrival in arrivals} - {None}
        wanted = json.dumps([*messages.union(parents)])
        self._places = known_messages(connection, wanted)
        self._tombstones = tombstones(connection, wanted)
        self._tallies = _tallies(connection, {arrival.discussion_id for arrival in arrivals})
        self._authors = author_ids(connection, [arrival.post for arrival in arrivals])
        self._next_id = _value(connection, "SELECT ifnull(max(id), 0) + 1 FROM post")
        self._mark = _value(connection, "SELECT value FROM news_mark")
        self._rows: list[Row] = []
        self._new_messages: list[int] = []
        self._moments: list[int] = []
        self._replies: Counter[int] = Counter()

    def record(self) -> list[Recorded]:
        recorded: dict[int, Recorded] = {}
        known: list[int] = []
        order = sorted(
            range(len(self._arrivals)), key=lambda index: self._arrivals[index].post.message_id
        )
        for index in order:
            arrival = self._arrivals[index]
            if arrival.post.message_id in self._places:
                known.append(index)
            elif arrival.discussion_id not in self._tallies:
                recorded[index] = Recorded(Outcome.BLOCKED, None)
            else:
                recorded[index] = self._add(arrival)
        self._write()
        for index in known:
            recorded[index] = self._revise(self._arrivals[index])
        self._connection.execute("UPDATE news_mark SET value = ?", (self._mark,))
        return [recorded[index] for index in range(len(self._arrivals))]

    def _add(self, arrival: Arrival) -> Recorded:
        post = arrival.post
        tally = self._tallies[arrival.discussion_id]
        erased_at = self._tombstones.get(post.message_id)
        posted_at = to_milliseconds(post.posted_at)
        parent, awaited_id = self._parent(arrival)
        post_id = self._next_id
        self._next_id += 1
        self._mark += 1
        place = KnownMessage(
            post_id=post_id,
            discussion_id=arrival.discussion_id,
            root_id=post_id if parent is None else parent.root_id,
            depth=0 if parent is None else parent.depth + 1,
            awaited_id=awaited_id,
        )
        self._places[post.message_id] = place
        self._new_messages.append(post.message_id)
        self._moments.append(posted_at)
        is_edited = erased_at is None and post.edited_at is not None
        self._rows.append(
            (
                post_id,
                arrival.discussion_id,
                post.message_id,
                post.channel_id,
                tally.take_number(),
                self._authors[post.user_id or post.author_name],
                _kind(post),
                None if parent is None else parent.post_id,
                place.root_id,
                place.depth,
                awaited_id,
                *(_text(post) if erased_at is None else NOTHING),
                posted_at,
                written_at(post) if is_edited else None,
                int(is_edited and arrival.after_gap),
                self._mark,
                erased_at,
                None if erased_at is not None else _indexed(post),
                tally.search_place,
            )
        )
        if erased_at is not None:
            return Recorded(Outcome.BLOCKED, post_id, self._unknown(awaited_id))
        tally.added += 1
        if parent is not None:
            self._replies[parent.post_id] += 1
        return Recorded(Outcome.NEW, post_id, self._unknown(awaited_id))

    def _parent(self, arrival: Arrival) -> tuple[KnownMessage | None, int | None]:
        """Give the post that is answered, or the message to wait for."""
        reply_to = arrival.post.reply_to
        # A message answers an earlier one: this is what keeps chains free of circles.
        if reply_to is None or reply_to >= arrival.post.message_id or arrival.post.is_initial:
            return None, None
        parent = self._places.get(reply_to)
        if parent is None:
            return None, reply_to
        if parent.discussion_id != arrival.discussion_id:
            return None, None
        return parent, None

    def _revise(self, arrival: Arrival) -> Recorded:
        place = self._places[arrival.post.message_id]
        outcome, is_later = record_version(
            self._connection, place.post_id, arrival, _text(arrival.post), self._mark + 1
        )
        self._mark += is_later
        return Recorded(outcome, place.post_id, self._unknown(place.awaited_id))

    def _unknown(self, awaited_id: int | None) -> int | None:
        if awaited_id in self._tombstones or awaited_id in self._places:
            return None
        return awaited_id

    def _with_keys(self) -> list[Row]:
        keys = free_keys(self._connection, self._moments)
        return [(*row, key) for row, key in zip(self._rows, keys, strict=True)]

    def _write(self) -> None:
        if not self._rows:
            return
        _insert(self._connection, self._with_keys())
        _count_replies(self._connection, self._replies)
        self._connection.executemany(
            "UPDATE discussion SET post_count = post_count + ?,"
            " next_number = ifnull(?, next_number) WHERE id = ?",
            [
                (tally.added, tally.next_number, discussion_id)
                for discussion_id, tally in self._tallies.items()
            ],
        )
        adopt(self._connection, self._new_messages)


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Insert new posts, many with each statement.

    Their numbers are powers of two, so that the same few statements serve again: to prepare one
    takes twice as long as to run it. What is no valid text fails here, and not when it is read.
    """
    start = 0
    while start < len(rows):
        count = min(MOST_ROWS, 1 << (len(rows) - start).bit_length() - 1)
        connection.execute(
            _INSERT + ", ".join([_VALUES] * count),
            [*chain.from_iterable(rows[start : start + count])],
        )
        start += count


def _kind(post: IncomingPost) -> PostKind:
    if post.is_initial:
        return PostKind.INITIAL
    return PostKind.POST if post.reply_to is None else PostKind.REPLY


def _indexed(post: IncomingPost) -> str | None:
    return indexed_text(post.content, post.notes, post.attachments)


def _text(post: IncomingPost) -> StoredText:
    """Give content, attachments and notes as the columns hold them."""
    return (
        post.content,
        json.dumps([_fields(file) for file in post.attachments]) if post.attachments else None,
        json.dumps(post.notes) if post.notes else None,
    )


def _fields(file: Attachment) -> tuple[int, str, str | None, int, str | None]:
    return file.id, file.name, file.content_type, file.size, file.description


def _value(connection: sqlite3.Connection, query: str) -> int:
    value: int = connection.execute(query).fetchone()[0]
    return value


def _tallies(connection: sqlite3.Connection, discussion_ids: Collection[int]) -> dict[int, _Tally]:
    rows = connection.execute(
        "SELECT id, is_current, next_number, forum_id, is_private FROM discussion"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([*discussion_ids]),),
    )
    return {
        row["id"]: _Tally(
            search_place=search_place_of(row["forum_id"], is_private=bool(row["is_private"])),
            next_number=row["next_number"] if row["is_current"] else None,
        )
        for row in rows
    }


def _count_replies(connection: sqlite3.Connection, replies: Counter[int]) -> None:
    connection.execute(
        "UPDATE post SET reply_count = reply_count + json_extract(value, '$[1]')"
        " FROM json_each(?) WHERE post.id = json_extract(value, '$[0]')",
        (json.dumps([*replies.items()]),),
    )
