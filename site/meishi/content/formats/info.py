"""What a picture's own bytes say about it."""

from __future__ import annotations

from typing import NamedTuple

MIME = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "bmp": "image/bmp",
    "ico": "image/vnd.microsoft.icon",
}


class BrokenPictureError(ValueError):
    """Say what is wrong with a picture's bytes; who knows the file turns it into an ImageError."""


class PictureInfo(NamedTuple):
    """Describe a picture as a browser shows it: width and height are those after rotation."""

    width: int
    height: int
    format: str
    animated: bool = False
    has_alpha: bool = False
    # The EXIF value 1…8; what it asks for is already in width and height.
    orientation: int = 1

    @property
    def mime(self) -> str:
        """Name the media type."""
        return MIME[self.format]
