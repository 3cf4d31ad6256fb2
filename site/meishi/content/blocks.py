"""The block parser: markdown-it-py's rules, tried only where their first character stands.

markdown-it-py asks each of its rules at each line; most of its time goes into answers of "no". A rule that
can only begin with a certain character is asked only there, in the same order, so the tokens are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.parser_block import ParserBlock
from markdown_it.ruler import Rule, Ruler
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

from meishi.content.tokens import BlockState

BlockRule = Callable[[StateBlock, int, int, bool], bool]

# The characters that a line of each rule begins with, after its indent.
FIRST: dict[str, str] = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "admonition": "!?",
    "math_block": "$",
    "attributes": "{",
}
# Tables, definition lists and paragraphs look at the lines below, so _block() has its own questions for them.
_DELIMITER_ROW = frozenset("|-:")
_MARKS = "".join(sorted(set("".join(FIRST.values()))))


def _never(_state: StateBlock, _line: int, _end: int, _silent: bool) -> bool:
    return False


class _Chain:
    """Hold the active rules of one chain by first character."""

    def __init__(self, named: Iterable[tuple[str, BlockRule]]) -> None:
        rules = [(name, rule) for name, rule in named if name in FIRST]
        self.by_first: dict[str, tuple[BlockRule, ...]] = {
            mark: tuple(rule for name, rule in rules if mark in FIRST[name]) for mark in _MARKS
        }


class _Chains(Ruler[BlockRule]):
    """Give each chain of rules as one rule, which asks those that a line may belong to.

    Lists, quotes and tables ask a chain at each of their lines whether something else begins there.
    """

    def __init__(self, rules: Iterable[Rule[BlockRule]]) -> None:
        super().__init__()
        self.__rules__ = list(rules)
        self._made: dict[str, list[BlockRule]] = {}

    def getRules(self, chainName: str = "") -> list[BlockRule]:  # noqa: N802, N803
        """Return the rules of a chain."""
        if chainName not in self._made:
            self._made[chainName] = [_one_of(super().getRules(chainName), self.__rules__)]
        return self._made[chainName]


def _one_of(chain: Iterable[BlockRule], rules: Iterable[Rule[BlockRule]]) -> BlockRule:
    names = {rule.fn: rule.name for rule in rules}
    by_first = _Chain((names[rule], rule) for rule in chain).by_first
    others = tuple(rule for rule in chain if names[rule] not in FIRST)

    def any_of_them(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        at = state.bMarks[line] + state.tShift[line]
        if at < state.eMarks[line]:
            for rule in by_first.get(state.src[at], ()):
                if rule(state, line, end, silent):
                    return True
        return any(rule(state, line, end, silent) for rule in others)

    return any_of_them


class BlockParser(ParserBlock):
    """Parse blocks as ParserBlock does, asking only the rules that a line can belong to."""

    def prepare(self) -> None:
        """Sort the rules by first character; call it when all of them are in place."""
        rules = self.ruler.__rules__
        self.chain = _Chain((rule.name, rule.fn) for rule in rules if rule.enabled)
        self.interrupting = _Chain(
            (rule.name, rule.fn) for rule in rules if rule.enabled and "paragraph" in rule.alt
        )
        self.ruler = _Chains(rules)
        named = {rule.name: rule.fn for rule in rules}
        self.table, self.code = named["table"], named["code"]
        self.deflist = named.get("deflist", _never)

    def parse(
        self,
        src: str,
        md: MarkdownIt,
        env: EnvType,
        outTokens: list[Token],  # noqa: N803
    ) -> list[Token] | None:
        """Parse a source into block tokens."""
        if not src:
            return None
        state = BlockState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Make tokens of a range of lines."""
        line, end = startLine, endLine
        empty = False
        starts, shifts, ends = state.bMarks, state.tShift, state.eMarks
        too_deep = state.md.options.maxNesting
        while line < end:
            state.line = line = state.skipEmptyLines(line)
            if line >= end or state.sCount[line] < state.blkIndent:
                break
            if state.level >= too_deep:
                state.line = end
                break
            self._block(state, line, end)
            state.tight = not empty
            line = state.line
            if line - 1 < end and starts[line - 1] + shifts[line - 1] >= ends[line - 1]:
                empty = True
            if line < end and starts[line] + shifts[line] >= ends[line]:
                empty = True
                line += 1
                state.line = line

    def _block(self, state: StateBlock, line: int, end: int) -> None:
        if state.sCount[line] - state.blkIndent >= 4 and self.code(state, line, end, False):
            return
        first = state.src[state.bMarks[line] + state.tShift[line]]
        if line + 1 < end:
            below = state.bMarks[line + 1] + state.tShift[line + 1]
            if (
                below < state.eMarks[line + 1]
                and state.src[below] in _DELIMITER_ROW
                and self.table(state, line, end, False)
            ):
                return
        for rule in self.chain.by_first.get(first, ()):
            if rule(state, line, end, False):
                return
        if self._may_define(state, line, end) and self.deflist(state, line, end, False):
            return
        self.paragraph(state, line)

    @staticmethod
    def _may_define(state: StateBlock, line: int, end: int) -> bool:
        """Tell whether the next line, or the one after an empty one, could hold a definition."""
        for below in (line + 1, line + 2):
            if below >= end:
                return False
            at = state.bMarks[below] + state.tShift[below]
            if at < state.eMarks[below]:
                return state.src[at] in ":~"
        return False

    def paragraph(self, state: StateBlock, line: int) -> None:
        """Make a paragraph, or the heading that an underline makes of it."""
        src, starts, shifts, ends = state.src, state.bMarks, state.tShift, state.eMarks
        counts, indent, end = state.sCount, state.blkIndent, state.lineMax
        parent, state.parentType = state.parentType, "paragraph"
        below = line + 1
        level = 0
        while below < end:
            at = starts[below] + shifts[below]
            if at >= ends[below]:
                break
            count = counts[below]
            if count - indent <= 3:
                mark = src[at]
                if count >= indent and mark in "-=" and not src[at : ends[below]].rstrip(" \t").strip(mark):
                    level = 1 if mark == "=" else 2
                    break
                if count >= 0 and self._interrupts(state, below, end, mark):
                    break
            below += 1
        text = (
            src[starts[line] : ends[line]]
            if below == line + 1 and not indent
            else state.getLines(line, below, indent, False)
        ).strip(MD_TRIM_CHARS)
        state.line = below + 1 if level else below
        name, tag = ("heading", f"h{level}") if level else ("paragraph", "p")
        token = state.push(f"{name}_open", tag, 1)
        token.map = [line, state.line]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = text, [line, below], []
        state.push(f"{name}_close", tag, -1)
        state.parentType = parent

    def _interrupts(self, state: StateBlock, line: int, end: int, mark: str) -> bool:
        for rule in self.interrupting.by_first.get(mark, ()):
            if rule(state, line, end, True):
                return True
        if mark in ":~" and self.deflist(state, line, end, True):
            return True
        if line + 1 < end:
            at = state.bMarks[line + 1] + state.tShift[line + 1]
            if at < state.eMarks[line + 1] and state.src[at] in _DELIMITER_ROW:
                return self.table(state, line, end, True)
        return False
