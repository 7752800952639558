from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.graphemes import utf16_length
from bot.core.level import Level
from bot.core.ports import ThreadReference
from bot.store.tracked import Tracked, TrackedKind
from cogs._tracked import Named
from cogs._tracked_list import tracked_lines

# Discord's documentation, "Message", section "Embed Limits".
DESCRIPTION_LIMIT = 4096
HEADINGS = {level: f"Heading of {level}" for level in Level}


def named(number: int, name: str, guild_id: int = 11) -> Named:
    place = ThreadReference(guild_id, 21, 1_000 + number, is_private=False)
    tracked = Tracked(
        id=number,
        kind=TrackedKind.DISCUSSION,
        subject_id=number,
        name=name,
        guild_id=guild_id,
        guild_name=f"Club {guild_id}",
        tracked_at=datetime(2026, 11, 22, tzinfo=UTC),
        level=None,
        places=(place,),
    )
    return Named(tracked, name)


def test_what_is_tracked_is_listed_by_how_often_it_tells_and_by_server() -> None:
    lines = tracked_lines(
        [
            (named(1, "One"), Level.WEEKLY),
            (named(2, "Two", 12), Level.EVERY_POST),
            (named(3, "Three", 12), Level.WEEKLY),
            (named(4, "Four", 12), Level.WEEKLY),
        ],
        HEADINGS,
    )

    assert lines == (
        "### Heading of every_post\n"
        "**Club 12**\n"
        "- discussion: [Two](https://discord.com/channels/12/1002), since <t:1795305600:D>\n"
        "### Heading of weekly\n"
        "**Club 11**\n"
        "- discussion: [One](https://discord.com/channels/11/1001), since <t:1795305600:D>\n"
        "**Club 12**\n"
        "- discussion: [Three](https://discord.com/channels/12/1003), since <t:1795305600:D>\n"
        "- discussion: [Four](https://discord.com/channels/12/1004), since <t:1795305600:D>"
    )


def test_a_long_list_fits_an_embed_and_says_how_much_is_left_out() -> None:
    levels = list(Level)
    lines = tracked_lines(
        [(named(number, "📚" * 60, number // 7), levels[number // 100]) for number in range(300)],
        HEADINGS,
    )

    assert utf16_length(lines) <= DESCRIPTION_LIMIT
    shown = lines.count("- discussion: ")
    assert 10 < shown < 300
    assert lines.endswith(f"\nand {300 - shown} more")


def test_a_title_neither_styles_nor_links_nor_shows_its_spoiler() -> None:
    title = "**bold** [x](https://evil.example) ||wife|| [y]"

    text = tracked_lines([(named(1, title), Level.DAILY)], HEADINGS)

    assert "**bold**" not in text
    assert "(https://evil.example)" not in text
    assert "wife" not in text
    assert "▮▮▮" in text
    assert "\\[y\\]" in text


def test_what_one_may_not_read_now_is_listed_without_its_name() -> None:
    text = tracked_lines([(replace(named(1, "The wife"), name=None), Level.MUTED)], HEADINGS)

    assert "wife" not in text
    assert "- a discussion that you cannot read now, since <t:1795305600:D>" in text
