"""Two changes of one text, put together line by line.

Changes of different lines merge, next to each other too: in front matter every line is a field of its own.
Changes of one line clash, except in a paragraph of several sentences with an untouched one between them.
How lines end is no part of what they say: a file that another program gave other line ends still merges.

(merge3 on PyPI is well kept, but comes under the GPL, which a project under the MIT licence should not need.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from meishi.content.editing.lines import BOM, Line, blocks, line_end, lines

T = TypeVar("T")
_SENTENCE = re.compile(r".*?(?:[。．！？]+[」』）”]*|[.!?]+(?:\s+|$)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of lines; `text` is what the merge made of it, for a clash what is mine.

    `line` is where the stretch begins in mine, counting from 1.
    """

    kind: Literal["same", "mine", "theirs", "both", "clash"]
    base: str
    mine: str
    theirs: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge gave; with clashes, `text` has mine in their places."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def clashes(self) -> tuple[Piece, ...]:
        """List the pieces that a person must look at."""
        return tuple(piece for piece in self.pieces if piece.kind == "clash")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Ranges of the same stretch in base, mine and theirs, and which of the two changed it."""

    base: slice
    mine: slice
    theirs: slice
    by_me: bool
    by_them: bool


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Put two changes of `base` together."""
    if mine == theirs:
        return Merged(mine, (Piece("same" if mine == base else "both", base, mine, theirs, mine, 1),))
    if base == theirs:
        return Merged(mine, (Piece("mine", base, mine, theirs, mine, 1),))
    if base == mine:
        return Merged(theirs, (Piece("theirs", base, mine, theirs, theirs, 1),))
    old, own, other = (lines(text.removeprefix(BOM)) for text in (base, mine, theirs))
    usual = _pick(line_end(base), line_end(mine), line_end(theirs))
    before = line_end(base)
    pieces = [
        _settle(old[part.base], own[part.mine], other[part.theirs], part, usual, before)
        for part in _stretches(_says(old), _says(own), _says(other))
    ]
    whole = [line for _, out in pieces for line in out]
    final = _pick(*(text.endswith("\n") for text in (base, mine, theirs)))
    if whole:
        whole[-1] = Line(whole[-1].says, (whole[-1].end or usual) if final else "")
    done, place = [], 0
    for piece, out in pieces:
        done.append(replace(piece, text=_join(whole[place : place + len(out)])))
        place += len(out)
    mark = BOM if _pick(*(text.startswith(BOM) for text in (base, mine, theirs))) else ""
    return Merged(mark + _join(whole), tuple(done))


def compare(mine: str, theirs: str) -> Merged:
    """Lay two texts side by side whose common origin is not known: every difference is a clash."""
    own, other = lines(mine), lines(theirs)
    pieces: list[Piece] = []
    here = there = 0
    for one, two, size in [*blocks(_says(own), _says(other)), (len(own), len(other), 0)]:
        if one > here or two > there:
            left, right = _join(own[here:one]), _join(other[there:two])
            pieces.append(Piece("clash", "", left, right, left, here + 1))
        if size:
            left, right = _join(own[one : one + size]), _join(other[two : two + size])
            pieces.append(Piece("same", left, left, right, left, one + 1))
        here, there = one + size, two + size
    return Merged(mine, tuple(pieces))


def _pick(base: T, mine: T, theirs: T) -> T:
    """Take the side that changed something; mine if both did."""
    return theirs if mine == base else mine


def _says(side: list[Line]) -> list[str]:
    return [line.says for line in side]


def _join(side: Sequence[Line]) -> str:
    return "".join(line.says + line.end for line in side)


def _settle(
    old: list[Line], own: list[Line], other: list[Line], part: _Stretch, usual: str, before: str
) -> tuple[Piece, list[Line]]:
    kind: Literal["same", "mine", "theirs", "both", "clash"]
    if not part.by_me and not part.by_them:
        kind = "same"
        ends = [_pick(*(line.end or usual for line in trio)) for trio in zip(old, own, other, strict=True)]
        out = [Line(line.says, end) for line, end in zip(old, ends, strict=True)]
    else:
        kind, chosen = "clash", own
        if not part.by_them:
            kind = "mine"
        elif not part.by_me:
            kind, chosen = "theirs", other
        elif _says(own) == _says(other):
            kind = "both"
        elif (sentences := _merge_sentences(old, own, other)) is not None:
            kind, chosen = "both", sentences
        # A line that ends as lines used to end follows a side that changed all line ends.
        out = [replace(line, end=usual if line.end in {"", before} else line.end) for line in chosen]
    return Piece(kind, _join(old), _join(own), _join(other), "", part.mine.start + 1), out


def _merge_sentences(old: list[Line], own: list[Line], other: list[Line]) -> list[Line] | None:
    if not len(old) == len(own) == len(other):
        return None
    out = []
    for trio in zip(old, own, other, strict=True):
        base, mine, theirs = ([found for found in _SENTENCE.findall(line.says) if found] for line in trio)
        parts: list[str] = []
        for part in _stretches(base, mine, theirs, apart=True):
            if part.by_me and part.by_them and mine[part.mine] != theirs[part.theirs]:
                return None
            parts += theirs[part.theirs] if part.by_them else mine[part.mine]
        out.append(Line("".join(parts), trio[1].end))
    return out


def _changes(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield what changed: a range of the old list, and by how much it grew."""
    here = there = 0
    for one, other, size in [*blocks(old, new), (len(old), len(new), 0)]:
        if one > here or other > there:
            yield here, one, (other - there) - (one - here)
        here, there = one + size, other + size


def _stretches(
    base: list[str], mine: list[str], theirs: list[str], *, apart: bool = False
) -> Iterator[_Stretch]:
    """Cut three lists into stretches; changes of both sides that touch the same base are one stretch.

    Changes next to each other are two stretches, unless they must stand `apart`.
    """
    changes = sorted(
        [(*change, True) for change in _changes(base, mine)]
        + [(*change, False) for change in _changes(base, theirs)]
    )
    here = own = other = 0

    def stretch(end: int, more: int, more_theirs: int, by_me: bool, by_them: bool) -> _Stretch:
        nonlocal here, own, other
        size = end - here
        ranges = (slice(here, end), slice(own, own + size + more), slice(other, other + size + more_theirs))
        here, own, other = end, own + size + more, other + size + more_theirs
        return _Stretch(*ranges, by_me, by_them)

    number = 0
    while number < len(changes):
        start, end, grown, is_mine = changes[number]
        growth = {True: 0, False: 0, is_mine: grown}
        sides = {is_mine}
        number += 1
        while number < len(changes) and _touch(start, end, changes[number], apart):
            _, further, grown, is_mine = changes[number]
            end = max(end, further)
            growth[is_mine] += grown
            sides.add(is_mine)
            number += 1
        if start > here:
            yield stretch(start, 0, 0, False, False)
        yield stretch(end, growth[True], growth[False], True in sides, False in sides)
    if here < len(base):
        yield stretch(len(base), 0, 0, False, False)


def _touch(start: int, end: int, change: tuple[int, int, int, bool], apart: bool) -> bool:
    first, last = change[:2]
    if apart:
        return first <= end
    # Two insertions at one place touch: which comes first is not ours to say.
    return first < end or (first == end == start and first == last)
