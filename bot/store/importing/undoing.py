"""Takes an import back that is under way: what it brought is gone, as if it had never come."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

import aiosqlite

from bot.importers.numbering import missing_ranges
from bot.store.database import to_milliseconds
from bot.store.importing import boards
from bot.store.importing.imported_rows import box_json
from bot.store.importing.outdated_lines import mark_outdated
from bot.store.importing.queued_imports import load_import
from bot.store.removals import bar_discussion, erase_discussion, forget_authors
from bot.store.subtrees import move_all_below

_AMONG = "(SELECT value FROM json_each(:posts))"
_FORGET_PARENT = (
    "UPDATE saved_post SET reply_evidence = NULL WHERE post_id = ?",
    "DELETE FROM chosen_parent WHERE post_id = ?",
)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is to go from Discord: the whole thread, as far as is known here, or these messages."""

    forum_id: int
    thread_id: int | None
    removes_thread: bool
    message_ids: tuple[int, ...]


async def undoing(connection: aiosqlite.Connection, discussion_id: int) -> Undoing:
    """Say what is to go from Discord. Raises `LookupError` where there is no such import."""
    discussions = await connection.execute_fetchall(
        "SELECT forum_id, thread_id FROM discussion JOIN replay ON discussion_id = discussion.id"
        " WHERE discussion.id = ?",
        (discussion_id,),
    )
    values = await _values(connection, discussion_id)
    messages = await connection.execute_fetchall(
        f"SELECT message_id FROM replayed_message WHERE post_id IN {_AMONG}"  # noqa: S608 - constants
        " AND removed_at IS NULL ORDER BY message_id",
        values,
    )
    for row in discussions:
        is_all = await _is_all(connection, values)
        return Undoing(
            forum_id=row["forum_id"],
            thread_id=row["thread_id"],
            removes_thread=is_all and row["thread_id"] is not None,
            message_ids=tuple(message["message_id"] for message in messages),
        )
    raise LookupError(f"Discussion {discussion_id} was not imported.")


async def undo(
    connection: aiosqlite.Connection, discussion_id: int, now: datetime, *, keeps_thread: bool
) -> int | None:
    """Erase what the import brought; give its thread where the whole discussion went.

    Live answers to it become answers to something unknown. Unlike an erasure this bars nothing
    but the messages: the same pages can be imported again.
    """
    await boards.undone(connection, discussion_id)
    values = await _values(connection, discussion_id)
    if not keeps_thread and await _is_all(connection, values):
        await bar_discussion(connection, discussion_id, now)
        _, thread_id = await erase_discussion(connection, discussion_id)
        return thread_id
    await _bar_messages(connection, values, now)
    await _free_answers(connection, discussion_id, values)
    await _erase_posts(connection, values)
    await _mend_discussion(connection, discussion_id, read_anew=keeps_thread)
    await _end_replay(connection, discussion_id, now)
    return None


async def _values(connection: aiosqlite.Connection, discussion_id: int) -> dict[str, int | str]:
    """Give the values of the statements here: the discussion, and the posts to be taken back."""
    rows = await connection.execute_fetchall(
        "SELECT post.id FROM replay JOIN post USING (discussion_id)"
        " WHERE discussion_id = ? AND is_imported AND mark >= added_from",
        (discussion_id,),
    )
    return {"id": discussion_id, "posts": json.dumps([row["id"] for row in rows])}


async def _is_all(connection: aiosqlite.Connection, values: dict[str, int | str]) -> bool:
    """Say whether the discussion holds nothing but what the import under way brought.

    What members have written and deleted since is nothing; what was deleted of an earlier import
    must not come back with the next.
    """
    rows = await connection.execute_fetchall(
        f"SELECT 1 FROM post WHERE discussion_id = :id AND id NOT IN {_AMONG}"  # noqa: S608 - constants
        " AND (is_imported OR deleted_at IS NULL) LIMIT 1",
        values,
    )
    return not list(rows)


async def _bar_messages(
    connection: aiosqlite.Connection, values: dict[str, int | str], now: datetime
) -> None:
    messages = f"SELECT message_id FROM replayed_message WHERE post_id IN {_AMONG}"  # noqa: S608 - constants
    await connection.execute(
        "INSERT INTO tombstone (id, erased_at)"  # noqa: S608 - constants
        f" SELECT message_id, :now FROM ({messages}) WHERE 1 ON CONFLICT DO NOTHING",
        values | {"now": to_milliseconds(now)},
    )
    await connection.execute(
        f"DELETE FROM absence WHERE message_id IN ({messages})",  # noqa: S608 - constants
        values,
    )


async def _free_answers(
    connection: aiosqlite.Connection, discussion_id: int, values: dict[str, int | str]
) -> None:
    """Make roots of the posts that stay and answer one that goes.

    Of an imported one nothing is known any more, be it told by a page or by a host.
    """
    rows = await connection.execute_fetchall(
        f"SELECT id, is_imported FROM post WHERE parent_id IN {_AMONG}"  # noqa: S608 - constants
        f" AND id NOT IN {_AMONG} ORDER BY id",
        values,
    )
    answers = {row["id"]: bool(row["is_imported"]) for row in rows}
    await move_all_below(connection, discussion_id, dict.fromkeys(answers, None))
    old = [post_id for post_id, is_imported in answers.items() if is_imported]
    for statement in _FORGET_PARENT:
        await connection.executemany(statement, [(post_id,) for post_id in old])
    await mark_outdated(connection, *old)


async def _erase_posts(connection: aiosqlite.Connection, values: dict[str, int | str]) -> None:
    authors = await connection.execute_fetchall(
        "SELECT DISTINCT author_id FROM post"  # noqa: S608 - constants
        f" WHERE id IN {_AMONG} AND author_id IS NOT NULL",
        values,
    )
    await connection.execute(
        "UPDATE post SET reply_count = reply_count - gone.answers FROM"  # noqa: S608 - constants
        f" (SELECT parent_id, count(*) AS answers FROM post WHERE id IN {_AMONG}"
        "   AND deleted_at IS NULL GROUP BY parent_id) AS gone WHERE post.id = gone.parent_id",
        values,
    )
    await connection.execute(
        f"DELETE FROM post WHERE id IN {_AMONG}",  # noqa: S608 - constants
        values,
    )
    await forget_authors(connection, [row["author_id"] for row in authors])


async def _mend_discussion(
    connection: aiosqlite.Connection, discussion_id: int, *, read_anew: bool
) -> None:
    """Count anew what is left; numbers that were free once stay so."""
    await connection.execute(
        "UPDATE discussion SET post_count = (SELECT count(*) FROM post"
        "  WHERE discussion_id = :id AND deleted_at IS NULL),"
        " started_at = ifnull((SELECT min(posted_at) FROM post WHERE discussion_id = :id),"
        "  started_at) WHERE id = :id",
        {"id": discussion_id},
    )
    if read_anew:
        await connection.execute(
            "UPDATE discussion SET is_current = 0, read_after = 0 WHERE id = ?", (discussion_id,)
        )


async def _end_replay(connection: aiosqlite.Connection, discussion_id: int, now: datetime) -> None:
    """Leave the import as it was before the later pages; one that brought all is none any more."""
    queued = await load_import(connection, discussion_id)
    if not queued.posts:
        await connection.execute("DELETE FROM replay WHERE discussion_id = ?", (discussion_id,))
        return
    document = queued.document
    numbers = [post.number for post in document.posts]
    box = box_json(
        replace(document, missing_posts=missing_ranges(numbers, document.total_posts or 0))
    )
    await connection.execute(
        "UPDATE replay SET box = ?, finished_at = ?, failure = NULL, paused_at = NULL,"
        " cancelled_at = NULL WHERE discussion_id = ?",
        (box, to_milliseconds(now), discussion_id),
    )
