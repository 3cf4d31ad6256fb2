"""The owner's accent colour and those made from it."""

from __future__ import annotations

import re

# The theme's own, in static/css/site.css.
DEFAULT_ACCENT = "#c9371f"
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
RGB = tuple[int, int, int]


def rgb(colour: str | None) -> RGB:
    """Read #rgb or #rrggbb; anything else is the default accent."""
    match = _HEX.fullmatch((colour or "").strip())
    digits = match[1] if match else DEFAULT_ACCENT[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def name(colour: RGB) -> str:
    """Write a colour as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mixed(first: RGB, second: RGB, part: float) -> RGB:
    """Mix two colours; a part of 0 is all the first, 1 all the second."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def contrast(first: RGB, second: RGB) -> float:
    """Compute the contrast of two colours as WCAG does (1…21)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: RGB, ground: RGB = (255, 255, 255), least: float = 4.5) -> RGB:
    """Darken a colour until letters in it can be read on a light ground."""
    while contrast(colour, ground) < least and colour != (0, 0, 0):
        colour = mixed(colour, (0, 0, 0), 0.06)
    return colour


def _luminance(colour: RGB) -> float:
    red, green, blue = (
        part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
