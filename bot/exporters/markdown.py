"""Gives a discussion as a Markdown document that reads well on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.excerpt import attachment_name
from bot.core.exported import ExportedDiscussion, ExportedPost
from bot.core.model import PostKind
from bot.core.post_line import counted
from bot.exporters.discord_tokens import shown_moment
from bot.exporters.post_markdown import PostMarkdown, escaped
from bot.exporters.wording import plain, shown_author


def discussion_markdown(discussion: ExportedDiscussion) -> bytes:
    """Give the discussion as CommonMark in UTF-8, with GitHub's footnotes for what it hides."""
    return "".join(f"{line}\n" for line in _lines(discussion)).encode("utf-8", "replace")


def _lines(discussion: ExportedDiscussion) -> Iterator[str]:
    texts = PostMarkdown(discussion.names)
    by_number = {post.number: post for post in discussion.posts}
    yield f"# {escaped(plain(discussion.title)) or '(untitled)'}"
    yield ""
    yield f"Discussion in {escaped(plain(discussion.forum))}{_book(discussion)}"
    yield ""
    yield f"- Participants: {discussion.participants:,}"
    yield f"- Total posts: {discussion.post_count:,}"
    if discussion.posts:
        yield f"- Initial post: {shown_moment(discussion.posts[0].posted_at)}"
        yield f"- Latest post: {shown_moment(discussion.posts[-1].posted_at)}"
    yield f"- Tracked by {counted(discussion.tracked_by, 'member')}"
    for post in discussion.posts:
        yield from ("", f"## {post.number}. {escaped(shown_author(post))}", "")
        yield _when(post, by_number)
        yield from _said(post, texts)
    if texts.spoilers:
        yield from ("", "## Spoilers", "")
        for number, spoiler in enumerate(texts.spoilers, 1):
            yield f"[^{number}]: {spoiler}"


def _book(discussion: ExportedDiscussion) -> str:
    book = discussion.book
    if book is None:
        return ""
    author = f" by {escaped(plain(book.author))}" if book.author else ""
    edition = f" ({escaped(plain(book.edition))})" if book.edition else ""
    stars = f", {discussion.stars}" if discussion.stars else ""
    number = f", ISBN {book.isbn}" if book.isbn else f", ASIN {book.asin}" if book.asin else ""
    return f", about *{escaped(plain(book.title))}*{author}{edition}{escaped(number)}{stars}"


def _when(post: ExportedPost, by_number: Mapping[int, ExportedPost]) -> str:
    moment = shown_moment(post.posted_at)
    if post.kind is PostKind.INITIAL:
        return f"Initial post: {moment}"
    parent = None if post.answers is None else by_number.get(post.answers)
    if parent is not None:
        name, when = escaped(shown_author(parent)), shown_moment(parent.posted_at)
        return f"{moment}, in reply to {parent.number} ({name}, {when})"
    if post.kind is PostKind.REPLY:
        return f"{moment}, in reply to an earlier post"
    return f"Posted on {moment}"


def _said(post: ExportedPost, texts: PostMarkdown) -> Iterator[str]:
    if post.visibility.value:
        yield from ("", f"*{post.visibility.value}*")
        return
    write = texts.markdown if post.is_markdown else texts.old_text
    parts = [write(post.content), *map(texts.markdown, post.notes)]
    for file in post.attachments:
        described = f": {escaped(plain(file.description))}" if file.description else ""
        parts.append(f"File: {escaped(attachment_name(file.name))}{described}")
    if post.edited_at is not None:
        parts.append(f"*Last edited by the author on {shown_moment(post.edited_at)}.*")
    for revision in post.revisions:
        unknown = "; others before it may not be known" if revision.after_gap else ""
        parts.append(f"*Written on {shown_moment(revision.written_at)}{unknown}:*")
        lines = write(revision.content).split("\n")
        parts.append("\n".join(f"> {line}".rstrip() for line in lines))
    if post.edited_in_gap:
        parts.append("*There may have been others since, which are not known.*")
    for part in parts:
        if part:
            yield from ("", part)
