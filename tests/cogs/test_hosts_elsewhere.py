"""A host is one in their own server alone, whatever they name in a command."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.client import Marginalia
from bot.core.model import Book, Discussion
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_GUILD
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.harness import Club, Settled

REFUSED = "Only a host"


@dataclass(frozen=True, slots=True)
class Visit:
    """Ann, in the server in which she is a host, and what she may only read in the club's."""

    host: SandboxMember
    office: SandboxChannel
    thread: SandboxThread
    discussion: Discussion
    book: Book


@pytest.fixture
async def visit(bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled) -> Visit:
    book = await bot.app.books.name(club.guild.id, "Emma", "Jane Austen")
    await bot.app.forums.set_book(club.forum.id, book.id)
    thread = await club.ann.start_thread(club.forum, "Was she right?", "Well?")
    elsewhere = await sandbox.create_guild("Thursday Readers")
    host_role = await elsewhere.create_role("Host", permissions=MANAGE_GUILD)
    host = await elsewhere.add_member(club.ann, roles=[host_role])
    office = await elsewhere.create_text_channel("office")
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return Visit(host, office, thread, discussion, book)


async def test_nobody_publishes_the_forum_of_a_server_in_which_they_are_no_host(
    bot: Marginalia, club: Club, visit: Visit
) -> None:
    named = f"<#{club.forum.id}>"
    asked = await visit.host.slash(visit.office, "setup publish", forum=named)
    assert REFUSED in asked.content

    await bot.app.publication.publish_forum(club.forum.id, bot.clock.now())
    taken_off = await visit.host.slash(visit.office, "setup publish", forum=named, publish=False)
    assert REFUSED in taken_off.content
    assert await bot.app.publication.forums(club.guild.id) != ()


async def test_nobody_posts_panels_in_a_server_in_which_they_are_no_host(
    bot: Marginalia, visit: Visit, settled: Settled
) -> None:
    await bot.app.panels.drop(visit.discussion.id)
    answer = await visit.host.slash(
        visit.office, "panel post", discussion=visit.thread.messages[0].jump_url
    )
    await bot.app.ticker.run("panels")
    await settled()

    assert REFUSED in answer.content
    assert len(visit.thread.messages) == 1


async def test_nobody_changes_books_of_a_server_in_which_they_are_no_host(
    bot: Marginalia, club: Club, visit: Visit
) -> None:
    before = await bot.app.books.of_guild(club.guild.id)
    thread = visit.thread.messages[0].jump_url
    for answer in (
        await visit.host.slash(visit.office, "book edit", book=str(visit.book.id), title="Emmma"),
        await visit.host.slash(visit.office, "setup book", title="Dune", discussion=thread),
        await visit.host.slash(visit.office, "setup book", forum=f"<#{club.forum.id}>", clear=True),
    ):
        assert REFUSED in answer.content

    assert await bot.app.books.of_guild(club.guild.id) == before
    discussion = await bot.app.discussions.get(visit.discussion.id)
    assert discussion is not None
    assert discussion.book == visit.book
