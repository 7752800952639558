"""Discussions to export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.exported import ExportedDiscussion, ExportedPost, Names
from bot.core.model import Attachment, Book, PostKind, Revision

BEGUN = datetime(2026, 5, 10, 22, 2, 44, tzinfo=UTC)
READERS = ("Ann", "Ben", "Cleo", "Dora & Sons <b>")
BOOK = Book(1, 1, "Frankenstein", "Mary Shelley", "Lackington, 1818", isbn="9780198840824")
TEXTS = (
    """\
Why did nobody in the village think of asking what it wanted?

They had eyes, ears, and a whole winter for it.""",
    """\
I **really** think that ||William *dies*|| of it. <@1> said so, <t:1778450564:f>.
> They spurn and hate me.
See https://example.org/volume_2 and `chapter 9`.""",
    """\
# What it read
- Plutarch
- Goethe
  - in translation
- Milton

```
Puissant spirit
  of the ice
```
-# from memory""",
    "No.",
)


def debate(count: int, text: Callable[[int], str] | None = None) -> ExportedDiscussion:
    """Give a debate in which most posts answer an earlier one, up to seven back."""
    posts = [_post(number, text(number) if text else TEXTS[number % 4]) for number in _to(count)]
    replies: dict[int, list[int]] = {}
    for post in posts:
        if post.answers is not None:
            replies.setdefault(post.answers, []).append(post.number)
    return ExportedDiscussion(
        id=7,
        title="Was the creature born bad?",
        forum="gothic",
        book=BOOK,
        participants=len(READERS),
        post_count=count,
        tracked_by=11,
        posts=tuple(replace(post, replies=tuple(replies.get(post.number, ()))) for post in posts),
        names=Names(users={1: "Ann"}),
        stars="3.8 out of 5 stars (1,230)",
        url="https://discord.com/channels/1/2",
    )


def _to(count: int) -> range:
    return range(1, count + 1)


def _post(number: int, content: str) -> ExportedPost:
    answers = None if number == 1 or number % 5 == 0 else max(1, number - number % 7 - 1)
    posted_at = BEGUN + timedelta(hours=number)
    post = ExportedPost(
        number=number,
        author=READERS[number % 4],
        kind=PostKind.INITIAL
        if number == 1
        else PostKind.POST
        if answers is None
        else PostKind.REPLY,
        posted_at=posted_at,
        content=content,
        answers=answers,
        url=f"https://discord.com/channels/1/2/{number}",
    )
    if number % 6 == 0:
        earlier = Revision("It was *born* bad.", (), posted_at, after_gap=False)
        post = replace(post, edited_at=posted_at + timedelta(minutes=3), revisions=(earlier,))
    if number % 9 == 4:
        files = (
            Attachment(1, "map.png", "image/png", 2_000, "A map of Ingolstadt"),
            Attachment(2, "SPOILER_end.png", "image/png", 2_000),
        )
        post = replace(post, attachments=files, notes=("Poll: Whose fault? (His · Its)",))
    return post
