"""The wording of `/digest why`: what became of a person's last digests, and what was in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.core.digest_record import Coming, DigestRecord, DigestState, NoticeCounts, PartRecord
from bot.core.digest_words import digest_heading, digest_outcome, next_words
from bot.core.graphemes import utf16_length
from bot.core.level import Exclusion
from bot.core.model import channel_url
from bot.core.post_line import counted, literal, timestamp

NAMED = 5
"""So many discussions are named of those that a digest told of, and of those it left out."""

_TITLE_LIMIT = 60
# An embed's description holds 4,096 characters (developers/resources/message, "Embed Limits").
_MOST_CHARACTERS = 4000

_LEFT_OUT = {
    Exclusion.MUTED: "muted, or not tracked any more",
    Exclusion.LEFT: "you had left its server",
    Exclusion.NO_ACCESS: "not for you to read at that moment",
    Exclusion.GONE: "it was gone at that moment",
    Exclusion.NOTHING: "only your own or deleted posts, or edits of what you had not answered",
}


def parts_to_name(digests: Iterable[DigestRecord]) -> tuple[PartRecord, ...]:
    """Give the parts whose discussions are named, if their person may read them now."""
    return tuple(
        part
        for digest in digests
        for group in _groups(digest).values()
        for part in group[:NAMED]
        if part.thread is not None
    )


def compose_last_digests(
    digests: Sequence[DigestRecord],
    notices: NoticeCounts,
    coming: Coming,
    readable: Collection[int],
    inbox_id: int | None,
) -> str:
    """Put a person's last digests into words, as Markdown of at most 4,000 characters.

    Only discussions whose ids are among the `readable` are named. `inbox_id` is the channel of
    their direct messages, for links; None where it is not known.
    """
    named_parts = {part.discussion_id: part for part in parts_to_name(digests)}
    names = {id_: _name(part) for id_, part in named_parts.items() if id_ in readable}
    for named in range(NAMED, -1, -1):
        blocks = [_digest_lines(digest, names, inbox_id, named) for digest in digests]
        if not blocks:
            blocks = [["No digest has been due for you yet."]]
        blocks += [_notice_lines(notices, inbox_id), [next_words(coming)]]
        text = "\n\n".join("\n".join(lines) for lines in blocks if lines)
        if utf16_length(text) <= _MOST_CHARACTERS:
            return text
    raise ValueError("Four digests without a name do not fit a message")


def _digest_lines(
    digest: DigestRecord, names: Mapping[int, str], inbox_id: int | None, named: int
) -> list[str]:
    lines = [digest_heading(digest), digest_outcome(digest, inbox_id)]
    for exclusion, parts in _groups(digest).items():
        lines.append(f"{_label(digest, exclusion)}: {_listed(parts, names, named)}")
    return lines


def _groups(digest: DigestRecord) -> dict[Exclusion | None, list[PartRecord]]:
    """Give the parts by what became of them, those that were told first."""
    groups = {
        exclusion: [part for part in digest.parts if part.exclusion is exclusion]
        for exclusion in (None, *_LEFT_OUT)
    }
    return {exclusion: parts for exclusion, parts in groups.items() if parts}


def _label(digest: DigestRecord, exclusion: Exclusion | None) -> str:
    if exclusion is not None:
        return f"Left out ({_LEFT_OUT[exclusion]})"
    if digest.state is DigestState.SENT:
        return "In it"
    return "It is to tell of" if digest.is_open else "It was to tell of"


def _listed(parts: Sequence[PartRecord], names: Mapping[int, str], named: int) -> str:
    first = parts[:named]
    listed = [names[part.discussion_id] for part in first if part.discussion_id in names]
    gone = sum(part.title is None for part in first)
    hidden = len(first) - len(listed) - gone
    if hidden:
        listed.append(f"{counted(hidden, 'discussion')} that you cannot read now")
    if gone:
        listed.append(f"{counted(gone, 'discussion')} that {'is' if gone == 1 else 'are'} gone")
    if rest := len(parts) - len(first):
        listed.append(f"{rest:,} more" if listed else counted(rest, "discussion"))
    return ", ".join(listed)


def _name(part: PartRecord) -> str:
    title = literal(part.title or "", _TITLE_LIMIT)
    if part.thread is None:
        return title
    return f"[{title}]({channel_url(part.thread.guild_id, part.thread.thread_id)})"


def _notice_lines(notices: NoticeCounts, inbox_id: int | None) -> list[str]:
    if notices.last is None:
        return []
    counts = [f"{counted(notices.sent, 'message')} sent"]
    if notices.failed:
        counts.append(f"{notices.failed:,} given up")
    return [
        f"**New posts as they came**, since {timestamp(notices.since, 'D')}: {', '.join(counts)}",
        f"The last one: {digest_outcome(notices.last, inbox_id)}",
    ]
