"""BMP and ICO: old friends that browsers still show."""

from __future__ import annotations

from meishi.content.formats.info import BrokenPictureError, PictureInfo


def describe_bmp(data: bytes) -> PictureInfo:
    """Read the size of a BMP."""
    if len(data) < 26 or len(data) < int.from_bytes(data[2:6], "little"):
        raise BrokenPictureError("the BMP is cut off")
    if int.from_bytes(data[14:18], "little") == 12:
        width, height = int.from_bytes(data[18:20], "little"), int.from_bytes(data[20:22], "little")
    else:
        width = int.from_bytes(data[18:22], "little", signed=True)
        height = int.from_bytes(data[22:26], "little", signed=True)
    return PictureInfo(abs(width), abs(height), "bmp")


def describe_ico(data: bytes) -> PictureInfo:
    """Read the size of the largest icon in an ICO."""
    count = int.from_bytes(data[4:6], "little")
    if not count or len(data) < 6 + 16 * count:
        raise BrokenPictureError("the ICO is cut off")
    # A byte of 0 stands for 256.
    sizes = [(data[at] or 256, data[at + 1] or 256) for at in range(6, 6 + 16 * count, 16)]
    width, height = max(sizes)
    return PictureInfo(width, height, "ico", has_alpha=True)
