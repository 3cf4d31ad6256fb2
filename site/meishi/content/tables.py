"""Tables: GFM's rule, as markdown-it-py has it, with a single token for each cell.

A table makes more tokens than the rest of a page, three for each cell, and their making is most of its time.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_block.table import MAX_AUTOCOMPLETED_CELLS, escapedSplit

from meishi.content.tokens import LightToken

# A line that begins with "- " is an item of a list.
_DELIMITERS = re.compile(r"(?!-[ \t])[-:|][-:| \t]+")
_DELIMITER = re.compile(r":?-+:?")


def table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Make a table of a line of names, a line of delimiters and the lines below."""
    if line + 2 > end or state.sCount[line + 1] < state.blkIndent or state.is_code_block(line + 1):
        return False
    aligns = _alignments(_text(state, line + 1))
    names = _text(state, line).strip(MD_TRIM_CHARS)
    if not aligns or "|" not in names or state.is_code_block(line):
        return False
    head = _split(names)
    if len(head) != len(aligns):
        return False
    if silent:
        return True
    kept, state.parentType = state.parentType, "table"
    place = [line, 0]
    state.push("table_open", "table", 1).map = place
    state.push("thead_open", "thead", 1).map = [line, line + 1]
    _row(state, line, "th", head, aligns)
    state.push("thead_close", "thead", -1)
    state.line = place[1] = _rows(state, line + 2, end, aligns)
    state.push("table_close", "table", -1)
    state.parentType = kept
    return True


def _rows(state: StateBlock, first: int, end: int, aligns: list[str]) -> int:
    """Make the rows of the body, and return the line below them."""
    line, missing, body = first, 0, [first, 0]
    interrupting = state.md.block.ruler.getRules("blockquote")
    while line < end and state.sCount[line] >= state.blkIndent:
        if any(rule(state, line, end, True) for rule in interrupting):
            break
        text = _text(state, line).strip(MD_TRIM_CHARS)
        if not text or state.is_code_block(line):
            break
        cells = _split(text)
        missing += len(aligns) - len(cells)
        if missing > MAX_AUTOCOMPLETED_CELLS:
            break
        if line == first:
            state.push("tbody_open", "tbody", 1).map = body
        _row(state, line, "td", cells, aligns)
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
        body[1] = line
    return line


def _row(state: StateBlock, line: int, tag: str, cells: list[str], aligns: list[str]) -> None:
    state.push("tr_open", "tr", 1).map = [line, line + 1]
    cells += [""] * (len(aligns) - len(cells))
    for text, align in zip(cells, aligns, strict=False):  # more cells than names are left out
        token = LightToken("cell", tag, 0)
        token.level, token.map, token.block = state.level, [line, line + 1], True
        token.content, token.info = text.strip(MD_TRIM_CHARS), align
        state.tokens.append(token)
    state.push("tr_close", "tr", -1)


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _split(text: str) -> list[str]:
    """Take a line apart at its bars; those at its ends enclose it."""
    cells = escapedSplit(text) if "\\" in text else text.split("|")
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


def _alignments(text: str) -> list[str]:
    """Read a line of delimiters; it is none where the list is empty."""
    if not _DELIMITERS.fullmatch(text):
        return []
    columns = [column.strip(MD_TRIM_CHARS) for column in text.split("|")]
    if not columns[0]:
        del columns[0]
    if columns and not columns[-1]:
        del columns[-1]
    if not all(map(_DELIMITER.fullmatch, columns)):
        return []
    ends = {(True, True): "center", (True, False): "left", (False, True): "right"}
    return [ends.get((column[0] == ":", column[-1] == ":"), "") for column in columns]
