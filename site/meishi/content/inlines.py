"""The inline parser: markdown-it-py's rules by the character they begin with, and emphasis for CJK.

Text without any mark, which is most of it, becomes one token without asking a single rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from meishi.content.japanese import flanks
from meishi.content.tokens import LightToken, text_token

InlineRule = Callable[[StateInline, bool], bool]

# The character that each rule begins with.
FIRST: dict[str, str] = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "math": "$",
    "footnote_ref": "[",
    "link": "[",
    "span": "[",
    "image": "!",
    "attributes": "{",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "web_address": ":w",
    "mail_address": "@",
}
_MARKS = r"\n\\`~*_$\[\]!{<&@"
_STOP = re.compile(f"[{_MARKS}]")
# Only text that holds "://" or "www." stops at each colon and each w.
_STOP_AT_ADDRESSES = re.compile(f"[{_MARKS}:w]")


class InlineState(StateInline):
    """Scan emphasis marks with CJK's punctuation in mind."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.stop = _STOP_AT_ADDRESSES if "://" in src or "www." in src else _STOP
        self.paired = False

    def pushPending(self) -> Token:  # noqa: N802
        """Make a token of the text that waits."""
        token = text_token(self.pending)
        token.level = self.pendingLevel
        self.tokens.append(token)
        self.pending = ""
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Add a token, after the text that waits."""
        if self.pending:
            self.pushPending()
        token = LightToken(ttype, tag, nesting)
        meta = None
        if nesting < 0:
            self.level -= 1
            self.delimiters = self._prev_delimiters.pop()
        token.level = self.level
        if nesting > 0:
            self.level += 1
            self._prev_delimiters.append(self.delimiters)
            self.delimiters = []
            meta = {"delimiters": self.delimiters}
        self.pendingLevel = self.level
        self.tokens.append(token)
        self.tokens_meta.append(meta)
        return token

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Tell whether a run of marks can open and close."""
        self.paired = True
        src, mark, end = self.src, self.src[start], self.posMax
        pos = start
        while pos < end and src[pos] == mark:
            pos += 1
        before = src[start - 1] if start else " "
        after = src[pos] if pos < end else " "
        can_open, can_close = flanks(before, after, split=canSplitWord)
        return Scanned(can_open, can_close, pos - start)


class InlineParser(ParserInline):
    """Parse inline text as ParserInline does, asking only the rules that a character can begin."""

    def prepare(self) -> None:
        """Sort the rules by first character; call it when all of them are in place."""
        rules = [rule for rule in self.ruler.__rules__ if rule.enabled and rule.name in FIRST]
        marks = set("".join(FIRST.values()))
        self.by_first: dict[str, tuple[InlineRule, ...]] = {
            mark: tuple(rule.fn for rule in rules if mark in FIRST[rule.name]) for mark in marks
        }
        self.by_first["]"] = ()
        self.after_pairs = tuple(self.ruler2.getRules(""))

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse a text into inline tokens."""
        if not _STOP.search(src) and "://" not in src and "www." not in src:
            if src:
                tokens.append(text_token(src))
            return tokens
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        if state.paired:
            for rule in self.after_pairs:
                rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of the text between pos and posMax."""
        assert isinstance(state, InlineState)
        by_first, end, src, search = self.by_first, state.posMax, state.src, state.stop.search
        deep = state.level >= state.md.options.maxNesting
        while state.pos < end:
            found = None if deep else search(src, state.pos, end)
            if found is None:
                state.append_pending(src[state.pos : end])
                state.pos = end
                break
            at = found.start()
            if at > state.pos:
                state.append_pending(src[state.pos : at])
                state.pos = at
            for rule in by_first[src[at]]:
                if rule(state, False):
                    break
            else:
                state.append_pending(src[at])
                state.pos = at + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        """Step over one token without making it."""
        pos = state.pos
        known = state.cache.get(pos)
        if known is not None:
            state.pos = known
            return
        assert isinstance(state, InlineState)
        if state.level >= state.md.options.maxNesting:
            state.pos = state.posMax
        else:
            self._skip(state, pos)
        state.cache[pos] = state.pos

    def _skip(self, state: InlineState, pos: int) -> None:
        rules = self.by_first.get(state.src[pos])
        if rules is None or (state.src[pos] in ":w" and state.stop is _STOP):
            found = state.stop.search(state.src, pos, state.posMax)
            state.pos = found.start() if found else state.posMax
            return
        state.level += 1
        for rule in rules:
            if rule(state, True):
                break
        else:
            state.pos = pos + 1
        state.level -= 1
