"""Tokens that cost little to make: most of their fields keep the value that all of them share."""

from __future__ import annotations

from itertools import accumulate
from types import MappingProxyType
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

_NOTHING: Any = MappingProxyType({})


class LightToken(Token):
    """Be a Token whose fields are made when they are set: a page has hundreds of tokens."""

    map: list[int] | None = None
    level: int = 0
    children: list[Token] | None = None
    content: str = ""
    markup: str = ""
    info: str = ""
    meta: dict[Any, Any] = _NOTHING
    block: bool = False
    hidden: bool = False
    type: str = ""
    tag: str = ""
    nesting: Literal[-1, 0, 1] = 0
    attrs: dict[str, str | int | float] = _NOTHING

    def __init__(self, type: str, tag: str, nesting: Literal[-1, 0, 1]) -> None:  # noqa: A002
        self.type, self.tag, self.nesting = type, tag, nesting

    def attrSet(self, name: str, value: str | float) -> None:  # noqa: N802 - the library's name
        """Set an attribute."""
        if self.attrs is _NOTHING:
            self.attrs = {}
        self.attrs[name] = value

    def attrJoin(self, name: str, value: str) -> None:  # noqa: N802 - the library's name
        """Add to an attribute, after a space."""
        self.attrSet(name, f"{self.attrs[name]} {value}" if name in self.attrs else value)


def taken(token: Token, name: str) -> str:
    """Take an attribute off a token."""
    return str(token.attrs.pop(name)) if name in token.attrs else ""


def text_token(content: str) -> Token:
    """Make a token of text."""
    token = LightToken("text", "", 0)
    token.content = content
    return token


def markup_token(html: str) -> Token:
    """Make a token of finished HTML amid text."""
    token = LightToken("markup", "", 0)
    token.content = html
    return token


def _indent(text: str) -> tuple[int, int]:
    """Count the blanks that a line begins with, and the columns that they take."""
    blanks = len(text) - len(text.lstrip(" \t"))
    columns = 0
    for char in text[:blanks]:
        columns += 4 - columns % 4 if char == "\t" else 1
    return blanks, columns


class BlockState(StateBlock):
    """Be a StateBlock that finds the lines of a source faster and makes light tokens."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        # What follows the last line's end is a line only if there is something on it.
        if not lines[-1].strip(" \t"):
            lines.pop()
        starts = [0, *accumulate(len(text) + 1 for text in lines)]
        ends = [start - 1 for start in starts[1:]]
        shifts, counts = [0] * len(lines), [0] * len(lines)
        if "\n " in src or "\n\t" in src or src[:1] in {" ", "\t"}:
            for line, text in enumerate(lines):
                if text and text[0] in " \t":
                    shifts[line], counts[line] = _indent(text)
        # One more entry saves the rules from looking beyond the last line.
        length = len(src)
        self.bMarks, self.eMarks = [*starts[:-1], length], [*ends, length]
        self.tShift, self.sCount = [*shifts, 0], [*counts, 0]
        self.bsCount = [0] * len(self.bMarks)
        self.lineMax = len(lines)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token."""
        token = LightToken(ttype, tag, nesting)
        token.block = True
        if nesting < 0:
            self.level -= 1
        token.level = self.level
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token
