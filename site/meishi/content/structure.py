"""Tokens to HTML: the blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from meishi.content import admonitions, formulas, highlight, phrasing, placing, rawhtml
from meishi.content.destinations import MARK
from meishi.content.headings import write_heading
from meishi.content.slots import ImageSlot
from meishi.content.tags import attributes
from meishi.content.tokens import markup_token

if TYPE_CHECKING:
    from meishi.content.writer import Writer

BlockRule = Callable[["Writer", list[Token], int], int]

CLASS_MATH = ' class="math"'
_FIRST_TAG = re.compile(r"\A<[a-z][a-z0-9]*(?=[ >])")
# What closing a paragraph around a block leaves.
_EDGE = re.compile(r"(<p(?: [^>]*)?>)\s+|\s+(</p>)")
_EMPTY = re.compile(r"<p(?: [^>]*)?>\s*(?:<(em|strong|s|span)>\s*</\1>)?\s*</p>\n?")


def generic(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write a tag as it is."""
    token = tokens[index]
    if token.nesting < 0:
        writer.out.append(f"</{token.tag}>\n")
    else:
        following = tokens[index + 1]
        text = following.type == "inline" or following.hidden or following.nesting < 0
        given = attributes(token) if token.attrs else ""
        writer.out.append(f"<{token.tag}{given}>" + ("" if text else "\n"))
    return index + 1


def with_line(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write a block as ever, and into its first tag the line of the file where it begins."""
    token, start = tokens[index], len(writer.out)
    after = RULES.get(token.type, generic)(writer, tokens, index)
    if token.map and token.type not in ("inline", "cell") and len(writer.out) > start:
        line = writer.place.line_of(token.map[0])
        writer.out[start] = _FIRST_TAG.sub(rf'\g<0> data-line="{line}"', writer.out[start])
    return after


def _inline(writer: Writer, tokens: list[Token], index: int) -> int:
    writer.inline(tokens[index])
    return index + 1


def _paragraph(writer: Writer, tokens: list[Token], index: int) -> int:
    token, text = tokens[index], tokens[index + 1]
    out = writer.out
    alone = writer.codes and "\ufdd0" in text.content and placing.write_alone(writer, text)
    if token.hidden:
        if not alone:
            writer.inline(text)
        if tokens[index + 3].nesting >= 0:
            out.append("\n")
        return index + 3
    if alone:
        return index + 3
    children = text.children or []
    start, said = len(out), len(writer.plain)
    if len(children) == 1 and children[0].type == "image" and "\ufdd0" not in text.content:
        _picture(writer, token, text, children[0])
        return index + 3
    given = attributes(token) if token.attrs else ""
    out.append(f"<p{given}>")
    writer.in_paragraph, writer.in_top_paragraph = True, not token.level and not writer.depth
    writer.inline(text)
    writer.in_paragraph = writer.in_top_paragraph = False
    out.append("</p>\n")
    parted = False
    if writer.codes and "\ufdd0" in text.content:
        html = "".join(out[start:])
        parted = "</p>\n" in html[:-5]
        out[start:] = [_EMPTY.sub("", _EDGE.sub(r"\1\2", html))] if parted else [html]
    top = not token.level and not writer.depth and not parted
    if top and writer.opening is None and "".join(writer.plain[said:]).strip():
        writer.opening = (start, len(out), said, len(writer.plain))
    return index + 3


def _picture(writer: Writer, paragraph: Token, text: Token, image: Token) -> None:
    """Write a picture that is its paragraph's only content; its title is the caption."""
    writer.line, writer.content = (text.map or [0])[0], text.content
    given = attributes(paragraph) if paragraph.attrs else ""
    slot = phrasing.image_slot(writer, image, alone=True)
    if slot.title:
        caption = escape(slot.title, quote=False)
        slot = ImageSlot(slot.line, slot.destination, slot.alt, "", slot.attributes, True)
        writer.out.append(f"<figure{given}>{writer.slot(slot)}<figcaption>{caption}</figcaption></figure>\n")
    else:
        writer.out.append(f"<p{given}>{writer.slot(slot)}</p>\n")
    writer.plain.append(f"{slot.alt}\n")


def _list_item(writer: Writer, tokens: list[Token], index: int) -> int:
    token, following = tokens[index], tokens[index + 1]
    if "checked" in token.meta:
        return _task(writer, tokens, index)
    given = attributes(token) if token.attrs else ""
    text = following.hidden or following.nesting < 0
    writer.out.append(f"<li{given}>" if text else f"<li{given}>\n")
    return index + 1


def _task(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write an item with a checkbox; its text is the label, unless a label may not hold it."""
    token, text = tokens[index], tokens[index + 2]
    checked = bool(token.meta["checked"])
    token.attrSet("class", str(token.attrs["class"]).replace("task-list-item", "task"))
    writer.out.append(f"<li{attributes(token)}>" + ("" if tokens[index + 1].hidden else "\n"))
    box = f'<input type="checkbox" disabled{" checked" if checked else ""}'
    if text.type != "inline":
        word = escape(writer.words["done" if checked else "todo"])
        writer.out.append(f'{box} aria-label="{word}"> ')
        return index + 1
    if "\ufdd0" not in text.content and "<" not in text.content:
        opening, closing = f"<label>{box}> ", "</label>"
    else:
        word = escape(writer.words["done" if checked else "todo"])
        opening, closing = f'{box} aria-label="{word}"> ', ""
    text.children = [markup_token(opening), *(text.children or ()), markup_token(closing)]
    return index + 1


def _list(writer: Writer, tokens: list[Token], index: int) -> int:
    token = tokens[index]
    if "class" in token.attrs:
        token.attrs["class"] = str(token.attrs["class"]).replace("contains-task-list", "tasks")
    writer.out.append(f"<{token.tag}{attributes(token) if token.attrs else ''}>\n")
    return index + 1


def _item_end(writer: Writer, _tokens: list[Token], index: int) -> int:
    writer.out.append("</li>\n")
    return index + 1


def _table(writer: Writer, tokens: list[Token], index: int) -> int:
    writer.tables += 1
    writer.features.add("table")
    label = escape(writer.words["table"].format(n=writer.tables))
    given = attributes(tokens[index]) if tokens[index].attrs else ""
    writer.out.append(
        f'<div class="table" role="region" tabindex="0" aria-label="{label}">\n<table{given}>\n'
    )
    return index + 1


def _table_end(writer: Writer, _tokens: list[Token], index: int) -> int:
    writer.out.append("</table>\n</div>\n")
    return index + 1


def _cell(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write a cell whole: tag, text and end."""
    token = tokens[index]
    writer.out.append(f'<{token.tag} class="{token.info}">' if token.info else f"<{token.tag}>")
    if token.content:
        writer.inline(token)
    writer.out.append(f"</{token.tag}>\n")
    return index + 1


def _fence(writer: Writer, tokens: list[Token], index: int) -> int:
    token = tokens[index]
    line = writer.place.line_of(token.map[0] if token.map else 0)
    if token.info.strip() == "math" and writer.settings.math:
        writer.features.add("math")
        formula = formulas.mathml(token.content.strip(), display=True, line=line)
        writer.out.append(f'<div class="math">{formula}</div>\n')
        return index + 1
    info = MARK.sub("", token.info) if writer.codes else token.info
    block = highlight.block(
        token.content, info, token.attrs, writer.anchors.claim, highlighted=writer.settings.code_fences
    )
    writer.features.add("code")
    if block.language:
        writer.languages.add(block.language)
    writer.out.append(placing.in_code(writer, block.html) if writer.codes else block.html)
    return index + 1


def _html_block(writer: Writer, tokens: list[Token], index: int) -> int:
    token = tokens[index]
    html = token.content
    if more := phrasing.MORE.match(html):
        if writer.cut is None and not token.level and not writer.depth:
            writer.cut = len(writer.out)
        html = html[more.end() :].lstrip("\n")
    writer.line, writer.content = (token.map or [0])[0], html
    if html:
        writer.out.append(rawhtml.write(writer, html))
    return index + 1


def _math_block(writer: Writer, tokens: list[Token], index: int) -> int:
    token = tokens[index]
    line = writer.place.line_of(token.map[0] if token.map else 0)
    given = attributes(token).replace(' class="', ' class="math ', 1) if "class" in token.attrs else ""
    writer.features.add("math")
    formula = formulas.mathml(token.content, display=True, line=line)
    writer.out.append(f"<div{given or CLASS_MATH}>{formula}</div>\n")
    return index + 1


def _rule(writer: Writer, tokens: list[Token], index: int) -> int:
    writer.out.append(f"<hr{attributes(tokens[index])}>\n")
    return index + 1


RULES: dict[str, BlockRule] = {
    "inline": _inline,
    "paragraph_open": _paragraph,
    "heading_open": write_heading,
    "bullet_list_open": _list,
    "ordered_list_open": _list,
    "list_item_open": _list_item,
    "list_item_close": _item_end,
    "table_open": _table,
    "table_close": _table_end,
    "cell": _cell,
    "fence": _fence,
    "code_block": _fence,
    "html_block": _html_block,
    "math_block": _math_block,
    "hr": _rule,
    "blockquote_open": admonitions.write_quote,
    "blockquote_close": admonitions.write_end,
    "admonition_open": admonitions.write_open,
    "admonition_title_open": admonitions.write_title,
    "admonition_close": admonitions.write_end,
}
