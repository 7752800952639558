"""Everything of the store that imports touch, on one database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.core.incoming import IncomingPost
from bot.core.model import Post, PostKind
from bot.importers.numbering import missing_ranges
from bot.store.database import Database
from bot.store.directory import Directory
from bot.store.discussions import Discussions
from bot.store.documents import Documents
from bot.store.forums import Forums
from bot.store.importing.boards import Boards
from bot.store.importing.imports import Imports
from bot.store.importing.parents import Parents
from bot.store.importing.replays import Replays
from bot.store.old_authors.claims import Claims
from bot.store.old_authors.erasures import Erasures
from bot.store.posts import Posts
from bot.store.recording import Recording
from bot.store.removals import Removals

GUILD, FORUM, OTHER_FORUM, THREAD = 10, 20, 21, 1_000
HOST, ANN, BEN = 1, 7, 8
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
OLD = datetime(2006, 5, 10, 22, 2, 44, tzinfo=UTC)
AUTHORS = ("Wren", "Tamsin", None)


def post(number: int, answered: int | None = None, **changes: object) -> ImportedPost:
    """Give a post of the old discussion; by turns Wren's, Tamsin's and nobody's."""
    made = ImportedPost(
        number=number,
        author=AUTHORS[(number - 1) % 3],
        posted_at=OLD + timedelta(days=number),
        edited_at=None,
        kind=PostKind.INITIAL if number == 1 else PostKind.REPLY,
        content=f"Post {number}.",
        message_id=f"Mx{number}",
        answered_id=None if answered is None else f"Mx{answered}",
        in_reply_to=answered,
        reply_evidence=None if answered is None else "link",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names a field's own type


def page(*posts: ImportedPost, title: str = "Who is telling this?") -> ImportedDiscussion:
    """Give a saved page with these posts of the six that it promises.

    What a post answers on another page is known by its id alone.
    """
    here = {one.number for one in posts}
    return ImportedDiscussion(
        title=title,
        forum="Wuthering Heights forum",
        book=None,
        participants=2,
        total_posts=6,
        tracked_by=2,
        initial_post=date(2006, 5, 11),
        latest_post=date(2006, 5, 16),
        missing_posts=missing_ranges([one.number for one in posts], 6),
        posts=tuple(
            one if one.in_reply_to in here else replace(one, in_reply_to=None, reply_evidence=None)
            for one in posts
        ),
        warnings=(),
    )


ALL_POSTS = (post(1), post(2, 1), post(3, 2), post(4, 3), post(5, 4), post(6, 1))
WHOLE = page(*ALL_POSTS)
FIRST, SECOND = page(*ALL_POSTS[:3]), page(*ALL_POSTS[3:])


def message_of(number: int, part: int = 0) -> int:
    """Give the id of the message that an old post of this number is; the first is the thread."""
    return THREAD if (number, part) == (1, 0) else THREAD + 10 * number + part


@dataclass(frozen=True, slots=True)
class Archive:
    """The classes that imports go through, and what tests ask of them again and again."""

    database: Database
    directory: Directory
    imports: Imports
    replays: Replays
    boards: Boards
    parents: Parents
    claims: Claims
    erasures: Erasures
    discussions: Discussions
    documents: Documents
    removals: Removals
    posts: Posts
    recording: Recording

    async def bring(self, *pages: ImportedDiscussion, forum_id: int = FORUM) -> int:
        """Import pages one after the other, without a word to Discord; give the discussion."""
        ids = [(await self.imports.queue(one, forum_id, NOW)).discussion_id for one in pages]
        assert len(set(ids)) == 1
        return ids[0]

    async def send(self, discussion_id: int, *, parts: int = 1, thread_id: int = THREAD) -> None:
        """Note so many messages for each post that has none, as if Discord had taken them."""
        await self.replays.attach_thread(discussion_id, thread_id)
        await self.discussions.settle(discussion_id)
        for one in (await self.replays.load(discussion_id)).posts:
            if not one.message_ids and not one.is_deleted:
                for part in range(parts):
                    message_id = message_of(one.post.number, part) + thread_id - THREAD
                    await self.replays.message_sent(one.id, part, message_id)

    async def replay(self, *pages: ImportedDiscussion, parts: int = 1) -> int:
        """Import pages and have all of each in the thread before the next comes."""
        discussion_id = 0
        for one in pages:
            discussion_id = await self.bring(one)
            await self.send(discussion_id, parts=parts)
            await self.replays.finish(discussion_id, NOW)
        return discussion_id

    async def say(
        self, discussion_id: int, message_id: int, *, reply_to: int | None = None, by: int = ANN
    ) -> int:
        """Record what a member writes in the thread today; give the post."""
        message = IncomingPost(
            message_id=message_id,
            channel_id=THREAD,
            user_id=by,
            author_name=f"Member {by}",
            content="Today.",
            attachments=(),
            notes=(),
            posted_at=NOW,
            edited_at=None,
            reply_to=reply_to,
            is_initial=False,
        )
        recorded = await self.recording.record(discussion_id, message)
        assert recorded.post_id is not None
        return recorded.post_id

    async def claim(self, name: str = "Wren", user_id: int = ANN) -> int:
        """Have a host confirm that a member was this old author; give the claim."""
        claim = await self.claims.ask_name(GUILD, name, user_id, NOW)
        await self.claims.confirm(claim.id, HOST, NOW)
        return claim.id

    async def of_number(self, discussion_id: int, number: int) -> Post:
        """Give the post of a discussion by its number."""
        (found,) = await self.posts.page(discussion_id, after_number=number - 1, limit=1)
        assert found.number == number
        return found

    async def assert_consistent(self) -> None:
        """Check whatever follows from `parent_id` and from what is deleted against these."""
        async with self.database.reading() as connection:
            posts = {
                row["id"]: row for row in await connection.execute_fetchall("SELECT * FROM post")
            }
            discussions = await connection.execute_fetchall("SELECT * FROM discussion")
        for row in posts.values():
            above = []
            parent_id = row["parent_id"]
            while parent_id is not None:
                above.append(parent_id)
                assert len(above) <= len(posts), "a circle"
                parent_id = posts[parent_id]["parent_id"]
            answers = [
                one
                for one in posts.values()
                if one["parent_id"] == row["id"] and one["deleted_at"] is None
            ]
            assert row["root_id"] == (above[-1] if above else row["id"])
            assert row["depth"] == len(above)
            assert row["reply_count"] == len(answers)
            assert all(posts[one]["discussion_id"] == row["discussion_id"] for one in above)
        for row in discussions:
            own = [one for one in posts.values() if one["discussion_id"] == row["id"]]
            numbers = [one["number"] for one in own if one["number"] is not None]
            assert row["post_count"] == len([one for one in own if one["deleted_at"] is None])
            assert row["next_number"] > max(numbers, default=0)


async def open_archive(database: Database, recording: Recording) -> Archive:
    """Set two forums up, and give what imports go through."""
    directory = Directory()
    await directory.load(database)
    forums = Forums(database, directory)
    for forum_id, name in ((FORUM, "novels"), (OTHER_FORUM, "classics")):
        await forums.set_up(
            forum_id, GUILD, "Readers", name, is_forum_channel=True, host_id=HOST, now=NOW
        )
    return Archive(
        database=database,
        directory=directory,
        imports=Imports(database),
        replays=Replays(database, directory),
        boards=Boards(database),
        parents=Parents(database),
        claims=Claims(database),
        erasures=Erasures(database),
        discussions=Discussions(database, directory),
        documents=Documents(database),
        removals=Removals(database, directory),
        posts=Posts(database),
        recording=recording,
    )
