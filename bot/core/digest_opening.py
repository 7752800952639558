"""How a digest begins and ends: its title, what it holds in a sentence or two, and its footer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.level import DigestKind
from bot.core.model import Concern, DiscussionNews
from bot.core.post_line import author_name, counted, literal

TITLES = {
    DigestKind.WEEKLY: "Your week in discussions",
    DigestKind.DAILY: "Your day in discussions",
    DigestKind.CHANNEL: "The week in discussions",
}
_FOOTER = "You get this because you track these discussions · /track list · /digest settings"
_CHANNEL_FOOTER = "To hear of a discussion yourself: /track discussion"

_TITLE_LIMIT = 120


def title(kind: DigestKind, news: Sequence[DiscussionNews]) -> str:
    """Give the title of a whole digest, as Markdown."""
    if kind is not DigestKind.NOTICE:
        return TITLES[kind]
    if len(news) == 1:
        return section_title(kind, news[0])
    return f"New in {counted(len(news), 'discussion')}"


def section_title(kind: DigestKind, news: DiscussionNews) -> str:
    """Give what stands above the news of a discussion."""
    named = literal(news.discussion.title, _TITLE_LIMIT)
    return f"New in {named}" if kind is DigestKind.NOTICE else named


def footer(kind: DigestKind) -> str:
    """Give what stands at the end, as plain text: why one gets this, and what to do about it."""
    return _CHANNEL_FOOTER if kind is DigestKind.CHANNEL else _FOOTER


def introduction(kind: DigestKind, news: Sequence[DiscussionNews]) -> str:
    """Say what a digest holds, what concerns its reader first; a notice says nothing of it."""
    if kind is DigestKind.NOTICE:
        return ""
    near = to_reader(news)
    return "\n".join([*([f"**{near}.**"] if near else []), _counts(kind, news)])


def to_reader(news: Sequence[DiscussionNews]) -> str:
    """Say who answered the reader, and who asks them something; nothing where nobody did."""
    answering = frozenset[int]().union(*(each.answered_by for each in news))
    asking = frozenset[int]().union(*(each.asked_by for each in news))
    said = []
    if not answering <= asking:
        said.append(f"{counted(len(answering), 'person')} answered you")
    if len(asking) == 1:
        said.append(f"{_asker(news)} asks you something")
    elif asking:
        said.append(f"{counted(len(asking), 'person')} ask you something")
    return ", and ".join(said)


def facts(news: DiscussionNews) -> list[str]:
    """Say how much is new in a discussion."""
    said = ["New discussion"] if news.is_new else []
    if news.new_post_count:
        people = counted(news.author_count, "person")
        said.append(f"{counted(news.new_post_count, 'new post')} by {people}")
    if news.edited_count:
        said.append(counted(news.edited_count, "edited post"))
    if news.imported_count:
        said.append(imported(news.imported_count))
    return said


def imported(count: int) -> str:
    """Say how many old posts were brought back: that is all of them a digest tells."""
    return f"{counted(count, 'old post')} imported"


def _asker(news: Sequence[DiscussionNews]) -> str:
    """Name who asks; a discussion that is only counted does not hold their post."""
    posts = (new.post for each in news for new in each.posts if new.concern is Concern.QUESTION)
    return next(map(author_name, posts), "1 person")


def _counts(kind: DigestKind, news: Sequence[DiscussionNews]) -> str:
    counts = {
        "new post": sum(one.new_post_count for one in news),
        "edited post": sum(one.edited_count for one in news),
    }
    said = [counted(number, thing) for thing, number in counts.items() if number]
    if count := sum(one.imported_count for one in news):
        said.append(imported(count))
    listed = " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))
    where = counted(len(news), "discussion")
    if kind is DigestKind.CHANNEL:
        # All of them are its forum's.
        return f"{listed} in {where} of <#{news[0].discussion.forum_id}>."
    return f"{listed} in {where} that you track."
