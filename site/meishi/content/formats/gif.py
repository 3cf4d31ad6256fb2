"""GIF: a screen, then blocks of sub-blocks."""

from __future__ import annotations

from collections.abc import Iterator

from meishi.content.formats.info import BrokenPictureError, PictureInfo

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
# The looping of animations and the colour profile; XMP hides in another application block.
_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks_end(data: bytes, position: int) -> int:
    while position < len(data):
        length = data[position]
        position += 1 + length
        if not length:
            return position
    raise BrokenPictureError("the GIF is cut off")


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind of each block (an extension's is its label) with its whole bytes."""
    if len(data) < 13:
        raise BrokenPictureError("the GIF is cut off")
    position = 13 + _colours(data[10])
    yield 0, data[:position]
    while position < len(data):
        kind = data[position]
        if kind == _TRAILER:
            break
        if kind == _EXTENSION and position + 1 < len(data):
            end = _sub_blocks_end(data, position + 2)
            yield data[position + 1], data[position:end]
        elif kind == _IMAGE and position + 9 < len(data):
            end = _sub_blocks_end(data, position + 11 + _colours(data[position + 9]))
            yield _IMAGE, data[position:end]
        else:
            raise BrokenPictureError("the GIF is cut off or damaged")
        position = end
    # Browsers show a GIF that lacks its last byte, so it is given one rather than refused.
    yield _TRAILER, b"\x3b"


def describe(data: bytes) -> PictureInfo:
    """Read size, transparency and whether there is more than one frame."""
    frames = 0
    alpha = False
    for kind, block in _blocks(data):
        if kind == _IMAGE:
            frames += 1
        elif kind == _CONTROL and len(block) > 3:
            alpha = alpha or bool(block[3] & 1)
    if not frames:
        raise BrokenPictureError("the GIF holds no picture")
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return PictureInfo(width, height, "gif", frames > 1, alpha)


def strip(data: bytes) -> bytes:
    """Drop comments, XMP and other applications' blocks, and what follows the end."""
    return b"".join(block for kind, block in _blocks(data) if _kept(kind, block))


def _kept(kind: int, block: bytes) -> bool:
    if kind == _APPLICATION:
        return block[3:14] in _APPLICATIONS
    return kind not in (_COMMENT, _PLAIN_TEXT)
