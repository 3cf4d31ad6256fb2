"""Content types as GitHub Pages sends them, the same on every machine."""

from __future__ import annotations

import mimetypes

_TEXT = "; charset=utf-8"
_TYPES = {
    "atom": "application/atom+xml", "avif": "image/avif", "bmp": "image/bmp", "css": f"text/css{_TEXT}",
    "csv": f"text/csv{_TEXT}", "eot": "application/vnd.ms-fontobject", "gif": "image/gif",
    "htm": f"text/html{_TEXT}", "html": f"text/html{_TEXT}", "ico": "image/vnd.microsoft.icon",
    "ics": f"text/calendar{_TEXT}", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "js": f"application/javascript{_TEXT}", "json": f"application/json{_TEXT}",
    "map": f"application/json{_TEXT}", "md": f"text/markdown{_TEXT}", "mjs": f"application/javascript{_TEXT}",
    "mp3": "audio/mpeg", "mp4": "video/mp4", "ogg": "audio/ogg", "otf": "font/otf", "pdf": "application/pdf",
    "png": "image/png", "rss": "application/rss+xml", "svg": "image/svg+xml", "ttf": "font/ttf",
    "txt": f"text/plain{_TEXT}", "vcf": "text/x-vcard", "wasm": "application/wasm", "wav": "audio/wav",
    "webm": "video/webm", "webmanifest": f"application/manifest+json{_TEXT}", "webp": "image/webp",
    "woff": "font/woff", "woff2": "font/woff2", "xhtml": "application/xhtml+xml", "xml": "application/xml",
    "zip": "application/zip",
}  # fmt: skip
#: What is not compressed already.
_COMPRESSED = (
    "text/", "application/javascript", "application/json", "application/manifest+json", "application/xml",
    "application/atom+xml", "application/rss+xml", "application/xhtml+xml", "image/svg+xml",
    "application/vnd.ms-fontobject", "font/otf", "font/ttf", "application/wasm", "image/vnd.microsoft.icon",
)  # fmt: skip
# Python's own table without the machine's.
_OTHERS = mimetypes.MimeTypes()


def content_type(name: str) -> str:
    """Return the type of a file by its name."""
    ending = name.rpartition("/")[2].lower().rpartition(".")
    known = _TYPES.get(ending[2]) if ending[1] else None
    return known or _OTHERS.guess_type(name)[0] or "application/octet-stream"


def worth_compressing(kind: str) -> bool:
    """Tell whether GitHub sends a type compressed to browsers that ask for it."""
    return kind.startswith(_COMPRESSED)
