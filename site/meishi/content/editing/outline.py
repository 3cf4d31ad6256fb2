"""Where the values of a front matter block, or of a settings file, stand in its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A value from `start` to `end`; `flow` ones stand in brackets. `style` is a scalar's first sign.

    `anchor` is YAML's name for it, `alias` tells that it is only a reference.
    """

    kind: Literal["scalar", "list", "table"]
    start: int
    end: int
    flow: bool = False
    style: str = ""
    anchor: str = ""
    alias: bool = False
    items: tuple[Node, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def starts(self) -> list[int]:
        """List where the items or entries begin."""
        return [entry.start for entry in self.entries] or [item.start for item in self.items]

    @property
    def ends(self) -> list[int]:
        """List where the items or entries end."""
        return [entry.value.end for entry in self.entries] or [item.end for item in self.items]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and its value; `start` is where the name begins, `after` behind its colon."""

    name: str
    start: int
    after: int
    value: Node


@dataclass(frozen=True, slots=True)
class Found:
    """A node, and the container and the place in it where it stands; for the root there is none."""

    node: Node
    parent: Node | None = None
    index: int = 0

    @property
    def entry(self) -> Entry | None:
        """Return the entry that the node is the value of."""
        return self.parent.entries[self.index] if self.parent is not None and self.parent.entries else None


def find(root: Node, path: Path) -> Found | None:
    """Find the node at a path; of a name that stands there twice, the last counts."""
    found = Found(root)
    for part in path:
        node = found.node
        if isinstance(part, int):
            if not 0 <= part < len(node.items):
                return None
            found = Found(node.items[part], node, part)
            continue
        places = [number for number, entry in enumerate(node.entries) if entry.name == part]
        if not places:
            return None
        found = Found(node.entries[places[-1]].value, node, places[-1])
    return found


def cut_flow(text: str, parent: Node, index: int) -> str:
    """Take an item or entry out of brackets, with its comma."""
    starts, ends = parent.starts, parent.ends
    if index + 1 < len(starts):
        return text[: starts[index]] + text[starts[index + 1] :]
    first = ends[index - 1] if index else starts[index]
    return text[:first] + text[ends[index] :]


def add_flow(text: str, parent: Node, index: int, written: str) -> str:
    """Put an item or entry into brackets, on a line of its own where the others have theirs."""
    starts, ends = parent.starts, parent.ends
    if not starts:
        inner = text[parent.start + 1 : parent.end - 1]
        kept = inner if inner.strip() else ""
        return text[: parent.start + 1] + written + kept + text[parent.end - 1 :]
    lead = text[parent.start + 1 : starts[0]]
    gap = lead[lead.rindex("\n") :] if "\n" in lead and not lead[lead.rindex("\n") :].strip() else " "
    if index < len(starts):
        return text[: starts[index]] + written + "," + gap + text[starts[index] :]
    return text[: ends[-1]] + "," + gap + written + text[ends[-1] :]


def line_start(text: str, place: int) -> int:
    """Find where the line of a place begins."""
    return text.rfind("\n", 0, place) + 1


def line_stop(text: str, place: int) -> int:
    """Find where the next line begins."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def put_lines(text: str, place: int, written: str) -> str:
    """Put whole lines in between two lines."""
    gap = "" if not place or text[place - 1] == "\n" else "\n"
    return text[:place] + gap + written + "\n" + text[place:]


def leaves(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for item in node.items:
        yield from leaves(item)
    for entry in node.entries:
        yield from leaves(entry.value)
