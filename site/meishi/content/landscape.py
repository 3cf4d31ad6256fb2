"""The ground of social cards: the theme's sun and hills, with an empty card before them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from meishi.content import colours

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 1200, 630
LEFT, TOP, RIGHT, BOTTOM = 92, 78, 1108, 552
_PAPER = "#fffdf8"
_DESK, _DUSK, _HILL, _SHADE = (239, 233, 221), (226, 214, 194), (43, 48, 56), (64, 48, 24)
_SUN = (1040, 34, 1166, 160)
_SMOOTH = 3
# Ridges from far to near: base, (middle, height, left flank, right flank) of each peak, darkness, phase.
_RIDGES = (
    (520, ((905, 210, 190, 240), (150, 120, 150, 170)), 0.26, 1.3),
    (575, ((55, 250, 130, 190), (620, 60, 200, 200), (1190, 240, 190, 140)), 0.42, 4.1),
    (604, ((170, 46, 170, 190), (560, 12, 160, 190), (1010, 64, 190, 150)), 0.82, 2.2),
)


def empty_card(accent: colours.RGB) -> Image:
    """Draw desk, sun and hills, and a blank card with its shadow."""
    from PIL import Image, ImageDraw, ImageFilter

    size = (WIDTH, HEIGHT)
    ground = Image.composite(Image.new("RGB", size, _DUSK), Image.new("RGB", size, _DESK), _fade(0, HEIGHT))
    ground.paste(Image.new("RGB", size, accent), mask=_sun())
    for base, peaks, darkness, phase in _RIDGES:
        ground.paste(Image.new("RGB", size, _HILL), mask=_ridge(base, peaks, darkness, phase))
    shadow = Image.new("L", size)
    ImageDraw.Draw(shadow).rectangle((LEFT + 10, TOP + 26, RIGHT - 10, BOTTOM + 20), 96)
    ground.paste(Image.new("RGB", size, _SHADE), mask=shadow.filter(ImageFilter.GaussianBlur(22)))
    edge = Image.new("L", size)
    ImageDraw.Draw(edge).rounded_rectangle((LEFT - 1, TOP - 1, RIGHT, BOTTOM + 1), 5, 40)
    ground.paste(Image.new("RGB", size, _SHADE), mask=edge)
    ImageDraw.Draw(ground).rounded_rectangle((LEFT, TOP, RIGHT - 1, BOTTOM - 1), 4, _PAPER)
    return ground


def _fade(start: int, end: int) -> Image:
    """Make a mask that grows from nothing at one height to all at another."""
    from PIL import Image

    column = Image.new("L", (1, HEIGHT))
    column.putdata([round(255 * min(1.0, max(0.0, (y - start) / (end - start)))) for y in range(HEIGHT)])
    return column.resize((WIDTH, HEIGHT))


def _sun() -> Image:
    from PIL import Image, ImageChops, ImageDraw

    disc = Image.new("L", (WIDTH * _SMOOTH, HEIGHT * _SMOOTH))
    ImageDraw.Draw(disc).ellipse([place * _SMOOTH for place in _SUN], 235)
    # It fades towards the haze over the hills.
    haze = _fade(_SUN[1] + 30, _SUN[3]).point([round(value * 0.75) for value in range(256)])
    return ImageChops.subtract(disc.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), haze)


def _ridge(base: int, peaks: tuple[tuple[int, int, int, int], ...], darkness: float, phase: float) -> Image:
    """Make the mask of one chain of hills: dark at its edge, lost in haze below."""
    from PIL import Image, ImageChops, ImageDraw

    outline = [(x, _height_at(x, base, peaks, phase)) for x in range(0, WIDTH + 4, 4)]
    hill = Image.new("L", (WIDTH * _SMOOTH, HEIGHT * _SMOOTH))
    corners = [(WIDTH + 4, HEIGHT), (0, HEIGHT)]
    ImageDraw.Draw(hill).polygon([(x * _SMOOTH, y * _SMOOTH) for x, y in (*outline, *corners)], 255)
    hill = hill.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    highest = round(min(y for _, y in outline))
    haze = _fade(highest, HEIGHT + 60).point(
        [round(255 * darkness * (1 - 0.85 * value / 255)) for value in range(256)]
    )
    return ImageChops.multiply(hill, haze)


def _height_at(x: int, base: int, peaks: tuple[tuple[int, int, int, int], ...], phase: float) -> float:
    rise = max(
        height * math.exp(-(abs((x - middle) / (left if x < middle else right)) ** 1.25))
        for middle, height, left, right in peaks
    )
    rough = sum(
        math.sin(x / length * math.tau + phase * turn) * depth
        for turn, (length, depth) in enumerate(((310, 5), (131, 4), (67, 2.6), (29, 1.5), (17, 0.9)), 1)
    )
    return base - rise - rough * (0.5 + rise / 200)
