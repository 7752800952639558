"""Finds posts in the full-text index (migration 0004), for one who may read them.

The index's labels narrow a search down to where its asker may read, so that nothing else is even
looked at; and what is found is held against the rows themselves once more, for the hidden ones.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from bot.core.errors import UserError
from bot.core.model import Author, Discussion
from bot.core.search import SearchCount, SearchHit, SearchOrder, SearchRequest, SearchScope
from bot.store.database import Database, to_milliseconds
from bot.store.posts import POST_COLUMNS, post_from_row
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row
from bot.store.search_index import MILLISECONDS

MOST_COUNTED = 1_000
"""How many hits are counted, and can be paged through."""

MOST_RANKED = 5_000
"""How many hits, the newest, are compared for the best: a word that is everywhere has more."""

MOST_LABELS = 50
"""In how many places the index itself looks; where more may be read, the rows are asked instead.

Each label is read beside the others, which takes longer than to leave out the few posts that may
not be read.
"""

LONGEST_SECONDS = 2.0
"""How long a search may take: the readers are few."""

# Stands for the labels of all private threads, by their beginning.
_ANY_PRIVATE = "x*"
# Keys are seconds since 1970: these lie before and behind all of them.
_FIRST_KEY, _LAST_KEY = -(2**62), 2**62

# CROSS JOIN keeps the order of the index. The rows have the last word on who may read them.
_SHOWN = f"""
    CROSS JOIN post ON post.search_key = found.rowid
    JOIN discussion ON discussion.id = post.discussion_id
    JOIN forum ON forum.id = discussion.forum_id
    LEFT JOIN author ON author.id = post.author_id
    WHERE {IS_VISIBLE} AND post.deleted_at IS NULL AND post.withheld_at IS NULL
      AND (NOT discussion.is_private
           AND discussion.forum_id IN (SELECT value FROM json_each(:public_forums))
        OR discussion.is_private
           AND discussion.forum_id IN (SELECT value FROM json_each(:private_forums))
        OR discussion.id IN (SELECT value FROM json_each(:private_discussions)))
"""  # noqa: S608 - a constant
_IS_FOUND = "found.post_search MATCH :match AND found.rowid BETWEEN :first_key AND :last_key"
_NEWEST = f"post_search AS found {_SHOWN} AND {_IS_FOUND} ORDER BY found.rowid DESC"
# The labels weigh nothing: else other posts would be best for one who may read more.
_BEST = f"""
    (SELECT rowid, score FROM (
        SELECT found.rowid, bm25(post_search, 1.0, 0.0) AS score
          FROM {_NEWEST} LIMIT {MOST_RANKED}
     ) ORDER BY score, rowid DESC LIMIT {MOST_COUNTED}) AS found
    {_SHOWN} ORDER BY found.score, found.rowid DESC
"""  # noqa: S608 - constants


Parameters = dict[str, str | int]
Found = TypeVar("Found")


class Search:
    """Answers what may be found where.

    Everything raises `UserError` where it takes longer than `longest_seconds`.
    """

    def __init__(self, database: Database, *, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._database = database
        self._longest_seconds = longest_seconds

    async def latest_key(self) -> int:
        """Give a mark behind everything found so far: with it, pages stay as they are."""
        (row,) = await self._select("SELECT max(search_key) AS last FROM post", {})
        return _LAST_KEY if row["last"] is None else int(row["last"])

    async def page(
        self,
        request: SearchRequest,
        scope: SearchScope,
        *,
        skipped: int = 0,
        limit: int = 10,
        latest_key: int = _LAST_KEY,
    ) -> tuple[SearchHit, ...]:
        """Give hits in the order asked for, after the first `skipped`.

        The best are the best of the newest `MOST_RANKED`.
        """
        found = _BEST if request.order is SearchOrder.BEST else _NEWEST
        return await self._read(
            lambda connection: tuple(
                SearchHit(post_from_row(row), row["title"])
                for row in connection.execute(
                    f"SELECT {POST_COLUMNS}, discussion.title FROM {found}"  # noqa: S608 - constants
                    " LIMIT :limit OFFSET :skipped",
                    {
                        **_parameters(request, scope, latest_key),
                        "limit": min(limit, MOST_COUNTED - skipped),
                        "skipped": skipped,
                    },
                )
            )
        )

    async def count(
        self, request: SearchRequest, scope: SearchScope, *, latest_key: int = _LAST_KEY
    ) -> SearchCount:
        """Say how many posts are found: those that may be read, and no others."""
        is_ranked = request.order is SearchOrder.BEST
        (row,) = await self._select(
            f"SELECT count(*) AS posts FROM (SELECT 1 FROM {_NEWEST} LIMIT :most)",  # noqa: S608 - constants
            {
                **_parameters(request, scope, latest_key),
                "most": 1 + (MOST_RANKED if is_ranked else MOST_COUNTED),
            },
        )
        return SearchCount(
            min(row["posts"], MOST_COUNTED),
            is_more=row["posts"] > MOST_COUNTED,
            best_of_newest=MOST_RANKED if is_ranked and row["posts"] > MOST_RANKED else None,
        )

    async def private_discussions(
        self, request: SearchRequest, forum_ids: Iterable[int], limit: int
    ) -> tuple[Discussion, ...]:
        """Give the private discussions of forums in which something is found, the latest first.

        Who may read them must be asked one by one, so only those are given that matter.
        """
        rows = await self._select(
            f"{SELECT_DISCUSSION} JOIN (SELECT post.discussion_id, max(key) AS latest"  # noqa: S608 - constants
            f" FROM (SELECT rowid AS key FROM post_search AS found WHERE {_IS_FOUND}"
            "        ORDER BY rowid DESC)"
            " JOIN post ON post.search_key = key GROUP BY post.discussion_id"
            f") AS places ON places.discussion_id = discussion.id WHERE {IS_VISIBLE}"
            " AND discussion.is_private AND discussion.forum_id IN"
            "     (SELECT value FROM json_each(:forums))"
            " ORDER BY places.latest DESC LIMIT :limit",
            {
                **_range(request, _LAST_KEY),
                "match": _match(request, [_ANY_PRIVATE]),
                "forums": json.dumps([*forum_ids]),
                "limit": limit,
            },
        )
        return tuple(discussion_from_row(row) for row in rows)

    async def authors(self, name: str, scope: SearchScope, limit: int) -> tuple[Author, ...]:
        """Give the authors of that name, or part of one, of whom the asker may read something."""
        wanted = name.casefold().split()

        def find(connection: sqlite3.Connection) -> tuple[Author, ...]:
            rows = connection.execute(
                "SELECT id, name, user_id FROM author ORDER BY name COLLATE NOCASE, id"
            )
            found = (
                Author(row["id"], row["name"], row["user_id"])
                for row in rows
                if all(part in row["name"].casefold() for part in wanted)
                and _has_written(connection, row["id"], scope)
            )
            return tuple(islice(found, limit))

        return await self._read(find)

    async def has_written(self, author_id: int, scope: SearchScope) -> bool:
        """Say whether there is something by that author that the asker may read."""
        return await self._read(lambda connection: _has_written(connection, author_id, scope))

    async def _select(self, sql: str, parameters: Parameters) -> list[sqlite3.Row]:
        return await self._read(lambda connection: connection.execute(sql, parameters).fetchall())

    async def _read(self, body: Callable[[sqlite3.Connection], Found]) -> Found:
        try:
            return await self._database.read(body, longest_seconds=self._longest_seconds)
        except TimeoutError as error:
            raise UserError(
                "That finds too much to go through. Add a word, or name a forum, an author "
                "or a date."
            ) from error


def _has_written(connection: sqlite3.Connection, author_id: int, scope: SearchScope) -> bool:
    row = connection.execute(
        f"SELECT 1 FROM {_NEWEST} LIMIT 1",  # noqa: S608 - constants
        {
            **_rights(scope),
            "match": " AND ".join(_labelled(_places(scope), [f"a{author_id}"])),
            "first_key": _FIRST_KEY,
            "last_key": _LAST_KEY,
        },
    ).fetchone()
    return row is not None


def _parameters(request: SearchRequest, scope: SearchScope, latest_key: int) -> Parameters:
    return {
        **_range(request, latest_key),
        **_rights(scope),
        "match": _match(request, _places(scope)),
    }


def _range(request: SearchRequest, latest_key: int) -> dict[str, str | int]:
    since = request.since
    first_key = _FIRST_KEY if since is None else to_milliseconds(since) // MILLISECONDS
    return {"first_key": first_key, "last_key": latest_key}


def _rights(scope: SearchScope) -> dict[str, str | int]:
    return {
        "public_forums": json.dumps([*scope.public_forums]),
        "private_forums": json.dumps([*scope.private_forums]),
        "private_discussions": json.dumps([*scope.private_discussions]),
    }


def _places(scope: SearchScope) -> list[str] | None:
    """Give the labels of where one may look; None where only the rows are to be asked."""
    parts = (scope.public_forums, scope.private_forums, scope.private_discussions)
    if sum(map(len, parts)) > MOST_LABELS:
        return None
    return [
        *(f"f{forum_id}" for forum_id in scope.public_forums),
        *(f"x{forum_id}" for forum_id in scope.private_forums),
        *(f"d{discussion_id}" for discussion_id in scope.private_discussions),
    ]


def _match(request: SearchRequest, places: Iterable[str] | None) -> str:
    """Give the query for the index: the words, and the labels that narrow it down."""
    narrowed = []
    if request.author_id is not None:
        narrowed.append(f"a{request.author_id}")
    if request.discussion_id is not None:
        narrowed.append(f"d{request.discussion_id}")
    wanted = f"{{words}} : ({request.query.expression()})"
    return " AND ".join([wanted, *_labelled(places, narrowed)])


def _labelled(places: Iterable[str] | None, narrowed: Iterable[str]) -> list[str]:
    labels = [_quoted(label) for label in narrowed]
    if places is not None:
        # Where one may read nothing, an entry without words matches nothing.
        labels.append(" OR ".join(map(_quoted, places)) or _quoted(""))
    return [f"{{labels}} : ({label})" for label in labels]


def _quoted(label: str) -> str:
    return '"x"*' if label == _ANY_PRIVATE else f'"{label}"'
