"""Lines and their ends: what a browser's text area forgets is put back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

BOM = "\ufeff"
#: So many pairs of lines are compared one by one where no line stands only once.
_CLOSE_LOOK = 40_000
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what it says, and how it ends, which is empty for the last of some texts."""

    says: str
    end: str


def lines(text: str) -> list[Line]:
    """Take a text apart into lines."""
    return [_line(found) for found in _LINE.findall(text)]


def _line(text: str) -> Line:
    if text.endswith("\r\n"):
        return Line(text[:-2], "\r\n")
    return Line(text[:-1], "\n") if text.endswith("\n") else Line(text, "")


def line_end(text: str) -> str:
    """Tell how most lines of a text end."""
    crlf = text.count("\r\n")
    return "\r\n" if crlf > text.count("\n") - crlf else "\n"


def keep_line_ends(text: str, before: str) -> str:
    """Give a text that came back with plain line ends the ends, and the byte order mark, it had before.

    Browsers know line feeds only. A text that has CR LF itself is taken at its word.
    """
    if before.startswith(BOM) and not text.startswith(BOM):
        text = BOM + text
    if "\r\n" not in before or "\r\n" in text:
        return text
    old, new = lines(before), lines(text)
    usual = line_end(before)
    ends = [usual if line.end else "" for line in new]
    for one, other, size in blocks([line.says for line in old], [line.says for line in new]):
        for offset in range(size):
            if new[other + offset].end and old[one + offset].end:
                ends[other + offset] = old[one + offset].end
    return "".join(line.says + end for line, end in zip(new, ends, strict=True))


def blocks(one: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Find what two lists have in common: (place in one, place in the other, how many), in order.

    Lines that stand once in both are found first and hold the rest in place ("patience"): difflib alone
    pairs up empty lines that do not belong together, and takes minutes where many lines are the same.
    """
    pairs: list[tuple[int, int]] = []
    todo = [(0, len(one), 0, len(other))]
    while todo:
        start, end, first, last = todo.pop()
        while start < end and first < last and one[start] == other[first]:
            pairs.append((start, first))
            start, first = start + 1, first + 1
        while start < end and first < last and one[end - 1] == other[last - 1]:
            end, last = end - 1, last - 1
            pairs.append((end, last))
        if start == end or first == last:
            continue
        anchors = _anchors(one, other, start, end, first, last)
        if anchors:
            for place, against in [*anchors, (end, last)]:
                todo.append((start, place, first, against))
                start, first = place, against
        elif (end - start) * (last - first) <= _CLOSE_LOOK:
            matcher = SequenceMatcher(None, one[start:end], other[first:last], autojunk=False)
            for place, against, size in matcher.get_matching_blocks():
                pairs += [(start + place + n, first + against + n) for n in range(size)]
    found: list[tuple[int, int, int]] = []
    for place, against in sorted(pairs):
        if found and (place - found[-1][2], against - found[-1][2]) == found[-1][:2]:
            found[-1] = (*found[-1][:2], found[-1][2] + 1)
        else:
            found.append((place, against, 1))
    return found


def _anchors(
    one: list[str], other: list[str], start: int, end: int, first: int, last: int
) -> list[tuple[int, int]]:
    """Find the lines that stand once in both ranges, as many as are in the same order."""
    times, against = Counter(one[start:end]), Counter(other[first:last])
    places = {line: place for place, line in enumerate(other[first:last], start=first) if against[line] == 1}
    both = [
        (place, places[line])
        for place, line in enumerate(one[start:end], start=start)
        if times[line] == 1 and line in places
    ]
    # The longest rising row of their places: of each length, the one that ends lowest.
    ends: list[int] = []
    rows: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(both):
        length = bisect_left(ends, place)
        before.append(rows[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        rows[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = rows[-1] if rows else -1
    while number >= 0:
        row.append(both[number])
        number = before[number]
    return row[::-1]
