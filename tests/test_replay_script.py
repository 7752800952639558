"""The order and the look of an import's messages, whatever was sent or deleted before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.replay.script import Script
from bot.store.importing.imported_rows import QueuedPost
from bot.store.importing.queued_imports import QueuedImport
from tests.replaying import OLD, discussion

COUNT = 9
THREAD = 1_000


def queued(sent: Mapping[int, int], deleted: frozenset[int] = frozenset()) -> QueuedImport:
    """Give an import of which these numbers were sent, as these messages."""
    document = discussion(COUNT)
    posts = tuple(
        QueuedPost(
            id=post.number,
            post=post,
            is_deleted=post.number in deleted,
            message_ids=(sent[post.number],) if post.number in sent else (),
        )
        for post in document.posts
    )
    return QueuedImport(
        discussion_id=1,
        guild_id=1,
        forum_id=1,
        thread_id=THREAD,
        queued_at=OLD,
        tag=None,
        document=document,
        posts=posts,
    )


def send(script: Script, next_id: int) -> list[str]:
    """Send what remains, and give the texts."""
    texts = []
    for line in script.remaining():
        script.note(line, next_id)
        next_id += 1
        texts.append(line.staged.content)
    return texts


def sent_in(order: list[int]) -> dict[int, int]:
    return {number: THREAD + place for place, number in enumerate(order)}


def following(number: int, others: Iterable[int]) -> int | None:
    """Give the next greater number."""
    return min((other for other in others if other > number), default=None)


def test_what_was_sent_is_not_sent_again_and_the_rest_goes_in_order() -> None:
    texts = send(Script(queued(sent_in([3, 4])), THREAD), 2_000)
    assert [text.split("Thought ")[1][0] for text in texts] == list("1256789")


def test_a_deleted_post_is_not_sent() -> None:
    texts = send(Script(queued({}, frozenset({2})), THREAD), 2_000)
    assert [text.split("Thought ")[1][0] for text in texts] == list("13456789")


def test_nothing_of_a_deleted_opener_passes_to_the_post_after_it() -> None:
    texts = send(Script(queued(sent_in([3, 4]), frozenset({3})), THREAD), 2_000)
    assert not [text for text in texts if "Total posts" in text]
    late = [text.split("\n")[0] for text in texts if "found later" in text]
    url = f"https://discord.com/channels/1/{THREAD}/{THREAD}"
    assert late == [f"-# Posts 1 to 2, found later: they belong before [post 3]({url})"]


@given(st.permutations(range(1, COUNT + 1)), st.integers(0, COUNT))
def test_a_run_that_is_broken_off_anywhere_goes_on_as_if_it_had_not_been(
    order: list[int], sent_before: int
) -> None:
    before = sent_in(order[:sent_before])
    whole = send(Script(queued(before), THREAD), 2_000)
    rest = [number for number in range(1, COUNT + 1) if number not in before]
    for broken_off in range(len(rest)):
        sent = before | {number: 2_000 + place for place, number in enumerate(rest[:broken_off])}
        assert send(Script(queued(sent), THREAD), 2_000 + broken_off) == whole[broken_off:]


@given(st.permutations(range(1, COUNT + 1)), st.integers(0, COUNT))
def test_whoever_reads_on_from_a_late_post_is_told_where_its_run_belongs(
    order: list[int], sent_before: int
) -> None:
    before = sent_in(order[:sent_before])
    script = Script(queued(before), THREAD)
    rest = [number for number in range(1, COUNT + 1) if number not in before]
    texts = dict(zip(rest, send(script, 2_000), strict=True))
    # What goes on directly behind the last post that was sent is of its run.
    sent = order[:sent_before]
    previous, told = 0, None
    if sent:
        previous, told = sent[-1], following(sent[-1], sent[:-1])
    for number in rest:
        place = following(number, sent)
        is_in_run = place == told and number > previous
        if place is None or is_in_run:
            assert "found later" not in texts[number]
        else:
            assert f"before [post {place}](" in texts[number].split("\n")[0]
        previous, told = number, place


def test_a_post_whose_parent_is_still_to_go_waits_for_its_link() -> None:
    import_ = queued(sent_in([5, 6]))
    script = Script(import_, THREAD)
    assert script.awaits_parent(import_.posts[4])
    assert not script.awaits_parent(import_.posts[5])
    unknown = replace(import_.posts[4], post=replace(import_.posts[4].post, in_reply_to=None))
    assert not script.awaits_parent(unknown)
