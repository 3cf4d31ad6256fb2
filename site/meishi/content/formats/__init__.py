"""The picture formats that browsers show, read from their bytes alone.

One module a format, each with `describe(data)` and, where it can hold something private, `strip(data)`,
which never compresses anew. Nothing here needs Pillow, so a build that makes no picture never pays for it.
"""

from __future__ import annotations

from collections.abc import Callable

from meishi.content.formats import avif, bitmap, gif, jpeg, png, svg, webp
from meishi.content.formats.info import MIME, BrokenPictureError, PictureInfo

__all__ = ["MIME", "BrokenPictureError", "PictureInfo", "describe", "recognise", "strip"]

_DESCRIBE: dict[str, Callable[[bytes], PictureInfo]] = {
    "jpeg": jpeg.describe,
    "png": png.describe,
    "gif": gif.describe,
    "webp": webp.describe,
    "avif": avif.describe,
    "svg": svg.describe,
    "bmp": bitmap.describe_bmp,
    "ico": bitmap.describe_ico,
}
_STRIP: dict[str, Callable[[bytes], bytes]] = {
    "jpeg": jpeg.strip,
    "png": png.strip,
    "gif": gif.strip,
    "webp": webp.strip,
    "avif": avif.strip,
}
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"II*\0", "a TIFF or a camera's raw file"),
    (b"MM\0*", "a TIFF or a camera's raw file"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 file"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 file"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL file"),
    (b"\xff\x0a", "a JPEG XL file"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"version https://git-lfs", "a Git LFS pointer, not the picture itself"),
)
_HEIF = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))


def recognise(data: bytes) -> str:
    """Name the format by the first bytes, whatever the file is called."""
    if not data:
        raise BrokenPictureError("the file is empty")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(png.SIGNATURE):
        return "png"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data[:4] == b"\0\0\1\0":
        return "ico"
    if data[4:8] == b"ftyp":
        return _media_brand(data)
    if _is_svg(data):
        return "svg"
    for start, name in _FOREIGN:
        if data.startswith(start):
            raise BrokenPictureError(f"this is {name}")
    raise BrokenPictureError("this is not a picture")


def _media_brand(data: bytes) -> str:
    size = int.from_bytes(data[:4], "big")
    brands = {data[at : at + 4] for at in (8, *range(16, min(size, 256), 4))}
    if brands & {b"avif", b"avis"}:
        return "avif"
    if brands & _HEIF:
        raise BrokenPictureError("this is a HEIC picture, which most browsers cannot show")
    raise BrokenPictureError("this is a video")


def _is_svg(data: bytes) -> bool:
    start = data[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.replace(b"\0", b"")[2:]
    return start[:1] == b"<" and (b"<svg" in start or b":svg" in start or b"<!DOCTYPE svg" in start)


def describe(data: bytes) -> PictureInfo:
    """Read size and nature of a picture; raise BrokenPictureError for what is none or is cut off."""
    return _DESCRIBE[recognise(data)](data)


def strip(data: bytes) -> bytes:
    """Return the picture without metadata, byte for byte the same picture; it may be `data` itself."""
    action = _STRIP.get(recognise(data))
    stripped = action(data) if action else data
    return data if stripped == data else stripped
