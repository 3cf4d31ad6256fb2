"""Picture files as cameras, phones and programs write them."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

SECRETS = (
    b"Exif",
    b"GPS",
    b"Secretcam",
    b"http://ns.adobe.com/xap",
    b"xmpmeta",
    b"Photoshop",
    b"at home",
    b"Kyoto",
)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>Kyoto</rdf:RDF></x:xmpmeta>'


def drawing(width: int = 900, height: int = 600) -> Image.Image:
    """Draw a picture whose four quarters differ: red, green, blue, white from the upper left."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    picture.paste("lime", (width // 2, 0, width, height // 2))
    picture.paste("blue", (0, height // 2, width // 2, height))
    return picture


def photograph(width: int = 900, height: int = 600) -> Image.Image:
    """Draw a picture with many colours."""
    waves = Image.effect_mandelbrot((width, height), (-2.0, -1.5, 1.0, 1.5), 40)
    return Image.merge(
        "RGB",
        (
            waves,
            waves.transpose(Image.Transpose.ROTATE_180),
            Image.linear_gradient("L").resize((width, height)),
        ),
    )


def exif(orientation: int = 1) -> Image.Exif:
    """Make EXIF data with a camera, a place on Earth and an orientation."""
    data = Image.Exif()
    data[0x010F] = "Secretcam"
    data[0x0112] = orientation
    place = data.get_ifd(0x8825)
    place[1], place[2] = "N", (35.0, 0.0, 42.0)
    place[3], place[4] = "E", (135.0, 46.0, 6.0)
    return data


def save(path: Path, picture: Image.Image, **options: Any) -> Path:
    """Save a picture in the format of its ending."""
    picture.save(path, **options)
    return path


def colour_profile() -> bytes:
    """Make a colour profile that is not the web's own."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def with_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """Put segments after the beginning of a JPEG."""
    made = b"".join(
        b"\xff" + bytes((marker,)) + (len(body) + 2).to_bytes(2, "big") + body for marker, body in segments
    )
    return jpeg[:2] + made + jpeg[2:]


def pixels(path: Path) -> list[Any]:
    """Decode a picture."""
    # Pillow warns of metadata that it cannot read; that is what is to be dropped.
    with warnings.catch_warnings(action="ignore"), Image.open(path) as picture:
        return [picture.mode, picture.size, picture.convert("RGBA").tobytes()]


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode a picture."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
