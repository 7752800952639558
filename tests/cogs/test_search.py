"""`/search`, over the wire."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import discord
import pytest

from bot.client import Marginalia
from cogs._presses import button, view_of
from cogs._searches import REMEMBERED_FOR, SEARCH
from sandbox.answers import Answer
from sandbox.permissions import MANAGE_THREADS, READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.scenes import text_forum
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right to meddle?")
    await settled()
    return thread


def shown(answer: Answer) -> str:
    return "\n".join(embed.get("description", "") for embed in answer.embeds)


def foot(answer: Answer) -> str:
    (embed,) = answer.embeds
    return str(embed["footer"]["text"])


async def test_posts_are_found_by_their_words_the_newest_first_and_shown_privately(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.ben.post(thread, "She *meddled*, and harmed Harriet.")
    await club.cleo.post(thread, "Quite another matter.")
    await settled()

    answer = await club.cleo.slash(lobby, "search", words="meddling")

    assert answer.ephemeral
    text = shown(answer)
    assert text.index("She ***meddled***, and harmed") < text.index("right to **meddle**?")
    assert "another matter" not in text
    assert f"[Emma]({post.jump_url})" in text
    assert "Ben, <t:" in text
    assert foot(answer) == "1–2 of 2 posts, newest first"


async def test_a_post_that_was_found_opens_whole_beside_what_was_found(
    club: Club, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right?")
    await club.ben.reply(thread.messages[0], "She meddled.")
    await settled()
    found = await club.cleo.slash(thread, "search", words="meddled")

    whole = await club.cleo.select(found, "Open a post whole", ["2. Ben"])

    assert whole.ephemeral
    assert whole.message is not found.message
    assert "She meddled." in shown(whole)
    page = await club.cleo.click(whole, "‹ Back to the page")
    assert page.content.startswith("Showing 1-2 of 2 posts")
    await club.guild.set_overwrite(club.forum, club.cleo, deny=READ_MESSAGE_HISTORY)
    await settled()
    refused = await club.cleo.select(found, "Open a post whole", ["2. Ben"])
    assert "no longer there for you" in refused.content
    assert refused.embeds == []


async def test_what_a_spoiler_hides_stays_hidden_where_it_is_found(
    club: Club, lobby: SandboxChannel, thread: SandboxThread, settled: Settled
) -> None:
    await club.ben.post(thread, f"{'It goes on. ' * 40} ||Harriet marries Martin|| in the end.")
    await club.ben.post(thread, "Well: ||it was the ferryman||!")
    await settled()

    martin = shown(await club.cleo.slash(lobby, "search", words="martin end"))
    ferryman = shown(await club.cleo.slash(lobby, "search", words="ferryman"))

    assert "||Harriet marries Martin|| in the **end**" in martin
    assert "Well: ||it was the ferryman||!" in ferryman


@pytest.mark.usefixtures("thread")
async def test_nobody_finds_what_they_may_not_read(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.guild.set_overwrite(club.forum, club.cleo, deny=READ_MESSAGE_HISTORY)
    await settled()

    of_cleo = await club.cleo.slash(lobby, "search", words="meddle")
    of_ben = await club.ben.slash(lobby, "search", words="meddle")

    assert of_cleo.embeds == []
    assert "found nothing" in of_cleo.content
    assert foot(of_ben) == "1 of 1 post, newest first"
    assert await club.cleo.autocomplete(lobby, "search", "author", "") == []


@pytest.mark.usefixtures("thread")
async def test_one_who_lost_a_role_a_moment_ago_finds_nothing_more_and_turns_to_nothing(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    readers = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(club.forum, readers, allow=VIEW_CHANNEL)
    await club.ben.add_role(readers)
    await settled()
    before = await club.ben.slash(lobby, "search", words="meddle")
    assert "right to" in shown(before)

    await club.ben.remove_role(readers)
    await club.ben.click(before, "Best match")
    again = await club.ben.slash(lobby, "search", words="meddle")

    assert before.embeds == []
    assert again.embeds == []


async def test_a_private_thread_is_searched_for_those_in_it_and_those_who_manage_threads(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    secret = await club.ann.start_thread(channel, "Just us", "Meddling, between us", private=True)
    await club.ann.add_to_thread(secret, club.ben)
    await club.guild.set_overwrite(channel, club.host, allow=MANAGE_THREADS)
    await settled()

    found = {
        member.name: bool((await member.slash(lobby, "search", words="meddling")).embeds)
        for member in (club.ann, club.ben, club.cleo, club.host)
    }

    assert found == {"Ann": True, "Ben": True, "Cleo": False, "Hester": True}


async def test_a_search_is_narrowed_by_forum_author_and_time(
    bot: Marginalia, sandbox: Sandbox, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Ann on meddling")
    channel = await text_forum(bot, club, settled)
    elsewhere = await club.ben.start_thread(channel, "Evelina", "Ben on meddling")
    await settled()
    sandbox.clock.advance(timedelta(days=10))
    await club.ben.post(thread, "Ben again on meddling")
    await settled()

    assert len(elsewhere.messages) == 1
    (offered,) = await club.cleo.autocomplete(lobby, "search", "author", "be")
    (forum,) = await club.cleo.autocomplete(lobby, "search", "forum", "nov")
    by_ben = await club.cleo.slash(lobby, "search", words="meddling", author=offered.value)
    assert foot(by_ben).startswith("1–2 of 2")
    by_ann = await club.cleo.slash(lobby, "search", words="meddling", author="Ann")
    assert re.findall(r"> (\w+)", shown(by_ann)) == ["Ann"]
    in_forum = await club.cleo.slash(lobby, "search", words="meddling", forum=forum.value)
    assert "Evelina" not in shown(in_forum)
    assert foot(in_forum).startswith("1–2 of 2")
    recent = await club.cleo.slash(lobby, "search", words="meddling", since="1 week")
    assert foot(recent).startswith("1 of 1")


async def test_a_search_is_narrowed_to_a_discussion_from_outside_of_it(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    await club.ann.start_thread(club.forum, "Emma", "Meddling in Emma")
    await club.ann.start_thread(club.forum, "Evelina", "Meddling in Evelina")
    await settled()
    (offered,) = await club.cleo.autocomplete(lobby, "search", "discussion", "evel")

    answer = await club.cleo.slash(lobby, "search", words="meddle", discussion=offered.value)

    assert "in Evelina" in shown(answer)
    assert foot(answer).startswith("1 of 1")


async def test_a_button_asks_for_words_to_look_for_in_a_discussion(
    bot: Marginalia, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Emma", "Meddling in Emma")
    await club.ann.start_thread(club.forum, "Evelina", "Meddling in Evelina")
    await settled()
    discussion = await bot.app.discussions.by_thread(thread.id)
    channel = bot.get_channel(lobby.id)
    assert discussion is not None
    assert isinstance(channel, discord.TextChannel)
    await channel.send("Emma", view=view_of([button("Search", SEARCH, str(discussion.id), row=0)]))
    (panel,) = club.guild.history(lobby)

    form = await club.cleo.click(panel, "Search")
    answer = await club.cleo.submit(form, {"Posts with all of these words": "meddled"})

    assert answer.ephemeral
    assert "in Emma" in shown(answer)
    assert foot(answer).startswith("1 of 1")

    form = await club.cleo.click(panel, "Search")
    await club.guild.set_overwrite(club.forum, club.cleo, deny=VIEW_CHANNEL)
    await settled()
    refused = await club.cleo.submit(form, {"Posts with all of these words": "meddled"})
    assert refused.embeds == []


@pytest.mark.parametrize(
    ("words", "forum", "author", "since", "said"),
    [
        ("!!!", None, None, None, "no word to look for"),
        ("-meddle", None, None, None, "must not be"),
        ('AND OR ( " * NEAR(', None, None, None, "found nothing"),
        ("meddle", "nowhere", None, None, "no forum called"),
        ("meddle", None, "Nobody", None, "no author called"),
        ("meddle", None, None, "yesteryear", "2026-11-01"),
    ],
)
async def test_what_cannot_be_looked_for_is_said_in_words(
    club: Club,
    lobby: SandboxChannel,
    words: str,
    forum: str | None,
    author: str | None,
    since: str | None,
    said: str,
) -> None:
    answer = await club.ann.slash(
        lobby, "search", words=words, forum=forum, author=author, since=since
    )

    assert answer.ephemeral
    assert said in answer.content


async def test_pages_are_turned_and_stay_as_they_are_while_posts_come(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "Numbers", "Begin.")
    for number in range(20):
        sandbox.clock.advance(timedelta(seconds=2))
        await club.ben.post(thread, f"meddling number {number}")
    await settled()
    answer = await club.cleo.slash(lobby, "search", words="meddle number")
    sandbox.clock.advance(timedelta(seconds=2))
    await club.ben.post(thread, "meddling number 99")
    await settled()

    def numbers() -> list[int]:
        return [int(found) for found in re.findall(r"(\d+)$", shown(answer), re.MULTILINE)]

    assert (numbers(), foot(answer)) == ([*range(19, 11, -1)], "1–8 of 20 posts, newest first")
    await club.cleo.click(answer, "Next ›")
    assert (numbers(), foot(answer)) == ([*range(11, 3, -1)], "9–16 of 20 posts, newest first")
    await club.cleo.click(answer, "Next ›")
    assert numbers() == [3, 2, 1, 0]
    await club.cleo.click(answer, "‹ Previous")
    assert numbers() == [*range(11, 3, -1)]
    await club.cleo.click(answer, "Best match")
    assert foot(answer) == "1–8 of 20 posts, best match"


@pytest.mark.usefixtures("thread")
async def test_the_buttons_of_an_old_search_say_that_it_has_ended(
    sandbox: Sandbox, club: Club, lobby: SandboxChannel
) -> None:
    answer = await club.cleo.slash(lobby, "search", words="meddle")
    sandbox.clock.advance(REMEMBERED_FOR)

    told = await club.cleo.click(answer, "Best match")

    assert "This search has ended" in told.content
    assert told.ephemeral
    assert len(answer.embeds) == 1


async def test_hits_of_any_length_and_look_fit_an_answer(
    club: Club, lobby: SandboxChannel, settled: Settled
) -> None:
    thread = await club.ann.start_thread(club.forum, "T" + "*_|[" * 24, "x" * 1_990 + " meddle")
    for text in ("`" * 600, "\\" * 900, "||" + "👩‍👩‍👧" * 90, "[" * 700, "@everyone " * 90):
        await club.ben.post(thread, f"{text} meddle {text}")
    await settled()

    answer = await club.cleo.slash(lobby, "search", words="meddle")

    assert foot(answer) == "1–6 of 6 posts, newest first"


async def test_what_was_deleted_leaves_the_file_with_the_next_tick(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    post = await club.ben.post(thread, "zzyzxq")
    await settled()
    await club.ben.delete(post)
    await settled()

    await bot.app.ticker.run("forgetting")

    stored = await asyncio.to_thread(bot.app.database.path.read_bytes)
    assert b"zzyzxq" not in stored
