"""A digest in words, and how much of it fits into one Discord message.

To change what a digest says, change `digest_opening.py` (its beginning and its end),
`digest_section.py` (a discussion) and `digest_posts.py` (a post).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.digest_opening import facts, footer, introduction, title, to_reader
from bot.core.digest_posts import TextLengths
from bot.core.digest_room import MOST_IN_ALL, MOST_IN_NOTICE, MOST_SECTIONS
from bot.core.digest_section import DigestSection, Draft, discussion_url, draft
from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind
from bot.core.model import Digest, DiscussionNews
from bot.core.post_line import counted, literal

__all__ = ["DigestMessage", "DigestSection", "compose_digest"]

# Kept free for the mark that the courier adds to the footer.
_ROOM_FOR_TOKEN = 60
_ROOM_FOR_REST = 900
# The longest with which everything fits are taken.
_TEXT_LENGTHS = (
    TextLengths(near=400, other=300, answered=60),
    TextLengths(near=300, other=220, answered=60),
    TextLengths(near=300, other=160, answered=50),
    TextLengths(near=200, other=110, answered=40),
)


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """A digest as it is sent: one embed with the introduction and one for each section.

    `title`, `introduction` and the sections are Markdown, `footer` is plain. All of it and a
    token of 25 characters fit into one message. A notice has no introduction: its sections say
    all.

    `shown` says for every discussion that it tells of, by id, which posts are shown (local ids;
    none of them where it is only counted), or None: all that is new. What was imported is never
    shown.
    """

    kind: DigestKind
    title: str
    introduction: str
    sections: tuple[DigestSection, ...]
    footer: str
    shown: Mapping[int, tuple[int, ...] | None]


def compose_digest(digest: Digest) -> DigestMessage | None:
    """Put a digest into words, or give None when there is nothing to say.

    That somebody changed a post which the reader had not answered is told beside other news, and
    is no reason to write to them.

    Discussions are told in the order given. A week that does not fit into one message is cut by
    what matters: what concerns the reader is told first, in all discussions; then those with
    little news keep all of it, and the others share the room that is left and say how much more
    there is. Those for which no section is left are named and counted.
    """
    news = [
        one for one in digest.news if one.new_post_count or one.edited_count or one.imported_count
    ]
    if not any(_is_worth_a_message(one) for one in news):
        return None
    kind = digest.kind
    opening = (title(kind, news), introduction(kind, news), footer(kind))
    told, rest = news, list[DiscussionNews]()
    if len(news) > MOST_SECTIONS:
        told, rest = news[: MOST_SECTIONS - 1], news[MOST_SECTIONS - 1 :]
    last = [_rest(rest)] if rest else []
    room = MOST_IN_NOTICE if kind is DigestKind.NOTICE else MOST_IN_ALL
    room -= _ROOM_FOR_TOKEN + sum(map(utf16_length, opening)) + sum(each.length for each in last)
    drafts = _drafts(told, digest, room)
    return DigestMessage(
        kind=kind,
        title=opening[0],
        introduction=opening[1],
        sections=(*(each.section() for each in drafts), *last),
        footer=opening[2],
        shown={each.news.discussion.id: each.shown() for each in drafts}
        | {each.discussion.id: () for each in rest},
    )


def _is_worth_a_message(news: DiscussionNews) -> bool:
    return bool(news.new_post_count or news.imported_count) or any(
        each.is_answered for each in news.edited
    )


def _drafts(news: Sequence[DiscussionNews], digest: Digest, room: int) -> list[Draft]:
    """Give a draft for each discussion that together take at most `room` characters."""
    drafts: list[Draft] = []
    for lengths in _TEXT_LENGTHS:
        drafts = [draft(one, digest.kind, digest.reader_id, lengths) for one in news]
        left = room - sum(each.section().length for each in drafts)
        left = _fill([each for each in drafts if each.next_is_near], left, only_near=True)
        _fill(drafts, left, only_near=False)
        if all(each.is_complete for each in drafts):
            break
    return drafts


def _fill(drafts: Sequence[Draft], room: int, *, only_near: bool) -> int:
    """Add one entry after another to the drafts in turn while there is room; give what is left.

    In turn, so that a busy discussion does not push the quiet ones out.
    """
    growing = list(drafts)
    while growing:
        for each in tuple(growing):
            is_next = each.next_is_near if only_near else not each.is_complete
            taken = each.add(room) if is_next else None
            if taken is None:
                growing.remove(each)
            else:
                room -= taken
    return room


def _rest(news: Sequence[DiscussionNews]) -> DigestSection:
    """Name the discussions for which the message has no section left."""
    lines: list[str] = []
    for one in news:
        named, url = literal(one.discussion.title, 60), discussion_url(one)
        said = [*filter(None, [to_reader([one])]), *facts(one)]
        line = f"{f'[{named}]({url})' if url else named}: {' · '.join(said)}"
        if utf16_length("\n".join([*lines, line])) > _ROOM_FOR_REST:
            lines.append(f"and {counted(len(news) - len(lines), 'more discussion')}")
            break
        lines.append(line)
    return DigestSection(f"And {counted(len(news), 'more discussion')}", None, tuple(lines))
