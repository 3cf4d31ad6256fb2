"""WebP: a RIFF file of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from meishi.content.formats.exif import orientation, turned
from meishi.content.formats.info import BrokenPictureError, PictureInfo

_KEPT = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_ANIMATION, _XMP, _EXIF, _ALPHA = 0x02, 0x04, 0x08, 0x10


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's name with its whole bytes, padding included."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise BrokenPictureError("the WebP is cut off")
    position = 12
    while position + 8 <= end:
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        following = position + 8 + length + (length & 1)
        if position + 8 + length > end:
            raise BrokenPictureError("the WebP is cut off or damaged")
        yield data[position : position + 4], data[position:following].ljust(8 + length + (length & 1), b"\0")
        position = following


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def describe(data: bytes) -> PictureInfo:
    """Read size, transparency, animation and orientation."""
    width = height = 0
    alpha = animated = drawn = False
    value = 1
    for name, chunk in _chunks(data):
        body = chunk[8:]
        if name == b"VP8X" and len(body) >= 10:
            width, height = _number(body[4:7]) + 1, _number(body[7:10]) + 1
            animated, alpha = bool(body[0] & _ANIMATION), bool(body[0] & _ALPHA)
        elif name == b"VP8 " and not width and len(body) >= 10:
            width, height = _number(body[6:8]) & 0x3FFF, _number(body[8:10]) & 0x3FFF
        elif name == b"VP8L" and not width and len(body) >= 5:
            bits = _number(body[1:5])
            width, height, alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
        elif name == b"EXIF":
            value = orientation(body.removeprefix(b"Exif\0\0"))
        drawn = drawn or name in (b"VP8 ", b"VP8L", b"ANMF")
    if not width or not drawn:
        raise BrokenPictureError("the WebP holds no picture")
    width, height = turned(width, height, value)
    return PictureInfo(width, height, "webp", animated, alpha, value)


def strip(data: bytes) -> bytes:
    """Drop EXIF, XMP and unknown chunks, and what follows the end."""
    body = b"".join(_without_flags(name, chunk) for name, chunk in _chunks(data) if name in _KEPT)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _without_flags(name: bytes, chunk: bytes) -> bytes:
    if name != b"VP8X":
        return chunk
    return chunk[:8] + bytes((chunk[8] & ~(_XMP | _EXIF),)) + chunk[9:]
