"""Where the values of a YAML block stand, by the marks of the parser that also reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from meishi.content.editing.outline import Entry, Node
from meishi.content.frontmatter import Source, parse
from meishi.errors import MeishiError

#: As the pages are read: by libyaml where it is there. It takes tabs in more places than PyYAML's own.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def outline(block: str) -> Node:
    """Find the values of a YAML block; raises yaml.YAMLError."""
    events = iter(list(yaml.parse(block, Loader=_LOADER)))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _node(block, next(events), events)
    return Node("table", len(block), len(block))


def _node(text: str, event: Any, events: Iterator[Any]) -> Node:
    start, end, anchor = event.start_mark.index, event.end_mark.index, event.anchor or ""
    if isinstance(event, yaml.AliasEvent):
        return Node("scalar", start, end, style="*", anchor=anchor, alias=True)
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        if style in {"|", ">"}:
            # The parser counts the empty lines below it, too; they belong to it only if it says so: |+
            end = len(text[:end].rstrip() if "+" not in text[start : start + 3] else text[:end].rstrip(" "))
            end -= text.endswith("\n", start, end)
        return Node("scalar", start, end, style=style, anchor=anchor)
    inner: list[Any] = []
    is_list = isinstance(event, yaml.SequenceStartEvent)
    while True:
        one: Any = next(events)
        if isinstance(one, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            closing = int(one.end_mark.index)  # type: ignore[union-attr]
            break
        inner.append(_node(text, one, events) if is_list else _entry(text, one, events))
    flow = bool(event.flow_style)
    if flow:
        end = closing
    elif inner:
        end = max(end, (inner[-1] if is_list else inner[-1].value).end)
    if is_list:
        return Node("list", start, end, flow, anchor=anchor, items=tuple(inner))
    return Node("table", start, end, flow, anchor=anchor, entries=tuple(inner))


def _entry(text: str, event: Any, events: Iterator[Any]) -> Entry:
    key = _node(text, event, events)
    value = _node(text, next(events), events)
    name = _read_key(text[key.start : key.end]) if isinstance(event, yaml.ScalarEvent) else ""
    colon = re.compile(r"[ \t]*:").match(text, key.end)
    return Entry(name, key.start, colon.end() if colon else value.start, value)


def _read_key(written: str) -> str:
    """Read a name as the pages' parser does."""
    try:
        return next(iter(parse(Source("yaml", f"{written}: 0\n", "", 1), "")), written)
    except MeishiError:
        return written
