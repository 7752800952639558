"""Tell which message of the forum (`Mx…`) each post of an HTML page is, and which it answers.

An id may stand before a post (an empty anchor), on what encloses it, or in it; pages of
different years differ, and each keeps to one way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.model import PostKind
from bot.importers.lines import PageLine
from bot.importers.posts import PlacedHeader
from bot.importers.sites import Words

_MESSAGE = re.compile(r"#(?P<fragment>Mx[0-9A-Za-z]+)|[?&;]cdMsgID=(?P<query>Mx[0-9A-Za-z]+)")
_THREAD = re.compile(r"[?&;]cdThread=(?P<query>Tx[0-9A-Za-z]+)|/(?P<step>Tx[0-9A-Za-z]+)(?![^/?#])")


def own_ids(
    lines: Sequence[PageLine], headers: Sequence[PlacedHeader], words: Words
) -> list[str | None]:
    """Give the id of each post, or None where the page tells none; no two are the same."""
    starts = [placed.index for placed in headers]
    ends = [*starts[1:], len(lines)]
    stand_before = any(line.message_ids for line in lines[: starts[0] + 1])
    after_last = 0
    ids: list[str | None] = []
    taken: set[str | None] = set()
    for start, end in zip(starts, ends, strict=True):
        before = _ids(lines[after_last : start + 1])
        if stand_before:
            # On the header's own line rather than at the end of the post above.
            found = before[-1] if before else None
        else:
            found = next(iter(_ids(lines[start:end])), None)
        found = found or _permalink(lines[start:end], words)
        ids.append(None if found in taken else found)
        taken.add(found)
        after_last = start + 1
    return ids


def answered_ids(
    lines: Sequence[PageLine], headers: Sequence[PlacedHeader], words: Words
) -> list[str | None]:
    """Give the id of what each post answers: where the words "an earlier post" lead."""
    return [
        _answered(lines[placed.index], words) if placed.header.kind is PostKind.REPLY else None
        for placed in headers
    ]


def thread_ids(lines: Sequence[PageLine], headers: Sequence[PlacedHeader]) -> frozenset[str]:
    """Give the ids of threads (`Tx…`) that the links in the posts' headers name."""
    return frozenset(
        match["query"] or match["step"]
        for placed in headers
        for link in lines[placed.index].links
        for match in _THREAD.finditer(link.address)
    )


def _ids(lines: Sequence[PageLine]) -> list[str]:
    return [message_id for line in lines for message_id in line.message_ids]


def _answered(line: PageLine, words: Words) -> str | None:
    (reply_words,) = (text for text, kind in words.headers if kind is PostKind.REPLY)
    for link in line.links:
        shown = " ".join(line.words_of(link).split())
        if shown and shown in reply_words:
            return _message(link.address)
    return None


def _permalink(lines: Sequence[PageLine], words: Words) -> str | None:
    for line in lines:
        for link in line.links:
            if line.words_of(link) == words.permalink:
                return _message(link.address)
    return None


def _message(address: str) -> str | None:
    found = [match["fragment"] or match["query"] for match in _MESSAGE.finditer(address)]
    return found[-1] if found else None  # the fragment, which stands last
