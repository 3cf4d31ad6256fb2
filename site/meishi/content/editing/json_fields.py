"""Changes of one value in a JSON block, in its own layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from meishi.content.editing.errors import FieldError
from meishi.content.editing.outline import Entry, Node, Path, add_flow, cut_flow, find

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def outline(text: str) -> Node:
    """Find the values of a JSON text that is known to parse."""
    return _node(text, _skip(text, 0))


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _node(text: str, start: int) -> Node:
    if text[start] not in "{[":
        return Node("scalar", start, _DECODER.raw_decode(text, start)[1])
    is_table = text[start] == "{"
    entries: list[Entry] = []
    items: list[Node] = []
    place = _skip(text, start + 1)
    while text[place] not in "}]":
        if is_table:
            name, end = _DECODER.raw_decode(text, place)
            after = _skip(text, end) + 1
            value = _node(text, _skip(text, after))
            entries.append(Entry(name, place, after, value))
        else:
            value = _node(text, place)
            items.append(value)
        place = _skip(text, value.end)
        if text[place] == ",":
            place = _skip(text, place + 1)
    kind = "table" if is_table else "list"
    if kind == "table":
        return Node("table", start, place + 1, True, entries=tuple(entries))
    return Node("list", start, place + 1, True, items=tuple(items))


def replace(text: str, path: Path, value: Any) -> Iterator[str]:
    """Yield the text with another value."""
    if (found := find(outline(text), path)) is not None:
        yield text[: found.node.start] + _write(value) + text[found.node.end :]


def delete(text: str, path: Path) -> Iterator[str]:
    """Yield the text without a value and its name."""
    while (found := find(outline(text), path)) is not None and found.parent is not None:
        text = cut_flow(text, found.parent, found.index)
        if isinstance(path[-1], int):
            break
    yield text


def insert(text: str, path: Path, value: Any) -> Iterator[str]:
    """Yield the text with one value more."""
    found = find(outline(text), path[:-1])
    if found is None:
        return
    last = path[-1]
    if isinstance(last, int):
        yield add_flow(text, found.node, last, _write(value))
    else:
        written = f"{_write(last)}: {_write(value)}"
        yield add_flow(text, found.node, len(found.node.entries), written)


def _write(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError as error:
        raise FieldError(f"a value of the kind {type(value).__name__} cannot be written as JSON") from error
