"""An old discussion, brought back into a thread, for the tests of what can be done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.client import Marginalia
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.model import Post, PostKind
from sandbox.member import SandboxMember
from sandbox.permissions import VIEW_CHANNEL
from sandbox.server import Sandbox
from sandbox.state import SandboxChannel, SandboxMessage, SandboxThread
from tests.cogs.scenes import set_up
from tests.harness import Club, Settled, settle

OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
LONG_TEXT = "\n\n".join(["She saw what she wanted to see, and told what she saw. " * 12] * 5)


def old_page(title: str, *posts: ImportedPost) -> ImportedDiscussion:
    """Give a page that holds these posts, and says nothing else."""
    return ImportedDiscussion(
        title=title,
        forum=None,
        book=None,
        participants=None,
        total_posts=len(posts),
        tracked_by=None,
        initial_post=None,
        latest_post=None,
        missing_posts=(),
        posts=posts,
        warnings=(),
    )


def old_post(
    number: int,
    author: str | None,
    content: str,
    in_reply_to: int | None = None,
    evidence: str | None = None,
    *,
    kind: PostKind = PostKind.REPLY,
) -> ImportedPost:
    """Give a post; each is a day younger than the one before."""
    posted_at = OLD + timedelta(days=number)
    kind = PostKind.INITIAL if number == 1 else kind
    return ImportedPost(number, author, posted_at, None, kind, content, in_reply_to, evidence)


PAGE = old_page(
    "Who is telling this?",
    old_post(1, "Wren", "Do you trust Nelly?"),
    old_post(2, None, "No.", 1, "link"),
    old_post(3, "Tamsin", "WREN, why should I?", 1, "address"),
    old_post(4, "Wren", "Because she was there."),
    old_post(5, "Wren", LONG_TEXT, kind=PostKind.POST),
)

OTHER_PAGE = old_page(
    "Lockwood's nerves",
    old_post(1, "Rook", "Who dreams like that?"),
    old_post(2, "Wren", "A man in a bad bed.", 1),
)


async def brought_back(
    bot: Marginalia, sandbox: Sandbox, forum: SandboxChannel, page: ImportedDiscussion = PAGE
) -> SandboxThread:
    """Import a page, replay it whole, and give its thread."""
    queued = await bot.app.imports.queue(page, forum.id, bot.clock.now())
    await bot.app.ticker.run("replay")
    await replay_settled(bot, sandbox)
    discussion = await bot.app.discussions.get(queued.discussion_id)
    assert discussion is not None
    assert forum.guild is not None
    assert discussion.thread_id is not None
    return forum.guild.threads[discussion.thread_id]


async def import_again(
    bot: Marginalia, sandbox: Sandbox, forum: SandboxChannel, page: ImportedDiscussion = PAGE
) -> None:
    """Import a page, and let all be sent that is to be."""
    await bot.app.imports.queue(page, forum.id, bot.clock.now())
    await bot.app.ticker.run("replay")
    await replay_settled(bot, sandbox)


async def replay_settled(bot: Marginalia, sandbox: Sandbox) -> None:
    """Wait until what has begun is sent, removed and mended; no tick begins it."""
    await settle(sandbox)
    await bot.app.replay.settled()
    await settle(sandbox)


async def post_numbered(bot: Marginalia, thread: SandboxThread, number: int) -> Post:
    """Give a post of a thread as it is stored now."""
    discussion = await bot.app.discussions.by_thread(thread.id)
    assert discussion is not None
    (post,) = await bot.app.posts.page(discussion.id, after_number=number - 1, limit=1)
    assert post.number == number
    return post


async def message_of(bot: Marginalia, thread: SandboxThread, number: int) -> SandboxMessage:
    """Give the first message of a post."""
    post = await post_numbered(bot, thread, number)
    return next(message for message in thread.messages if message.id == post.message_id)


async def forum_of_the_few(bot: Marginalia, club: Club, settled: Settled) -> SandboxChannel:
    """One more forum, which only the owner of the server can see, and the bot."""
    forum = await club.guild.create_forum("committee")
    await club.guild.set_overwrite(forum, club.guild.everyone, deny=VIEW_CHANNEL)
    await club.guild.set_overwrite(forum, club.guild.bot_role, allow=VIEW_CHANNEL)
    await settled()
    await set_up(bot, club, forum.id, is_forum=True)
    await settled()
    return forum


async def claimed(bot: Marginalia, club: Club, member: SandboxMember, name: str) -> None:
    """Make a member that old author, by the host's word."""
    claim = await bot.app.claims.ask_name(club.guild.id, name, member.id, bot.clock.now())
    await bot.app.claims.confirm(claim.id, club.host.id, bot.clock.now())
    await bot.app.claims.heard(claim.id, bot.clock.now())
