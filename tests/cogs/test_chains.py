"""The message command `Reply chain`."""

from __future__ import annotations

import pytest

from bot.client import Marginalia
from sandbox.answers import Answer
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.state import SandboxThread
from tests.cogs.scenes import text_forum
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right to meddle?")
    await settled()
    return thread


def shown(answer: Answer) -> str:
    return "\n".join(embed.get("description", "") for embed in answer.embeds)


async def test_it_shows_the_path_from_the_first_ancestor_below_the_initial_post_privately(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    no = await club.ben.post(thread, "She was *not*.")
    why = await club.cleo.reply(no, "Why not?")
    because = await club.ben.reply(why, "||Box Hill||, for one.")
    aside = await club.ann.reply(no, "Beside the point.")
    await settled()

    answer = await club.cleo.context_menu(because, "Reply chain")

    assert answer.ephemeral
    text = shown(answer)
    places = [
        text.index(part)
        for part in (
            "Was she right to meddle?",
            "2 direct replies",
            "She was *not*.",
            "1 direct reply",
            "Why not?",
            "||Box Hill||, for one.",
        )
    ]
    assert places == sorted(places)
    assert "Beside the point." not in text
    for message in (thread.messages[0], no, why, because):
        assert message.jump_url in text
    assert aside.jump_url not in text


async def test_a_deleted_ancestor_is_shown_as_deleted(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    no = await club.ben.post(thread, "A secret.")
    why = await club.cleo.reply(no, "Why?")
    await club.ben.delete(no)
    await settled()

    text = shown(await club.cleo.context_menu(why, "Reply chain"))

    assert "(deleted)" in text
    assert "secret" not in text


async def test_the_stand_in_at_the_top_of_a_thread_leads_to_the_initial_post(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    question = await club.ann.post(channel, "Evelina next?")
    thread = await club.ann.start_thread(channel, "Evelina", message=question)
    await settled()

    answer = await club.ben.context_menu(thread.messages[0], "Reply chain")

    assert "Evelina next?" in shown(answer)


async def test_what_is_no_post_has_no_chain_and_the_answer_says_what_to_do(
    club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    chat = await club.ann.post(lobby, "Anyone here?")
    await settled()

    answer = await club.ben.context_menu(chat, "Reply chain")

    assert answer.ephemeral
    assert "not a post of a discussion" in answer.content
    assert "/setup show" in answer.content


async def test_someone_who_may_not_read_the_history_is_not_shown_it(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.ben.post(thread, "Only for readers.")
    await club.guild.set_overwrite(club.forum, club.cleo, deny=READ_MESSAGE_HISTORY)
    await settled()

    answer = await club.cleo.context_menu(post, "Reply chain")

    assert answer.ephemeral
    assert answer.embeds == []
    assert "not a post of a discussion" in answer.content


async def test_long_chains_of_long_posts_fit_an_answer(
    club: Club, thread: SandboxThread, settled: Settled
) -> None:
    last = await club.ben.post(thread, "x" * 2_000)
    for number in range(40):
        last = await club.cleo.reply(last, f"**{number}** ||{'y' * 1_900}||")
    await settled()

    answer = await club.ben.context_menu(last, "Reply chain")

    text = shown(answer)
    assert "**39**" in text
    assert "left out" in text
