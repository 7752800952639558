"""From the atoms of a text back to text: what is hidden stays hidden, and every mark is closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from bot.core.markdown import escape_inline, escape_line_starts
from bot.core.markup import Atom, Style

HIDDEN = "▮▮▮"


def render_plain(atoms: Sequence[Atom], is_hidden: Callable[[Atom], bool]) -> str:
    """Give atoms as text without marks, one sign for all that is hidden together."""
    return "".join(
        HIDDEN if are_hidden else "".join(atom.plain for atom in group)
        for are_hidden, group in groupby(atoms, is_hidden)
    )


def render_markdown(atoms: Sequence[Atom], is_hidden: Callable[[Atom], bool]) -> str:
    """Give atoms as Markdown that can be set anywhere in a message: every mark is closed."""
    rendered = ""
    for are_hidden, group in groupby(atoms, is_hidden):
        rendered += "||" if are_hidden else ""
        for styles, run in groupby(group, lambda atom: atom.styles):
            rendered += _render_run(list(run), styles, rendered[-1:])
        if are_hidden:
            # A sign right before the closing mark could be read as a part of it.
            rendered += "\u200b||" if rendered[-1] in "|\\" else "||"
    return escape_line_starts(_without_accidental_addresses(rendered))


# What is escaped, in code or a whole address is stepped over.
_ADDRESSES = re.compile(r"\\.|`[^`]*`|<https?://[^\s<>]*>|:(?=//)")


def _without_accidental_addresses(rendered: str) -> str:
    """Escape what looks like an address and was none before the marks around it were dropped."""
    return _ADDRESSES.sub(lambda found: "\\:" if found[0] == ":" else found[0], rendered)


def _render_run(run: list[Atom], styles: frozenset[Style], before: str) -> str:
    """Render atoms of one style; where marks could be misread, the text goes without them."""
    text = "".join(
        "".join(atom.markdown for atom in group)
        if is_token
        else escape_inline("".join(atom.markdown for atom in group))
        for is_token, group in groupby(run, lambda atom: atom.is_token)
    )
    if not styles:
        return text
    raw = "".join(atom.markdown for atom in run)
    words = text.strip(" ")
    if not words or not _takes_marks(run, raw.strip(" "), styles, before):
        return text
    marks = [style.value for style in Style if style in styles]
    if Style.CODE in styles:
        words, marks = raw.strip(" "), [Style.CODE.value]
    leading = raw[: len(raw) - len(raw.lstrip(" "))]
    trailing = raw[len(raw.rstrip(" ")) :]
    return f"{leading}{''.join(marks)}{words}{''.join(reversed(marks))}{trailing}"


def _takes_marks(run: list[Atom], words: str, styles: frozenset[Style], before: str) -> bool:
    """Whether marks around these words can be read in one way only."""
    tokens = [atom.markdown for atom in run if atom.is_token]
    if Style.CODE in styles:
        return before != "`" and not tokens and not re.search(r"[`|\\]", words)
    return (
        before not in {"*", "_", "~"}
        and not re.search(r"^[*_~`|\\]|[*_~`|\\]$", words)
        and not any(re.search(r"[*_~]", token) for token in tokens)
    )
