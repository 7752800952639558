"""The wording of `/digest why` about one post: in which digest it was, or is to be, or why not."""

from __future__ import annotations

from bot.core.digest_record import (
    Coming,
    DigestRecord,
    DigestState,
    PartRecord,
    PostRecord,
    Standing,
)
from bot.core.digest_words import digest_heading, digest_outcome, pending_words
from bot.core.level import Exclusion, Level
from bot.core.model import Post
from bot.core.post_line import author_name, jump_link, literal, timestamp

_TITLE_LIMIT = 100
_LEFT_OUT = {
    Exclusion.MUTED: "You had muted its discussion, or stopped tracking it.",
    Exclusion.LEFT: "You were not in its server at that moment.",
    Exclusion.NO_ACCESS: "You could not read its discussion at that moment.",
    Exclusion.GONE: "Its discussion was gone at that moment.",
    Exclusion.NOTHING: (
        "Nothing was told of its discussion: what was new was your own, deleted, or no more than "
        "an edit of a post that you had not answered."
    ),
}
_NOT_TRACKED = (
    "You do not track its discussion, so no digest of yours is to tell of it. `/track discussion` "
    "there begins with what comes from then on."
)

_ONLY_AN_EDIT = (
    "That is of its edit, which is told beside other news: by itself it brings no digest, unless "
    "you had answered the post."
)


def compose_post_why(
    post: Post, record: PostRecord, reader_id: int, coming: Coming, inbox_id: int | None
) -> str:
    """Say of each of the reader's last digests whether it had the post, and which one is to.

    As Markdown that fits an embed. `inbox_id` is the channel of the reader's direct messages, for
    links; None where it is not known.
    """
    digests = sorted((*record.digests, *record.others), key=lambda digest: -digest.id)
    blocks = [_post_line(post, record), *_standing_lines(post, record, reader_id, coming)]
    for digest in digests:
        lines = [digest_heading(digest), _fate(post, record, digest, reader_id)]
        if _covers(record, digest):
            lines.append(digest_outcome(digest, inbox_id))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _post_line(post: Post, record: PostRecord) -> str:
    who = f"**{author_name(post)}** in “{literal(record.title, _TITLE_LIMIT)}”"
    return " · ".join(filter(None, (who, timestamp(post.posted_at), jump_link(post))))


def _standing_lines(post: Post, record: PostRecord, reader_id: int, coming: Coming) -> list[str]:
    """Say what holds of the post whatever digest comes, and what is to come of it."""
    if _is_own(post, reader_id):
        return ["It is your own: digests tell what others wrote."]
    if post.is_deleted:
        return ["It is deleted: no digest tells of it from then on."]
    standing = record.standing
    if record.is_muted:
        return ["You muted its discussion: no digest tells of it until you end that."]
    if standing is None:
        return [_NOT_TRACKED]
    lines = []
    if post.is_imported:
        lines.append("It came with an import: of old posts a digest says only how many came.")
    elif post.posted_at < standing.since or record.mark <= standing.since_mark:
        lines.append(
            "It was there before you began to track the discussion, "
            f"{timestamp(standing.since, 'D')}."
        )
    covering = [digest for digest in (*record.digests, *record.others) if _covers(record, digest)]
    if _is_news(post, record, standing):
        lines.append(pending_words(_level_told(post, record, standing, coming), coming))
        if _is_told(record, standing):
            lines.append(_ONLY_AN_EDIT)
    elif not covering and not lines:
        lines.append(
            "It is no news any more: a digest of longer ago than I remember had it, or it came "
            "while you had muted the discussion."
        )
    return lines


def _level_told(post: Post, record: PostRecord, standing: Standing, coming: Coming) -> Level:
    """Give the level with which it is told: what brings no message by itself waits for the week."""
    is_late = post.is_imported or _is_told(record, standing)
    if is_late and standing.level is Level.EVERY_POST and standing.level not in coming.due:
        return Level.WEEKLY
    return standing.level


def _is_news(post: Post, record: PostRecord, standing: Standing) -> bool:
    """Say whether the next digest is to tell of the post, or of its edit."""
    if not _is_told(record, standing):
        return post.is_imported or post.posted_at >= standing.since
    told = max(standing.told_mark, standing.since_mark)
    return record.edit_mark is not None and record.edit_mark > told


def _is_told(record: PostRecord, standing: Standing) -> bool:
    """Say whether the post itself is none of what is to be told, be it that its edit is."""
    return record.mark <= max(standing.told_mark, standing.since_mark)


def _fate(post: Post, record: PostRecord, digest: DigestRecord, reader_id: int) -> str:
    """Say whether a digest had the post, or why not."""
    part = next(iter(digest.parts), None)
    if record.mark > digest.up_to:
        return "It came later."
    if part is None:
        return _without_part(digest)
    is_edit = record.mark <= part.after
    if is_edit and not _holds(record.edit_mark, part, digest):
        return "It was not new any more."
    if _is_own(post, reader_id):
        return "It is your own."
    if not is_edit and not post.is_imported and post.posted_at < part.since:
        return "It was written before you began to track its discussion."
    if part.exclusion is not None:
        return _LEFT_OUT[part.exclusion]
    if _was_gone(post, record, part, digest):
        return "It was deleted before that, so nothing was told of it."
    return _told(post, part, digest, is_edit=is_edit)


def _was_gone(post: Post, record: PostRecord, part: PartRecord, digest: DigestRecord) -> bool:
    """Say whether the post was deleted by the time the digest was sent, or is to be."""
    if record.gone_at is None or (part.shown is not None and post.id in part.shown):
        return False
    return digest.settled_at is None or record.gone_at <= digest.settled_at


def _told(post: Post, part: PartRecord, digest: DigestRecord, *, is_edit: bool) -> str:
    """Say how a digest told of the post, which was new for it, or of its edit."""
    what = "Its edit" if is_edit else "It"
    if digest.is_open:
        return f"{what} is to be in it."
    if digest.state is not DigestState.SENT:
        return f"{what} was to be in it."
    if post.is_imported and not is_edit:
        return "It was counted in it, among the old posts."
    if part.shown is None or post.id in part.shown:
        return f"{what} was in it."
    return f"{what} was counted in it, and not shown: there was no room for all that was new."


def _without_part(digest: DigestRecord) -> str:
    if digest.state is DigestState.QUIET:
        return "It had nothing to tell of."
    if digest.state is DigestState.SKIPPED:
        return "Your digests were paused then."
    return "It had nothing to tell of this discussion."


def _covers(record: PostRecord, digest: DigestRecord) -> bool:
    """Say whether the post, or its edit, was among what was new for a digest."""
    return any(
        _holds(mark, part, digest)
        for part in digest.parts
        for mark in (record.mark, record.edit_mark)
    )


def _holds(mark: int | None, part: PartRecord, digest: DigestRecord) -> bool:
    return mark is not None and part.after < mark <= digest.up_to


def _is_own(post: Post, reader_id: int) -> bool:
    return post.author is not None and post.author.user_id == reader_id
