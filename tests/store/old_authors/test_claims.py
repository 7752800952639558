"""Members who say which old author they were, and what follows when a host confirms it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.activity import DigestPart
from bot.core.errors import UserError
from bot.core.fan_out import Wanted
from bot.core.level import DigestKind
from bot.core.model import Author, DiscussionNews
from bot.store.database import to_milliseconds
from bot.store.forums import Forums
from bot.store.news import News
from tests.store.archive import (
    ANN,
    BEN,
    FIRST,
    FORUM,
    GUILD,
    HOST,
    NOW,
    OTHER_FORUM,
    SECOND,
    WHOLE,
    Archive,
    message_of,
    page,
    post,
)


async def authors(archive: Archive, discussion_id: int) -> list[tuple[str, int | None] | None]:
    return [
        None if one.author is None else (one.author.name, one.author.user_id)
        for one in await archive.posts.page(discussion_id)
    ]


async def authors_in_rows(archive: Archive, discussion_id: int) -> set[tuple[str, int | None]]:
    """Of deleted posts too, of which nobody is shown the author."""
    async with archive.database.reading() as connection:
        rows = await connection.execute_fetchall(
            "SELECT name, user_id FROM post JOIN author ON author.id = post.author_id"
            " WHERE discussion_id = ?",
            (discussion_id,),
        )
    return {(row["name"], row["user_id"]) for row in rows}


WREN, TAMSIN = ("Wren", None), ("Tamsin", None)


async def test_a_member_asks_once_and_the_forums_host_is_to_be_told(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    post_id = (await archive.of_number(discussion_id, 1)).id
    claim = await archive.claims.ask(post_id, ANN, NOW)
    assert (claim.guild_id, claim.forum_id, claim.user_id) == (GUILD, FORUM, ANN)
    assert (claim.author_name, claim.asked_at) == ("Wren", NOW)
    assert (claim.is_told, claim.is_confirmed, claim.decided_by) == (False, False, None)
    assert await archive.claims.ask(post_id, ANN, NOW + timedelta(days=1)) == claim
    assert await archive.claims.ask_name(GUILD, "Wren", ANN, NOW) == claim
    assert await archive.claims.open(GUILD) == (claim,)
    assert await archive.claims.all_open() == (claim,)
    assert await archive.claims.get(claim.id) == claim
    assert await archive.claims.open(GUILD + 1) == ()


async def test_a_host_is_told_once_and_tried_again_where_they_could_not_be(
    archive: Archive,
) -> None:
    await archive.bring(WHOLE)
    claim = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    assert await archive.claims.untold(NOW) == (claim,)
    await archive.claims.postpone(claim.id, NOW + timedelta(hours=1))
    assert await archive.claims.untold(NOW) == ()
    assert await archive.claims.untold(NOW + timedelta(hours=1)) == (claim,)
    await archive.claims.told(claim.id, NOW)
    assert await archive.claims.untold(NOW + timedelta(hours=1)) == ()
    (told,) = await archive.claims.open(GUILD)
    assert told.is_told
    assert (await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)).is_told


async def test_confirmed_posts_are_the_members_and_taken_back_they_are_the_names(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.say(discussion_id, 5_000)
    claim = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    assert await archive.claims.confirm(claim.id, HOST, NOW) == 2
    ann = (f"Member {ANN}", ANN)
    assert await authors(archive, discussion_id) == [ann, TAMSIN, None, ann, TAMSIN, None, ann]
    (confirmed,) = await archive.claims.confirmed(GUILD)
    assert (confirmed.id, confirmed.is_confirmed, confirmed.decided_by) == (claim.id, True, HOST)
    assert await archive.claims.confirmed_of(ANN) == (confirmed,)
    assert await archive.claims.open(GUILD) == ()

    assert await archive.claims.revoke(claim.id, HOST, NOW) == 2
    assert await authors(archive, discussion_id) == [WREN, TAMSIN, None, WREN, TAMSIN, None, ann]
    assert await archive.claims.confirmed(GUILD) == ()
    assert await archive.claims.confirmed_of(ANN) == ()


async def test_a_deleted_post_is_theirs_too_and_does_not_count(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.recording.delete(discussion_id, [message_of(4)], NOW)
    claim = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    assert await archive.claims.confirm(claim.id, HOST, NOW) == 1
    assert await authors_in_rows(archive, discussion_id) == {("Wren", ANN), TAMSIN}
    assert await archive.claims.revoke(claim.id, HOST, NOW) == 1
    assert await authors_in_rows(archive, discussion_id) == {WREN, TAMSIN}


async def test_one_who_never_wrote_here_bears_the_old_name_until_they_do(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    assert (await authors(archive, discussion_id))[0] == ("Wren", ANN)
    await archive.say(discussion_id, 5_000)
    assert (await authors(archive, discussion_id))[0] == (f"Member {ANN}", ANN)


async def test_pages_imported_again_or_later_match_and_are_the_members_too(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(FIRST)
    await archive.claim()
    assert await archive.imports.queue(FIRST, FORUM, NOW) == await archive.imports.queue(
        FIRST, FORUM, NOW
    )
    queued = await archive.imports.queue(WHOLE, FORUM, NOW)
    assert (queued.discussion_id, queued.added) == (discussion_id, 3)
    wren = ("Wren", ANN)
    assert await authors(archive, discussion_id) == [wren, TAMSIN, None, wren, TAMSIN, None]
    elsewhere = await archive.bring(WHOLE, forum_id=OTHER_FORUM)
    assert (await authors(archive, elsewhere))[0] == wren
    # Its messages show the page's own name, as the first ones do.
    assert (await archive.replays.load(elsewhere)).document.posts[0].author == "Wren"
    (claim,) = await archive.claims.confirmed(GUILD)
    assert await archive.claims.revoke(claim.id, HOST, NOW) == 4
    assert (await authors(archive, elsewhere))[0] == WREN


async def test_an_export_that_names_the_member_is_the_same_discussion_still(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.say(discussion_id, 5_000)
    await archive.recording.delete(discussion_id, [5_000], NOW)
    await archive.claim()
    exported = await archive.documents.get(discussion_id)
    assert exported.posts[0].author == f"Member {ANN}"
    again = page(*exported.posts[:6])
    assert await archive.imports.plan(again, FORUM) == await archive.imports.plan(WHOLE, FORUM)
    assert (await archive.imports.plan(again, FORUM)).added == 0


@pytest.mark.parametrize("number", [3, 7], ids=["an old post that names nobody", "a post of today"])
async def test_a_post_without_an_old_name_cannot_be_claimed(archive: Archive, number: int) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.say(discussion_id, 5_000)
    with pytest.raises(UserError, match="names no old author"):
        await archive.claims.ask((await archive.of_number(discussion_id, number)).id, ANN, NOW)


async def test_a_name_that_nobody_had_cannot_be_claimed(archive: Archive) -> None:
    await archive.replay(WHOLE)
    with pytest.raises(UserError, match="No old post here is by “Nobody”"):
        await archive.claims.ask_name(GUILD, "Nobody", ANN, NOW)


async def test_what_is_theirs_or_somebody_elses_cannot_be_claimed_again(
    archive: Archive,
) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    post_id = (await archive.of_number(discussion_id, 1)).id
    with pytest.raises(UserError, match="yours already"):
        await archive.claims.ask(post_id, ANN, NOW)
    with pytest.raises(UserError, match="belong to another member"):
        await archive.claims.ask(post_id, BEN, NOW)


async def test_of_two_who_claim_one_name_only_one_is_confirmed(archive: Archive) -> None:
    await archive.replay(WHOLE)
    anns = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    bens = await archive.claims.ask_name(GUILD, "Wren", BEN, NOW)
    await archive.claims.confirm(anns.id, HOST, NOW)
    with pytest.raises(UserError, match="another member meanwhile"):
        await archive.claims.confirm(bens.id, HOST, NOW)
    await archive.claims.revoke(anns.id, HOST, NOW)
    assert await archive.claims.confirm(bens.id, HOST, NOW) == 2


async def test_a_claim_is_decided_once_and_may_be_asked_again(archive: Archive) -> None:
    await archive.replay(WHOLE)
    claim = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    await archive.claims.refuse(claim.id, HOST, NOW)
    for decide in (archive.claims.confirm, archive.claims.refuse):
        with pytest.raises(UserError, match=f"refused or taken back already, by <@{HOST}>"):
            await decide(claim.id, HOST, NOW)
    with pytest.raises(UserError, match="not confirmed"):
        await archive.claims.revoke(claim.id, HOST, NOW)
    assert (await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)).id != claim.id


async def test_a_claim_is_for_its_own_server_alone(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    assert await archive.claims.confirmed(GUILD + 1) == ()
    assert await archive.claims.posts(GUILD + 1, "Wren") == ()
    assert (await authors(archive, discussion_id))[1] == TAMSIN


async def test_the_same_pages_in_another_server_are_a_matter_of_that_server(
    archive: Archive,
) -> None:
    await Forums(archive.database, archive.directory).set_up(
        30, GUILD + 1, "Others", "novels", is_forum_channel=True, host_id=HOST, now=NOW
    )
    await archive.bring(WHOLE)
    there = await archive.bring(WHOLE, forum_id=30)
    unclaimed = await authors(archive, there)
    claim_id = await archive.claim()
    assert await authors(archive, there) == unclaimed
    claim = await archive.claims.ask_name(GUILD + 1, "Wren", ANN, NOW)
    await archive.claims.confirm(claim.id, HOST, NOW)
    claimed = await authors(archive, there)
    assert claimed != unclaimed
    await archive.claims.revoke(claim_id, HOST, NOW)
    assert await authors(archive, there) == claimed
    await archive.claim()
    await archive.erasures.erase_claimed(GUILD, ANN, NOW)
    assert await authors(archive, there) == claimed
    assert (await archive.of_number(there, 1)).content == "Post 1."


async def names(archive: Archive) -> list[tuple[str, int | None, list[int]]]:
    """Give the old authors, whose their names are, and in which discussions they wrote."""
    found = await archive.claims.names(GUILD)
    return [(old.name, old.user_id, [each.id for each in old.discussions]) for old in found]


async def test_the_posts_of_a_name_are_counted_where_they_can_be_seen(archive: Archive) -> None:
    first = await archive.replay(WHOLE)
    other = await archive.bring(page(post(1), title="Another"), forum_id=OTHER_FORUM)
    await archive.recording.delete(first, [message_of(4)], NOW)

    async def counted() -> list[tuple[int, int]]:
        found = await archive.claims.posts(GUILD, "Wren")
        return [(one.discussion.id, one.post_count) for one in found]

    assert await counted() == [(first, 1), (other, 1)]
    assert await names(archive) == [("Tamsin", None, [first]), ("Wren", None, [first, other])]
    await archive.claim()
    assert await counted() == [(first, 1), (other, 1)]
    assert await names(archive) == [("Tamsin", None, [first]), ("Wren", ANN, [first, other])]
    await archive.removals.hide(1_000, NOW)
    assert await counted() == [(other, 1)]
    assert await names(archive) == [("Wren", ANN, [other])]


async def test_the_host_of_the_forum_with_most_of_the_posts_is_asked(archive: Archive) -> None:
    await archive.bring(page(post(1), title="Another"))
    await archive.bring(WHOLE, forum_id=OTHER_FORUM)
    assert (await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)).forum_id == OTHER_FORUM


async def test_where_the_forum_was_ended_another_host_is_asked_when_it_is_claimed_again(
    archive: Archive,
) -> None:
    await archive.bring(page(post(1), title="Another"))
    await archive.bring(WHOLE, forum_id=OTHER_FORUM)
    claim = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    await archive.claims.told(claim.id, NOW)
    async with archive.database.transaction() as connection:
        await connection.execute("UPDATE forum SET hidden_at = 1 WHERE id = ?", (OTHER_FORUM,))
    assert await archive.claims.all_open() == ()
    again = await archive.claims.ask_name(GUILD, "Wren", ANN, NOW)
    assert (again.id, again.forum_id, again.is_told) == (claim.id, FORUM, False)


async def news_in(
    archive: Archive, discussion_id: int, user_id: int, after: int, up_to: int
) -> tuple[DiscussionNews, ...]:
    part = DigestPart(discussion_id, after, to_milliseconds(NOW))
    wanted = Wanted(1, DigestKind.WEEKLY, user_id, up_to, (part,))
    return (await News(archive.database).compile([wanted]))[1].news


async def test_their_own_old_posts_are_no_news_to_a_member(archive: Archive) -> None:
    discussion_id = await archive.replay(FIRST, SECOND)
    await archive.claim()
    counts = {}
    for user_id in (ANN, BEN):
        (told,) = await news_in(archive, discussion_id, user_id, 0, 1_000)
        counts[user_id] = (told.imported_count, told.new_post_count)
    assert counts == {ANN: (4, 0), BEN: (6, 0)}


async def test_an_import_is_news_once(archive: Archive) -> None:
    discussion_id = await archive.replay(FIRST)
    first_mark = 4
    await archive.replay(SECOND)
    told = []
    for after, up_to in ((0, first_mark), (first_mark, 7), (7, 1_000)):
        news = await news_in(archive, discussion_id, BEN, after, up_to)
        told.append([(one.imported_count, one.is_new) for one in news])
    assert told == [[(3, True)], [(3, False)], []]


async def test_chains_show_the_member_as_the_author(archive: Archive) -> None:
    discussion_id = await archive.replay(WHOLE)
    await archive.claim()
    chain = await archive.posts.chain(message_of(2))
    assert chain is not None
    author = chain.posts[0].author
    assert isinstance(author, Author)
    assert (author.name, author.user_id) == ("Wren", ANN)
    assert chain.discussion.id == discussion_id
