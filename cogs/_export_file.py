"""Handing a discussion over as a file, whichever command or button asked for it."""

from __future__ import annotations

import asyncio
import gzip
import io

import discord

from bot.core.errors import UserError
from bot.core.model import Discussion
from bot.core.post_line import literal
from bot.exporting import ExportFile, Exporting, Format

_TITLE_LIMIT = 100
_MEGABYTE = 1024 * 1024
_HINTS = {
    Format.HTML: "open it in any browser, it needs no network.",
    Format.MARKDOWN: "its spoilers are footnotes at the end.",
    Format.JSON: "`marginalia import` reads it again.",
}


async def send_export(
    interaction: discord.Interaction,
    exporting: Exporting,
    discussion: Discussion,
    format_: Format = Format.HTML,
) -> None:
    """Send the discussion privately, after the interaction was deferred as a private answer.

    Whether the person may read it is the caller's to ask, at this moment. A file larger than the
    place takes is packed; raises `UserError` where it is too large even so.
    """
    file = await exporting.file(discussion, format_)
    limit = interaction.filesize_limit
    hint = _HINTS[format_]
    if len(file.content) > limit:
        packed = await asyncio.to_thread(gzip.compress, file.content)
        file = ExportFile(f"{file.name}.gz", packed)
        hint = f"packed, because it is large: unpack it first (`gunzip {file.name}`)."
    if len(file.content) > limit:
        raise UserError(
            f"As {format_.value}, this discussion is {len(file.content) / _MEGABYTE:.1f} MB even "
            f"when packed, and {limit / _MEGABYTE:.0f} MB is the most that Discord takes here. Try "
            "another format, or ask whoever runs me for `marginalia export`."
        )
    await interaction.followup.send(
        f"**{literal(discussion.title, _TITLE_LIMIT)}** as it is now: {hint}",
        file=discord.File(io.BytesIO(file.content), filename=file.name),
        ephemeral=True,
    )
