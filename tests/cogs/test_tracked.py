from __future__ import annotations

from datetime import UTC, datetime

from bot.core.graphemes import utf16_length
from bot.core.ports import ThreadReference
from bot.store.tracked import Tracked, TrackedKind
from cogs._tracked import Named, tracked_lines

# Discord's documentation, "Message", section "Embed Limits".
DESCRIPTION_LIMIT = 4096


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


def test_what_is_tracked_is_listed_under_its_server() -> None:
    assert tracked_lines([named(1, "One"), named(2, "Two", 12), named(3, "Three", 12)]) == (
        "**Club 11**\n"
        "- discussion: [One](https://discord.com/channels/11/1001), since <t:1795305600:D>\n"
        "**Club 12**\n"
        "- discussion: [Two](https://discord.com/channels/12/1002), since <t:1795305600:D>\n"
        "- discussion: [Three](https://discord.com/channels/12/1003), since <t:1795305600:D>"
    )


def test_a_long_list_fits_an_embed_and_says_how_much_is_left_out() -> None:
    lines = tracked_lines([named(number, "📚" * 60, number // 7) for number in range(300)])

    assert utf16_length(lines) <= DESCRIPTION_LIMIT
    shown = lines.count("- discussion: ")
    assert 10 < shown < 300
    assert lines.endswith(f"\nand {300 - shown} more")


def test_a_title_neither_styles_nor_links_nor_shows_its_spoiler() -> None:
    text = tracked_lines([named(1, "**bold** [x](https://evil.example) ||wife|| [y]")])

    assert "**bold**" not in text
    assert "(https://evil.example)" not in text
    assert "wife" not in text
    assert "▮▮▮" in text
    assert "\\[y\\]" in text
