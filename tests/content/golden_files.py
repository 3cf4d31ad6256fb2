"""How golden files are rendered: slots shown by what they hold."""

from __future__ import annotations

from html import escape
from pathlib import Path

from meishi.content.markdown import (
    Document,
    ImageSlot,
    LinkSlot,
    MarkdownSettings,
    Slot,
    fill,
    render,
)

FOLDER = Path(__file__).parent / "golden"
SETTINGS = MarkdownSettings(shortcodes=("own",))


def shown(document: Document, html: str | None = None) -> str:
    """Fill a document's slots with what they hold, and its ids with the prefix p-."""

    def filler(slot: Slot) -> str:
        if isinstance(slot, LinkSlot):
            kind = slot.kind + (f"({slot.language})" if slot.language else "")
            return escape(f"{kind}:{slot.destination}")
        if isinstance(slot, ImageSlot):
            more = "".join(f' {name}="{value}"' for name, value in slot.attributes)
            title = f' title="{escape(slot.title)}"' if slot.title else ""
            return f'<img src="{escape(slot.destination)}" alt="{escape(slot.alt)}"{title}{more}>'
        values = [*map(repr, slot.positional), *(f"{key}={value!r}" for key, value in slot.named)]
        place = "attribute" if slot.attribute else "inline" if slot.inline else "block"
        inner = "" if slot.inner is None else f"[[{fill(slot.inner, document.slots, filler, prefix='p-')}]]"
        return f"{{{place} {slot.name}({', '.join(values)}){inner}}}"

    return fill(document.html if html is None else html, document.slots, filler, prefix="p-")


def render_golden(name: str) -> str:
    """Render one of the golden sources."""
    return shown(render((FOLDER / f"{name}.md").read_text("utf-8"), SETTINGS))
