"""The owner's own HTML: its addresses become slots, its ids get the document's mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING

from meishi.content.slots import PREFIX

if TYPE_CHECKING:
    from meishi.content.writer import Writer

# What must not be looked into: comments, and what follows the tag of a script, style or text field.
_OPAQUE = re.compile(
    r"(<!--.*?(?:-->|\Z))|<(script|style|textarea)\b[^>]*>(.*?)(?=</\2|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(
    r"(\s)(href|src|srcset|poster|action|id|for|aria-labelledby|aria-describedby|aria-controls|headers|list)"
    r"(?:\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))",
    re.IGNORECASE,
)
_ID = re.compile(r"\sid\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCES = frozenset({"for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list"})


def ids(html: str) -> set[str]:
    """Find the ids in a piece of HTML."""
    return {unescape(next(filter(None, match.groups()), "")) for match in _ID.finditer(html)} - {""}


def write(writer: Writer, html: str, offset: int = 0) -> str:
    """Write a piece of HTML: with its slots and marks, or as text where the site wants none.

    offset: where the piece begins in the text being written, for line numbers.
    """
    if not writer.settings.unsafe:
        html = escape(_COMMENT.sub("", html), quote=False)
    elif "=" in html:
        html = "".join(
            _marked(writer, piece, offset + at) if looked_into and "=" in piece else piece
            for piece, at, looked_into in _pieces(html)
        )
    if writer.codes and "\ufdd0" in html:
        html = writer.with_codes(html)
    return html


def _pieces(html: str) -> Iterator[tuple[str, int, bool]]:
    """Part HTML into pieces with their places, and tell which of them are tags and text."""
    at = 0
    for found in _OPAQUE.finditer(html):
        start = found.start() if found[1] else found.start(3)
        yield html[at:start], at, True
        yield html[start : found.end()], start, False
        at = found.end()
    yield html[at:], at, True


def _marked(writer: Writer, html: str, offset: int) -> str:
    def tag(found: re.Match[str]) -> str:
        def attribute(part: re.Match[str]) -> str:
            value = part[3] if part[3] is not None else part[4] if part[4] is not None else part[5]
            at = offset + found.start() + part.start()
            return f'{part[1]}{part[2]}="{_value(writer, part[2].lower(), unescape(value), at)}"'

        return _ATTRIBUTE.sub(attribute, found[0])

    return _TAG.sub(tag, html)


def _value(writer: Writer, name: str, value: str, at: int) -> str:
    if name == "id":
        if value:
            writer.anchors.taken.add(value)
        return f"{PREFIX}{escape(value)}"
    if name in _REFERENCES:
        return " ".join(PREFIX + escape(part) for part in value.split())
    if name == "srcset":
        return ", ".join(_candidate(writer, part.strip(), at) for part in value.split(",") if part.strip())
    if name in ("href", "action"):
        return writer.destination(value.strip(), "link", at) if value.strip() else escape(value)
    return writer.destination(value.strip(), "resource", at)


def _candidate(writer: Writer, candidate: str, at: int) -> str:
    address, space, width = candidate.partition(" ")
    return writer.destination(address, "resource", at) + space + escape(width)
