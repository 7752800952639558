"""Put the pages of one discussion together, by what they hold.

Pages overlap, leave gaps and were saved at different times: between two of them posts were
written, edited and deleted, and authors left. A post is known by the moment it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar

from bot.core.errors import UserError
from bot.core.imported import ImportedDiscussion, ImportedPost, PageWarning, plain_title
from bot.core.model import PostKind
from bot.importers.matching import Sighting, number_posts, same_posts
from bot.importers.numbering import missing_ranges

_NEVER = datetime.min.replace(tzinfo=UTC)
_T = TypeVar("_T")


class NamedPage(NamedTuple):
    """A page by itself, and its file's name."""

    name: str
    discussion: ImportedDiscussion


def merge(pages: Sequence[NamedPage]) -> ImportedDiscussion:
    """Give the discussion that the pages are of, the same in whichever order they come.

    What the pages say of the whole is taken from the one saved last, a post from the page that
    has its latest edit. What replies answer is left to `with_replies`.
    Raises `UserError` when one belongs to another discussion, and `ValueError` without pages.
    """
    if not pages:
        raise ValueError("There are no pages.")
    _refuse_strangers(pages)
    versions = same_posts([page.discussion.posts for page in pages])
    numbers, is_renumbered = number_posts(versions)
    posts = _posts(versions, numbers, [_best(seen) for seen in versions])
    totals = [page.discussion.total_posts for page in pages]
    total = max((total for total in totals if total is not None), default=None)
    newest_first = sorted((page.discussion for page in pages), key=_time_of_saving, reverse=True)
    return ImportedDiscussion(
        title=newest_first[0].title,
        forum=_first_known(one.forum for one in newest_first),
        book=_first_known(one.book for one in newest_first),
        participants=_first_known(one.participants for one in newest_first),
        total_posts=total,
        tracked_by=_first_known(one.tracked_by for one in newest_first),
        initial_post=_first_known(one.initial_post for one in newest_first),
        latest_post=_first_known(one.latest_post for one in newest_first),
        missing_posts=missing_ranges([post.number for post in posts], total or 0),
        posts=tuple(posts),
        # A file that was given twice is odd once.
        warnings=tuple(dict.fromkeys(_warnings(pages, is_renumbered=is_renumbered))),
    )


def with_replies(discussion: ImportedDiscussion, *, by_words: bool = True) -> ImportedDiscussion:
    """Give each reply its parent where a link or else its words tell it; what is known stays.

    A reply that links to a post which is not there gets none: its words cannot mean another.
    """
    linked = replace(discussion, posts=tuple(_linked(discussion.posts)))
    is_open = any(
        post.kind is PostKind.REPLY and post.in_reply_to is None and post.answered_id is None
        for post in linked.posts
    )
    if not (by_words and is_open):
        return linked
    # Here, as a bot that is given no pages need not hold the rules of evidence in memory.
    from bot.core.evidence import resolve_replies  # noqa: PLC0415

    worded = resolve_replies(linked)
    return replace(
        linked,
        posts=tuple(
            worded_post if post.answered_id is None else post
            for post, worded_post in zip(linked.posts, worded.posts, strict=True)
        ),
    )


def _linked(posts: Sequence[ImportedPost]) -> Iterator[ImportedPost]:
    numbers = {post.message_id: post.number for post in posts if post.message_id is not None}
    for post in posts:
        parent = None if post.answered_id is None else numbers.get(post.answered_id)
        if post.in_reply_to is not None or parent is None or parent >= post.number:
            yield post
        else:
            yield replace(post, in_reply_to=parent, reply_evidence="link")


def is_same_title(one: str, other: str) -> bool:
    """Say whether two titles are the same but for blanks and capitals."""
    return plain_title(one) == plain_title(other)


def is_same_discussion(one: ImportedDiscussion, other: ImportedDiscussion) -> bool:
    """Say whether pages are surely of one discussion, though nobody said so.

    Nothing they say of it differs, and they share a post, or the day it began where no two
    posts claim one place.
    """
    if _difference(one, other) is not None:
        return False
    versions = same_posts([one.posts, other.posts])
    if any(len(seen) > 1 for seen in versions):
        return True
    places = [post.number for post in (*one.posts, *other.posts)]
    return one.initial_post is not None and len(set(places)) == len(places)


@dataclass(frozen=True, slots=True)
class Completed:
    """A discussion with the posts that further pages added to it."""

    discussion: ImportedDiscussion
    added: tuple[ImportedPost, ...]


def complete(
    known: ImportedDiscussion, pages: ImportedDiscussion, erased: Collection[int]
) -> Completed:
    """Add to a discussion what further pages of it bring; its own posts stay as they are.

    Known posts may get a parent that was not known. `erased` are the numbers of posts without
    their text: where there are any, words are no evidence of what a reply answers.
    Raises `UserError` where the pages would give its posts other numbers.
    """
    versions = same_posts([known.posts, pages.posts])
    numbers, _ = number_posts(versions)
    is_known = [seen[0].page == 0 for seen in versions]
    for seen, number, is_old in zip(versions, numbers, is_known, strict=True):
        if is_old and seen[0].post.number != number:
            raise UserError(
                f"The pages number the posts of “{known.title}” otherwise than those that were "
                "imported before. Import all its pages together, into another forum."
            )
    posts = _posts(versions, numbers, [seen[0].post for seen in versions])
    merged = merge([NamedPage("", known), NamedPage("", pages)])
    whole = with_replies(replace(merged, posts=tuple(posts)), by_words=not erased)
    added = {number for number, is_old in zip(numbers, is_known, strict=True) if not is_old}
    return Completed(whole, tuple(post for post in whole.posts if post.number in added))


def _posts(
    versions: Sequence[Sequence[Sighting]],
    numbers: Sequence[int],
    chosen: Sequence[ImportedPost],
) -> list[ImportedPost]:
    """Give the chosen version of each post its number, and what any page knows of its links."""
    places = {
        (sighting.page, sighting.post.number): number
        for seen, number in zip(versions, numbers, strict=True)
        for sighting in seen
    }
    posts = []
    for seen, number, post in zip(versions, numbers, chosen, strict=True):
        parents = [
            (places.get((page, shown.in_reply_to)), shown.reply_evidence)
            for page, shown in seen
            if shown.in_reply_to is not None
        ]
        parent, evidence = next((one for one in parents if one[0] is not None), (None, None))
        posts.append(
            replace(
                post,
                number=number,
                in_reply_to=parent,
                reply_evidence=evidence,
                message_id=_first_known(shown.message_id for _, shown in seen),
                answered_id=_first_known(shown.answered_id for _, shown in seen),
            )
        )
    return sorted(posts, key=lambda post: post.number)


def _best(seen: Sequence[Sighting]) -> ImportedPost:
    """Give the version with the last edit, and the author where any page still names one."""
    versions = sorted((shown for _, shown in seen), key=_worth, reverse=True)
    return replace(versions[0], author=_first_known(post.author for post in versions))


def _worth(post: ImportedPost) -> tuple[datetime, bool, int, str]:
    """Rank the versions of a post: the last edit, then HTML, which has kept its links."""
    return post.edited_at or _NEVER, post.message_id is not None, len(post.content), post.content


def _time_of_saving(page: ImportedDiscussion) -> tuple[int, date, datetime, int, int]:
    """Rank pages by when they were saved: a discussion only grows."""
    return (
        page.total_posts or 0,
        page.latest_post or date.min,
        max((post.edited_at or post.posted_at for post in page.posts), default=_NEVER),
        page.participants or 0,
        page.tracked_by or 0,
    )


def _first_known(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _refuse_strangers(pages: Sequence[NamedPage]) -> None:
    """Raise `UserError` for the page that agrees with fewest of the others, if any differ."""
    agreeing = Counter(
        {
            place: sum(_difference(page.discussion, other.discussion) is None for other in pages)
            for place, page in enumerate(pages)
        }
    )
    usual = pages[agreeing.most_common(1)[0][0]]
    for page in pages:
        difference = _difference(page.discussion, usual.discussion)
        if difference is not None:
            raise UserError(
                f"{page.name} does not belong to the discussion of {usual.name}: {difference}. "
                "Import the pages of each discussion by themselves."
            )


def _difference(one: ImportedDiscussion, other: ImportedDiscussion) -> str | None:
    """Say in what two pages cannot be of one discussion, or give None."""
    if not is_same_title(one.title, other.title):
        return f"its title is “{one.title}”, not “{other.title}”"
    if one.forum and other.forum and plain_title(one.forum) != plain_title(other.forum):
        return f"its forum is “{one.forum}”, not “{other.forum}”"
    if one.initial_post and other.initial_post and one.initial_post != other.initial_post:
        return f"it began on {one.initial_post}, not on {other.initial_post}"
    begun, other_begun = _initial(one), _initial(other)
    if begun and other_begun and begun.posted_at != other_begun.posted_at:
        return (
            f"its initial post is of {begun.posted_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"not of {other_begun.posted_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    return None


def _initial(page: ImportedDiscussion) -> ImportedPost | None:
    return next((post for post in page.posts if post.kind is PostKind.INITIAL), None)


def _warnings(pages: Sequence[NamedPage], *, is_renumbered: bool) -> Iterator[PageWarning]:
    if len(pages) == 1:
        yield from pages[0].discussion.warnings
        return
    if is_renumbered:
        message = "The pages count their posts differently: they are numbered by their dates."
        yield PageWarning(1, message)
    for name, page in sorted(pages, key=lambda page: page.name):
        for warning in page.warnings:
            yield replace(warning, page=name)
