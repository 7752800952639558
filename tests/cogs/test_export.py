"""`/export`: whoever may read a discussion takes it home."""

from __future__ import annotations

import gzip
import json

import pytest

from bot.client import Marginalia
from sandbox import SandboxAttachment
from sandbox.answers import Answer
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from sandbox.state import SandboxChannel, SandboxThread
from tests.cogs.importing import Replayed
from tests.cogs.scenes import text_forum
from tests.harness import Club, Settled


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma & co", "Was she *right*?")
    reply = await club.ben.reply(thread.messages[0], "She was ||not||.")
    await club.ben.edit(reply, "She was ||never|| right.")
    await settled()
    return thread


def file_of(answer: Answer) -> tuple[str, bytes]:
    assert answer.ephemeral
    (file,) = answer.message.attachments
    return file.filename, file.content


async def test_a_page_comes_privately_with_replies_and_earlier_texts(
    club: Club, thread: SandboxThread
) -> None:
    answer = await club.cleo.slash(thread, "export")
    name, content = file_of(answer)
    page = content.decode()
    assert name == "emma-co.html"
    assert "**Emma & co** as it is now" in answer.content
    for told in ("<h1>Emma &amp; co</h1>", "<em>right</em>", "never", "not", 'href="#post-1"'):
        assert told in page


async def test_it_comes_as_markdown_or_json_when_asked(club: Club, thread: SandboxThread) -> None:
    channel = await club.guild.create_text_channel("lobby")
    (offered,) = await club.cleo.autocomplete(channel, "export", "discussion", "emma")
    paper = await club.cleo.slash(channel, "export", discussion=offered.value, format="markdown")
    data = await club.cleo.slash(channel, "export", discussion=offered.value, format="json")
    name, content = file_of(paper)
    assert name == "emma-co.md"
    assert "She was ▮▮▮[^1] right." in content.decode()
    name, content = file_of(data)
    assert name == "emma-co.json"
    assert [post["content"] for post in json.loads(content)["posts"]] == [
        "Was she *right*?",
        "She was ||never|| right.",
    ]
    assert thread.name


async def test_what_was_taken_home_comes_back_as_a_thread_with_its_replies_and_spoilers(
    club: Club,
    thread: SandboxThread,
    settled: Settled,
    lobby: SandboxChannel,
    replayed: Replayed,
) -> None:
    gone = await club.ben.post(thread, "I take it back.")
    await settled()
    await club.ben.delete(gone)
    await settled()
    name, content = file_of(await club.cleo.slash(thread, "export", format="json"))
    asked = await club.host.slash(lobby, "import", page1=SandboxAttachment(name, content))
    await club.host.click(asked, "Import 3 posts")
    await replayed()

    (copy,) = [each for each in club.guild.threads.values() if each is not thread]
    first, second, third = [message.content for message in copy.messages]
    assert r"Was she \*right\*?" in first
    assert "In reply to [Ann](" in second
    assert "She was ||never|| right." in second
    assert "I take it back" not in third
    again = file_of(await club.cleo.slash(copy, "export", format="json"))
    assert again == (name, content)


@pytest.mark.parametrize("denied", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_who_may_not_read_it_now_gets_nothing(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, denied: int
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    role = await club.guild.create_role("Reader")
    await club.guild.set_overwrite(club.forum, club.guild.everyone, deny=denied)
    await club.guild.set_overwrite(club.forum, role, allow=denied)
    await club.cleo.add_role(role)
    await settled()
    known = await bot.app.discussions.by_thread(thread.id)
    assert known is not None
    named = str(known.id)
    assert file_of(await club.cleo.slash(lobby, "export", discussion=named))

    await club.cleo.remove_role(role)
    for name in (named, "Emma & co", f"https://discord.com/channels/{club.guild.id}/{thread.id}"):
        refused = await club.cleo.slash(lobby, "export", discussion=name)
        assert not refused.message.attachments
        assert "that you can read" in refused.content
    assert await club.cleo.autocomplete(lobby, "export", "discussion", "emma") == []


async def test_a_private_thread_is_exported_to_its_members_alone(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    lobby = await club.guild.create_text_channel("lobby")
    secret = await club.ann.start_thread(channel, "Secret plans", "Hush.", private=True)
    await club.ann.add_to_thread(secret, club.guild.me)
    await settled()
    named = f"https://discord.com/channels/{club.guild.id}/{secret.id}"
    assert b"Hush." in file_of(await club.ann.slash(lobby, "export", discussion=named))[1]
    refused = await club.ben.slash(lobby, "export", discussion=named)
    assert not refused.message.attachments
    assert "Hush" not in refused.content


async def test_a_mention_of_a_place_that_the_reader_may_not_see_names_it_not(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    channel = await text_forum(bot, club, settled)
    hidden = await club.ann.start_thread(channel, "A surprise for Cleo", "Cake.")
    await club.guild.set_overwrite(channel, club.cleo, deny=VIEW_CHANNEL)
    await club.ann.post(thread, f"As I said in <#{hidden.id}>, <@{club.ben.id}>.")
    await settled()
    page = file_of(await club.cleo.slash(thread, "export"))[1].decode()
    assert "surprise" not in page
    assert "#channel" in page
    assert "@Ben" in page
    assert str(hidden.id) not in page


async def test_what_is_larger_than_discord_takes_is_packed_or_refused(
    club: Club, thread: SandboxThread
) -> None:
    page = file_of(await club.cleo.slash(thread, "export"))[1]
    club.guild.largest_file = len(page) - 1
    answer = await club.cleo.slash(thread, "export")
    name, content = file_of(answer)
    assert name == "emma-co.html.gz"
    assert "gunzip emma-co.html" in answer.content
    assert gzip.decompress(content) == page

    club.guild.largest_file = len(content) - 1
    refused = await club.cleo.slash(thread, "export")
    assert not refused.message.attachments
    assert "MB" in refused.content
    assert "marginalia export" in refused.content
