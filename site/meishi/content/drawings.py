"""SVG drawings without what they may do besides drawing: scripts, links to other hosts, foreign markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from meishi.content.formats import BrokenPictureError

#: Pictures inside a drawing may be of these kinds; a drawing inside a drawing could hide things again.
_INSIDE = {"image": ["png", "jpeg", "gif", "webp"]}
#: What a comparison of elements cannot see: document types, style sheets by instruction.
_UNSEEN = re.compile(rb"<!DOCTYPE|<!ENTITY|<\?(?!xml\s)", re.IGNORECASE)


def clean_drawing(data: bytes) -> bytes:
    """Return the drawing without anything active; it is `data` itself where there was nothing of the kind."""
    from py_svg_hush import filter_svg

    if b"<!ENTITY" in data:
        raise BrokenPictureError("the SVG defines entities, which can grow without end")
    try:
        cleaned: bytes = filter_svg(data, keep_data_url_mime_types=_INSIDE)
        if not _UNSEEN.search(data) and list(_parts(data)) == list(_parts(cleaned)):
            # The cleaner also lays out the text anew, which a harmless drawing need not suffer.
            return data
    except (ValueError, ElementTree.ParseError) as error:
        raise BrokenPictureError(f"the SVG cannot be read ({error})") from error
    return cleaned


def _parts(data: bytes) -> Iterator[tuple[object, ...]]:
    """Yield what a drawing is made of, without its comments and the spaces between elements."""
    # Without entities this parser is harmless.
    for element in ElementTree.fromstring(data).iter():  # noqa: S314
        yield element.tag, sorted(element.attrib.items()), len(element), *_text(element)


def _text(element: Element) -> tuple[str, str]:
    return " ".join((element.text or "").split()), " ".join((element.tail or "").split())
