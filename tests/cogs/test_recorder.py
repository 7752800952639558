"""What members do in a thread stands in the store, as it happened on Discord."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.client import Marginalia
from bot.core.model import Post, PostKind
from bot.store.recording import Outcome
from cogs._convert import incoming_post
from sandbox.member import SandboxMember
from sandbox.permissions import MANAGE_MESSAGES, MANAGE_THREADS, PIN_MESSAGES
from sandbox.server import Sandbox
from sandbox.state import SandboxAttachment, SandboxMessage, SandboxThread
from tests.cogs.scenes import set_up, text_forum
from tests.harness import Club, Settled


async def posts_of(bot: Marginalia, thread: SandboxThread) -> tuple[Post, ...]:
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    return await bot.app.posts.page(discussion.id, limit=1_000)


async def post_of(bot: Marginalia, message: SandboxMessage) -> Post:
    post = await bot.app.posts.by_message(message.id)
    assert post is not None
    return post


async def texts_of(bot: Marginalia, message: SandboxMessage) -> list[str]:
    post = await post_of(bot, message)
    return [revision.content for revision in await bot.app.posts.revisions(post.id)]


async def path_to(bot: Marginalia, message: SandboxMessage) -> list[str]:
    chain = await bot.app.posts.chain(message.id)
    assert chain is not None
    return [post.content for post in chain.posts]


@pytest.fixture
async def thread(club: Club, settled: Settled) -> SandboxThread:
    thread = await club.ann.start_thread(club.forum, "Emma", "Was she right to meddle?")
    await settled()
    return thread


@pytest.fixture
async def moderator(club: Club) -> SandboxMember:
    role = await club.guild.create_role(
        "Moderator", permissions=MANAGE_MESSAGES | MANAGE_THREADS | PIN_MESSAGES
    )
    return await club.guild.add_member("Mora", roles=[role])


async def test_a_debate_is_kept_as_it_was_held(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    (question,) = thread.messages
    no = await club.ben.reply(question, "Never.")
    await club.cleo.reply(no, "Not even for Harriet? 🦉")
    await club.ann.post(thread, "Let us read on.")
    await settled()

    posts = await posts_of(bot, thread)

    assert [(post.number, post.author and post.author.name, post.content) for post in posts] == [
        (1, "Ann", "Was she right to meddle?"),
        (2, "Ben", "Never."),
        (3, "Cleo", "Not even for Harriet? 🦉"),
        (4, "Ann", "Let us read on."),
    ]
    assert [post.kind for post in posts] == [
        PostKind.INITIAL,
        PostKind.REPLY,
        PostKind.REPLY,
        PostKind.POST,
    ]
    assert [post.parent_id for post in posts] == [None, posts[0].id, posts[1].id, None]
    assert [post.jump_url for post in posts] == [each.jump_url for each in thread.messages]


async def test_an_edit_is_a_revision_and_a_link_preview_and_a_pin_are_not(
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    sandbox: Sandbox,
    settled: Settled,
    moderator: SandboxMember,
) -> None:
    message = await club.ben.post(thread, "See https://example.org/emma")
    await sandbox.send_link_preview(message)
    await moderator.pin(message)
    await settled()
    assert await texts_of(bot, message) == ["See https://example.org/emma"]

    await club.ben.edit(message, "See https://example.org/emma, chapter 5")
    await sandbox.send_link_preview(message)
    await settled()

    assert await texts_of(bot, message) == [
        "See https://example.org/emma",
        "See https://example.org/emma, chapter 5",
    ]
    assert [post.content for post in await posts_of(bot, thread)] == [
        "Was she right to meddle?",
        "See https://example.org/emma, chapter 5",
    ]


async def test_deleted_messages_keep_their_place(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, moderator: SandboxMember
) -> None:
    first, second, third = [await club.ben.post(thread, text) for text in ("1", "2", "3")]
    reply = await club.ann.reply(second, "To two.")
    await club.ben.delete(second)
    await moderator.bulk_delete([first, third])
    await settled()

    posts = await posts_of(bot, thread)

    assert [(post.content, post.is_deleted) for post in posts[1:]] == [
        ("", True),
        ("", True),
        ("", True),
        ("To two.", False),
    ]
    assert await path_to(bot, reply) == ["", "To two."]


async def test_what_is_no_text_is_kept_as_a_readable_line(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    page = SandboxAttachment("page.png", b"...", "image/png", "Page 12, the picnic")
    voice = SandboxAttachment(
        "voice-message.ogg", b"..", "audio/ogg", duration_secs=64.6, waveform="AAAA"
    )
    pictured = await club.ann.post(thread, "Look:", attachments=[page])
    spoken = await club.ann.post(thread, attachments=[voice], voice_message=True)
    asked = await club.ann.post(thread, poll=("Next *book*?", ["Persuasion", "Evelina"]))
    stuck = await club.ann.post(thread, sticker="Wave")
    forwarded = await club.ben.forward(pictured, thread)
    await settled()

    (kept,) = (await post_of(bot, pictured)).attachments
    assert (kept.name, kept.content_type, kept.size, kept.description) == (
        "page.png",
        "image/png",
        3,
        "Page 12, the picnic",
    )
    assert kept.id == pictured.attachments[0].id
    assert (await post_of(bot, spoken)).notes == ("Voice message, 1:05",)
    assert (await post_of(bot, asked)).notes == ("Poll: Next \\*book\\*? (Persuasion · Evelina)",)
    assert (await post_of(bot, stuck)).notes == ("Sticker: Wave",)
    forward = await post_of(bot, forwarded)
    assert forward.notes == ("Forwarded: Look: · page.png",)
    assert (forward.kind, forward.parent_id) == (PostKind.POST, None)


async def test_a_poll_and_a_spoiler_in_a_forward_stay_hidden(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    hidden = SandboxAttachment("SPOILER_wedding.png", b"...", "image/png")
    flagged = SandboxAttachment("proposal.png", b"...", "image/png", is_spoiler=True)
    told = await club.ann.post(thread, "||They marry.||", attachments=[hidden, flagged])
    forwarded = await club.ben.forward(told, thread)
    asked = await club.ann.post(thread, poll=("Is it ||Frank||?", ["Yes", "||No*||"]))
    await settled()

    (note,) = (await post_of(bot, forwarded)).notes
    assert note == "Forwarded: ||They marry.|| · ▮▮▮.png · ▮▮▮.png"
    _, kept = (await post_of(bot, told)).attachments
    assert kept.name == "SPOILER_proposal.png"
    (note,) = (await post_of(bot, asked)).notes
    assert note == "Poll: Is it ||Frank||? (Yes · ||No\\*||)"


async def test_only_what_people_say_becomes_a_post(
    bot: Marginalia,
    club: Club,
    thread: SandboxThread,
    moderator: SandboxMember,
    settled: Settled,
) -> None:
    other_bot = await club.guild.add_member("Bookworm")
    other_bot.user.bot = True
    await other_bot.post(thread, "I count 3 posts.")
    await moderator.pin(thread.messages[0])
    ours = bot.get_guild(club.guild.id)
    assert ours is not None
    channel = ours.get_thread(thread.id)
    assert channel is not None
    await channel.send("I am the bot.")
    await settled()

    assert len(await posts_of(bot, thread)) == 1


async def test_a_persons_webhook_speaks_for_them_and_the_bots_own_does_not(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    forum = bot.get_channel(club.forum.id)
    assert isinstance(forum, discord.ForumChannel)
    webhook = await forum.create_webhook(name="Proxy")

    async def say(text: str) -> None:
        await webhook.send(
            text, username="Mr Knightley", thread=discord.Object(thread.id), wait=True
        )

    await say("From the replay.")
    sandbox.world.webhooks[webhook.id].application_id = webhook.id
    await say("Another bot's answer to a command.")
    sandbox.world.webhooks[webhook.id].application_id = webhook.id + 1
    await say("A member, through a bot that speaks for them.")
    sandbox.world.webhooks[webhook.id].application_id = None
    await say("Badly done, Emma.")
    await settled()

    posts = await posts_of(bot, thread)

    assert [post.content for post in posts[1:]] == [
        "A member, through a bot that speaks for them.",
        "Badly done, Emma.",
    ]
    author = posts[2].author
    assert author is not None
    assert (author.name, author.user_id) == ("Mr Knightley", None)


async def test_what_is_said_outside_the_forums_is_not_recorded(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    lobby = await club.guild.create_text_channel("lobby")
    chat = await club.ann.post(lobby, "Anyone here?")
    aside = await club.ann.start_thread(lobby, "Aside", message=chat)
    inside = await club.ben.post(aside, "Me.")
    await club.ben.edit(inside, "Me!")
    await club.ben.delete(inside)
    whispered = await club.ann.start_thread(lobby, "Secret", private=True)
    await club.ann.post(whispered, "Psst.")
    await settled()

    assert await bot.app.discussions.by_thread(aside.id) is None
    assert await bot.app.posts.by_message(chat.id) is None
    assert await bot.app.posts.by_message(inside.id) is None


async def test_an_unknown_parent_is_fetched_and_so_is_what_it_answers(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    with sandbox.gateway.swallowing():
        first = await club.ann.post(thread, "Unheard.")
        second = await club.ben.reply(first, "Unheard too.")
        third = await club.ann.reply(second, "Nor this.")
    last = await club.cleo.reply(third, "Heard.")
    await settled()

    assert await path_to(bot, last) == ["Unheard.", "Unheard too.", "Nor this.", "Heard."]


async def test_a_parent_that_was_deleted_unheard_is_recorded_as_unknown(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    with sandbox.gateway.swallowing():
        first = await club.ann.post(thread, "Gone.")
        second = await club.ben.reply(first, "Unheard.")
        await club.ann.delete(first)
    last = await club.cleo.reply(second, "Heard.")
    await settled()

    chain = await bot.app.posts.chain(last.id)
    assert chain is not None
    assert [post.content for post in chain.posts] == ["Unheard.", "Heard."]
    assert chain.root_parent_unknown
    # It is not looked for again: what is told again waits for nothing.
    channel = bot.get_channel(thread.id)
    assert isinstance(channel, discord.Thread)
    told = incoming_post(
        await channel.fetch_message(second.id), thread_id=thread.id, is_initial=False
    )
    assert told is not None
    again = await bot.app.recording.record(chain.discussion.id, told)
    assert (again.outcome, again.unknown_parent) == (Outcome.KNOWN, None)


async def test_an_edit_of_a_message_never_heard_makes_it_known(
    bot: Marginalia, sandbox: Sandbox, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    with sandbox.gateway.swallowing():
        message = await club.ben.post(thread, "Before.")
    await club.ben.edit(message, "After.")
    await settled()

    assert await texts_of(bot, message) == ["After."]


async def test_a_message_in_a_thread_never_heard_of_makes_both_known(
    bot: Marginalia, sandbox: Sandbox, club: Club, settled: Settled
) -> None:
    with sandbox.gateway.swallowing():
        thread = await club.ann.start_thread(club.forum, "Persuasion", "Too late?")
    message = await club.ben.post(thread, "Never too late.")
    await settled()

    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    assert discussion.title == "Persuasion"
    assert (await post_of(bot, message)).content == "Never too late."


async def test_what_is_deleted_after_its_forum_was_ended_loses_its_text_all_the_same(
    bot: Marginalia, club: Club, settled: Settled
) -> None:
    role = await club.guild.create_role("Janitor", permissions=MANAGE_MESSAGES)
    janitor = await club.guild.add_member("Jo", roles=[role])
    books = await club.guild.create_text_channel("books")
    await set_up(bot, club, books.id, is_forum=False)
    await settled()
    starter = await club.ann.post(books, "regretted starter")
    of_text = await club.ann.start_thread(books, "Emma", message=starter)
    of_forum = await club.ann.start_thread(club.forum, "Villette", "regretted opening")
    answer = await club.ann.reply(of_forum.messages[0], "regretted answer")
    later = [await club.ann.post(of_forum, f"regretted {number}") for number in range(3)]
    await settled()
    kept = [bot.app.directory.discussion(thread.id) for thread in (of_text, of_forum)]
    for forum in (books, club.forum):
        await bot.app.forums.remove(forum.id, bot.clock.now())

    for message in (starter, of_forum.messages[0], answer):
        await club.ann.delete(message)
    await janitor.bulk_delete(later)
    await settled()

    for discussion_id in kept:
        assert discussion_id is not None
        document = await bot.app.documents.get(discussion_id)
        assert document.posts
        assert {post.content for post in document.posts} == {""}


async def test_a_deletion_in_an_archived_thread_is_heard(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, moderator: SandboxMember
) -> None:
    message = await club.ben.post(thread, "A secret.")
    await settled()
    await moderator.archive(thread)
    await settled()

    await club.ben.delete(message)
    await settled()

    assert (await post_of(bot, message)).is_deleted


async def test_the_message_a_thread_was_made_from_is_its_initial_post(
    bot: Marginalia, club: Club, settled: Settled, moderator: SandboxMember
) -> None:
    channel = await text_forum(bot, club, settled)
    question = await club.ann.post(channel, "Evelina next?")
    other = await club.ann.post(channel, "Nobody debates this.")
    thread = await club.ben.start_thread(channel, "Evelina", message=question)
    await settled()
    answer = await club.cleo.post(thread, "Gladly.")
    await club.ann.edit(question, "Evelina next month?")
    await club.ann.edit(other, "Nobody debates this!")
    await settled()

    initial = await post_of(bot, question)
    assert (initial.kind, initial.content, initial.number) == (
        PostKind.INITIAL,
        "Evelina next month?",
        1,
    )
    assert initial.jump_url == question.jump_url
    assert [post.content for post in await posts_of(bot, thread)] == [
        "Evelina next month?",
        "Gladly.",
    ]
    assert await bot.app.posts.by_message(other.id) is None

    await moderator.bulk_delete([question, other])
    await settled()
    assert (await post_of(bot, question)).is_deleted
    assert not (await post_of(bot, answer)).is_deleted


async def test_a_storm_of_posts_is_kept_each_once_and_in_order(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled
) -> None:
    members = (club.ann, club.ben, club.cleo)
    sent = [await members[n % 3].post(thread, f"{n} 🦉") for n in range(500)]
    edited = sent[::7]
    await asyncio.gather(*(members[n * 7 % 3].edit(each, "!") for n, each in enumerate(edited)))
    await settled()

    posts = await posts_of(bot, thread)

    assert [post.message_id for post in posts[1:]] == [each.id for each in sent]
    assert [post.number for post in posts] == [*range(1, 502)]
    assert [post.content for post in posts[1:]] == [
        "!" if n % 7 == 0 else f"{n} 🦉" for n in range(500)
    ]


@pytest.mark.parametrize(
    "text",
    ["\U0001f989" * 2_000, "@everyone <@&1> <@1>", "\u202e||x||\u0301", "before\0after"],
    ids=["2,000 astral characters", "mentions", "controls", "NUL"],
)
async def test_any_text_is_kept_as_discord_has_it(
    bot: Marginalia, club: Club, thread: SandboxThread, settled: Settled, text: str
) -> None:
    message = await club.ben.post(thread, text)
    await settled()

    kept = (await post_of(bot, message)).content
    assert kept == message.content.replace("\0", "\ufffd")
