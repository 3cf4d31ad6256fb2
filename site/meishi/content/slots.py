"""Places in rendered HTML that are filled later, when addresses and pictures are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

# U+0000 cannot occur in Markdown output, so it delimits: \0N\0 is slot N, and \0# stands before an id.
SLOT = re.compile("\0(?:#|([0-9]+)\0)")
PREFIX = "\0#"

LinkKind = Literal["link", "resource", "ref", "relref"]


class LinkSlot(NamedTuple):
    """Stand for an attribute value: the address that a destination leads to.

    kind: "link" is an href, "resource" a src or the like, "ref" and "relref" come from the shortcodes,
    name a page that must exist, and may ask for it in another language. A destination that begins
    with # occurs in summaries only and belongs to the page's own address.
    """

    line: int
    destination: str
    kind: LinkKind = "link"
    language: str = ""


class ImageSlot(NamedTuple):
    """Stand for one <img> element; captions and links around it are in the HTML already."""

    line: int
    destination: str
    alt: str
    title: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    alone: bool = False


class ShortcodeSlot(NamedTuple):
    """Stand for the output of a shortcode that a template makes.

    inner is None without a closing tag; else the text between the tags, as written for {{< >}} and
    as HTML for {{% %}}, with slots of the same document in it. inline: it stands amid text.
    attribute: it stands inside an attribute's value. ordinal counts the shortcodes of its parent.
    """

    line: int
    name: str
    positional: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    inner: str | None = None
    markdown: bool = False
    inline: bool = False
    ordinal: int = 0
    attribute: bool = False


Slot = LinkSlot | ImageSlot | ShortcodeSlot
Filler = Callable[[Slot], str]


def fill(html: str, slots: Sequence[Slot], filler: Filler, *, prefix: str = "") -> str:
    """Put in what the filler makes of each slot, and the prefix before each id."""
    if "\0" not in html:
        return html

    def put(match: re.Match[str]) -> str:
        number = match[1]
        if number is None:
            return prefix
        made = filler(slots[int(number)])
        # An image's id attribute carries its mark through the filler.
        return made.replace(PREFIX, prefix) if "\0" in made else made

    return SLOT.sub(put, html)
