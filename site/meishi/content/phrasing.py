"""Tokens to HTML: the inline text of a block."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it.token import Token

from meishi.content import embeds, formulas, placing, rawhtml
from meishi.content.destinations import MARK, is_own
from meishi.content.footnotes import write_reference
from meishi.content.japanese import joins
from meishi.content.slots import PREFIX, ImageSlot, LinkSlot
from meishi.content.tags import attributes
from meishi.content.tokens import taken

if TYPE_CHECKING:
    from meishi.content.writer import Writer

InlineRule = Callable[["Writer", list[Token], int], None]

MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript)\s*:", re.IGNORECASE)


def write(writer: Writer, children: list[Token]) -> None:
    """Write inline tokens."""
    rules = RULES
    for index, child in enumerate(children):
        rules[child.type](writer, children, index)


def _text(writer: Writer, children: list[Token], index: int) -> None:
    text = children[index].content
    if not text:
        return
    writer.plain.append(text)
    if "&" in text or "<" in text or ">" in text:
        text = escape(text, quote=False)
    if writer.codes and "\ufdd0" in text:
        writer.plain[-1] = MARK.sub("", writer.plain[-1])
        tags = placing.tags_around(children, index)
        if "a" in tags:
            placing.refuse_blocks(writer, text)
        text = placing.in_html(writer, text, tags if writer.in_paragraph else None)
    writer.out.append(text)


def _softbreak(writer: Writer, children: list[Token], index: int) -> None:
    before, after = _last(children, index), _first(children, index)
    if not (before and after and joins(before, after)):
        writer.out.append("\n")
        writer.plain.append(" ")


def _last(children: list[Token], index: int) -> str:
    """Find the character before a line's end, through the tags between."""
    text = _neighbour(children, range(index - 1, -1, -1))
    return text[-1:]


def _first(children: list[Token], index: int) -> str:
    """Find the character after a line's end, through the tags between."""
    return _neighbour(children, range(index + 1, len(children)))[:1]


def _neighbour(children: list[Token], places: range) -> str:
    for place in places:
        token = children[place]
        if token.type in _TEXTS:
            if token.content:  # emphasis leaves empty texts behind
                return token.content
        elif token.nesting == 0:
            return ""
    return ""


_TEXTS = frozenset({"text", "text_special", "code_inline"})


def _hardbreak(writer: Writer, _children: list[Token], _index: int) -> None:
    writer.out.append("<br>\n")
    writer.plain.append(" ")


def _code(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    given = attributes(token) if token.attrs else ""
    text = escape(token.content, quote=False)
    if writer.codes and "\ufdd0" in text:
        text = placing.in_code(writer, text)
    writer.plain.append(token.content)
    writer.out.append(f"<code{given}>{text}</code>")


def _tag(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    if token.nesting < 0:
        writer.out.append(f"</{token.tag}>")
    else:
        given = attributes(token) if token.attrs else ""
        writer.out.append(f"<{token.tag}{given}>")


def _markup(writer: Writer, children: list[Token], index: int) -> None:
    """Write what the blocks' rules put among the text: breaks between phrases, checkboxes."""
    writer.out.append(children[index].content)


def _link(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    at = token.map[0] if token.map else 0
    href = destination(writer, taken(token, "href"), "link", writer.file_line(at))
    given = attributes(token) if token.attrs else ""
    writer.out.append(f'<a href="{href}"{given}>')


def _image(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    slot = image_slot(writer, token, alone=False)
    writer.plain.append(slot.alt)
    if slot.destination:
        writer.out.append(writer.slot(slot))
    else:
        # The address is a shortcode's, so nothing is known of the picture.
        source = destination(writer, str(token.attrs["src"]), "resource", slot.line)
        writer.out.append(f'<img src="{source}" alt="{escape(slot.alt)}">')


def image_slot(writer: Writer, token: Token, *, alone: bool) -> ImageSlot:
    """Make the slot of a picture."""
    given = {name: str(value) for name, value in token.attrs.items()}
    source, title = given.pop("src", ""), given.pop("title", "")
    given.pop("alt", None)
    if "id" in given:
        given["id"] = PREFIX + given["id"]
    alt = _plain(token.children or [])
    if writer.codes:
        alt, title = MARK.sub("", alt), MARK.sub("", title)
        given = {name: MARK.sub("", value) for name, value in given.items()}
        source = "" if MARK.search(source) else source
    line = writer.file_line(token.map[0] if token.map else 0)
    return ImageSlot(line, source, alt, title, tuple(given.items()), alone)


def _plain(children: list[Token]) -> str:
    """Read tokens as text, for a picture's alt."""
    parts = []
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_plain(token.children or []))
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)


def _html(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    if MORE.fullmatch(token.content):
        if writer.in_top_paragraph:
            writer.out.append(MORE_MARK)
        return
    writer.out.append(rawhtml.write(writer, token.content, token.map[0] if token.map else 0))


# Stands in the HTML where <!--more--> stood amid a paragraph, until the summary is cut there.
MORE_MARK = "\0more\0"


def _formula(writer: Writer, children: list[Token], index: int) -> None:
    token = children[index]
    line = writer.file_line(token.map[0] if token.map else 0)
    display = token.type == "math_display"
    writer.features.add("math")
    writer.plain.append(token.content)
    writer.out.append(formulas.mathml(token.content, display=display, line=line))


def destination(writer: Writer, address: str, kind: str, line: int) -> str:
    """Write an address as an attribute's value: as it is, with the document's mark, or as a slot."""
    if writer.codes and "\ufdd0" in address:
        return _coded(writer, address)
    if address.startswith("#"):
        name = unquote(address[1:])
        if not name:
            return "#"
        writer.fragment_links.add(name)
        return f"#{PREFIX}{escape(name)}"
    if is_own(address):
        return writer.slot(LinkSlot(line, address, "link" if kind == "link" else "resource"))
    if _SCRIPT.match(address) and not writer.settings.unsafe:
        return "#"
    return escape(address)


def _coded(writer: Writer, address: str) -> str:
    """Write an address in which shortcodes stand."""
    whole = MARK.fullmatch(address)
    if whole:
        return embeds.in_attribute(writer, writer.codes[int(whole[1])])
    return placing.in_attributes(writer, escape(address))


RULES: dict[str, InlineRule] = {
    "text": _text,
    "text_special": _text,
    "softbreak": _softbreak,
    "hardbreak": _hardbreak,
    "code_inline": _code,
    "em_open": _tag,
    "em_close": _tag,
    "strong_open": _tag,
    "strong_close": _tag,
    "s_open": _tag,
    "s_close": _tag,
    "span_open": _tag,
    "span_close": _tag,
    "link_open": _link,
    "link_close": _tag,
    "image": _image,
    "html_inline": _html,
    "math_inline": _formula,
    "math_display": _formula,
    "footnote_ref": write_reference,
    "markup": _markup,
}
