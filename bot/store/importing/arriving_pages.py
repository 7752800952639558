"""What pages bring to what is here already: worked out, before `stored_pages.py` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost
from bot.importers.matching import same_posts
from bot.importers.merging import complete, is_same_discussion
from bot.store.database import to_milliseconds
from bot.store.importing.known_discussions import Known, KnownDiscussion
from bot.store.old_authors.erasure_markers import numbers_meant


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What pages would add: posts that are `known` here already, `added` ones, `blocked` ones.

    Blocked are those that were deleted here, or that their authors had erased for good.
    `discussion_id` is the discussion that they complete, None where they begin a new one.
    """

    discussion_id: int | None
    known: int
    added: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What pages bring: `completed` is the discussion that they complete, None where it is new.

    `whole` is the discussion as it will be; `added` are its new posts, in their order, those
    included of which `erased` (numbers) only the place comes in.
    """

    completed: KnownDiscussion | None
    whole: ImportedDiscussion
    added: tuple[ImportedPost, ...]
    erased: frozenset[int]
    plan: ImportPlan


def arrivals_of(pages: ImportedDiscussion, known: Known) -> Arrivals:
    """Work out what pages bring to a forum, of which `known` is here; seconds for thousands.

    Raises `UserError` where what they complete is being taken back, where their posts cannot
    have their numbers, and where all of them were erased for good.
    """
    for one in known.discussions:
        told = _by_their_old_names(pages, one)
        if is_same_discussion(one.document, told):
            return _further(told, one, known)
    return _first(pages, known)


def _first(pages: ImportedDiscussion, known: Known) -> Arrivals:
    """Work out what pages bring of which nothing is here yet."""
    erased = _erased_among(pages.posts, known)
    if len(erased) == len(pages.posts):
        raise UserError(
            f"Who wrote the posts of “{pages.title}” had all of them erased for good: "
            "there is nothing to import."
        )
    plan = ImportPlan(None, 0, len(pages.posts) - len(erased), len(erased))
    return Arrivals(None, pages, pages.posts, erased, plan)


def _further(pages: ImportedDiscussion, completed: KnownDiscussion, known: Known) -> Arrivals:
    """Work out what further pages bring to a discussion."""
    if completed.is_cancelled:
        raise UserError(
            f"“{completed.document.title}” is just being taken back. Import its pages when that "
            "is done."
        )
    posts = tuple(post for post in pages.posts if not _is_new(post, completed))
    here_since = len(pages.posts) - len(posts)
    if here_since:
        pages = _of_old_posts(pages, posts)
    result = complete(completed.document, pages, completed.deleted)
    erased = _erased_among(result.added, known)
    again = _numbers_seen_again(pages, completed)
    return Arrivals(
        completed=completed,
        whole=result.discussion,
        added=result.added,
        erased=erased,
        plan=ImportPlan(
            discussion_id=completed.discussion_id,
            known=len(again - completed.deleted) + here_since,
            added=len(result.added) - len(erased),
            blocked=len(again & completed.deleted) + len(erased),
        ),
    )


def _erased_among(posts: Iterable[ImportedPost], known: Known) -> frozenset[int]:
    return numbers_meant(
        known.erased, [(post.number, to_milliseconds(post.posted_at)) for post in posts]
    )


def _by_their_old_names(
    pages: ImportedDiscussion, completed: KnownDiscussion
) -> ImportedDiscussion:
    """Give the pages with the old names of claimed posts: an export names the member instead.

    Members change their names, and hosts take claims back: a name that no page told is that of
    the post in this place, if there is one of the same moment.
    """
    told = {post.author for post in completed.document.posts}
    places = {(post.posted_at, post.number): post.author for post in completed.document.posts}

    def named(post: ImportedPost) -> str | None:
        if post.author is None:
            return None
        claimed = completed.old_names.get((post.posted_at, post.author))
        if claimed is not None or post.author in told:
            return claimed or post.author
        return places.get((post.posted_at, post.number)) or post.author

    return replace(pages, posts=tuple(replace(post, author=named(post)) for post in pages.posts))


def _is_new(post: ImportedPost, completed: KnownDiscussion) -> bool:
    return (post.number, post.posted_at) in completed.new_posts


def _of_old_posts(
    export: ImportedDiscussion, posts: tuple[ImportedPost, ...]
) -> ImportedDiscussion:
    """Give an export of this discussion without what members wrote here, and without its counts."""
    return replace(
        export,
        posts=posts,
        participants=None,
        total_posts=None,
        tracked_by=None,
        latest_post=None,
        missing_posts=(),
    )


def _numbers_seen_again(pages: ImportedDiscussion, completed: KnownDiscussion) -> set[int]:
    """Give the numbers of known posts that the pages hold too."""
    return {
        seen[0].post.number
        for seen in same_posts([completed.document.posts, pages.posts])
        if {sighting.page for sighting in seen} == {0, 1}
    }
