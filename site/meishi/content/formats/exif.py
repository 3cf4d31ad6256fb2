"""The one thing in EXIF that changes how a picture looks: its orientation."""

from __future__ import annotations

import struct

_ORIENTATION = 0x0112
_SHORT = 3


def orientation(tiff: bytes) -> int:
    """Read the orientation (1…8) from EXIF bytes that begin with the TIFF header; 1 when there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (offset,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, offset)
        for index in range(count):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, offset + 2 + 12 * index)
            if tag == _ORIENTATION and kind == _SHORT:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # A damaged EXIF block never makes a picture unreadable; browsers ignore it too.
    return 1


def turned(width: int, height: int, value: int) -> tuple[int, int]:
    """Swap the sides for the four orientations that lie on their side."""
    return (height, width) if value >= 5 else (width, height)
