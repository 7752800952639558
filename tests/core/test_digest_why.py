from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from bot.core.digest_record import Coming, DigestRecord, DigestState, NoticeCounts, PartRecord
from bot.core.digest_why import NAMED, compose_last_digests, parts_to_name
from bot.core.graphemes import utf16_length
from bot.core.level import DigestKind, Exclusion, Level
from bot.core.ports import ThreadReference
from tests.core.nasty_texts import nasty_texts

PLANNED_AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NO_NOTICES = NoticeCounts(since=PLANNED_AT, sent=0, failed=0, last=None)
COMING = Coming(
    due={Level.DAILY: PLANNED_AT + timedelta(days=1), Level.WEEKLY: PLANNED_AT + timedelta(days=7)},
    levels=frozenset({Level.WEEKLY}),
    is_paused=False,
)
DIGEST = DigestRecord(
    id=5,
    kind=DigestKind.WEEKLY,
    up_to=20,
    planned_at=PLANNED_AT,
    state=DigestState.SENT,
    next_attempt_at=PLANNED_AT + 5 * MINUTE,
    settled_at=PLANNED_AT + MINUTE,
    message_id=77,
    reason=None,
    parts=(),
)
INBOX = 66
ALL = range(1000)


def part(
    discussion_id: int, title: str | None = "Emma", exclusion: Exclusion | None = None
) -> PartRecord:
    thread = ThreadReference(9, 8, 700 + discussion_id, is_private=False)
    return PartRecord(
        discussion_id=discussion_id,
        title=title,
        thread=None if title is None else thread,
        after=10,
        since=PLANNED_AT,
        exclusion=exclusion,
        shown=None,
    )


def told(
    *digests: DigestRecord,
    readable: Collection[int] = ALL,
    notices: NoticeCounts = NO_NOTICES,
    coming: Coming = COMING,
    inbox_id: int | None = INBOX,
) -> str:
    return compose_last_digests(digests, notices, coming, readable, inbox_id)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "✅ Sent <t:1795370460:f> · [open it](https://discord.com/channels/@me/66/77)"),
        ({"state": DigestState.EMPTY}, "Not sent: when its turn came, nothing was left to say."),
        ({"state": DigestState.QUIET}, "Not sent: nothing was new."),
        (
            {"state": DigestState.SKIPPED, "reason": "digests are paused"},
            "Not sent: digests are paused.",
        ),
        (
            {"state": DigestState.FAILED, "reason": "your direct messages are closed to me"},
            "❌ Given up <t:1795370460:f>: your direct messages are closed to me.",
        ),
        ({"state": DigestState.WAITING}, "⏳ It is to be sent <t:1795370700:R>."),
        ({"state": DigestState.SENDING}, "⏳ It is being sent."),
        (
            {"state": DigestState.WAITING, "reason": "Discord gave no clear answer"},
            "⏳ Not sent yet: Discord gave no clear answer. The next try is <t:1795370700:R>.",
        ),
    ],
)
def test_a_digest_is_told_with_what_became_of_it(changes: dict[str, object], words: str) -> None:
    digest = replace(DIGEST, **changes)  # type: ignore[arg-type]  # each its own type

    assert f"**Weekly digest** of <t:1795370400:D>\n{words}" in told(digest)


def test_without_the_inbox_being_known_there_is_no_link_to_the_message() -> None:
    assert "open it" not in told(DIGEST, inbox_id=None)


@pytest.mark.parametrize(
    ("exclusion", "label"),
    [
        (None, "In it"),
        (Exclusion.MUTED, "Left out (muted, or not tracked any more)"),
        (Exclusion.LEFT, "Left out (you had left its server)"),
        (Exclusion.NO_ACCESS, "Left out (not for you to read at that moment)"),
        (Exclusion.GONE, "Left out (it was gone at that moment)"),
        (
            Exclusion.NOTHING,
            "Left out (only your own or deleted posts, or edits of what you had not answered)",
        ),
    ],
)
def test_each_discussion_is_named_with_what_became_of_it(
    exclusion: Exclusion | None, label: str
) -> None:
    digest = replace(DIGEST, parts=(part(3, exclusion=exclusion),))

    assert f"\n{label}: [Emma](https://discord.com/channels/9/703)" in told(digest)


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (DigestState.WAITING, "It is to tell of"),
        (DigestState.FAILED, "It was to tell of"),
    ],
)
def test_of_a_digest_that_did_not_arrive_it_is_said_what_it_was_to_tell_of(
    state: DigestState, label: str
) -> None:
    assert f"\n{label}: [Emma]" in told(replace(DIGEST, state=state, parts=(part(3),)))


def test_what_may_not_be_read_now_and_what_is_gone_is_counted_and_not_named() -> None:
    parts = (part(1), part(2, "Secrets"), part(3, None), part(4, "More secrets"))

    text = told(replace(DIGEST, parts=parts), readable={1})

    assert (
        "In it: [Emma](https://discord.com/channels/9/701), "
        "2 discussions that you cannot read now, 1 discussion that is gone"
    ) in text
    assert "ecrets" not in text


def test_of_many_discussions_the_first_are_named_and_only_those_need_be_asked_for() -> None:
    digest = replace(DIGEST, parts=tuple(part(number, f"Book {number}") for number in range(12)))

    named = parts_to_name([digest])

    assert [each.discussion_id for each in named] == list(range(NAMED))
    text = told(digest, readable=set(range(NAMED)))
    assert "[Book 4](https://discord.com/channels/9/704), 7 more" in text


def test_messages_about_new_posts_are_summed_up_with_what_became_of_the_last() -> None:
    last = replace(DIGEST, kind=DigestKind.NOTICE)
    notices = NoticeCounts(since=PLANNED_AT, sent=12, failed=1, last=last)

    text = told(DIGEST, notices=notices)

    assert (
        "**New posts as they came**, since <t:1795370400:D>: 12 messages sent, 1 given up\n"
        "The last one: ✅ Sent <t:1795370460:f>"
    ) in text


@pytest.mark.parametrize(
    ("coming", "words"),
    [
        (COMING, "Next, if there is news: your weekly digest <t:1795975200:F>."),
        (replace(COMING, is_paused=True), "Your digests are paused"),
        (replace(COMING, levels=frozenset()), "You track nothing now"),
        (
            replace(COMING, levels=frozenset(Level) - {Level.MUTED}),
            "daily digest <t:1795456800:F>, your weekly digest <t:1795975200:F>, new posts as",
        ),
    ],
)
def test_it_ends_with_what_comes_next(coming: Coming, words: str) -> None:
    assert words in told(DIGEST, coming=coming).split("\n\n")[-1]


def test_who_was_never_due_is_told_so() -> None:
    assert told().startswith("No digest has been due for you yet.")


@given(nasty_texts(max_size=120), nasty_texts(max_size=200))
def test_whatever_titles_and_reasons_hold_it_fits_a_message(title: str, reason: str) -> None:
    parts = tuple(
        part(number, title * 3 or "x", exclusion)
        for number, exclusion in enumerate([None, *Exclusion] * 9)
    )
    far = replace(DIGEST, message_id=10**19, reason=reason * 3, parts=parts)
    digests = [replace(far, state=state) for state in (DigestState.FAILED, DigestState.WAITING)]

    text = told(*digests, *digests, inbox_id=10**19)

    assert utf16_length(text) <= 4000
