"""What a page of hits says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.excerpt import attachment_name, context, is_hidden_file
from bot.core.markdown import escape_markdown
from bot.core.model import Post
from bot.core.old_text import text_markdown
from bot.core.post_line import author_name, counted, literal, shown_text, timestamp
from bot.core.query import Query
from bot.core.search import SearchCount, SearchHit

PAGE_LENGTH = 8
"""How many hits fit an embed whatever they hold: none takes more than some 480 characters."""

_TITLE_LIMIT = 60
_NAME_LIMIT = 40
_TEXT_LIMIT = 240
_WORDS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class SearchMessage:
    """The parts of one embed; the texts are Markdown, the footer is plain."""

    title: str
    text: str
    footer: str


def compose_hits(
    typed: str,
    query: Query,
    hits: Sequence[SearchHit],
    count: SearchCount,
    skipped: int,
    order: str,
) -> SearchMessage:
    """Give a page of hits, after the first `skipped`; `order` says in words how they come.

    Where not all of them were compared for the best, that is said instead.
    """
    if count.best_of_newest is not None:
        order = f"best of the newest {count.best_of_newest:,}"
    of_all = f"more than {count.posts:,} posts" if count.is_more else counted(count.posts, "post")
    first, last = skipped + 1, skipped + len(hits)
    span = f"{first:,}" if first == last else f"{first:,}–{last:,}"
    return SearchMessage(
        title=f"Search: {literal(typed, _WORDS_LIMIT)}",
        text="\n\n".join(_hit(hit, query) for hit in hits),
        footer=f"{span} of {of_all}, {order}",
    )


def nothing_found(typed: str) -> str:
    """Say that nothing was found, and what may help."""
    return (
        f"I found nothing for “{literal(typed, _WORDS_LIMIT)}” in what you can read. Every word "
        "must be in the same post: try fewer, or the beginning of one, as in `medd*`."
    )


def _hit(hit: SearchHit, query: Query) -> str:
    post = hit.post
    title = literal(hit.title, _TITLE_LIMIT)
    linked = f"[{title}]({post.jump_url})" if post.jump_url else title
    number = "" if post.number is None else f" #{post.number:,}"
    written = f"{author_name(post, _NAME_LIMIT)}, {timestamp(post.posted_at)}"
    return f"**{linked}**{number} · {written}\n> {_text(post, query)}"


def _text(post: Post, query: Query) -> str:
    """Give what was found where it stands: in the text, or in a note or the name of a file."""
    text = text_markdown(post)
    if found := query.matches(text):
        return context(text, found, _TEXT_LIMIT)
    files = [escape_markdown(attachment_name(file.name)) for file in post.attachments]
    described = [
        escape_markdown(file.description or "")
        for file in post.attachments
        if not is_hidden_file(file.name)
    ]
    for beside in (*post.notes, *files, *described):
        if found := query.matches(beside):
            return context(beside, found, _TEXT_LIMIT)
    return shown_text(post, _TEXT_LIMIT)
