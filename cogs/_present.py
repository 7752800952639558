"""What the core composed, as Discord embeds. Pure: the words are the core's."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.core.chains import ChainMessage
from bot.core.digest import DigestMessage, DigestSection

COLOUR = discord.Colour(0x8C5A3C)

# Discord's documentation, "Message", section "Embed Limits"; and at most ten to a message.
EMBEDS_LIMIT = 10
CHARACTERS_LIMIT = 6000
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
FOOTER_LIMIT = 2048


def digest_embeds(message: DigestMessage, token: str | None = None) -> list[discord.Embed]:
    """Give a digest as the embeds of one message.

    `token` marks the message in the last footer, so that the courier knows it again; a preview
    has none. Raises `ValueError` where Discord's limits do not hold.
    """
    embeds = [_section(section) for section in message.sections]
    if message.introduction:
        opening = discord.Embed(
            title=message.title, description=message.introduction, colour=COLOUR
        )
        embeds.insert(0, opening)
    embeds[-1].set_footer(text=" · ".join(filter(None, (message.footer, token))))
    return _within_limits(embeds)


def chain_embeds(message: ChainMessage) -> list[discord.Embed]:
    """Give a reply chain as the embeds of one message.

    Raises `ValueError` where Discord's limits do not hold.
    """
    return _within_limits(
        [discord.Embed(title=message.title, description="\n".join(message.lines), colour=COLOUR)]
    )


def _section(section: DigestSection) -> discord.Embed:
    return discord.Embed(
        title=section.title,
        url=section.url,
        description="\n".join(section.lines),
        colour=COLOUR,
    )


def _within_limits(embeds: Sequence[discord.Embed]) -> list[discord.Embed]:
    """Give the embeds as they are: a message that Discord would refuse is the core's mistake."""
    if len(embeds) > EMBEDS_LIMIT:
        raise ValueError(f"{len(embeds)} embeds, and a message holds {EMBEDS_LIMIT}")
    characters = sum(len(embed) for embed in embeds)
    if characters > CHARACTERS_LIMIT:
        raise ValueError(f"{characters} characters in embeds, and a message holds 6,000")
    for embed in embeds:
        parts = (
            ("title", embed.title, TITLE_LIMIT),
            ("description", embed.description, DESCRIPTION_LIMIT),
            ("footer", embed.footer.text, FOOTER_LIMIT),
        )
        for name, text, limit in parts:
            if text is not None and len(text) > limit:
                raise ValueError(f"An embed's {name} of {len(text)} characters, over {limit}")
    return list(embeds)
