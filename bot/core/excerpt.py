"""The one way a text is shortened, so that Markdown stays closed and spoilers stay hidden."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import islice
from pathlib import PurePath

from bot.core.book_links import with_book_links
from bot.core.emphasis import in_bold
from bot.core.graphemes import grapheme_end, last_border, utf16_length
from bot.core.markdown import escape_inline, escape_line_starts, showable
from bot.core.markup import Atom, Document, read_markdown
from bot.core.rendering import HIDDEN, render_markdown, render_plain
from bot.core.spoilers import hidden_ranges

__all__ = ["HIDDEN", "Surface", "attachment_name", "context", "excerpt", "is_hidden_file"]

_ELLIPSIS = "…"
_MOST_GUESSES = 4
# A context is not looked for behind this: Discord's longest posts have half of it.
_MOST_READ = 8_000
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
    text = with_book_links(text)
    start = _start(text, 2 * limit + 500)
    is_whole = start == text
    if (words := _bare_words(start)) is not None:
        if is_whole and utf16_length(words) <= limit:
            return words
        return _cut_words(words, limit - utf16_length(_ELLIPSIS)) + _ELLIPSIS
    document = read_markdown(start)
    hidden = _Hidden(hidden_ranges(document, is_whole=is_whole))
    render = render_markdown if surface is Surface.MARKDOWN else render_plain
    shown = _one_paragraph(_with_room(_without_stray_marks(document, hidden), limit, surface))
    atoms = list(_up_to(shown, limit, surface, hidden))
    is_whole = is_whole and next(shown, None) is None
    if is_whole and len(atoms) <= limit and utf16_length(whole := render(atoms, hidden)) <= limit:
        return whole
    return _cut(atoms, limit, lambda shown: render(shown, hidden) + _ELLIPSIS)


def context(text: str, found: Sequence[tuple[int, int]], limit: int) -> str:
    """Give the part of a Markdown text around what was found in it, as `excerpt` would give it.

    `found` are ranges of the text, in order and apart. Those that are in sight are set in bold,
    and the first of them is shown; what is hidden stays hidden. Without any in sight it is the
    start of the text.
    """
    start = _start(text, _MOST_READ)
    document = read_markdown(start)
    hidden = _Hidden(hidden_ranges(document, is_whole=start == text))
    shown = _with_room(_without_stray_marks(document, hidden), limit, Surface.MARKDOWN)
    in_sight = [each for each in found if not hidden.touches(*each)]
    atoms = list(in_bold(_one_paragraph(shown), in_sight))
    first = next(
        (place for place, atom in enumerate(atoms) if in_sight and atom.end > in_sight[0][0]), None
    )
    if first is None:
        return excerpt(text, limit)
    first = _word_before(atoms, first, limit // 3)
    opening = f"{_ELLIPSIS} " if first else ""
    rest, room = atoms[first:], limit - utf16_length(opening)
    ending = "" if start == text else _ELLIPSIS
    if utf16_length(whole := render_markdown(rest, hidden) + ending) <= room:
        return opening + whole
    return opening + _cut(rest, room, lambda cut: render_markdown(cut, hidden) + _ELLIPSIS)


def attachment_name(name: str, limit: int = 60) -> str:
    """Give a file's name for showing as plain text; a hidden one is ▮▮▮ with its ending."""
    if is_hidden_file(name):
        suffix = PurePath(name).suffix
        name = HIDDEN + (suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else "")
    name = " ".join(showable(name).split())
    if utf16_length(name) <= limit:
        return name
    return excerpt(escape_inline(name), limit, Surface.PLAIN)


def is_hidden_file(name: str) -> bool:
    """Say whether Discord hides an attachment: its name begins with `SPOILER_` then.

    (developers/reference, "Editing Message Attachments", and its clients.)
    """
    return name.upper().startswith("SPOILER_")


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
        return self.touches(atom.start, atom.end)

    def touches(self, start: int, end: int) -> bool:
        """Answer it of a part of the text."""
        before = bisect_right(self._starts, end - 1)
        return before > 0 and self._ends[before - 1] > start


def _word_before(atoms: Sequence[Atom], place: int, length: int) -> int:
    """Give where a word begins, at most about `length` characters before the place."""
    first = place
    while first > 0 and (length := length - utf16_length(atoms[first - 1].plain)) > 0:
        first -= 1
    # The atom after a space begins a word; at the very start any does.
    while 0 < first < place and atoms[first - 1].plain != " ":
        first += 1
    return first


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
