"""What of a discussion may be published: what its members agreed to, each for themselves."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from bot.core.exported import ExportedDiscussion, ExportedPost, Names, Visibility
from bot.core.model import PostKind

_FORWARDED = "Forwarded"


def published(discussion: ExportedDiscussion, agreed: Set[int]) -> ExportedDiscussion:
    """Give the discussion as anyone on the web may see it.

    `agreed` are the Discord ids of the members who agreed. Everyone else's posts keep their place,
    without name, text and files; old posts of imported pages too, unless a member who agreed has
    claimed them. The title is its initial poster's text like any other. Earlier texts are left
    out even of those who agreed: who changes a text does not want the old one read. Mentions name
    those who agreed and nobody else, a forward does not show what others said, and no address
    leads into the server.
    """
    posts = tuple(_published(post, agreed) for post in discussion.posts)
    initial = next((post for post in posts if post.kind is PostKind.INITIAL), None)
    has_title = initial is not None and initial.visibility is Visibility.SHOWN
    return replace(
        discussion,
        title=discussion.title if has_title else _neutral_title(discussion),
        posts=posts,
        names=Names(
            users={
                user_id: name
                for user_id, name in discussion.names.users.items()
                if user_id in agreed
            }
        ),
        url=None,
    )


def _published(post: ExportedPost, agreed: Set[int]) -> ExportedPost:
    if post.visibility is Visibility.SHOWN and post.user_id in agreed:
        notes = tuple(
            note.partition(":")[0] if note.startswith(_FORWARDED) else note for note in post.notes
        )
        return replace(post, notes=notes, revisions=(), edited_in_gap=False, url=None)
    return ExportedPost(
        number=post.number,
        author=None,
        kind=post.kind,
        posted_at=post.posted_at,
        answers=post.answers,
        replies=post.replies,
        visibility=Visibility.DELETED
        if post.visibility is Visibility.DELETED
        else Visibility.NOT_PUBLISHED,
    )


def _neutral_title(discussion: ExportedDiscussion) -> str:
    if discussion.book is not None:
        return f"A discussion of {discussion.book.title}"
    return f"A discussion in {discussion.forum}"
