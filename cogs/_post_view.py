"""A post opened whole, as a message: its text, and the ways on from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import discord

from bot.core.model import Post
from bot.core.place import OpenPost
from bot.core.whole_post import WholePost
from cogs._page_view import CHOOSE, TURN, options_of
from cogs._present import COLOUR
from cogs._presses import Item, button, link, select, view_of

OPEN = "post"
"""The action of a button whose state is the `OpenPost` to show."""
CHAIN = "chain"
"""The action of the button that shows a post's reply chain; its state is the `OpenPost`."""

HISTORY = "edits"
"""The action of a button that shows a post's edits; its state is an `OpenPost`, the part a page."""

BRANCH = "branch"
"""The action of a button that shows what is below a post; as `HISTORY`."""

# Discord's documentation, "Component Reference", section "String Select".
MOST_OPTIONS = 25

_REPLIES_ROW, _PARTS_ROW, _WAYS_ROW, _OUT_ROW = range(4)


def post_embed(whole: WholePost) -> discord.Embed:
    """Give a part of a post as an embed."""
    embed = discord.Embed(title=whole.title, description=whole.text, colour=COLOUR)
    if whole.parts > 1:
        embed.set_footer(text=f"Part {whole.part} of {whole.parts}")
    return embed


def post_view(
    post: Post, opened: OpenPost, whole: WholePost, replies: Sequence[Post]
) -> discord.ui.View:
    """Give the buttons below a post; `replies` are its first 25 direct replies."""
    return view_of(
        [
            *_replies(post, opened, replies),
            *_parts(opened, whole),
            *_ways(post, opened),
        ]
    )


def _replies(post: Post, opened: OpenPost, replies: Sequence[Post]) -> Iterator[Item]:
    if replies:
        shown = (
            f"{len(replies)} of {post.reply_count}" if post.reply_count > MOST_OPTIONS else "The"
        )
        words = "The direct reply" if len(replies) == 1 else f"{shown} direct replies"
        yield select(
            words, CHOOSE, opened.back.as_text(), options_of(replies), tag="reply", row=_REPLIES_ROW
        )


def _parts(opened: OpenPost, whole: WholePost) -> Iterator[Item]:
    for part, words in ((whole.part - 1, "‹ Part"), (whole.part + 1, "Part")):
        if 1 <= part <= whole.parts:
            label = f"{words} {part}" if part < whole.part else f"{words} {part} ›"
            yield button(
                label, OPEN, replace(opened, part=part).as_text(), tag="part", row=_PARTS_ROW
            )


def _ways(post: Post, opened: OpenPost) -> Iterator[Item]:
    yield button("‹ Back to the page", TURN, opened.back.as_text(), tag="back", row=_WAYS_ROW)
    if post.parent_id is not None:
        answered = OpenPost(post.parent_id, opened.back)
        yield button("What it answers", OPEN, answered.as_text(), tag="answered", row=_WAYS_ROW)
        yield button("Reply chain", CHAIN, opened.as_text(), row=_WAYS_ROW)
    first_page = replace(opened, part=1).as_text()
    if post.reply_count:
        yield button("Reply tree", BRANCH, first_page, row=_WAYS_ROW)
    if post.edited_at is not None or post.edited_in_gap:
        yield button("Edit history", HISTORY, first_page, row=_WAYS_ROW)
    if post.jump_url is not None and not post.is_deleted:
        yield link("Open in Discord", post.jump_url, row=_OUT_ROW)
