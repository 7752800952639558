"""Discussions and posts to put into words."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.level import DigestKind
from bot.core.model import (
    Attachment,
    Author,
    Book,
    Digest,
    Discussion,
    DiscussionNews,
    EditedPost,
    NewPost,
    Post,
    PostKind,
)

POSTED_AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
ANN, BEN = Author(1, "Ann", 101), Author(2, "Ben", 102)
BOOK = Book(1, 9, "The Sea, the Sea", "Iris Murdoch")
DISCUSSION = Discussion(
    id=1,
    guild_id=9,
    forum_id=8,
    thread_id=7,
    title="Is Charles a liar?",
    book=BOOK,
    is_private=False,
    is_locked=False,
    is_archived=False,
    is_current=True,
    post_count=3,
)
POST = Post(
    id=2,
    discussion_id=1,
    thread_id=7,
    message_id=70,
    channel_id=7,
    guild_id=9,
    number=2,
    author=ANN,
    kind=PostKind.POST,
    content="He lies to himself first.",
    attachments=(),
    notes=(),
    posted_at=POSTED_AT,
    edited_at=None,
    edited_in_gap=False,
    parent_id=None,
    reply_count=0,
    is_deleted=False,
    is_imported=False,
)
INITIAL = replace(
    POST, id=1, number=1, message_id=7, kind=PostKind.INITIAL, author=BEN, content="Well?"
)
REPLY = replace(
    POST, id=3, number=3, message_id=71, kind=PostKind.REPLY, parent_id=2, author=BEN, content="No."
)
ATTACHMENT = Attachment(1, "map.png", "image/png", 10)


def news(
    *posts: Post | NewPost,
    discussion: Discussion = DISCUSSION,
    count: int | None = None,
    parent: Post | None = None,
    edited: tuple[Post | EditedPost, ...] = (),
    edited_count: int | None = None,
    imported_count: int = 0,
    answered_by: frozenset[int] = frozenset(),
    asked_by: frozenset[int] = frozenset(),
    first_number: int | None = None,
    is_new: bool = False,
    is_busy: bool = False,
) -> DiscussionNews:
    new = tuple(each if isinstance(each, NewPost) else NewPost(each, parent) for each in posts)
    changed = tuple(each if isinstance(each, EditedPost) else EditedPost(each) for each in edited)
    return DiscussionNews(
        discussion=discussion,
        is_new=is_new,
        new_post_count=len(posts) if count is None else count,
        author_count=len({each.post.author for each in new}),
        posts=new,
        edited_count=len(edited) if edited_count is None else edited_count,
        edited=changed,
        imported_count=imported_count,
        answered_by=answered_by,
        asked_by=asked_by,
        first_number=first_number,
        is_busy=is_busy,
    )


def digest(
    *of: DiscussionNews, kind: DigestKind = DigestKind.WEEKLY, user_id: int | None = 500
) -> Digest:
    return Digest(kind, user_id, 10, of)
