"""What members have not been told yet of their claims."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import PostKind
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.forums import Forums
from bot.store.importing.imports import Imports
from bot.store.old_authors.claims import Claims

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
GUILD, FORUM, HOST, MEMBER, OTHER = 10, 20, 1, 2, 3

PAGE = ImportedDiscussion(
    title="Who is telling this?",
    forum=None,
    book=None,
    participants=None,
    total_posts=None,
    tracked_by=None,
    initial_post=None,
    latest_post=None,
    missing_posts=(),
    posts=(ImportedPost(1, "Wren", OLD, None, PostKind.INITIAL, "Do you trust Nelly?"),),
    warnings=(),
)


async def claims_of_a_server(database: Database) -> Claims:
    directory = Directory()
    await directory.load(database)
    await Forums(database, directory).set_up(
        FORUM, GUILD, "Readers", "novels", is_forum_channel=True, host_id=HOST, now=NOW
    )
    await Imports(database).queue(PAGE, FORUM, NOW)
    return Claims(database)


async def test_each_decision_is_news_to_the_member_until_they_have_heard_it(
    database: Database,
) -> None:
    claims = await claims_of_a_server(database)
    claim = await claims.ask_name(GUILD, "Wren", MEMBER, NOW)
    assert await claims.unheard(MEMBER) == (), "nothing is decided"

    await claims.confirm(claim.id, HOST, NOW)
    (confirmed,) = await claims.unheard(MEMBER)
    assert confirmed.is_confirmed
    await claims.heard(claim.id, NOW)
    assert await claims.unheard(MEMBER) == ()

    await claims.revoke(claim.id, HOST, NOW)
    (taken_back,) = await claims.unheard(MEMBER)
    assert (taken_back.id, taken_back.is_confirmed) == (claim.id, False)


async def test_a_decision_is_news_to_the_one_who_asked_alone(database: Database) -> None:
    claims = await claims_of_a_server(database)
    mine = await claims.ask_name(GUILD, "Wren", MEMBER, NOW)
    await claims.ask_name(GUILD, "Wren", OTHER, NOW)

    await claims.refuse(mine.id, HOST, NOW)

    assert [claim.id for claim in await claims.unheard(MEMBER)] == [mine.id]
    assert await claims.unheard(OTHER) == ()
