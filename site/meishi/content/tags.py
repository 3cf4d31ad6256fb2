"""Attributes of a token as HTML."""

from __future__ import annotations

from html import escape

from markdown_it.token import Token

from meishi.content.slots import PREFIX


def attributes(token: Token) -> str:
    """Write the attributes of a token, with the document's mark before its id."""
    written = []
    for name, value in token.attrs.items():
        mark = PREFIX if name == "id" else ""
        written.append(f' {name}="{mark}{escape(str(value))}"')
    return "".join(written)
