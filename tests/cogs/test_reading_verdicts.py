from __future__ import annotations

from bot.client import Marginalia
from bot.core.ports import ThreadReference, Verdict
from cogs._access import Access
from cogs._reading_verdicts import ReadingVerdicts
from sandbox.guild import SandboxGuild
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxThread
from tests.harness import Club, Settled, found_club


def reference(guild: SandboxGuild, thread: SandboxThread) -> ThreadReference:
    return ThreadReference(guild.id, thread.parent.id, thread.id, is_private=thread.private)


def verdicts_of(bot: Marginalia) -> ReadingVerdicts:
    return ReadingVerdicts(bot, Access(bot), seconds_to_answer=0.5)


async def test_each_person_is_judged_by_the_roles_they_have_now(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL)
    await club.ben.add_role(readers)
    thread = await club.ben.start_thread(club.forum, "For readers", "Secrets")
    await settled()
    asked = [reference(club.guild, thread)]
    await club.guild.remove_member(club.cleo)
    people = {club.ann.id: asked, club.ben.id: asked, club.cleo.id: asked}

    before = await verdicts_of(bot).ask(people)
    await club.ben.remove_role(readers)
    await club.ann.add_role(readers)
    after = await verdicts_of(bot).ask(people)

    assert [before[user][thread.id] for user in people] == [
        Verdict.NO_ACCESS,
        Verdict.READABLE,
        Verdict.LEFT,
    ]
    assert [after[user][thread.id] for user in people] == [
        Verdict.READABLE,
        Verdict.NO_ACCESS,
        Verdict.LEFT,
    ]


async def test_more_people_than_discord_gives_at_once_are_all_asked_for(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    thread = await club.ben.start_thread(club.forum, "For all", "Hello")
    members = [await club.guild.add_member(f"Member {number}") for number in range(120)]
    await settled()
    asked = [reference(club.guild, thread)]

    verdicts = await verdicts_of(bot).ask({member.id: asked for member in members})

    assert {verdicts[member.id][thread.id] for member in members} == {Verdict.READABLE}


async def test_a_private_thread_is_for_those_in_it_and_unknown_while_discord_does_not_say(
    sandbox: Sandbox, bot: Marginalia, club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    thread = await club.ben.start_thread(lobby, "For the few", "Hello", private=True)
    await settled()
    asked = [ThreadReference(club.guild.id, lobby.id, thread.id, is_private=True)]
    people = {club.ann.id: asked, club.ben.id: asked}

    known = await verdicts_of(bot).ask(people)
    sandbox.faults.fail("GET", f"/channels/{thread.id}/thread-members/{club.ben.id}", status=503)
    unknown = await verdicts_of(bot).ask(people)

    assert known[club.ann.id][thread.id] is Verdict.NO_ACCESS
    assert known[club.ben.id][thread.id] is Verdict.READABLE
    assert unknown[club.ann.id][thread.id] is Verdict.NO_ACCESS
    assert unknown[club.ben.id][thread.id] is Verdict.UNKNOWN


async def test_one_server_that_does_not_answer_leaves_the_others_known(
    sandbox: Sandbox, bot: Marginalia, club: Club, settled: Settled
) -> None:
    silent = await found_club(bot, sandbox, await sandbox.create_guild("The silent ones"))
    here = await club.ben.start_thread(club.forum, "Here", "Hello")
    there = await silent.ben.start_thread(silent.forum, "There", "Hello")
    await settled()
    people = {
        club.ann.id: [reference(club.guild, here)],
        silent.ann.id: [reference(silent.guild, there)],
    }
    with sandbox.gateway.swallowing():
        await silent.guild.become_unavailable()

    verdicts = await verdicts_of(bot).ask(people)

    assert verdicts[club.ann.id][here.id] is Verdict.READABLE
    assert verdicts[silent.ann.id][there.id] is Verdict.UNKNOWN
    await silent.guild.become_available()
    await silent.guild.remove_bot()


async def test_of_a_server_that_the_bot_does_not_know_nothing_is_said(
    bot: Marginalia, club: Club
) -> None:
    asked = [ThreadReference(4_000_000_000_000_001, 5, 6, is_private=False)]

    verdicts = await verdicts_of(bot).ask({club.ann.id: asked})

    assert verdicts == {club.ann.id: {6: Verdict.UNKNOWN}}
