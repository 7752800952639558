"""The one way a text is shortened, so that Markdown stays closed and spoilers stay hidden."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import groupby, islice
from pathlib import PurePath

from bot.core.graphemes import grapheme_end, last_border, utf16_length
from bot.core.markdown import escape_inline, escape_line_starts, showable
from bot.core.markup import Atom, Document, Style, read_markdown
from bot.core.spoilers import hidden_ranges

HIDDEN = "▮▮▮"
_ELLIPSIS = "…"
_MOST_GUESSES = 4
# All that can begin a construct or has to be escaped, but for addresses and numbered lines.
_SIGNS = re.compile(r"[\\*_~`|\[\]<]|^[ \t]*[#>+-]", re.MULTILINE)


class Surface(Enum):
    """Where a text is going to be read."""

    MARKDOWN = "messages and embeds"
    PLAIN = "menus, titles, file names and pictures, which show Markdown as it is typed"


def excerpt(text: str, limit: int, surface: Surface = Surface.MARKDOWN) -> str:
    """Give the start of a Markdown text as one paragraph of at most `limit` characters.

    A text that was cut ends with "…". On `Surface.MARKDOWN` the result can be set anywhere in
    a message: every mark in it is closed, blocks such as quotes and code fences are made part
    of the line, and spoilers are hidden with `||`. On `Surface.PLAIN` there are no marks, and
    spoilers show as ▮▮▮. Mentions, emoji, timestamps, links and characters made of several
    code points are never cut in half. The text may be Discord's own or anyone's: nothing in
    it can make this fail.

    `limit` counts UTF-16 code units (see `utf16_length`). Raises `ValueError` below 1.
    """
    if limit < 1:
        raise ValueError(f"an excerpt needs room for a character, not {limit}")
    start = _start(text, 2 * limit + 500)
    is_whole = start == text
    if (words := _bare_words(start)) is not None:
        if is_whole and utf16_length(words) <= limit:
            return words
        return _cut_words(words, limit - utf16_length(_ELLIPSIS)) + _ELLIPSIS
    document = read_markdown(start)
    hidden = _Hidden(hidden_ranges(document, is_whole=is_whole))
    render = _render_markdown if surface is Surface.MARKDOWN else _render_plain
    shown = _one_paragraph(_with_room(_without_stray_marks(document, hidden), limit, surface))
    atoms = list(_up_to(shown, limit, surface, hidden))
    is_whole = is_whole and next(shown, None) is None
    if is_whole and len(atoms) <= limit and utf16_length(whole := render(atoms, hidden)) <= limit:
        return whole
    return _cut(atoms, limit, lambda shown: render(shown, hidden) + _ELLIPSIS)


def attachment_name(name: str, limit: int = 60) -> str:
    """Give a file's name for showing as plain text; one marked as a spoiler is ▮▮▮ with its ending.

    Discord hides an attachment whose name begins with `SPOILER_`
    (developers/reference, "Editing Message Attachments", and its clients).
    """
    if name.upper().startswith("SPOILER_"):
        suffix = PurePath(name).suffix
        name = HIDDEN + (suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else "")
    name = " ".join(showable(name).split())
    if utf16_length(name) <= limit:
        return name
    return excerpt(escape_inline(name), limit, Surface.PLAIN)


def _start(text: str, length: int) -> str:
    """Give about as much of the text as can be shown: reading no more keeps huge posts cheap.

    A spoiler that begins there is given with its end.
    """
    marks = [found.end() for found in re.finditer(r"\|\|", text[: length + 1])]
    if len(marks) % 2:
        closing = text.find("||", marks[-1])
        return text[: max(closing + 2, length)]
    return text[: max(length, *marks[-1:], 0)]


def _bare_words(text: str) -> str | None:
    """Give the words of a text that reads the same as Markdown and as plain text, else None.

    Most posts are such prose, and this takes a small part of the time that reading marks does.
    """
    if _SIGNS.search(text):
        return None
    words = " ".join(showable(text).split())
    return None if "://" in words or escape_line_starts(words) != words else words


def _cut_words(words: str, room: int) -> str:
    """Give as much as fits, ending with a whole word if one is near."""
    fits = min(len(words), room)
    while (excess := utf16_length(words[:fits]) - room) > 0:
        fits -= (excess + 1) // 2
    fits = last_border(words, fits)
    word_end = words.rfind(" ", fits // 2 + 1, fits + 1)
    return words[: fits if word_end < 0 else word_end].rstrip(" ")


class _Hidden:
    """Answers whether an atom touches one of the hidden ranges."""

    def __init__(self, ranges: tuple[tuple[int, int], ...]) -> None:
        self._starts = [start for start, _ in ranges]
        self._ends = [end for _, end in ranges]

    def __call__(self, atom: Atom) -> bool:
        before = bisect_right(self._starts, atom.end - 1)
        return before > 0 and self._ends[before - 1] > atom.start


def _without_stray_marks(document: Document, hidden: _Hidden) -> Iterator[Atom]:
    """Leave out each `||`, and make each backtick an apostrophe, within what is hidden anyway.

    Some clients look for code within a spoiler and honour no escapes there.
    """
    for atom in document.atoms:
        if atom.plain == "`" and hidden(atom):
            yield replace(atom, markdown="'")
        elif (
            atom.plain != "|"
            or "||" not in document.text[max(atom.start - 1, 0) : atom.end + 1]
            or not hidden(atom)
        ):
            yield atom


def _with_room(atoms: Iterable[Atom], limit: int, surface: Surface) -> Iterator[Atom]:
    """Take apart what would use more than half of the room: a token is shown by its brief form."""
    for atom in atoms:
        if utf16_length(_shown(atom, surface)) <= max(limit // 2, 1):
            yield atom
        else:
            yield from _characters(atom)


def _shown(atom: Atom, surface: Surface) -> str:
    return atom.markdown if surface is Surface.MARKDOWN else atom.plain


def _characters(atom: Atom) -> Iterator[Atom]:
    text = atom.brief
    start = 0
    while start < len(text):
        end = grapheme_end(text, start, len(text))
        character = text[start:end]
        yield replace(atom, markdown=character, plain=character, brief=character, is_token=False)
        start = end


def _one_paragraph(atoms: Iterable[Atom]) -> Iterator[Atom]:
    """Make every run of blanks one space and take the outer ones away.

    A token that shows nothing, such as a link without words, is a blank too.
    """
    is_first = True
    blank: Atom | None = None
    for atom in atoms:
        if not atom.plain.strip():
            blank = blank or atom
            continue
        if blank is not None and not is_first:
            is_space = blank.markdown == " "
            yield blank if is_space else replace(blank, markdown=" ", plain=" ", is_token=False)
        is_first, blank = False, None
        yield atom


def _up_to(atoms: Iterator[Atom], limit: int, surface: Surface, hidden: _Hidden) -> Iterator[Atom]:
    """Give the first atoms, up to the one with which they are surely more than `limit` can show."""
    length = 0
    for atom in islice(atoms, limit + 1):
        yield atom
        # In plain text one sign stands for all that is hidden together.
        if surface is Surface.MARKDOWN or not hidden(atom):
            length += utf16_length(_shown(atom, surface))
        if length > limit:
            break


def _without_trailing_space(atoms: list[Atom]) -> list[Atom]:
    return atoms[:-1] if atoms and atoms[-1].plain == " " else atoms


def _cut(atoms: list[Atom], limit: int, render: Callable[[list[Atom]], str]) -> str:
    """Render as many atoms as fit, ending with a whole word if one is near."""

    def first(count: int) -> str:
        return render(_without_trailing_space(atoms[:count]))

    fits, too_many = 0, len(atoms) + 1
    count, tried = len(atoms), 0
    while too_many - fits > 1:
        length, tried = utf16_length(first(count)), tried + 1
        fits, too_many = (count, too_many) if length <= limit else (fits, count)
        # Atoms are about equally long with their marks; where they are not, halving ends it.
        count = count * limit // length if tried < _MOST_GUESSES else (fits + too_many) // 2
        count = min(max(count, fits + 1), too_many - 1)
    spaces = (place for place in range(fits, fits // 2, -1) if place < len(atoms))
    word_end = next((place for place in spaces if atoms[place].plain == " "), fits)
    shown = first(word_end)
    # A shorter text may need more marks than a longer one, though it hardly ever does.
    return shown if utf16_length(shown) <= limit else first(fits)


def _render_plain(atoms: Sequence[Atom], hidden: _Hidden) -> str:
    return "".join(
        HIDDEN if is_hidden else "".join(atom.plain for atom in group)
        for is_hidden, group in groupby(atoms, hidden)
    )


def _render_markdown(atoms: Sequence[Atom], hidden: _Hidden) -> str:
    rendered = ""
    for is_hidden, group in groupby(atoms, hidden):
        rendered += "||" if is_hidden else ""
        for styles, run in groupby(group, lambda atom: atom.styles):
            rendered += _render_run(list(run), styles, rendered[-1:])
        if is_hidden:
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
