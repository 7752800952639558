from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.digest_record import (
    Coming,
    DigestRecord,
    DigestState,
    PartRecord,
    PostRecord,
    Standing,
)
from bot.core.level import DigestKind, Exclusion, Level
from bot.core.model import Post
from bot.core.post_why import compose_post_why
from tests.core.samples import ANN, BEN, POST, POSTED_AT

READER = BEN.user_id or 0
PLANNED_AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
WEEK = timedelta(days=7)
COMING = Coming(
    due={Level.WEEKLY: PLANNED_AT + WEEK}, levels=frozenset({Level.WEEKLY}), is_paused=False
)
STANDING = Standing(
    level=Level.WEEKLY, since_mark=1, since=POSTED_AT - timedelta(days=1), told_mark=20
)
PART = PartRecord(
    discussion_id=1, title="Emma", thread=None, after=10, since=STANDING.since, exclusion=None,
    shown=None,
)  # fmt: skip
# The post has mark 15: this digest covers what is after 10, up to 20.
DIGEST = DigestRecord(
    id=5,
    kind=DigestKind.WEEKLY,
    up_to=20,
    planned_at=PLANNED_AT,
    state=DigestState.SENT,
    next_attempt_at=PLANNED_AT,
    settled_at=PLANNED_AT,
    message_id=77,
    reason=None,
    parts=(PART,),
)
QUIET = replace(DIGEST, state=DigestState.QUIET, parts=())
SENT = "**Weekly digest** of <t:1795370400:D>"


def record(
    *digests: DigestRecord,
    mark: int = 15,
    edit_mark: int | None = None,
    is_muted: bool = False,
    standing: Standing | None = STANDING,
    others: tuple[DigestRecord, ...] = (),
    gone_at: datetime | None = None,
) -> PostRecord:
    return PostRecord("Emma", mark, edit_mark, is_muted, standing, digests, others, gone_at)


def why(known: PostRecord, post: Post = POST, coming: Coming = COMING) -> str:
    return compose_post_why(post, known, READER, coming, 66)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (PART, "It was in it."),
        (replace(PART, shown=frozenset({POST.id, 3})), "It was in it."),
        (replace(PART, shown=frozenset({3})), "It was counted in it, and not shown"),
        (replace(PART, after=15), "It was not new any more."),
        (replace(PART, since=POSTED_AT + WEEK), "It was written before you began to track"),
        (replace(PART, exclusion=Exclusion.MUTED), "You had muted its discussion, or stopped"),
        (replace(PART, exclusion=Exclusion.LEFT), "You were not in its server at that moment."),
        (replace(PART, exclusion=Exclusion.NO_ACCESS), "You could not read its discussion"),
        (replace(PART, exclusion=Exclusion.GONE), "Its discussion was gone at that moment."),
        (replace(PART, exclusion=Exclusion.NOTHING), "Nothing was told of its discussion"),
    ],
)
def test_it_is_said_whether_a_digest_had_the_post(part: PartRecord, words: str) -> None:
    text = why(record(replace(DIGEST, parts=(part,))))

    assert f"{SENT}\n{words}" in text


@pytest.mark.parametrize(
    ("digest", "words"),
    [
        (replace(DIGEST, up_to=14), "It came later."),
        (QUIET, "It had nothing to tell of."),
        (replace(QUIET, up_to=14), "It came later."),
        (replace(QUIET, state=DigestState.SKIPPED), "Your digests were paused then."),
        (replace(DIGEST, parts=()), "It had nothing to tell of this discussion."),
        (replace(DIGEST, state=DigestState.WAITING), "It is to be in it.\n⏳ It is to be sent"),
        (replace(DIGEST, state=DigestState.FAILED), "It was to be in it.\n❌ Given up"),
    ],
)
def test_a_digest_that_did_not_tell_of_it_says_why(digest: DigestRecord, words: str) -> None:
    assert f"{SENT}\n{words}" in why(record(digest))


def test_a_digest_that_had_it_is_linked_and_the_newest_is_told_first() -> None:
    later = replace(DIGEST, id=6, planned_at=PLANNED_AT + WEEK, up_to=30, parts=())

    text = why(record(later, DIGEST))

    assert "It was in it.\n✅ Sent <t:1795370400:f> · [open it]" in text
    assert text.index("It had nothing") < text.index("It was in it")
    assert text.count("✅") == 1


def test_a_message_about_new_posts_that_told_of_it_is_told_among_the_digests() -> None:
    notice = replace(DIGEST, id=4, kind=DigestKind.NOTICE)

    text = why(record(QUIET, others=(notice,)))

    assert "**Message about new posts** of <t:1795370400:D>\nIt was in it." in text


def test_an_edit_that_a_later_digest_told_is_said_to_be_its_edit() -> None:
    later = replace(DIGEST, id=6, up_to=30, parts=(replace(PART, after=20),))

    text = why(record(later, DIGEST, edit_mark=25))

    assert f"{SENT}\nIts edit was in it." in text
    assert f"{SENT}\nIt was in it." in text


def test_old_posts_are_counted_and_not_told_one_by_one() -> None:
    old = replace(POST, is_imported=True, posted_at=POSTED_AT - 900 * WEEK)

    text = why(record(DIGEST), old)

    assert "of old posts a digest says only how many came" in text
    assert "It was counted in it, among the old posts." in text


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (replace(POST, author=BEN), "It is your own: digests tell what others wrote."),
        (replace(POST, is_deleted=True), "It is deleted: no digest tells of it"),
    ],
)
def test_ones_own_and_a_deleted_post_are_to_be_in_none(post: Post, words: str) -> None:
    text = why(record(mark=25), post)

    assert words in text
    assert "It is to be" not in text


@pytest.mark.parametrize(
    ("digest", "gone_at", "words"),
    [
        (DIGEST, PLANNED_AT - WEEK, "It was deleted before that, so nothing was told of it."),
        (DIGEST, PLANNED_AT + WEEK, "It was in it."),
        (
            replace(DIGEST, parts=(replace(PART, shown=frozenset({POST.id})),)),
            PLANNED_AT - timedelta(seconds=1),
            "It was in it.",
        ),
        (
            replace(DIGEST, parts=(replace(PART, shown=frozenset({3})),)),
            PLANNED_AT - WEEK,
            "It was deleted before that",
        ),
        (
            replace(DIGEST, state=DigestState.WAITING, settled_at=None),
            PLANNED_AT + WEEK,
            "It was deleted before that",
        ),
    ],
)
def test_a_post_deleted_before_a_digest_came_was_not_in_it(
    digest: DigestRecord, gone_at: datetime, words: str
) -> None:
    text = why(record(digest, gone_at=gone_at), replace(POST, is_deleted=True))

    assert f"{SENT}\n{words}" in text


def test_ones_own_post_was_in_none_though_its_discussion_was() -> None:
    assert f"{SENT}\nIt is your own." in why(record(DIGEST), replace(POST, author=BEN))


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (record(mark=25), "in your weekly digest, <t:1795975200:F> (<t:1795975200:R>)"),
        (record(mark=15, edit_mark=25), "in your weekly digest, <t:1795975200:F>"),
        (record(mark=15, edit_mark=25), "by itself it brings no digest, unless you had answered"),
        (
            record(mark=25, standing=replace(STANDING, level=Level.EVERY_POST)),
            "in your next message about new posts, within minutes",
        ),
        (
            record(mark=15, edit_mark=25, standing=replace(STANDING, level=Level.EVERY_POST)),
            "in your weekly digest, <t:1795975200:F>",
        ),
        (record(standing=None), "You do not track its discussion"),
        (record(standing=None, is_muted=True), "You muted its discussion"),
        (
            record(standing=replace(STANDING, since=POSTED_AT + WEEK)),
            "It was there before you began to track the discussion, <t:1795804200:D>.",
        ),
        (record(standing=replace(STANDING, since_mark=15)), "It was there before you began"),
        (record(), "It is no news any more"),
    ],
)
def test_it_is_said_what_is_to_come_of_it(known: PostRecord, words: str) -> None:
    assert words in why(known)


def test_while_digests_are_paused_it_waits() -> None:
    text = why(record(mark=25), coming=replace(COMING, is_paused=True))

    assert "Your digests are paused" in text


def test_what_is_on_its_way_is_not_promised_a_second_time_but_its_edit_is() -> None:
    waiting = replace(DIGEST, state=DigestState.WAITING)

    assert "in your weekly digest" not in why(record(waiting))
    assert "in your weekly digest" in why(record(waiting, edit_mark=25))


def test_of_a_new_post_that_was_edited_nothing_is_said_of_edits() -> None:
    assert "its edit" not in why(record(mark=25, edit_mark=26))


def test_the_post_is_named_with_its_author_and_a_link() -> None:
    assert why(record()).startswith(
        f"**{ANN.name}** in “Emma” · <t:1795199400:f> · [open](https://"
    )
