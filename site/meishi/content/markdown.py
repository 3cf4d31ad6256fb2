"""Markdown to HTML: what GitHub and Hugo understand, with places left for links, pictures and shortcodes.

The result is a value: it can be kept in a cache by the hash of (source, settings) and sent between processes.
Importing this module is light; the parser is loaded with the first text that is rendered.
"""

from __future__ import annotations

from meishi.content.documents import Document, Heading, MarkdownSettings, Remark
from meishi.content.slots import Filler, ImageSlot, LinkSlot, ShortcodeSlot, Slot, fill


def render(source: str, settings: MarkdownSettings, *, first_line: int = 1) -> Document:
    """Render Markdown; first_line is the line of the file where the source begins."""
    from meishi.content.composing import compose

    return compose(source, settings, first_line)


__all__ = [
    "Document",
    "Filler",
    "Heading",
    "ImageSlot",
    "LinkSlot",
    "MarkdownSettings",
    "Remark",
    "ShortcodeSlot",
    "Slot",
    "fill",
    "render",
]
