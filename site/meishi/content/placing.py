"""Shortcodes back into the HTML that was made around their marks."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from meishi.content import embeds
from meishi.content.destinations import MARK
from meishi.errors import ShortcodeError

if TYPE_CHECKING:
    from meishi.content.writer import Writer


def in_attributes(writer: Writer, html: str) -> str:
    """Put the shortcodes back that stand in attributes."""
    return MARK.sub(lambda mark: embeds.in_attribute(writer, writer.codes[int(mark[1])]), html)


def in_html(writer: Writer, html: str, around: list[str] | None = None) -> str:
    """Put the shortcodes back into a piece of HTML.

    around: the tags that are open in the paragraph about it; a block ends and begins them anew.
    """

    def put(mark: re.Match[str]) -> str:
        code = writer.codes[int(mark[1])]
        made = embeds.write(writer, code, inline=True)
        if around is None or not embeds.is_block(writer, code):
            return made
        ends = "".join(f"</{tag}>" for tag in reversed(around))
        return f"{ends}</p>\n{made}<p>{''.join(f'<{tag}>' for tag in around)}"

    return MARK.sub(put, html)


def in_code(writer: Writer, html: str) -> str:
    """Put the shortcodes back that stand in code: those that make text work, blocks are shown as written."""

    def put(mark: re.Match[str]) -> str:
        code = writer.codes[int(mark[1])]
        if embeds.is_block(writer, code):
            return escape(code.source, quote=False)
        return embeds.write(writer, code, inline=True)

    return MARK.sub(put, html)


def write_alone(writer: Writer, text: Token) -> bool:
    """Write a paragraph of nothing but shortcodes without its <p>, unless one of them is text."""
    if MARK.sub("", text.content).strip():
        return False
    codes = [writer.codes[int(number)] for number in MARK.findall(text.content)]
    if any(embeds.is_text(writer, code) for code in codes):
        return False
    if text.map:
        writer.line = text.map[0]
    writer.content = text.content
    for code in codes:
        writer.out.append(embeds.write(writer, code, inline=False) + "\n")
    return True


def refuse_blocks(writer: Writer, text: str) -> None:
    """Stop at a shortcode in a link that cannot be in one."""
    for number in MARK.findall(text):
        code = writer.codes[int(number)]
        if embeds.is_block(writer, code):
            hint = 'Write {{< figure link="…" >}}' if code.name == "figure" else "Put it beside the link"
            raise ShortcodeError(
                f"the shortcode {code.name} cannot stand inside a link", line=code.line, hint=hint
            )


def tags_around(children: list[Token], index: int) -> list[str]:
    """List the tags that are open before a token."""
    tags: list[str] = []
    for child in children[:index]:
        if child.nesting > 0:
            tags.append(child.tag)
        elif child.nesting < 0:
            tags.pop()
    return tags
