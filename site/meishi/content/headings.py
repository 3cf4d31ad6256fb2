"""Headings: their anchors, their line breaks, and the list of them for a table of contents."""

from __future__ import annotations

from bisect import bisect_left
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from meishi.content.anchors import slug
from meishi.content.destinations import MARK
from meishi.content.documents import Heading
from meishi.content.japanese import phrases
from meishi.content.slots import PREFIX
from meishi.content.tags import attributes
from meishi.content.tokens import markup_token, taken, text_token

if TYPE_CHECKING:
    from meishi.content.writer import Writer

_TEXTS = ("text", "text_special", "code_inline")


def write_heading(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write a heading with its id and a link to itself beside it."""
    token, inline = tokens[index], tokens[index + 1]
    children = inline.children or []
    text = MARK.sub("", "".join(_words(children))).strip()
    anchor = taken(token, "id") or writer.anchors.claim(slug(text))
    whole = text.isascii() or "\ufdd0" in inline.content
    parts = [text] if whole else phrases(text, writer.settings.language)
    if len(parts) > 1:
        inline.children = _broken(children, parts)
        token.attrJoin("class", "phrases")
    out, writer.out = writer.out, []
    writer.inline(inline)
    html, writer.out = "".join(writer.out), out
    name, tag = escape(anchor), token.tag
    given = attributes(token) if token.attrs else ""
    label = escape(writer.words["permalink"].format(title=text))
    out.append(
        f'<div class="heading">\n<{tag} id="{PREFIX}{name}"{given}>{html}</{tag}>\n<a class="anchor"'
        f' href="#{PREFIX}{name}" aria-label="{label}"><span aria-hidden="true">#</span></a>\n</div>\n'
    )
    writer.headings.append(Heading(int(tag[1]), anchor, text, html))
    return index + 3


def _words(children: list[Token]) -> list[str]:
    return [
        child.content if child.type in _TEXTS else " " if child.type.endswith("break") else ""
        for child in children
    ]


def _broken(children: list[Token], parts: list[str]) -> list[Token]:
    """Put <wbr> between the phrases, wherever tags stand between them."""
    ends: list[int] = []
    for part in parts[:-1]:
        ends.append((ends[-1] if ends else 0) + len(part))
    made: list[Token] = []
    at = 0
    for child, words in zip(children, _words(children), strict=True):
        if child.type == "text":
            cuts = [end - at for end in ends[bisect_left(ends, at) :] if end < at + len(words)]
            start = 0
            for cut in cuts:
                if cut > start:
                    made.append(text_token(words[start:cut]))
                made.append(markup_token("<wbr>"))
                start = cut
            made.append(text_token(words[start:]))
        else:
            made.append(child)
        at += len(words)
    return made
