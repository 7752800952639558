"""From what happened in discussions to what each of many readers is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.core.activity import Activity, DigestPart
from bot.core.digest_room import MOST_POSTS, MOST_SECTIONS, fair_share
from bot.core.level import DigestKind
from bot.core.model import Digest, Post
from bot.core.selection import Selection


@dataclass(frozen=True, slots=True)
class Wanted:
    """A digest to be compiled, named by `key`, of discussions that its readers may read.

    It covers marks up to and including `up_to`; `reader_id` is None for a channel's.
    """

    key: int
    kind: DigestKind
    reader_id: int | None
    up_to: int
    parts: tuple[DigestPart, ...]


def choose_news(
    wanted: Iterable[Wanted], activities: Mapping[int, Activity]
) -> dict[int, list[Selection]]:
    """Choose what each digest tells of its discussions, by its key; what matters most is first.

    `activities` are by discussion; one that is not among them has no news.
    """
    return {one.key: _chosen(one, activities) for one in wanted}


def posts_told(chosen: Mapping[int, Sequence[Selection]]) -> set[int]:
    """Give the ids of the posts that the digests may show."""
    selections = {each for selections in chosen.values() for each in selections}
    return {post_id for each in selections for post_id in each.post_ids()}


def fan_out(
    wanted: Iterable[Wanted], chosen: Mapping[int, Sequence[Selection]], posts: Mapping[int, Post]
) -> dict[int, Digest]:
    """Give the digests by their keys; `posts` are those told, and those that they answer."""
    return {
        one.key: Digest(
            one.kind,
            one.reader_id,
            one.up_to,
            tuple([each.news(posts) for each in chosen[one.key]]),
        )
        for one in wanted
    }


def _chosen(wanted: Wanted, activities: Mapping[int, Activity]) -> list[Selection]:
    up_to, reader_id = wanted.up_to, wanted.reader_id
    selections = [
        activities[part.discussion_id].select(reader_id, part, up_to)
        for part in wanted.parts
        if part.discussion_id in activities
    ]
    selections = [each for each in selections if not each.is_empty]
    selections.sort(key=attrgetter("rank"))
    in_sections = selections[:MOST_SECTIONS]
    most = fair_share([len(each.posts) for each in in_sections], MOST_POSTS)
    for each in in_sections:
        each.ask_for(most)
    return selections
