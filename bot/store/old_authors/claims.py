"""Claims: a member says that they were an author of old pages, and a host decides.

While a claim is confirmed, every old post under that name in the server is the member's, those of
later imports too; the page's name is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from bot.core.model import Discussion
from bot.store.database import Database, to_milliseconds
from bot.store.old_authors import claim_asking, claim_deciding
from bot.store.old_authors.claim_asking import NAME_ON_PAGE, OLD_POSTS
from bot.store.old_authors.claim_rows import SELECT_CLAIM, SELECT_OPEN_CLAIM, Claim, claim_from_row
from bot.store.rows import IS_VISIBLE, SELECT_DISCUSSION, discussion_from_row

__all__ = ["Claim", "ClaimedDiscussion", "Claims", "OldName"]

_SELECT_IMPORTED = (
    f"{SELECT_DISCUSSION} WHERE {IS_VISIBLE}"  # noqa: S608 - constants
    " AND discussion.id IN (SELECT discussion_id FROM replay)"
)


@dataclass(frozen=True, slots=True)
class ClaimedDiscussion:
    """A discussion with old posts under a name, and how many those are."""

    discussion: Discussion
    post_count: int


@dataclass(frozen=True, slots=True)
class OldName:
    """The name of an old author, whose it is by a confirmed claim, and the discussions it is in."""

    name: str
    user_id: int | None
    discussions: tuple[Discussion, ...]


class Claims:
    """Keeps who claims which old author, and what hosts decided."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, post_id: int, user_id: int, now: datetime) -> Claim:
        """Claim to be the author of an old post; asking again gives the open claim.

        Raises `UserError` where the post is not old or names nobody, is theirs already, or
        belongs to somebody else.
        """
        async with self._database.transaction() as connection:
            author = await claim_asking.author_of_post(connection, post_id)
            return await claim_asking.ask(connection, author, user_id, now)

    async def ask_name(self, guild_id: int, author_name: str, user_id: int, now: datetime) -> Claim:
        """Claim to be an old author of a server, by the name on the pages.

        The host of the forum with most of the posts is asked. Raises `UserError` like `ask`, and
        where there are no posts under that name.
        """
        async with self._database.transaction() as connection:
            author = await claim_asking.author_of_server(connection, guild_id, author_name)
            return await claim_asking.ask(connection, author, user_id, now)

    async def get(self, claim_id: int) -> Claim | None:
        """Give a claim, open or decided."""
        return next(iter(await self._select(f"{SELECT_CLAIM} WHERE claim.id = ?", claim_id)), None)

    async def open(self, guild_id: int) -> tuple[Claim, ...]:
        """Give the claims of a server that wait for a host, oldest first."""
        return await self._select(
            f"{SELECT_OPEN_CLAIM} AND claim.guild_id = ? ORDER BY claim.id", guild_id
        )

    async def all_open(self) -> tuple[Claim, ...]:
        """Give the claims of all servers that wait for a host, oldest first."""
        return await self._select(f"{SELECT_OPEN_CLAIM} ORDER BY claim.id")

    async def confirmed(self, guild_id: int) -> tuple[Claim, ...]:
        """Give the confirmed claims of a server, oldest first."""
        return await self._select(
            f"{SELECT_CLAIM} WHERE is_confirmed AND claim.guild_id = ? ORDER BY claim.id", guild_id
        )

    async def confirmed_of(self, user_id: int) -> tuple[Claim, ...]:
        """Give the confirmed claims of a member, of all servers, oldest first."""
        return await self._select(
            f"{SELECT_CLAIM} WHERE is_confirmed AND user_id = ? ORDER BY claim.id", user_id
        )

    async def untold(self, now: datetime) -> tuple[Claim, ...]:
        """Give the open claims whose host is to be told now, oldest first."""
        return await self._select(
            f"{SELECT_OPEN_CLAIM} AND told_at IS NULL AND next_attempt_at <= ? ORDER BY claim.id",
            to_milliseconds(now),
        )

    async def told(self, claim_id: int, now: datetime) -> None:
        """Note that the question has reached a host."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE claim SET told_at = ? WHERE id = ?", (to_milliseconds(now), claim_id)
            )

    async def postpone(self, claim_id: int, until: datetime) -> None:
        """Note that the host could not be told, and when to try again."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE claim SET next_attempt_at = ? WHERE id = ?",
                (to_milliseconds(until), claim_id),
            )

    async def unheard(self, user_id: int) -> tuple[Claim, ...]:
        """Give the decided claims of a member, of all servers, of which they do not know it."""
        return await self._select(
            f"{SELECT_CLAIM} WHERE user_id = ? AND decided_at IS NOT NULL AND heard_at IS NULL"
            " ORDER BY claim.id",
            user_id,
        )

    async def heard(self, claim_id: int, now: datetime) -> None:
        """Note that the member has been told what was decided."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE claim SET heard_at = ? WHERE id = ?", (to_milliseconds(now), claim_id)
            )

    async def confirm(self, claim_id: int, host_id: int, now: datetime) -> int:
        """Give the member every old post under the name in the server; say how many.

        Raises `UserError` where the claim was decided already, or another member has the name.
        """
        async with self._database.transaction() as connection:
            return await claim_deciding.confirm(connection, claim_id, host_id, now)

    async def refuse(self, claim_id: int, host_id: int, now: datetime) -> None:
        """Refuse a claim. Raises `UserError` where it was decided already."""
        async with self._database.transaction() as connection:
            await claim_deciding.refuse(connection, claim_id, host_id, now)

    async def revoke(self, claim_id: int, host_id: int, now: datetime) -> int:
        """Take a confirmed claim back: its posts go back to the name; give how many.

        What was erased stays so. Raises `UserError` where the claim is not confirmed.
        """
        async with self._database.transaction() as connection:
            return await claim_deciding.revoke(connection, claim_id, host_id, now)

    async def posts(self, guild_id: int, author_name: str) -> tuple[ClaimedDiscussion, ...]:
        """Give the visible discussions with old posts under a name, claimed or not."""
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{_SELECT_IMPORTED} AND discussion.guild_id = ? ORDER BY discussion.id",
                (guild_id,),
            )
            counts = await connection.execute_fetchall(
                f"SELECT post.discussion_id AS id, count(*) AS posts FROM {OLD_POSTS}"  # noqa: S608 - constants
                f" AND discussion.guild_id = ? AND {NAME_ON_PAGE} = ? GROUP BY post.discussion_id",
                (guild_id, author_name),
            )
        posts = {row["id"]: row["posts"] for row in counts}
        return tuple(
            ClaimedDiscussion(discussion_from_row(row), posts[row["id"]])
            for row in rows
            if row["id"] in posts
        )

    async def names(self, guild_id: int) -> tuple[OldName, ...]:
        """Give the old authors of a server by name, claimed or not, with where they wrote.

        Only visible discussions count.
        """
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(
                f"{_SELECT_IMPORTED} AND discussion.guild_id = ? ORDER BY discussion.id",
                (guild_id,),
            )
            wrote = await connection.execute_fetchall(
                f"SELECT DISTINCT {NAME_ON_PAGE} AS name, post.discussion_id AS id"  # noqa: S608 - constants
                f" FROM {OLD_POSTS} AND discussion.guild_id = ? AND {IS_VISIBLE}"
                " ORDER BY name COLLATE NOCASE, name, post.discussion_id",
                (guild_id,),
            )
            claimed = await connection.execute_fetchall(
                "SELECT author_name, user_id FROM claim WHERE is_confirmed AND guild_id = ?",
                (guild_id,),
            )
        owners = {row["author_name"]: row["user_id"] for row in claimed}
        discussions = {row["id"]: discussion_from_row(row) for row in rows}
        return tuple(
            OldName(name, owners.get(name), tuple(discussions[row["id"]] for row in found))
            for name, found in groupby(wrote, key=itemgetter("name"))
        )

    async def _select(self, query: str, *values: int) -> tuple[Claim, ...]:
        async with self._database.reading() as connection:
            rows = await connection.execute_fetchall(query, values)
        return tuple(claim_from_row(row) for row in rows)
