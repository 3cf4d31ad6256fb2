"""The owner's picture, or a letter in its place, at the size and in the shape that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from meishi.content import colours, raster
from meishi.content.formats import BrokenPictureError, strip
from meishi.content.images import inspected
from meishi.content.typeface import Typeface, plain_letters
from meishi.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

# A face is seldom in the middle of an upright photograph, but somewhat above.
_CENTRE = (0.5, 0.4)


def _smooth(size: int) -> int:
    """Say how many times larger to draw what is then made smaller: edges matter most in small pictures."""
    return 4 if size < 100 else 2


class Portrait:
    """Draw the avatar where there is one that can be drawn, else the first letter of the title."""

    def __init__(self, avatar: Path | None, title: str, accent: str | None, bold: Typeface) -> None:
        self._accent = colours.rgb(accent)
        self._bold = bold
        self._letter = self._first_letter(title)
        self._photo = _photo(avatar) if avatar is not None else None

    def mark(self, size: int, *, radius: float) -> Image:
        """Draw it with corners rounded by a part of its size; a logo without corners keeps its own shape."""
        if self._photo is not None and _has_shape(self._photo):
            return self._contained(size)
        picture = self._square(size)
        picture.putalpha(_mask(size, round(size * radius)))
        return picture

    def tile(self, size: int) -> Image:
        """Draw it as a square that is covered to its edges, for places that cut their own shape from it."""
        if self._photo is None or not _has_shape(self._photo):
            return self._square(size)
        from PIL import Image

        logo = self._contained(round(size * 0.8))
        picture = Image.new("RGBA", (size, size), "#ffffff")
        picture.alpha_composite(logo, ((size - logo.width) // 2, (size - logo.height) // 2))
        return picture

    def _first_letter(self, title: str) -> str:
        for character in plain_letters(title):
            if character.isalnum() and self._bold.can_draw(character.upper()[:1]):
                return character.upper()[:1]
        return ""

    def _square(self, size: int) -> Image:
        if self._photo is None:
            return self._lettermark(size)
        from PIL import Image, ImageOps

        return ImageOps.fit(self._photo, (size, size), Image.Resampling.LANCZOS, centering=_CENTRE)

    def _contained(self, size: int) -> Image:
        from PIL import Image, ImageOps

        assert self._photo is not None
        return ImageOps.pad(self._photo, (size, size), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))

    def _lettermark(self, size: int) -> Image:
        from PIL import Image, ImageDraw

        big = size * _smooth(size)
        ground = colours.readable(self._accent)
        picture = Image.new("RGB", (big, big), colours.name(ground))
        canvas = ImageDraw.Draw(picture)
        if self._letter:
            self._bold.centred(
                canvas,
                (big / 2, big / 2),
                self._letter,
                round(big * (0.76 if self._letter.isascii() else 0.68)),
                "#ffffff",
            )
        else:
            _business_card(canvas, big, colours.name(ground))
        return picture.reduce(_smooth(size)).convert("RGBA")


def _business_card(canvas: object, size: int, ground: str) -> None:
    """Draw a small card with a face and two lines: the mark where no letter can be drawn."""
    from PIL.ImageDraw import ImageDraw

    assert isinstance(canvas, ImageDraw)

    def at(*places: float) -> list[float]:
        return [place * size for place in places]

    canvas.rounded_rectangle(at(0.2, 0.31, 0.8, 0.69), size * 0.05, "#ffffff")
    canvas.ellipse(at(0.28, 0.41, 0.46, 0.59), ground)
    canvas.rounded_rectangle(at(0.53, 0.43, 0.72, 0.475), size * 0.02, ground)
    canvas.rounded_rectangle(at(0.53, 0.525, 0.66, 0.57), size * 0.02, ground)


def _photo(path: Path) -> Image | None:
    """Open an avatar; an SVG cannot be drawn here, so the letter stands in for it."""
    try:
        data = path.read_bytes()
        info = inspected(path, data)
        if info.format == "svg":
            return None
        with raster.opened(strip(data)) as image:
            image.draft(None, (1200, 1200))
            return raster.srgb(*raster.upright(image, info.orientation)).convert("RGBA")
    except BrokenPictureError as error:
        raise ImageError(str(error), path=path, hint="Save the avatar again as JPEG, PNG or WebP.") from error
    except OSError as error:
        raise ImageError("the avatar cannot be read", path=path) from error


def _has_shape(image: Image) -> bool:
    """Tell whether the corners are transparent."""
    right, bottom = image.width - 1, image.height - 1
    corners = (image.getpixel(place) for place in ((0, 0), (right, 0), (0, bottom), (right, bottom)))
    return all(isinstance(pixel, tuple) and pixel[3] < 128 for pixel in corners)


def _mask(size: int, radius: int) -> Image:
    from PIL import Image, ImageDraw

    times = _smooth(size)
    big = Image.new("L", (size * times, size * times))
    edge = size * times - 1
    ImageDraw.Draw(big).rounded_rectangle((0, 0, edge, edge), radius * times, 255)
    return big.reduce(times)
