"""What a host is shown before an import: what the pages hold, and what would become of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.core.imported import ImportedDiscussion
from bot.core.markdown import escape_markdown
from bot.core.post_line import counted, literal
from bot.exporters.preview import Preview, discussion_preview, preview_of
from bot.store.importing.imports import ImportPlan
from bot.store.importing.replays import ImportProgress, ReplayState
from cogs._import_words import import_line
from cogs._present import COLOUR

# API documentation, "Message", section "Embed Limits": 6,000 characters in all.
_TITLE_LIMIT = 200
_FACT_LIMIT = 400
_TAG_LIMIT = 40
# A field holds 1,024.
_ODDITY_LIMIT = 180
_ODDITIES_SHOWN = 5
_FILE_NAME = "preview.txt"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an import would do: `known` is how the discussion stands that is here already.

    `tags` are the names of those to choose from where the thread needs one and none is named.
    """

    plan: ImportPlan
    known: ImportProgress | None
    channel_id: int
    tag: str | None
    tags: Sequence[str]

    @property
    def is_worth_it(self) -> bool:
        """Say whether there is anything to import, or to try again."""
        return self.plan.added > 0 or (
            self.known is not None and self.known.state is ReplayState.FAILED
        )


def offer_words(offer: Offer) -> str:
    """Say in Markdown what the import would do, and that it waits for a word."""
    lines = [_change_words(offer)]
    if offer.plan.blocked:
        lines.append(
            f"{counted(offer.plan.blocked, 'post')} of these pages "
            f"{'stays' if offer.plan.blocked == 1 else 'stay'} away: deleted here, or erased for "
            "the author."
        )
    if offer.tag is not None and offer.known is not None and offer.known.thread_id is not None:
        lines.append(
            f"The thread keeps its tags: “{literal(offer.tag, _TAG_LIMIT)}” is not added to it."
        )
    if offer.tags:
        lines.append(f"Each thread of <#{offer.channel_id}> needs a tag: **choose one** below.")
    if offer.is_worth_it:
        lines.append("-# Nothing is stored before you say so; this waits for ten minutes.")
    return "\n".join(lines)


def _change_words(offer: Offer) -> str:
    plan, known = offer.plan, offer.known
    if known is None:
        tag = "" if offer.tag is None else f" with the tag “{literal(offer.tag, _TAG_LIMIT)}”"
        return (
            f"**{counted(plan.added, 'post')}** would come back as a new thread of "
            f"<#{offer.channel_id}>{tag}, under the names of those who wrote them. Nobody is "
            "notified."
        )
    if plan.added:
        thread = "its thread" if known.thread_id is None else f"<#{known.thread_id}>"
        seen = f", with {counted(plan.known, 'post')} of these pages" if plan.known else ""
        return (
            f"Part of this discussion is here already{seen}. **{counted(plan.added, 'post')}** "
            f"{'is' if plan.added == 1 else 'are'} new and would come to the end of {thread}."
        )
    if not plan.known:
        return "Nothing of these pages can be imported."
    return (
        f"All {counted(plan.known, 'post')} of these pages are here already: nothing is new.\n"
        f"{import_line(known)}"
    )


def preview_embed(preview: Preview) -> discord.Embed:
    """Give the preview of the pages, as much of it as fits a message."""
    embed = discord.Embed(
        title=literal(preview.title, _TITLE_LIMIT),
        description="\n".join(
            f"**{fact.label}:** {literal(fact.words, _FACT_LIMIT)}" for fact in preview.facts
        ),
        colour=COLOUR,
    )
    if preview.oddities:
        embed.add_field(
            name="What looked odd", value="\n".join(_oddity_lines(preview.oddities)), inline=False
        )
    return embed


def whole_preview(document: ImportedDiscussion) -> discord.File | None:
    """Give all of the preview as a file, or None where a message shows the whole of it."""
    preview = preview_of(document)
    is_whole = (
        _fits(preview.title, _TITLE_LIMIT)
        and all(_fits(fact.words, _FACT_LIMIT) for fact in preview.facts)
        and all(_fits(oddity, _ODDITY_LIMIT) for oddity in preview.oddities)
        and len(preview.oddities) <= _ODDITIES_SHOWN
    )
    if is_whole:
        return None
    return discord.File(io.BytesIO(discussion_preview(document).encode()), filename=_FILE_NAME)


def _oddity_lines(oddities: Sequence[str]) -> list[str]:
    """Give as many as a field holds, and how many more there are."""
    lines = [f"- {literal(oddity, _ODDITY_LIMIT)}" for oddity in oddities[:_ODDITIES_SHOWN]]
    if len(oddities) > _ODDITIES_SHOWN:
        lines.append(f"and {len(oddities) - _ODDITIES_SHOWN:,} more, in the file {_FILE_NAME}")
    return lines


def _fits(text: str, limit: int) -> bool:
    return len(escape_markdown(text)) <= limit
