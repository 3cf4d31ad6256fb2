"""Formulas: $…$ and $$…$$ become MathML while the page is built."""

from __future__ import annotations

import re
from html import unescape

from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_inline.state_inline import StateInline

from meishi.content.japanese import is_cjk
from meishi.errors import MarkdownError

# $ opens before a non-space and closes after one, and never beside a letter or digit outside,
# so that "$5 and $6" and "US$" are prices.
_INLINE = re.compile(r"\$(?![\s$])((?:[^$\\]|\\.)*?(?:[^\s$\\]|\\\S))\$(?![$A-Za-z0-9_])", re.DOTALL)
_DISPLAY = re.compile(r"\$\$((?:[^$\\]|\\.)+?)\$\$", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def inline_formula(state: StateInline, silent: bool) -> bool:
    """Take $x^2$, and $$x^2$$ amid a paragraph."""
    if not state.env["math"]:
        return False
    src, pos = state.src, state.pos
    display = src.startswith("$$", pos)
    found = (_DISPLAY if display else _INLINE).match(src, pos, state.posMax)
    if found is None or not found[1].strip() or "\ufdd0" in found[1]:
        return False
    if not display and pos and _is_word(src[pos - 1]):
        return False
    if not silent:
        token = state.push("math_display" if display else "math_inline", "math", 0)
        token.content = found[1].strip()
        token.map = [pos, found.end()]
    state.pos = found.end()
    return True


def _is_word(char: str) -> bool:
    return char == "$" or (char.isalnum() and not is_cjk(char))


def block_formula(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Take a block between lines of $$."""
    if not state.env["math"] or state.is_code_block(first):
        return False
    start = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("$$", start):
        return False
    text = state.src[start + 2 : state.eMarks[first]].rstrip()
    line = first
    while not text.endswith("$$"):
        line += 1
        if line >= end or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        added = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        text = f"{text}\n{added}"
    text = text[:-2]
    if not text.strip() or "$$" in text or "\ufdd0" in text:
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content, token.map = text.strip(), [first, line + 1]
        state.line = line + 1
    return True


def mathml(formula: str, *, display: bool, line: int) -> str:
    """Turn a LaTeX formula into MathML."""
    # Here, because most pages have no formula.
    from xml.etree.ElementTree import tostring

    from latex2mathml.converter import convert_to_element

    try:
        root = convert_to_element(formula, display="block" if display else "inline")
    except Exception as error:  # the library raises errors of many kinds, IndexError among them
        raise _broken(formula, _in_words(type(error).__name__.removesuffix("Error")), line) from error
    if (surplus := _unbalanced(formula)) is not None:
        raise _broken(formula, f"a {surplus} has no partner", line)
    root.attrib.pop("xmlns", None)
    for element in root.iter():
        # The library keeps its symbols as character references and leaves the rest unescaped.
        element.text = unescape(element.text) if element.text else element.text
        for name in ("href", "style"):
            element.attrib.pop(name, None)
        if element.tag == "mi" and element.text and re.match(r"\\[A-Za-z]", element.text):
            raise _broken(formula, f"{element.text} is not known", line)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _broken(formula: str, what: str, line: int) -> MarkdownError:
    hint = r"Mend it, or write \$ where a dollar sign is meant"
    return MarkdownError(f"the formula {formula!r} cannot be read: {what}", line=line, hint=hint)


def _unbalanced(formula: str) -> str | None:
    depth = 0
    for brace in re.findall(r"(?<!\\)(?:\\\\)*([{}])", formula):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return "}"
    return "{" if depth else None


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
