"""PNG: a chain of chunks with checksums."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from meishi.content.formats.exif import orientation, turned
from meishi.content.formats.info import BrokenPictureError, PictureInfo

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What changes the picture on the screen. Text, time, EXIF, previews and private chunks are not among it.
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT".split()
    + b"acTL fcTL fdAT".split()
)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's name with its whole bytes, as far as IEND."""
    position = len(SIGNATURE)
    while True:
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            raise BrokenPictureError("the PNG is cut off")
        chunk = data[position:end]
        name = chunk[4:8]
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise BrokenPictureError(f"the PNG is damaged (checksum of {name.decode('latin-1')})")
        yield name, chunk
        if name == b"IEND":
            return
        position = end


def describe(data: bytes) -> PictureInfo:
    """Read size, transparency, animation and orientation, checking every checksum."""
    header = b""
    alpha = animated = drawn = False
    value = 1
    for name, chunk in _chunks(data):
        if name == b"IHDR":
            header = chunk[8:-4]
        elif name == b"IDAT":
            drawn = True
        elif name == b"tRNS":
            alpha = True
        elif name == b"acTL":
            animated = True
        elif name == b"eXIf":
            value = orientation(chunk[8:-4])
    if len(header) != 13 or not drawn:
        raise BrokenPictureError("the PNG holds no picture")
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    width, height = turned(width, height, value)
    return PictureInfo(width, height, "png", animated, alpha or header[9] in (4, 6), value)


def strip(data: bytes) -> bytes:
    """Drop text, EXIF, time and private chunks, and what follows the end."""
    return SIGNATURE + b"".join(chunk for name, chunk in _chunks(data) if name in _KEPT)
