"""Changes of one value in a YAML block: all other bytes stay, because they are not written anew.

(ruamel.yaml's round trip writes everything anew. It keeps comments, but not all spaces, quotes and breaks.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from meishi.content.editing.outline import (
    Entry,
    Found,
    Node,
    Path,
    add_flow,
    cut_flow,
    find,
    leaves,
    line_start,
    line_stop,
    put_lines,
)
from meishi.content.editing.yaml_outline import outline
from meishi.content.editing.yaml_writing import below, inline, literal, scalar

_HEADER = re.compile(r"[|>][-+0-9]*(?P<comment>[ \t]+#[^\n]*)?")


def replace(block: str, path: Path, value: Any) -> Iterator[str]:
    """Yield ways to write another value, the nicest first."""
    root = outline(block)
    found = find(root, path)
    if found is None:
        # It came by a merge key, and gets a line of its own now.
        yield from insert(block, path, value)
        return
    if found.parent is None:
        return
    for written in _writings(block, found, value):
        changed, first = _put(block, found, written)
        if found.node.anchor and not found.node.alias:
            kept = f"&{found.node.anchor} {written.lstrip()}"
            yield _put(block, found, kept)[0]
            yield from _moved_anchor(block, root, found.node, changed, first)
        yield changed


def delete(block: str, path: Path) -> Iterator[str]:
    """Yield ways to take a value out with its name."""
    found = find(outline(block), path)
    if found is None or found.parent is None:
        return
    if found.parent.flow:
        yield cut_flow(block, found.parent, found.index)
        return
    if found.entry is None:
        yield _cut_lines(block, line_start(block, found.node.start), found.node)
    else:
        yield _cut_entry(block, found.parent, found.entry)
    parent = find(outline(block), path[:-1])
    if parent is not None and parent.parent is not None:
        # It was the last one in there.
        yield _put(block, parent, "[]" if parent.node.kind == "list" else "{}")[0]


def insert(block: str, path: Path, value: Any) -> Iterator[str]:
    """Yield ways to add a value: a new name, or an item at a place of a list."""
    found = find(outline(block), path[:-1])
    if found is None:
        return
    node, last = found.node, path[-1]
    if node.flow:
        written = inline(value, flow=True)
        if isinstance(last, str):
            written = f"{inline(last, flow=True)}: {written}"
            yield add_flow(block, node, len(node.entries), written)
        else:
            yield add_flow(block, node, last, written)
    elif isinstance(last, int):
        yield from _insert_item(block, node, last, value)
    elif node.kind == "table":
        yield from _insert_entry(block, node, last, value)
    elif node.start == node.end and found.parent is not None:
        yield _put(block, found, inline({last: value}))[0]


def _insert_entry(block: str, node: Node, name: str, value: Any) -> Iterator[str]:
    indent = ""
    places = [len(block)]
    if node.entries:
        column = node.entries[0].start - line_start(block, node.entries[0].start)
        indent = " " * column
        after = line_stop(block, node.end)
        blank = re.compile(r"(?:[ \t]*\n)*").match(block, after)
        places = [after, blank.end() if blank else after, len(block)]
    written = f"{indent}{inline(name)}:{below(value, indent + '  ')}"
    for place in places:
        yield put_lines(block, place, written)
    for place in places:
        yield put_lines(block, place, f"{indent}{inline(name)}: {inline(value)}")


def _insert_item(block: str, node: Node, index: int, value: Any) -> Iterator[str]:
    if not node.items:
        return
    first = line_start(block, node.items[0].start)
    dash = re.compile(r"[ \t]*").match(block, first)
    indent = dash[0] if dash else ""
    item = below(value, indent + "  ")
    place = first
    if index:
        before = node.items[index - 1]
        place = line_stop(block, before.end)
    yield put_lines(block, place, f"{indent}- {item.lstrip()}")
    yield put_lines(block, place, f"{indent}- {inline(value)}")


def _writings(block: str, found: Found, value: Any) -> Iterator[str]:
    flow = found.parent is not None and found.parent.flow
    node = found.node
    if isinstance(value, dict | list):
        if value and node.kind == "list" and not node.flow and not flow:
            column = node.start - line_start(block, node.start)
            yield _below_list(value, " " * column) if isinstance(value, list) else inline(value)
        yield inline(value, flow=flow)
        return
    if isinstance(value, str) and "\n" in value and not flow and node.kind == "scalar":
        anchor_line = found.entry.start if found.entry else node.start
        start = line_start(block, anchor_line)
        indent = " " * (anchor_line - start + 2)
        if (written := literal(value, indent)) is not None:
            header = _HEADER.match(block, node.start) if node.style in {"|", ">"} else None
            first, _, rest = written.partition("\n")
            yield f"{first}{header['comment'] or '' if header else ''}\n{rest}"
    yield from scalar(value, node.style, flow=flow)


def _below_list(value: list[Any], indent: str) -> str:
    return "".join(f"\n{indent}- {below(one, indent + '  ').lstrip()}" for one in value)


def _put(block: str, found: Found, written: str) -> tuple[str, int]:
    """Write in a node's place; return the text, and from where on it moved."""
    node, entry = found.node, found.entry
    start = node.start
    comment = ""
    if node.kind != "scalar" and not node.flow and entry is not None:
        # What stood on lines of its own goes behind the name, before a comment there.
        start = entry.after
        comment = block[start : node.start].partition("\n")[0].rstrip()
        comment = comment if comment.lstrip().startswith("#") else ""
    gap = "" if written.startswith("\n") or (start and block[start - 1] in " \t[{,\n") else " "
    if written.startswith("\n") and start == node.start:
        written = written.lstrip()
        gap = ""
    head, newline, tail = written.partition("\n")
    return block[:start] + gap + head + comment + newline + tail + block[node.end :], start


def _moved_anchor(block: str, root: Node, node: Node, changed: str, start: int) -> Iterator[str]:
    """Let the first reference carry the old value, where others refer to what changes."""
    users = [
        one for one in leaves(root) if one.alias and one.anchor == node.anchor and one.start > node.start
    ]
    raw = block[node.start : node.end]
    if not users or "\n" in raw or start != node.start:
        return
    shift = len(changed) - len(block)
    first = users[0]
    yield changed[: first.start + shift] + raw + changed[first.end + shift :]


def _cut_entry(block: str, parent: Node, entry: Entry) -> str:
    start = line_start(block, entry.start)
    if not block[start : entry.start].strip():
        return _cut_lines(block, start, entry.value)
    # The first name of an item: `- name: …` gives its place to the next one.
    later = [one for one in parent.entries if one.start > entry.start]
    return block[: entry.start] + block[later[0].start :] if later else block


def _cut_lines(block: str, start: int, node: Node) -> str:
    return block[:start] + block[line_stop(block, node.end) :]
