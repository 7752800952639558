"""What is found, and by whom."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import Discussion, PostKind
from bot.core.query import parse_query
from bot.core.search import SearchCount, SearchOrder, SearchRequest, SearchScope
from bot.store.absences import Absences
from bot.store.directory import Directory
from bot.store.importing.imports import Imports
from bot.store.removals import Removals
from bot.store.search import MOST_COUNTED, MOST_LABELS, MOST_RANKED, Search
from tests.reading_room import ANN, BEN, FORUM, START, ReadingRoom

OTHER_FORUM = 22
HERE = SearchScope(frozenset({FORUM}))
EVERYWHERE = SearchScope(frozenset({FORUM, OTHER_FORUM}), frozenset({FORUM, OTHER_FORUM}))


def request(typed: str, **narrowed: object) -> SearchRequest:
    values = {"order": SearchOrder.NEWEST} | narrowed
    return SearchRequest(parse_query(typed), **values)  # type: ignore[arg-type]  # a test's words


class Reader:
    """Searches as one who may read the forum."""

    def __init__(self, room: ReadingRoom) -> None:
        self.search = Search(room.database)

    async def finds(self, typed: str, scope: SearchScope = HERE, **narrowed: object) -> list[str]:
        """Give the texts that are found, and see that as many are counted."""
        asked = request(typed, **narrowed)
        found = [hit.post.content for hit in await self.search.page(asked, scope, limit=100)]
        assert await self.search.count(asked, scope) == SearchCount(len(found), is_more=False)
        return found


@pytest.fixture
def reader(room: ReadingRoom) -> Reader:
    return Reader(room)


@pytest.fixture
async def emma(room: ReadingRoom) -> Discussion:
    return await room.begin("Emma")


async def test_the_newest_come_first_whenever_they_were_told(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    for days in (3, 1, 2):
        at = START - timedelta(days=days)
        await room.post(emma, ANN, f"meddling {days} days ago", posted_at=at)

    assert await reader.finds("meddle") == [f"meddling {days} days ago" for days in (1, 2, 3)]


async def test_posts_of_one_second_are_all_found_the_last_told_first(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    for number in range(30):
        await room.post(emma, ANN, f"meddling {number}")
    await room.post(emma, ANN, "meddling before", posted_at=START - timedelta(seconds=1))

    found = await reader.finds("meddle")

    assert found == [f"meddling {number}" for number in reversed(range(30))] + ["meddling before"]


async def test_the_best_come_first_if_that_is_asked_for(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.post(emma, ANN, "Meddling, meddling, meddling!")
    await room.post(emma, ANN, "A long word on how she came to be there, and of meddling at last.")

    found = await reader.finds("meddling", order=SearchOrder.BEST)

    assert found[0] == "Meddling, meddling, meddling!"
    assert len(found) == 2


async def test_a_post_is_found_by_what_it_says_now(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    post = await room.post(emma, ANN, "meddling in 红楼梦")
    await room.edit(emma, post, ANN, "helping in 金瓶梅")

    assert await reader.finds("help 金瓶") == ["helping in 金瓶梅"]
    assert await reader.finds("meddle") == []
    assert await reader.finds("红楼") == []


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_is_done_to_posts_those_are_found_that_say_it_now(
    room: ReadingRoom, reader: Reader, emma: Discussion, seed: int
) -> None:
    chance = random.Random(seed)
    vocabulary = ["emma", "harriet", "box", "hill", "红楼", "елка"]
    texts: dict[int, str] = {}
    for _ in range(60):
        text = " ".join(chance.choices(vocabulary, k=3))
        known = [*texts]
        match chance.choice(["post", "post", "edit", "delete", "late"]) if known else "post":
            case "post":
                texts[await room.post(emma, ANN, text)] = text
            case "late":
                at = START - timedelta(seconds=chance.randrange(3))
                texts[await room.post(emma, ANN, text, posted_at=at)] = text
            case "edit":
                post = chance.choice(known)
                await room.edit(emma, post, ANN, text)
                texts[post] = text
            case "delete":
                post = chance.choice(known)
                await room.delete(emma, post)
                del texts[post]

    for word in vocabulary:
        expected = sorted(text for text in texts.values() if word in text.split())
        assert sorted(await reader.finds(f'"{word}"')) == expected


async def test_imported_posts_are_found_at_their_own_time(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.post(emma, ANN, "meddling now")
    old = START - timedelta(days=9_000)
    page = ImportedDiscussion(
        title="Emma, years ago",
        forum=None,
        book=None,
        participants=None,
        total_posts=None,
        tracked_by=None,
        initial_post=None,
        latest_post=None,
        missing_posts=(),
        # Old pages tell times by the minute at best.
        posts=tuple(
            ImportedPost(number, "Wren", old, None, PostKind.POST, f"meddling {number}")
            for number in range(1, 5)
        ),
        warnings=(),
    )
    await Imports(room.database).queue(page, FORUM, START)

    found = await reader.finds("meddle")

    assert found == ["meddling now", *(f"meddling {number}" for number in (4, 3, 2, 1))]
    (wren,) = await reader.search.authors("wren", HERE, 10)
    assert len(await reader.finds("meddle", author_id=wren.id)) == 4


async def test_a_post_is_found_by_the_author_it_has_now(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.post(emma, ANN, "meddling")
    await room.post(emma, BEN, "else")
    ann, ben = await reader.search.authors("", HERE, 10)
    async with room.database.transaction() as connection:
        await connection.execute(
            "UPDATE post SET author_id = ? WHERE author_id = ?", (ben.id, ann.id)
        )

    assert await reader.finds("meddle", author_id=ann.id) == []
    assert await reader.finds("meddle", author_id=ben.id) == ["meddling"]


async def test_a_deleted_post_is_not_found(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    post = await room.post(emma, ANN, "meddling in 红楼梦")
    await room.delete(emma, post)

    assert await reader.finds("meddle") == []
    assert await reader.finds("红楼") == []


async def test_what_is_withheld_is_found_again_only_when_a_host_keeps_it(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    posts = [await room.post(emma, ANN, f"meddling {number}") for number in range(30)]
    absences = Absences(room.database)
    assert await absences.withhold(emma.id, posts, START)

    assert await reader.finds("meddle") == []

    async with room.database.reading() as connection:
        ((question_id,),) = await connection.execute_fetchall("SELECT id FROM vanished_question")
    await absences.keep(question_id, START)
    assert len(await reader.finds("meddle")) == 30


async def test_a_hidden_discussion_is_not_found_nor_an_ended_forum_nor_what_is_erased(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.post(emma, ANN, "meddling")
    other = await room.begin("Emma again")
    await room.post(other, ANN, "meddling again")
    assert emma.thread_id is not None

    removals = Removals(room.database, Directory())
    await removals.hide(emma.thread_id, START)
    assert await reader.finds("meddle") == ["meddling again"]

    await room.forums.remove(FORUM, START)
    assert await reader.finds("meddle") == []

    await removals.erase(emma.id, START)
    await room.open_forum(FORUM)
    assert await reader.finds("meddle") == ["meddling again"]


async def test_only_the_asked_for_forums_are_searched(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.open_forum(OTHER_FORUM)
    elsewhere = await room.begin("Evelina", forum_id=OTHER_FORUM)
    await room.post(emma, ANN, "meddling here")
    await room.post(elsewhere, ANN, "meddling there")

    assert await reader.finds("meddle") == ["meddling here"]
    assert len(await reader.finds("meddle", EVERYWHERE)) == 2
    assert await reader.finds("meddle", SearchScope(frozenset())) == []


async def test_one_who_may_read_very_many_forums_finds_what_is_in_them_and_nothing_else(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.open_forum(OTHER_FORUM)
    elsewhere = await room.begin("Evelina", forum_id=OTHER_FORUM)
    secret = await room.begin("Just us", is_private=True)
    for place, text in ((emma, "meddling"), (elsewhere, "meddling there"), (secret, "meddling x")):
        await room.post(place, ANN, text)
    most = frozenset({FORUM, *range(1_000, 1_000 + MOST_LABELS)})

    for order in SearchOrder:
        assert await reader.finds("meddle", SearchScope(most), order=order) == ["meddling"]


async def test_a_private_discussion_is_found_by_those_who_may_read_it(
    room: ReadingRoom, reader: Reader
) -> None:
    secret = await room.begin("Just us", is_private=True)
    await room.post(secret, ANN, "meddling in secret")
    of_moderator = SearchScope(frozenset({FORUM}), private_forums=frozenset({FORUM}))
    of_member = SearchScope(frozenset({FORUM}), private_discussions=frozenset({secret.id}))

    assert await reader.finds("meddle") == []
    assert await reader.finds("meddle", of_moderator) == ["meddling in secret"]
    assert await reader.finds("meddle", of_member) == ["meddling in secret"]

    asked = [
        await reader.search.private_discussions(request(typed), [FORUM], 10)
        for typed in ("meddle", "Emma")
    ]
    assert [[each.id for each in found] for found in asked] == [[secret.id], []]


async def test_a_search_is_narrowed_to_an_author_a_time_and_a_discussion(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    other = await room.begin("Evelina")
    await room.post(emma, ANN, "Ann on meddling")
    await room.post(emma, BEN, "Ben on meddling", posted_at=START - timedelta(days=9))
    await room.post(other, BEN, "Ben elsewhere on meddling")
    (ben,) = await reader.search.authors("be", HERE, 10)

    assert await reader.finds("meddle", author_id=ben.id) == [
        "Ben elsewhere on meddling",
        "Ben on meddling",
    ]
    assert len(await reader.finds("meddle", since=START - timedelta(days=1))) == 2
    assert await reader.finds("meddle", discussion_id=other.id) == ["Ben elsewhere on meddling"]


async def test_an_author_of_whom_one_may_read_nothing_is_not_named(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    secret = await room.begin("Just us", is_private=True)
    await room.post(secret, BEN, "in secret")
    await room.post(emma, ANN, "in public")

    assert [each.name for each in await reader.search.authors("", HERE, 10)] == ["Ann"]
    assert [each.name for each in await reader.search.authors("", EVERYWHERE, 10)] == ["Ann", "Ben"]


async def test_pages_follow_each_other_and_stay_while_new_posts_come(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    for number in range(7):
        room.pass_time(timedelta(minutes=1))
        await room.post(emma, ANN, f"meddling {number}")
    latest = await reader.search.latest_key()
    room.pass_time(timedelta(minutes=1))
    await room.post(emma, ANN, "meddling anew")

    pages = [
        await reader.search.page(
            request("meddle"), HERE, skipped=skipped, limit=3, latest_key=latest
        )
        for skipped in (0, 3, 6)
    ]

    assert [[int(hit.post.content.split()[1]) for hit in page] for page in pages] == [
        [6, 5, 4],
        [3, 2, 1],
        [0],
    ]


async def test_more_hits_than_are_counted_are_said_to_be_more(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    async with room.database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark, search_key,"
            " search_place) VALUES (?, 'post', 0, 'meddling', 0, 0, ?, ?)",
            [(emma.id, key, f"f{FORUM}") for key in range(MOST_COUNTED + 5)],
        )
    asked = request("meddle")

    assert await reader.search.count(asked, HERE) == SearchCount(MOST_COUNTED, is_more=True)
    for order in SearchOrder:
        last = await reader.search.page(
            request("meddle", order=order), HERE, skipped=MOST_COUNTED - 3, limit=10
        )
        assert len(last) == 3


async def test_a_best_match_says_when_only_the_newest_were_compared(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    async def write(keys: range) -> None:
        async with room.database.transaction() as connection:
            await connection.executemany(
                "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark,"
                " search_key, search_place) VALUES (?, 'post', 0, 'meddling', 0, 0, ?, ?)",
                [(emma.id, key, f"f{FORUM}") for key in keys],
            )

    best = request("meddle", order=SearchOrder.BEST)
    await write(range(MOST_RANKED))
    assert (await reader.search.count(best, HERE)).best_of_newest is None

    await write(range(MOST_RANKED, MOST_RANKED + 1))
    assert (await reader.search.count(best, HERE)).best_of_newest == MOST_RANKED
    assert (await reader.search.count(request("meddle"), HERE)).best_of_newest is None


async def test_a_search_that_takes_too_long_is_ended_and_says_what_to_do(
    room: ReadingRoom, reader: Reader, emma: Discussion
) -> None:
    await room.post(emma, ANN, "meddling")
    async with room.database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO post (discussion_id, kind, root_id, content, posted_at, mark, search_key,"
            " search_place) VALUES (?, 'post', 0, ?, 0, 0, ?, ?)",
            [(emma.id, "mar " * 200, key, f"f{FORUM}") for key in range(3_000)],
        )
    hurried = Search(room.database, longest_seconds=0)

    with pytest.raises(UserError, match="Add a word"):
        await hurried.page(request("mar*", order=SearchOrder.BEST), HERE)

    assert await reader.finds("meddle") == ["meddling"]
