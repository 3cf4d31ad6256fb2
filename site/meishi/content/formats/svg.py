"""SVG: text, of which only the first tag is read."""

from __future__ import annotations

import re
from xml.parsers import expat

from meishi.content.formats.info import BrokenPictureError, PictureInfo

# CSS pixels per unit (https://www.w3.org/TR/css-values-3/#absolute-lengths).
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_UNITS |= {"q": 2.4 / 2.54, "em": 16.0, "rem": 16.0, "ex": 8.0}
_LENGTH = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s,]+")
# What browsers take when a drawing says nothing about its size.
_DEFAULT = (300, 150)


class _FoundError(Exception):
    """Stop the parser at the first tag."""


def describe(data: bytes) -> PictureInfo:
    """Read width and height, or the shape of the viewBox where one of them is missing."""
    attributes = _root(data)
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    box = _view_box(attributes.get("viewBox"))
    if box and not (width and height):
        ratio = box[0] / box[1]
        if width:
            height = width / ratio
        elif height:
            width = height * ratio
        else:
            width, height = box
    return PictureInfo(
        max(1, round(width or _DEFAULT[0])), max(1, round(height or _DEFAULT[1])), "svg", has_alpha=True
    )


def _root(data: bytes) -> dict[str, str]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "svg":
            found.append(attributes)
        raise _FoundError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except _FoundError:
        pass
    except expat.ExpatError as error:
        raise BrokenPictureError(f"the SVG is not well-formed ({error})") from error
    if not found:
        raise BrokenPictureError("the file holds no <svg>")
    return found[0]


def _pixels(value: str | None) -> float | None:
    match = _LENGTH.fullmatch(value or "")
    if match is None or match[2].lower() not in _UNITS:
        return None  # A percentage is a part of something that is not known here.
    return min(float(match[1]) * _UNITS[match[2].lower()], 100_000.0) or None


def _view_box(value: str | None) -> tuple[float, float] | None:
    try:
        _, _, width, height = (float(part) for part in _SEPARATOR.split((value or "").strip()))
    except ValueError:
        return None
    return (width, height) if 0 < width < 1e7 and 0 < height < 1e7 else None
