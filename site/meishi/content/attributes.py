"""Attributes in braces: {#id .class name="value"} after headings, blocks, links, pictures and code."""

from __future__ import annotations

import re

from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

_NAME = r"[^\s.#={}\"'<>`/]+"
_ONE = rf"""(?:[.#]{_NAME}|[A-Za-z_:][\w:.-]*=(?:"[^"]*"|'[^']*'|[^\s"'<>`{{}}]+))"""
_BRACES = re.compile(rf"\{{\s*({_ONE}(?:\s+{_ONE})*)\s*\}}")
_EACH = re.compile(_ONE)
_AT_END = re.compile(rf"(?:^|\s+){_BRACES.pattern}\s*$")
_WHOLE_LINE = re.compile(rf"{_BRACES.pattern}\s*$")

# What may carry inline attributes, by the token that ends it.
_ENDS = {"link_close": "link_open", "image": "image", "code_inline": "code_inline", "span_close": "span_open"}


def read(text: str) -> dict[str, str]:
    """Read the attributes between braces; classes are joined by spaces."""
    found: dict[str, str] = {}
    for part in _EACH.findall(text):
        if part[0] == "#":
            found["id"] = part[1:]
            continue
        name, value = ("class", part[1:]) if part[0] == "." else part.split("=", 1)
        if value[0] in "\"'":
            value = value[1:-1]
        found[name] = f"{found[name]} {value}" if name == "class" and name in found else value
    return found


def give(token: Token, attributes: dict[str, str]) -> None:
    """Add attributes to a token; classes add up, other names replace."""
    for name, value in attributes.items():
        if name == "class":
            token.attrJoin("class", value)
        else:
            token.attrSet(name, value)


def split_heading(text: str) -> tuple[str, dict[str, str]]:
    """Part a heading from the attributes at its end."""
    found = _AT_END.search(text)
    return (text[: found.start()], read(found[1])) if found else (text, {})


def inline_attributes(state: StateInline, silent: bool) -> bool:
    """Give the attributes to the link, picture, code or span that ends here."""
    if silent or state.pending or not state.tokens:
        return False
    opening = _ENDS.get(state.tokens[-1].type)
    found = _BRACES.match(state.src, state.pos, state.posMax) if opening else None
    if found is None:
        return False
    depth = 0
    for token in reversed(state.tokens):
        depth -= token.nesting
        if depth == 0 and token.type == opening:
            give(token, read(found[1]))
            break
    state.pos = found.end()
    return True


def span(state: StateInline, silent: bool) -> bool:
    """Make a <span> of [text]{.class}."""
    start = state.pos
    end = state.md.helpers.parseLinkLabel(state, start)
    if end < 0 or not state.src.startswith("{", end + 1):
        return False
    found = _BRACES.match(state.src, end + 1, state.posMax)
    if found is None:
        return False
    if not silent:
        maximum, state.pos, state.posMax = state.posMax, start + 1, end
        give(state.push("span_open", "span", 1), read(found[1]))
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = maximum
    state.pos = found.end()
    return True


def block_attributes(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Take a line that holds nothing but attributes."""
    start = state.bMarks[line] + state.tShift[line]
    found = _WHOLE_LINE.match(state.src, start, state.eMarks[line])
    if found is None or state.is_code_block(line):
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.map, token.hidden = [line, line + 1], True
        token.attrs = dict(read(found[1]))
        state.line = line + 1
    return True


def settle(tokens: list[Token]) -> list[Token]:
    """Give each line of attributes to the block right above it, or else to the one right below."""
    kept: list[Token] = []
    waiting: Token | None = None
    for token in tokens:
        if token.type == "attributes":
            above = _block_above(kept, token)
            if above is not None:
                give(above, {name: str(value) for name, value in token.attrs.items()})
            else:
                waiting = token
            continue
        if waiting is not None and token.nesting >= 0 and token.map and waiting.map:
            if token.map[0] == waiting.map[1] and token.level == waiting.level:
                give(token, {name: str(value) for name, value in waiting.attrs.items()})
            waiting = None
        kept.append(token)
    return kept


def _block_above(kept: list[Token], line: Token) -> Token | None:
    """Find the block that ends where the line of attributes begins, at the same level."""
    for token in reversed(kept):
        if token.level < line.level:
            return None
        if token.level == line.level and token.nesting >= 0 and token.type != "inline":
            if token.map is None or line.map is None or token.map[1] != line.map[0]:
                return None
            # A tight item's paragraph writes no tag, so the item takes them.
            return _parent(kept, token) if token.hidden else token
    return None


def _parent(kept: list[Token], child: Token) -> Token | None:
    return next((one for one in reversed(kept) if one.level == child.level - 1 and one.nesting > 0), None)
