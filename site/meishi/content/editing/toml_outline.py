"""Where the settings of a TOML text stand, for a text that is known to parse."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from meishi.content.editing.outline import Entry, Node, Path, line_start, line_stop

_SPACE = re.compile(r"[ \t]*")
_FILLING = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
#: A basic or literal string, of several lines or of one; the longer quotes are tried first.
_STRING = re.compile(
    r"""
    \"{3} (?: [^"\\] | \\. | "(?!"") )* "{3,5}
    | '{3} (?: [^'] | '(?!'') )* '{3,5}
    | " (?: [^"\\\n] | \\. )* "
    | ' [^'\n]* '
    """,
    re.DOTALL | re.VERBOSE,
)
_WORD = re.compile(r"[^,\]}#\n]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a setting; `path` is where it is in the whole, items of [[tables]] counted from 0.

    `start` is where its line begins, `key` where its own name does, `end` where its value or header ends.
    """

    kind: Literal["header", "setting"]
    path: Path
    start: int
    key: int
    end: int
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The statements of a TOML text, in its order."""

    text: str
    statements: tuple[Statement, ...]

    def below(self, path: Path) -> list[Statement]:
        """List the statements at a path and below it."""
        return [one for one in self.statements if one.path[: len(path)] == path]

    def section(self, path: Path) -> list[Statement]:
        """List a header and the settings under it; for the empty path, the settings before any header."""
        found: list[Statement] = []
        inside = not path
        for one in self.statements:
            if one.kind == "header":
                inside = one.path == path
            if inside:
                found.append(one)
        return found

    def stop(self, statement: Statement) -> int:
        """Find where the lines of a statement end, with the comments right below it."""
        place = line_stop(self.text, statement.end)
        while self.text[place : line_stop(self.text, place)].lstrip().startswith("#"):
            place = line_stop(self.text, place)
        return place

    def lead(self, statement: Statement) -> int:
        """Find where the comments right above a statement begin."""
        place = statement.start
        while place:
            above = line_start(self.text, place - 1)
            if not self.text[above:place].lstrip().startswith("#"):
                break
            place = above
        return place


def outline(text: str) -> Outline:
    """Find the statements of a TOML text."""
    place = 0
    here: Path = ()
    arrays: Counter[Path] = Counter()
    found: list[Statement] = []
    while (place := _fill(text, place)) < len(text):
        start = line_start(text, place)
        if text[place] == "[":
            double = text.startswith("[[", place)
            names, end = _key(text, place + 1 + double)
            end = _space(text, end) + 1 + double
            here = ()
            for number, name in enumerate(names, start=1):
                here = (*here, name)
                if double and number == len(names):
                    arrays[here] += 1
                if here in arrays:
                    here = (*here, arrays[here] - 1)
            found.append(Statement("header", here, start, place, end))
            place = end
            continue
        names, after = _key(text, place)
        node = _value(text, _space(text, _space(text, after) + 1))
        found.append(Statement("setting", (*here, *names), start, place, node.end, node))
        place = node.end
    return Outline(text, tuple(found))


def _space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _fill(text: str, place: int) -> int:
    found = _FILLING.match(text, place)
    return found.end() if found else place


def _key(text: str, place: int) -> tuple[list[str], int]:
    names: list[str] = []
    while True:
        place = _space(text, place)
        found = _BARE.match(text, place) or _STRING.match(text, place)
        if found is None:
            return names, place
        written = found[0]
        names.append(tomllib.loads(f"k = {written}")["k"] if written[0] in "\"'" else written)
        place = found.end()
        dot = _space(text, place)
        if not text.startswith(".", dot):
            return names, place
        place = dot + 1


def _value(text: str, place: int) -> Node:
    if text[place] == "[":
        return _array(text, place)
    if text[place] == "{":
        return _table(text, place)
    if found := _STRING.match(text, place):
        quote = found[0][:3] if found[0][:3] in {'"""', "'''"} else found[0][0]
        return Node("scalar", place, found.end(), style=quote)
    word = _WORD.match(text, place)
    return Node("scalar", place, place + len(word[0].rstrip()) if word else place)


def _array(text: str, start: int) -> Node:
    items: list[Node] = []
    place = _fill(text, start + 1)
    while text[place] != "]":
        items.append(_value(text, place))
        place = _fill(text, items[-1].end)
        if text[place] == ",":
            place = _fill(text, place + 1)
    return Node("list", start, place + 1, True, items=tuple(items))


def _table(text: str, start: int) -> Node:
    entries: list[Entry] = []
    place = _fill(text, start + 1)
    while text[place] != "}":
        names, end = _key(text, place)
        after = _space(text, end) + 1
        value = _value(text, _space(text, after))
        entries.append(Entry(".".join(names), place, after, value))
        place = _fill(text, value.end)
        if text[place] == ",":
            place = _fill(text, place + 1)
    return Node("table", start, place + 1, True, entries=tuple(entries))


def entries(text: str) -> list[Entry]:
    """List the names on top: settings with their values, tables with their headers."""
    found: dict[str, Entry] = {}
    for one in outline(text).statements:
        name = str(one.path[0])
        whole = one.node if one.node is not None and len(one.path) == 1 else Node("table", one.start, one.end)
        found.setdefault(name, Entry(name, one.start, one.key, whole))
    return list(found.values())
