"""The site's icons, one picture for each place that asks for its own size."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from meishi.content.portrait import Portrait

if TYPE_CHECKING:
    from PIL.Image import Image

# Change it when the code draws other icons of the same portrait.
VERSION = 3
NAMES = ("favicon.ico", "icon-192.png", "icon-512.png", "apple-touch-icon.png")
# A tile leaves more of a face or a letter at 16 pixels than a circle does.
_CORNER = 0.18


def favicon_files(portrait: Portrait) -> dict[str, bytes]:
    """Draw every icon of a site, by its name."""
    return {
        "favicon.ico": _ico([portrait.mark(size, radius=_CORNER) for size in (16, 32, 48)]),
        "icon-192.png": _png(portrait.mark(192, radius=_CORNER)),
        "icon-512.png": _png(portrait.mark(512, radius=_CORNER)),
        # iOS cuts the corners itself and shows what is transparent as black.
        "apple-touch-icon.png": _png(portrait.tile(180).convert("RGB")),
    }


def _png(picture: Image) -> bytes:
    out = BytesIO()
    # Smaller by a tenth would take eight times as long.
    picture.save(out, "PNG")
    return out.getvalue()


def _ico(pictures: list[Image]) -> bytes:
    """Put several sizes into one file; each is a PNG, as every browser of today reads it."""
    bodies = [_png(picture) for picture in pictures]
    place = 6 + 16 * len(bodies)
    head = b"\0\0\1\0" + len(bodies).to_bytes(2, "little")
    for picture, body in zip(pictures, bodies, strict=True):
        sides = bytes((picture.width % 256, picture.height % 256))
        head += sides + b"\0\0\1\0\x20\0" + len(body).to_bytes(4, "little") + place.to_bytes(4, "little")
        place += len(body)
    return head + b"".join(bodies)
