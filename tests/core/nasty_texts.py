"""Texts made to be misread."""

from hypothesis import strategies as st

FRAGMENTS = [
    *["||"] * 6, *["letter"] * 6, *[" "] * 3, "|", "|||", "`", "`", "``", "```", "```\n",
    "\\", "\\|",
    "**", "**", "*", "***", "_", "__", "~~", "\n", "\n", "\n\n", "\n> ", "\n>>> ", "\n# ", "\n- ",
    "[", "](https://1.2)", "](https://1/||)", "https://1.2/", "<https://1.2/", ">", "<@1>",
    "<t:1:f>", "👩‍👩‍👧", ".", "(", ")", "\u202e", "\x00",
]  # fmt: skip

# Characters, some of several code points, that mean nothing in Markdown.
PROSE = [
    *[" "] * 6, *"aé—.女ш“", "\n", "\u3000", "e\u0301", "x\u0325\u0301", "🦉", "👍🏽", "🇫🇷",
    "👩‍👩‍👧", "\u1112\u1161\u11ab",
]  # fmt: skip


@st.composite
def nasty_texts(draw: st.DrawFn, max_size: int = 40) -> str:
    """Texts of marks and letters; no letter comes twice, so that each can be found again."""
    fragments = draw(st.lists(st.sampled_from(FRAGMENTS), max_size=max_size))
    letters = iter(range(0x4E00, 0x9FA5))
    return "".join(chr(next(letters)) if part == "letter" else part for part in fragments)
