"""Notes and warnings: `!!! note "Title"`, foldable `??? note`, and GitHub's `> [!NOTE]`."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from meishi.content import phrasing
from meishi.content.tags import attributes
from meishi.content.tokens import taken, text_token

if TYPE_CHECKING:
    from meishi.content.writer import Writer

_ALERT = re.compile(r"\[!([A-Za-z]+)\]([+-]?)[ \t]*")


def write_quote(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write a quote, or the note that its first line makes of it."""
    token = tokens[index]
    found = None
    if tokens[index + 1].type == "paragraph_open":
        found = _ALERT.match(tokens[index + 2].content)
    kind = found[1].lower() if found else ""
    if found is None or kind not in writer.words:
        writer.out.append(f"<blockquote{attributes(token) if token.attrs else ''}>\n")
        writer.closing.append("</blockquote>\n")
        return index + 1
    text = tokens[index + 2]
    title, rest = _first_line(text.children or [], found.end())
    text.children = rest
    if text.map:
        # The title's line is gone from the text that follows it.
        text.map, text.content = [text.map[0] + 1, text.map[1]], text.content.partition("\n")[2]
    _open(writer, token, [kind], {"": "", "-": "closed", "+": "open"}[found[2]])
    tag = "summary" if found[2] else "p"
    writer.out.append(f'<{tag} class="admonition-title">')
    if title:
        phrasing.write(writer, title)
    else:
        writer.out.append(escape(writer.words[kind]))
    writer.out.append(f"</{tag}>\n")
    writer.plain.append("\n")
    return index + 1 if rest else index + 4


def _first_line(children: list[Token], skipped: int) -> tuple[list[Token], list[Token]]:
    """Part the text after [!NOTE] on its line from the lines below."""
    for index, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            title, rest = children[:index], children[index + 1 :]
            break
    else:
        title, rest = children, []
    while title and skipped:
        content = title[0].content
        if len(content) > skipped:
            title[0].content = content[skipped:]
            break
        skipped -= len(content)
        title = title[1:]
    return title, rest


def write_open(writer: Writer, tokens: list[Token], index: int) -> int:
    """Open a note that begins with !!! or ???."""
    token = tokens[index]
    classes = taken(token, "class").split()[1:]
    kinds = [name for name in classes if not name.startswith(("is-collapsible", "collapsible-"))]
    fold = {"???": "closed", "???+": "open"}.get(token.markup, "")
    _open(writer, token, kinds, fold)
    following = tokens[index + 1]
    if following.type == "admonition_title_open":
        title = tokens[index + 2]
        kind = kinds[0] if kinds else ""
        # Without a title of its own a note is named by its kind, in the page's language.
        if title.content.lower() == kind and kind in writer.words and not title.content.startswith('"'):
            title.children = [text_token(writer.words[kind])]
        elif len(title.content) > 1 and title.content[0] == title.content[-1] == '"' and title.children:
            title.children = _unquoted(title.children)
    return index + 1


def _unquoted(children: list[Token]) -> list[Token]:
    first, last = children[0], children[-1]
    if first.type == last.type == "text":
        first.content = first.content[1:]
        last.content = last.content[:-1]
    return children


def write_title(writer: Writer, tokens: list[Token], index: int) -> int:
    """Write the title of a note."""
    tag = "summary" if writer.closing and writer.closing[-1].startswith("</details") else "p"
    token = tokens[index]
    token.attrSet("class", "admonition-title" + taken(token, "class").replace("admonition-title", "", 1))
    writer.out.append(f"<{tag}{attributes(token)}>")
    writer.inline(tokens[index + 1])
    writer.out.append(f"</{tag}>\n")
    return index + 3


def write_end(writer: Writer, _tokens: list[Token], index: int) -> int:
    """Close a quote or note."""
    writer.out.append(writer.closing.pop())
    return index + 1


def _open(writer: Writer, token: Token, kinds: list[str], fold: str) -> None:
    own = taken(token, "class")
    classes = " ".join(["admonition", *kinds, *own.split()])
    given = attributes(token)
    tag = f'details class="{escape(classes)}"' if fold else f'div class="{escape(classes)}" role="note"'
    writer.out.append(f"<{tag}{' open' if fold == 'open' else ''}{given}>\n")
    writer.closing.append("</details>\n" if fold else "</div>\n")
    writer.features.add("admonition")
