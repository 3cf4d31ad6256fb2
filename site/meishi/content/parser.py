"""The one Markdown parser: which rules it has, and the tokens it makes of a source."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import html_block
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_inline import escape, html_inline, image, link
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.admon.index import admonition
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote.index import footnote_def

from meishi.content import attributes, autolinks, footnotes, formulas
from meishi.content.blocks import BlockParser
from meishi.content.destinations import normal
from meishi.content.inlines import InlineParser
from meishi.content.tables import table

_TEXTS = frozenset({"inline", "cell"})
_ANYWHERE: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def parse(source: str, env: dict[str, Any]) -> list[Token]:
    """Parse Markdown into tokens; env carries the notes and references that documents share."""
    markdown = parser()
    tokens: list[Token] = []
    markdown.block.parse(source, markdown, env, tokens)
    if "{" in source:
        tokens = attributes.settle(tokens)
    inline = markdown.inline.parse
    heading: Token | None = None
    for token in tokens:
        if token.type in _TEXTS:
            if heading is not None and token.content.endswith("}"):
                token.content, given = attributes.split_heading(token.content)
                attributes.give(heading, given)
            token.children = []
            inline(token.content, markdown, env, token.children)
        heading = token if token.type == "heading_open" else None
    return tokens


def environment(*, math: bool, html: bool) -> dict[str, Any]:
    """Make the env that parse() needs."""
    return {"math": math, "html": html, "references": {}, "footnotes": {"refs": {}, "list": {}}}


@cache
def parser() -> MarkdownIt:
    """Build the parser, once in a process: it keeps nothing between two texts."""
    markdown = MarkdownIt("commonmark", {"tasklists": True})
    markdown.block, markdown.inline = BlockParser(), InlineParser()
    setattr(markdown, "normalizeLink", normal)  # noqa: B010 - the library looks it up on the instance
    _add_blocks(markdown)
    _add_inlines(markdown)
    markdown.block.prepare()
    markdown.inline.prepare()
    return markdown


def _add_blocks(markdown: MarkdownIt) -> None:
    ruler = markdown.block.ruler
    ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    ruler.before("fence", "math_block", formulas.block_formula, _ANYWHERE)
    ruler.before("fence", "attributes", attributes.block_attributes, _ANYWHERE)
    ruler.before("fence", "admonition", admonition, _ANYWHERE)
    ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    deflist_plugin(markdown)


def _add_inlines(markdown: MarkdownIt) -> None:
    ruler = markdown.inline.ruler
    ruler.before("link", "footnote_ref", footnotes.footnote_reference)
    ruler.at("escape", _escape)
    ruler.at("link", _link)
    ruler.at("image", _image)
    ruler.at("html_inline", _html_inline)
    ruler.after("link", "span", attributes.span)
    ruler.push("attributes", attributes.inline_attributes)
    ruler.push("math", formulas.inline_formula)
    ruler.push("web_address", autolinks.web_address)
    ruler.push("mail_address", autolinks.mail_address)


# The rules below are markdown-it-py's own, most of them with the place in the text noted for line numbers.


def _escape(state: StateInline, silent: bool) -> bool:
    # A shortcode's mark must stay whole.
    return not state.src.startswith("\ufdd0", state.pos + 1) and escape(state, silent)


def _link(state: StateInline, silent: bool) -> bool:
    return _placed(link, state, silent)


def _image(state: StateInline, silent: bool) -> bool:
    return _placed(image, state, silent)


def _html_inline(state: StateInline, silent: bool) -> bool:
    if not state.env["html"] and not state.src.startswith("<!--", state.pos):
        return False
    return _placed(html_inline, state, silent)


def _placed(rule: Any, state: StateInline, silent: bool) -> bool:
    start, count = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        token = state.tokens[count]
        if token.type == "text" and token.map is None and len(state.tokens) > count + 1:
            token = state.tokens[count + 1]  # the text that waited before it came first
        token.map = [start, state.pos]
    return True


def _html_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if not state.env["html"] and not state.src.startswith("<!--", start):
        return False
    return html_block(state, line, end, silent)
