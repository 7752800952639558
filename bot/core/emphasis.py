"""Sets what was found in a text in bold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core.markup import Atom, Style

Range = tuple[int, int]


def in_bold(atoms: Iterable[Atom], found: Sequence[Range]) -> Iterator[Atom]:
    """Give the atoms with those parts in bold that lie in the ranges of the text.

    The ranges come in order and apart. A token, such as a link, is bold as a whole; within code
    there is no bold.
    """
    for atom in atoms:
        if Style.CODE in atom.styles:
            yield atom
        else:
            yield from _parts(atom, [each for each in found if _touches(atom, each)])


def _touches(atom: Atom, found: Range) -> bool:
    return atom.start < found[1] and found[0] < atom.end


def _parts(atom: Atom, found: Sequence[Range]) -> Iterator[Atom]:
    # Where something was left out of it, places in the text are none in what is shown.
    if found and (atom.is_token or len(atom.plain) != atom.end - atom.start):
        yield replace(atom, styles=atom.styles | {Style.STRONG})
        return
    place = atom.start
    for start, end in found:
        yield from _part(atom, place, start, atom.styles)
        yield from _part(atom, max(start, atom.start), end, atom.styles | {Style.STRONG})
        place = end
    yield from _part(atom, place, atom.end, atom.styles)


def _part(atom: Atom, start: int, end: int, styles: frozenset[Style]) -> Iterator[Atom]:
    end = min(end, atom.end)
    if start >= end:
        return
    if (start, end) == (atom.start, atom.end):
        yield replace(atom, styles=styles)
        return
    text = atom.plain[start - atom.start : end - atom.start]
    yield replace(atom, start=start, end=end, markdown=text, plain=text, brief=text, styles=styles)
