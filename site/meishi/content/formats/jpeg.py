"""JPEG: a chain of segments, then compressed scans, then whatever a phone hides behind the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meishi.content.formats.exif import orientation, turned
from meishi.content.formats.info import BrokenPictureError, PictureInfo

_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01
_COM, _APP0, _APP1, _APP2, _APP14, _APP15 = 0xFE, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
# Inside a scan FF 00 is a stuffed byte, FF D0…D7 a restart, FF FF padding; anything else ends it.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each marker with its whole bytes; a scan comes with its compressed data."""
    position = 2
    yield _SOI, data[:2]
    while True:
        if data[position : position + 1] != b"\xff":
            raise BrokenPictureError("the JPEG is cut off or damaged")
        while data[position + 1 : position + 2] == b"\xff":
            position += 1
        if position + 2 > len(data):
            raise BrokenPictureError("the JPEG is cut off")
        marker = data[position + 1]
        if marker == _EOI:
            yield marker, data[position : position + 2]
            return
        if marker == _TEM or 0xD0 <= marker <= 0xD7:
            end = position + 2
        else:
            length = int.from_bytes(data[position + 2 : position + 4], "big")
            end = position + 2 + length
            if length < 2 or end > len(data):
                raise BrokenPictureError("the JPEG is cut off")
            if marker == _SOS:
                found = _SCAN_END.search(data, end)
                if found is None:
                    raise BrokenPictureError("the JPEG is cut off")
                end = found.start()
        yield marker, data[position:end]
        position = end


def describe(data: bytes) -> PictureInfo:
    """Read the size and the orientation, walking to the end so that a cut-off file is found."""
    frame = b""
    scans = 0
    value = 1
    for marker, segment in _segments(data):
        if marker in _FRAMES and not frame:
            frame = segment
        elif marker == _SOS:
            scans += 1
        elif marker == _APP1 and segment[4:10] == b"Exif\0\0" and value == 1:
            value = orientation(segment[10:])
    if len(frame) < 10 or not scans:
        raise BrokenPictureError("the JPEG holds no picture")
    height, width = int.from_bytes(frame[5:7], "big"), int.from_bytes(frame[7:9], "big")
    width, height = turned(width, height, value)
    return PictureInfo(width, height, "jpeg", orientation=value)


def strip(data: bytes) -> bytes:
    """Drop all but picture, colour profile and colour transform, without compressing anew."""
    return b"".join(_kept(marker, segment) for marker, segment in _segments(data))


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _APP0 and segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        # A JFIF header may carry a thumbnail of the picture before it was cropped.
        return segment[:2] + b"\x00\x10" + segment[4:16] + b"\0\0"
    if marker == _APP2 and segment[4:16] == b"ICC_PROFILE\0":
        return segment
    if marker == _APP14 and segment[4:9] == b"Adobe":
        return segment
    if marker == _COM or _APP0 <= marker <= _APP15:
        return b""
    return segment
