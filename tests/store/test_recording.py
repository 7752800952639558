from __future__ import annotations

from bot.core.model import Attachment, PostKind
from bot.store.database import Database
from bot.store.posts import Posts
from bot.store.recording import Outcome, Recorded, Recording
from tests.store.thread import THREAD, Club, message, minute

COVER = Attachment(900, "cover.png", "image/png", 12_345, "A green cover")


async def test_a_new_message_is_a_post_with_everything_it_says(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    said = message(
        1_001, "Yes, and **no**. 🦉", attachments=(COVER,), notes=("Poll: Next? (Emma)",)
    )

    recorded = await recording.record(discussion, said)

    assert recorded.outcome is Outcome.NEW
    post = await posts.by_message(1_001)
    assert post is not None
    assert post.id == recorded.post_id
    assert (post.content, post.attachments, post.notes) == (
        "Yes, and **no**. 🦉",
        (COVER,),
        ("Poll: Next? (Emma)",),
    )
    assert post.author is not None
    assert (post.author.name, post.author.user_id) == ("Ann", 7)
    assert (post.posted_at, post.edited_at, post.kind) == (minute(1), None, PostKind.POST)
    assert (post.thread_id, post.channel_id, post.message_id) == (THREAD, THREAD, 1_001)


async def test_the_same_message_twice_is_one_post(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    first = await recording.record(discussion, message(1_001))
    again = await recording.record(discussion, message(1_001))

    assert again == Recorded(Outcome.KNOWN, first.post_id)
    assert len(await posts.page(discussion)) == 1


async def test_an_edit_keeps_the_text_before_it(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "Emma is cruel."))
    edit = message(1_001, "Emma is careless.", edited=5, attachments=(COVER,))

    assert (await recording.record(discussion, edit)).outcome is Outcome.REVISED

    assert recorded.post_id is not None
    texts = await posts.revisions(recorded.post_id)
    assert [(text.content, text.attachments, text.written_at) for text in texts] == [
        ("Emma is cruel.", (), minute(1)),
        ("Emma is careless.", (COVER,), minute(5)),
    ]
    post = await posts.by_message(1_001)
    assert post is not None
    assert (post.content, post.edited_at) == ("Emma is careless.", minute(5))


async def test_a_message_repeated_for_a_link_preview_is_no_revision(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "Once.", edited=5))

    repeated = await recording.record(discussion, message(1_001, "Once.", edited=5))

    assert repeated.outcome is Outcome.KNOWN
    assert recorded.post_id is not None
    assert len(await posts.revisions(recorded.post_id)) == 1


async def test_an_edit_that_leaves_the_text_as_it_was_is_no_revision(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "Same."))

    edited = await recording.record(discussion, message(1_001, "Same.", edited=9))

    assert edited.outcome is Outcome.KNOWN
    assert recorded.post_id is not None
    assert [text.written_at for text in await posts.revisions(recorded.post_id)] == [minute(1)]


async def test_two_edits_within_a_millisecond_leave_the_one_told_last(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "First."))
    for text, minutes in (("Second.", 1), ("Third.", 1 + 1e-6), ("Third.", 1 + 1e-6)):
        await recording.record(discussion, message(1_001, text, edited=minutes))

    assert recorded.post_id is not None
    texts = [text.content for text in await posts.revisions(recorded.post_id)]
    assert texts == ["First.", "Third."]


async def test_a_text_that_could_not_be_seen_is_filled_in_and_never_emptied(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    for text in ("", "Now I see.", ""):
        await recording.record(discussion, message(1_001, text))

    assert [post.content for post in await posts.page(discussion)] == ["Now I see."]


async def test_an_edit_found_after_a_gap_is_marked(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "Before."))
    await recording.record(discussion, message(1_001, "After.", edited=9), after_gap=True)

    assert recorded.post_id is not None
    texts = await posts.revisions(recorded.post_id)
    assert [text.after_gap for text in texts] == [False, True]
    post = await posts.get(recorded.post_id)
    assert post is not None
    assert post.edited_in_gap


async def test_a_post_never_edited_has_no_gap_however_it_was_found(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001), after_gap=True)

    assert recorded.post_id is not None
    post = await posts.get(recorded.post_id)
    assert post is not None
    assert not post.edited_in_gap


async def test_the_edit_of_an_unknown_message_is_a_post_and_its_creation_the_earlier_text(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    edit = await recording.record(discussion, message(1_001, "Second.", edited=5))
    late = await recording.record(discussion, message(1_001, "First."))

    assert (edit.outcome, late.outcome) == (Outcome.NEW, Outcome.REVISED)
    assert edit.post_id is not None
    texts = [text.content for text in await posts.revisions(edit.post_id)]
    assert texts == ["First.", "Second."]


async def test_a_deleted_post_keeps_its_place_and_loses_every_text(
    recording: Recording, posts: Posts, discussion: int, database: Database
) -> None:
    first = await recording.record(discussion, message(1_001, "A secret.", attachments=(COVER,)))
    await recording.record(discussion, message(1_001, "A known secret.", edited=3))
    await recording.record(discussion, message(1_002, "Oh.", reply_to=1_001))

    assert await recording.delete(discussion, [1_001], minute(9)) == 1

    assert first.post_id is not None
    assert await posts.revisions(first.post_id) == ()
    deleted, reply = await posts.page(discussion)
    assert (deleted.is_deleted, deleted.content, deleted.attachments) == (True, "", ())
    assert (deleted.number, deleted.reply_count, deleted.edited_at) == (1, 1, None)
    assert reply.parent_id == deleted.id
    async with database.reading() as connection:
        (dump,) = await connection.execute_fetchall(
            "SELECT (SELECT group_concat(content) FROM post)"
            " || ifnull((SELECT group_concat(content) FROM revision), '') AS texts"
        )
    assert "secret" not in dump["texts"]


async def test_what_was_deleted_does_not_come_back(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    recorded = await recording.record(discussion, message(1_001, "A secret."))
    await recording.delete(discussion, [1_001], minute(9))

    again = await recording.record(discussion, message(1_001, "A secret.", edited=20))

    assert again == Recorded(Outcome.BLOCKED, recorded.post_id)
    (post,) = await posts.page(discussion)
    assert (post.is_deleted, post.content) == (True, "")


async def test_a_creation_that_arrives_after_its_deletion_is_a_place_without_text(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    assert await recording.delete(discussion, [1_001], minute(2)) == 0

    late = await recording.record(discussion, message(1_001, "A secret."))

    assert late.outcome is Outcome.BLOCKED
    (post,) = await posts.page(discussion)
    assert (post.is_deleted, post.content, post.number) == (True, "", 1)


async def test_deleting_twice_counts_once(
    recording: Recording, discussion: int, club: Club
) -> None:
    await recording.record(discussion, message(1_001))
    await recording.record(discussion, message(1_002))

    assert await recording.delete(discussion, [1_001], minute(2)) == 1
    assert await recording.delete(discussion, [1_001, 1_002], minute(3)) == 1

    kept = await club.discussions.get(discussion)
    assert kept is not None
    assert kept.post_count == 0


async def test_a_message_of_another_discussion_is_not_deleted_by_its_id(
    recording: Recording, posts: Posts, club: Club
) -> None:
    here, there = await club.discussion(), await club.discussion(2_000)
    await recording.record(there, message(2_001, thread_id=2_000))

    assert await recording.delete(here, [2_001], minute(2)) == 0

    (post,) = await posts.page(there)
    assert not post.is_deleted


async def test_posts_are_numbered_in_the_order_of_their_ids_and_keep_their_numbers(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    for message_id in (1_000, 1_003, 1_002):
        await recording.record(discussion, message(message_id))
    await recording.delete(discussion, [1_003], minute(4))
    await recording.record(discussion, message(1_004))

    page = await posts.page(discussion)

    assert [(post.number, post.message_id) for post in page] == [
        (1, 1_000),
        (2, 1_003),
        (3, 1_002),
        (4, 1_004),
    ]


async def test_no_number_is_given_before_the_history_is_known(
    recording: Recording, posts: Posts, club: Club
) -> None:
    discussion = await club.discussion(is_current=False)
    await recording.record(discussion, message(1_005, "Live."))
    await recording.record(discussion, message(1_001, "Read."), after_gap=True)
    assert await posts.page(discussion) == ()

    await club.discussions.settle(discussion)
    await recording.record(discussion, message(1_006, "Later."))

    page = await posts.page(discussion)
    assert [(post.number, post.content) for post in page] == [
        (1, "Read."),
        (2, "Live."),
        (3, "Later."),
    ]


async def test_a_webhooks_posts_have_a_name_and_no_member(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    for message_id, name in ((1_001, "Mr Knightley"), (1_002, "Emma"), (1_003, "Emma")):
        await recording.record(discussion, message(message_id, by=None, name=name))

    authors = [post.author for post in await posts.page(discussion)]

    assert all(author is not None and author.user_id is None for author in authors)
    assert [author.name for author in authors if author] == ["Mr Knightley", "Emma", "Emma"]
    assert authors[1] == authors[2]


async def test_a_members_new_name_is_the_name_of_all_their_posts(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    await recording.record(discussion, message(1_001, name="Ann"))
    await recording.record(discussion, message(1_002, name="Annabel"))

    names = {post.author.name for post in await posts.page(discussion) if post.author}

    assert names == {"Annabel"}


async def test_a_post_of_an_erased_discussion_is_blocked(recording: Recording) -> None:
    assert await recording.record(99, message(1_001)) == Recorded(Outcome.BLOCKED, None)


async def test_each_new_post_and_each_edit_is_news_once(
    recording: Recording, discussion: int, database: Database
) -> None:
    async def marks() -> list[tuple[int, int | None]]:
        async with database.reading() as connection:
            rows = await connection.execute_fetchall(
                "SELECT mark, edit_mark FROM post ORDER BY message_id"
            )
        return [(row["mark"], row["edit_mark"]) for row in rows]

    await recording.record(discussion, message(1_001, "One."))
    await recording.record(discussion, message(1_002, "Two."))
    ((first, _), (second, _)) = await marks()
    assert second == first + 1

    await recording.record(discussion, message(1_001, "One!", edited=5))
    await recording.record(discussion, message(1_001, "One!", edited=5))
    await recording.record(discussion, message(1_002, "Two.", edited=5))
    assert await marks() == [(first, second + 1), (second, None)]

    await recording.record(discussion, message(1_003, "Three."))
    assert (await marks())[-1] == (second + 2, None)


async def test_texts_of_any_unicode_are_kept_as_they_are(
    recording: Recording, posts: Posts, discussion: int
) -> None:
    texts = ["\U0010ffff" * 2_000, "\u202e\u0301\ufeff", '"\\\b\n\t', "ß" * 2_000, "﷽" * 100]
    for number, text in enumerate(texts, start=1):
        await recording.record(discussion, message(THREAD + number, text))

    assert [post.content for post in await posts.page(discussion)] == texts
