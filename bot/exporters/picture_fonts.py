"""The fonts of pictures: what can be written with them, and how much room it takes.

Matplotlib brings DejaVu Sans along, which knows no Chinese, Japanese or Korean. Of the fonts that
do, the machine may have one: matplotlib takes from it what the first lacks (matplotlib.org, "Fonts
in Matplotlib", section "Font fallback").
"""

from __future__ import annotations

import unicodedata
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

_OWN_FAMILY = "DejaVu Sans"
# Free ones, as Linux distributions name them, then those of macOS and Windows.
_EAST_ASIAN_FAMILIES = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Noto Sans JP",
    "Noto Sans SC",
    "Source Han Sans",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "IPAGothic",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
)


@cache
def font_families() -> list[str]:
    """Give the families to write with: matplotlib's own, then those of the others that are here."""
    installed = {font.name for font in fontManager.ttflist}
    return [_OWN_FAMILY, *(name for name in _EAST_ASIAN_FAMILIES if name in installed)]


def legible(text: str) -> str | None:
    """Give the text as it can be written here; None where a letter or digit of it cannot.

    Other signs that the fonts lack, such as emoji, are left out, and so are invisible ones. None,
    too, where nothing remains.
    """
    lacking = {sign for sign in text if ord(sign) not in _characters()}
    if any(unicodedata.category(sign)[0] in "LN" for sign in lacking):
        return None
    shown = (s for s in text if s not in lacking and unicodedata.category(s)[0] != "C")
    return " ".join("".join(shown).split()) or None


def width_of(figure: Figure, text: str, size: float) -> float:
    """Give how many pixels a text of that size, in points, takes in a figure."""
    words = Text(text=text, fontsize=size, fontfamily=font_families(), parse_math=False)
    words.set_figure(figure)
    return words.get_window_extent().width


def shortened(figure: Figure, text: str, size: float, room: float) -> str:
    """Give the text, or as much of it as takes no more than `room` pixels."""
    shown = text
    while len(text) > 1 and (width := width_of(figure, shown, size)) > room:
        # The widths of signs differ, so the first guess may still be too long.
        text = text[: min(int(len(text) * room / width), len(text) - 1)].rstrip()
        shown = f"{text}…"
    return shown


@cache
def _characters() -> frozenset[int]:
    """Give the characters that the fonts have."""
    fonts = (get_font(findfont(FontProperties(family=name))) for name in font_families())
    return frozenset().union(*(font.get_charmap() for font in fonts))
