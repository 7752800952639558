"""Compiles one reader's news, as for someone who may read all of it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.activity import DigestPart
from bot.core.fan_out import Wanted
from bot.core.level import DigestKind
from bot.core.model import Digest, Discussion, DiscussionNews
from bot.store.database import to_milliseconds
from bot.store.news import News
from tests.reading_room import ReadingRoom

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


async def news_of(
    room: ReadingRoom,
    reader_id: int | None,
    *discussions: Discussion,
    after: int = 0,
    up_to: int | None = None,
    since: datetime = LONG_AGO,
) -> Digest:
    """Compile what came after a mark, as for someone who may read all of it."""
    parts = [DigestPart(each.id, after, to_milliseconds(since)) for each in discussions]
    wanted = Wanted(
        key=7,
        kind=DigestKind.WEEKLY,
        reader_id=reader_id,
        up_to=await room.mark() if up_to is None else up_to,
        parts=tuple(parts),
    )
    compiled = await News(room.database).compile([wanted])
    assert compiled.keys() == {7}
    return compiled[7]


def texts(news: DiscussionNews) -> list[str]:
    return [new.post.content for new in news.posts]
