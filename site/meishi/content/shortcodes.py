"""Shortcodes, read as Hugo reads them and set aside while the Markdown around them is parsed.

Each outermost shortcode of a source is replaced by a mark of three characters or so that no Markdown rule
looks at; the writer puts the shortcode back. What the mark swallows in lines is remembered, so that all
later line numbers stay those of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field

from meishi.errors import ShortcodeError

OPEN, CLOSE = "\ufdd0", "\ufdd1"
_NONCHARACTERS = re.compile("[\ufdd0\ufdd1]")
_TAG = re.compile(r"\{\{([<%])")
_LITERAL = re.compile(r"\{\{(?:</\*(.*?)\*/>|%/\*(.*?)\*/%)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*(/?)\s*([A-Za-z_][\w.-]*(?:/[\w.-]+)*)?")
_ARGUMENT = re.compile(
    r"""\s*(?:([A-Za-z_][\w-]*)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|((?:(?!/?[>%]\}\})[^\s"`])+))""",
    re.DOTALL,
)
_END = {"<": re.compile(r"\s*(/?)>\}\}"), "%": re.compile(r"\s*(/?)%\}\}")}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

# The built-in ones that make no sense without a closing tag.
ENCLOSING = frozenset({"details", "highlight"})


@dataclass(slots=True)
class Fragment:
    """Hold a text with marks for its shortcodes, and where its lines stand in the file."""

    text: str
    line: int
    swallowed: list[tuple[int, int]] = field(default_factory=list)

    def line_of(self, number: int) -> int:
        """Give the line in the file of a line of the text, counted from 0."""
        at = bisect_right(self.swallowed, (number, 1 << 60)) - 1
        return self.line + number + (self.swallowed[at][1] if at >= 0 else 0)


@dataclass(slots=True)
class Shortcode:
    """Hold one shortcode of a source."""

    name: str
    positional: tuple[str, ...]
    named: dict[str, str]
    markdown: bool
    line: int
    ordinal: int = 0
    inner: Fragment | None = None
    source: str = ""

    def get(self, name: str, position: int | None = None, default: str = "") -> str:
        """Look up an argument by name, or by position where none has a name."""
        if name in self.named:
            return self.named[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return default


@dataclass(slots=True)
class _Tag:
    """Hold one {{< … >}} on its way to becoming a Shortcode."""

    start: int
    end: int
    line: int
    code: Shortcode
    closing: bool = False
    complete: bool = False
    partner: int = -1


def scan(
    source: str, line: int, known: Collection[str], enclosing: Collection[str], found: list[Shortcode]
) -> Fragment:
    """Replace the shortcodes of a source by marks and append them to found, inner ones included."""
    if OPEN in source or CLOSE in source:
        source = _NONCHARACTERS.sub("\ufffd", source)
    if "{{<" not in source and "{{%" not in source:
        return Fragment(source, line)
    tags = _tags(source, line)
    _pair(tags, known, ENCLOSING.union(enclosing))
    return _build(source, 0, len(source), line, tags, 0, len(tags), found)


def _tags(source: str, line: int) -> list[_Tag]:
    tags: list[_Tag] = []
    seen = 0
    at = _TAG.search(source)
    while at:
        line += source.count("\n", seen, at.start())
        seen = at.start()
        literal = _LITERAL.match(source, at.start())
        if literal:
            # Kept as a tag of no name; the text without its comment signs goes into the Markdown.
            inside = literal[1] if literal[1] is not None else literal[2]
            opening, closing = source[at.start() : at.start() + 3], literal[0][-3:]
            code = Shortcode("", (f"{opening}{inside}{closing}",), {}, False, line)
            tags.append(_Tag(literal.start(), literal.end(), line, code, complete=True))
        else:
            tags.append(_read_tag(source, at, line))
        at = _TAG.search(source, tags[-1].end)
    return tags


def _read_tag(source: str, at: re.Match[str], line: int) -> _Tag:
    kind = at[1]
    name = _NAME.match(source, at.end())
    if name is None or not name[2]:
        raise ShortcodeError(
            f"a shortcode begins with {{{{{kind} but has no name",
            line=line,
            hint=f"To show it as it is, write {{{{{kind}/* … */{'>' if kind == '<' else '%'}}}}}",
        )
    pos = name.end()
    positional: list[str] = []
    named: dict[str, str] = {}
    end = _END[kind].match(source, pos)
    while end is None:
        argument = _ARGUMENT.match(source, pos)
        if argument is None:
            raise _unended(name[2], kind, line)
        _take(argument, positional, named)
        pos = argument.end()
        end = _END[kind].match(source, pos)
    if positional and named:
        raise ShortcodeError(
            f"the shortcode {name[2]} mixes values with and without names",
            line=line,
            hint="Name all of them, or none",
        )
    code = Shortcode(name[2], tuple(positional), named, kind == "%", line)
    return _Tag(at.start(), end.end(), line, code, closing=bool(name[1]), complete=bool(end[1]))


def _take(argument: re.Match[str], positional: list[str], named: dict[str, str]) -> None:
    name, quoted, raw, bare = argument.groups()
    value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else raw if raw is not None else bare
    if name:
        named[name] = value
    else:
        positional.append(value)


def _unended(name: str, kind: str, line: int) -> ShortcodeError:
    end = ">}}" if kind == "<" else "%}}"
    return ShortcodeError(f"the shortcode {name} does not end", line=line, hint=f"Close it with {end}")


def _pair(tags: list[_Tag], known: Collection[str], enclosing: Collection[str]) -> None:
    """Find the opening tag of each closing one."""
    waiting: list[int] = []
    for index, tag in enumerate(tags):
        name = tag.code.name
        if name and name not in known:
            raise _unknown(name, known, tag.line)
        if not tag.closing:
            if not tag.complete:
                waiting.append(index)
            continue
        while waiting and tags[waiting[-1]].code.name != name:
            _check_open(tags[waiting.pop()], enclosing)
        if not waiting:
            raise ShortcodeError(
                f"{{{{< /{name} >}}}} closes a shortcode that was not opened",
                line=tag.line,
                hint="Remove it, or open it before",
            )
        tags[waiting.pop()].partner = index
    for index in waiting:
        _check_open(tags[index], enclosing)


def _check_open(tag: _Tag, enclosing: Collection[str]) -> None:
    name = tag.code.name
    if name in enclosing:
        raise ShortcodeError(
            f"the shortcode {name} is not closed",
            line=tag.line,
            hint=f"Add {{{{< /{name} >}}}} after its text",
        )


def _unknown(name: str, known: Collection[str], line: int) -> ShortcodeError:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}? " if close else ""
    return ShortcodeError(
        f"the shortcode {name} is not known",
        line=line,
        hint=f"{hint}Your own go into templates/shortcodes/{name}.html",
    )


def _build(
    source: str,
    start: int,
    end: int,
    line: int,
    tags: list[_Tag],
    low: int,
    high: int,
    found: list[Shortcode],
) -> Fragment:
    """Make the fragment of a part of the source that holds the tags from low to high."""
    parts: list[str] = []
    fragment = Fragment("", line)
    index, ordinal, lines, lost = low, 0, 0, 0
    while index < high:
        tag = tags[index]
        before = source[start : tag.start]
        parts.append(before)
        lines += before.count("\n")
        code, stop, following = tag.code, tag.end, index + 1
        if tag.partner >= 0:
            stop, following = tags[tag.partner].end, tag.partner + 1
        if code.name:
            code.ordinal, ordinal = ordinal, ordinal + 1
            parts.append(f"{OPEN}{len(found)}{CLOSE}")
            found.append(code)
            code.source = source[tag.start : stop]
            if tag.partner >= 0:
                inner_line = tag.line + source.count("\n", tag.start, tag.end)
                last = tags[tag.partner].start
                code.inner = _build(source, tag.end, last, inner_line, tags, index + 1, tag.partner, found)
            gone = source.count("\n", tag.start, stop)
        else:
            parts.append(code.positional[0])
            shown = code.positional[0].count("\n")
            lines += shown
            gone = 0
        if gone:
            lost += gone
            fragment.swallowed.append((lines + 1, lost))
        start, index = stop, following
    parts.append(source[start:end])
    fragment.text = "".join(parts)
    return fragment
