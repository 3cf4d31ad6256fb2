"""AVIF: nested boxes (ISO/IEC 14496-12 and 23008-12), with metadata as items beside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meishi.content.formats.info import BrokenPictureError, PictureInfo

_ALPHA = b":auxiliary:alpha"
# EXIF without an entry: four bytes of offset, the TIFF header, an empty directory.
_EMPTY_EXIF = b"\0\0\0\0" + b"MM\0*\0\0\0\x08" + b"\0\0" + b"\0\0\0\0"
_EMPTY_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name of each box between two places, and where its body begins and ends."""
    while start + 8 <= end:
        size = int.from_bytes(data[start : start + 4], "big")
        name = data[start + 4 : start + 8]
        body = start + 8
        if size == 1:
            size = int.from_bytes(data[start + 8 : start + 16], "big")
            body = start + 16
        following = end if size == 0 else start + size
        if following > end or following < body:
            raise BrokenPictureError("the AVIF is cut off")
        yield name, body, following
        start = following


def _child(data: bytes, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Find a box by its path, skipping the version and flags that `meta` begins with."""
    for name, body, following in _boxes(data, start, end):
        if name == path[0]:
            body += 4 if name == b"meta" else 0
            return _child(data, body, following, *path[1:]) if len(path) > 1 else (body, following)
    return None


def describe(data: bytes) -> PictureInfo:
    """Read size, transparency and rotation; a cut-off file is found by where its items end."""
    properties = _child(data, 0, len(data), b"meta", b"iprp", b"ipco")
    if properties is None:
        raise BrokenPictureError("the AVIF holds no picture")
    sizes = []
    quarter = 0
    for name, body, _ in _boxes(data, *properties):
        if name == b"ispe":
            sides = data[body + 4 : body + 8], data[body + 8 : body + 12]
            sizes.append((int.from_bytes(sides[0], "big"), int.from_bytes(sides[1], "big")))
        elif name == b"irot":
            quarter = data[body] & 3
    if not sizes:
        raise BrokenPictureError("the AVIF holds no picture")
    for item in _items(data):
        if item.end > len(data):
            raise BrokenPictureError("the AVIF is cut off")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    if quarter % 2:
        width, height = height, width
    animated = b"avis" in data[8 : 8 + 4] or _child(data, 0, len(data), b"moov") is not None
    return PictureInfo(width, height, "avif", animated, _ALPHA in data)


def strip(data: bytes) -> bytes:
    """Blank EXIF and XMP where they stand, so that no place in the file moves."""
    result = bytearray(data)
    names = _item_types(data)
    for item in _items(data):
        length = item.end - item.start
        if item.end > len(data):
            raise BrokenPictureError("the AVIF is cut off")
        if names.get(item.number) == b"Exif":
            result[item.start : item.end] = _EMPTY_EXIF[:length].ljust(length, b"\0")
        elif names.get(item.number) in (b"mime", b"uri "):
            empty = _EMPTY_XMP if length >= len(_EMPTY_XMP) else b""
            result[item.start : item.end] = empty.ljust(length)
    return bytes(result)


class _Extent(NamedTuple):
    number: int
    start: int
    end: int


def _item_types(data: bytes) -> dict[int, bytes]:
    place = _child(data, 0, len(data), b"meta", b"iinf")
    if place is None:
        return {}
    start, end = place
    names = {}
    for name, body, following in _boxes(data, start + (6 if data[start] == 0 else 8), end):
        if name == b"infe" and data[body] >= 2:
            wide = 4 if data[body] >= 3 else 2
            number = int.from_bytes(data[body + 4 : body + 4 + wide], "big")
            names[number] = data[body + 6 + wide : min(body + 10 + wide, following)]
    return names


def _items(data: bytes) -> list[_Extent]:
    """List where in the file each item lies (box `iloc`, and `idat` for items inside `meta`)."""
    place = _child(data, 0, len(data), b"meta", b"iloc")
    if place is None:
        return []
    reader = _Reader(data, *place)
    version = reader.number(1)
    reader.number(3)
    sizes = reader.number(2)
    offset_size, length_size = sizes >> 12, sizes >> 8 & 15
    base_size, index_size = sizes >> 4 & 15, (sizes & 15 if version else 0)
    inside = _child(data, 0, len(data), b"meta", b"idat")
    extents = []
    for _ in range(reader.number(4 if version == 2 else 2)):
        number = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size) + (inside[0] if method == 1 and inside else 0)
        for _ in range(reader.number(2)):
            reader.number(index_size)
            start = base + reader.number(offset_size)
            # No length means as far as the end.
            length = reader.number(length_size) or len(data) - start
            extents.append(_Extent(number, start, start + length))
    return extents


class _Reader:
    """Read big-endian numbers one after the other."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._position = start
        self._end = end

    def number(self, size: int) -> int:
        end = self._position + size
        if end > self._end:
            raise BrokenPictureError("the AVIF is damaged")
        value = int.from_bytes(self._data[self._position : end], "big")
        self._position = end
        return value
