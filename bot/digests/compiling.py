"""What digests say at this moment: rights first, then the news of each discussion once for all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.digest import DigestMessage, compose_digest
from bot.core.fan_out import Wanted
from bot.core.level import DigestKind, Exclusion
from bot.core.model import Digest
from bot.core.ports import Courier, ThreadReference, Verdict
from bot.store.news import News
from bot.store.outbox_parts import Coverage, PartOutcome

_EXCLUSIONS = {Verdict.LEFT: Exclusion.LEFT, Verdict.NO_ACCESS: Exclusion.NO_ACCESS}


@dataclass(frozen=True, slots=True)
class DigestToCompile:
    """A digest, named by `key`, with what it covers; `reader_id` is None for a channel's."""

    key: int
    kind: DigestKind
    reader_id: int | None
    up_to: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CompiledDigest:
    """The news that a reader may read now, and why nothing is said of the other discussions."""

    digest: Digest
    discussion_ids: tuple[int, ...]
    excluded: Mapping[int, Exclusion]


async def compile_digests(
    asked: Sequence[DigestToCompile], news: News, courier: Courier
) -> dict[int, CompiledDigest | None]:
    """Compile digests of different readers by their keys; None where rights cannot be learned.

    Where Discord does not say of one of their discussions whether they may read it, a digest
    is left for later as a whole: told in two halves, it would come twice.
    """
    verdicts = await courier.verdicts(_threads_by_reader(asked))
    compiled: dict[int, CompiledDigest | None] = {}
    wanted: list[Wanted] = []
    excluded: dict[int, dict[int, Exclusion]] = {}
    for one in asked:
        verdict_of = _verdicts_of(one, verdicts)
        if Verdict.UNKNOWN in verdict_of.values():
            compiled[one.key] = None
            continue
        excluded[one.key] = dict(one.coverage.excluded) | {
            discussion_id: _EXCLUSIONS[verdict]
            for discussion_id, verdict in verdict_of.items()
            if verdict in _EXCLUSIONS
        }
        parts = tuple(
            each.part
            for each in one.coverage.parts
            if verdict_of[each.part.discussion_id] is Verdict.READABLE
        )
        wanted.append(Wanted(one.key, one.kind, one.reader_id, one.up_to, parts))
    digests = await news.compile(wanted)
    for each in wanted:
        compiled[each.key] = CompiledDigest(
            digests[each.key],
            tuple(part.discussion_id for part in each.parts),
            excluded[each.key],
        )
    return compiled


async def compose(compiled: CompiledDigest) -> tuple[DigestMessage | None, list[PartOutcome]]:
    """Put a digest into words, or None where there is nothing to say; and what becomes of parts."""
    # Shortening a full week's texts takes long enough to hold up the posts that come meanwhile.
    message = await asyncio.to_thread(compose_digest, compiled.digest)
    shown = {} if message is None else message.shown
    outcomes = [PartOutcome(*excluded) for excluded in compiled.excluded.items()]
    outcomes += [
        PartOutcome(discussion_id, None, shown[discussion_id])
        if discussion_id in shown
        else PartOutcome(discussion_id, Exclusion.NOTHING)
        for discussion_id in compiled.discussion_ids
    ]
    return message, outcomes


def _threads_by_reader(asked: Sequence[DigestToCompile]) -> dict[int, set[ThreadReference]]:
    threads: defaultdict[int, set[ThreadReference]] = defaultdict(set)
    for one in asked:
        if one.reader_id is not None and one.coverage.parts:
            threads[one.reader_id].update(each.thread for each in one.coverage.parts)
    return threads


def _verdicts_of(
    one: DigestToCompile, verdicts: Mapping[int, Mapping[int, Verdict]]
) -> dict[int, Verdict]:
    """Give the verdict on each discussion by its id; a channel's are public, and may be read."""
    if one.reader_id is None:
        return {each.part.discussion_id: Verdict.READABLE for each in one.coverage.parts}
    return {
        each.part.discussion_id: verdicts[one.reader_id][each.thread.thread_id]
        for each in one.coverage.parts
    }
