"""Files that the owner brings: looked into before they are kept, and named for every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from meishi.content import formats, raster
from meishi.content.drawings import clean_drawing
from meishi.content.formats import BrokenPictureError, PictureInfo
from meishi.content.images import inspected
from meishi.errors import ContentError, ImageError

#: Bytes. GitHub takes no file of 100 MB, and a picture of 40 MB is none for a web page any more.
PICTURE_BYTES, FILE_BYTES = 40_000_000, 90_000_000
#: Bytes of a name without its ending: long enough for a sentence, short enough for every system.
NAME_BYTES = 120

_ENDINGS = {
    "jpeg": "jpg", "png": "png", "gif": "gif", "webp": "webp", "avif": "avif", "svg": "svg",
    "bmp": "bmp", "ico": "ico",
}  # fmt: skip
#: Windows keeps these names for itself.
_RESERVED = re.compile(r"con|prn|aux|nul|conin|conout|com[0-9]|lpt[0-9]")


class UploadError(ContentError):
    """Reject a file that is no good for a site."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is going to be kept; `picture` is None for other files."""

    stem: str
    ending: str
    data: bytes
    picture: PictureInfo | None

    def name(self, number: int = 1) -> str:
        """Return the file's name; the second of the same name is number 2."""
        return f"{self.stem}.{self.ending}" if number == 1 else f"{self.stem}-{number}.{self.ending}"


def received(name: str, data: bytes) -> Upload:
    """Look into a file that was sent: its bytes say what it is, not its name."""
    shown = PurePosixPath(_last(name))
    if not shown.name.strip("."):
        shown = PurePosixPath("file")
    if not data:
        raise UploadError("the file is empty", path=shown, hint="Choose another one")
    if len(data) > FILE_BYTES:
        raise too_large(shown, FILE_BYTES)
    ending = shown.suffix.lower().lstrip(".")
    if (known := _OTHERS.get(ending)) is not None and known(data):
        return Upload(stem_of(name), ending, data, None)
    try:
        kind = formats.recognise(data)
    except BrokenPictureError as error:
        raise _refused(shown, ending, str(error)) from error
    if len(data) > PICTURE_BYTES:
        raise too_large(shown, PICTURE_BYTES)
    named = shown.with_suffix(f".{_ENDINGS[kind]}")
    cleaned = _picture(named, data, kind)
    return Upload(stem_of(name), _ENDINGS[kind], cleaned, formats.describe(cleaned))


def too_large(path: PurePosixPath, limit: int) -> UploadError:
    """Make the error for a file beyond the limit."""
    return UploadError(
        f"the file is larger than {limit // 1_000_000} MB", path=path, hint="Make it smaller first"
    )


def _picture(path: PurePosixPath, data: bytes, kind: str) -> bytes:
    """Decode a picture, turn it upright, and drop all that it tells besides what it shows."""
    inspected(Path(path), data)
    try:
        if kind == "svg":
            return clean_drawing(data)
        # Metadata is where decoders stumble, and none of it is needed.
        info, plain = formats.describe(data), formats.strip(data)
        with raster.opened(plain) as image:
            raster.upright(image, 1)
        if info.orientation == 1 or info.animated:
            return plain
        return formats.strip(raster.rotated(plain, info.orientation))
    except BrokenPictureError as error:
        raise ImageError(str(error), path=path, hint="Save it again as JPEG, PNG or WebP") from error


def _refused(path: PurePosixPath, ending: str, reason: str) -> UploadError:
    if ending in _OTHERS:
        return UploadError(
            f"this is not what its name says, a .{ending} file", path=path, hint="Look where it comes from"
        )
    if reason.startswith("this is a") and reason != "this is not a picture":
        return UploadError(reason, path=path, hint="Save it as JPEG, PNG or WebP, and send that")
    return UploadError(
        "files of this kind are not taken", path=path, hint=f"Pictures, and {', '.join(sorted(_OTHERS))}"
    )


def stem_of(name: str) -> str:
    """Make a readable name of a file's: letters and numbers of any script, joined by hyphens."""
    text = unicodedata.normalize("NFC", _last(name))
    stem = text.rpartition(".")[0] if "." in text[1:] else text
    kept = "".join(sign if _stays(sign) else " " for sign in stem.lower())
    # A dot would look like a language (photo.ja.jpg) or an ending.
    plain = re.sub(r"[\s-]+", "-", kept).strip("-_")
    while len(plain.encode()) > NAME_BYTES:
        plain = plain[:-1]
    plain = unicodedata.normalize("NFC", plain.rstrip("-_"))
    return f"{plain}-file" if _RESERVED.fullmatch(plain) else plain or "file"


def _last(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].strip()


def _stays(sign: str) -> bool:
    return sign in "-_" or unicodedata.category(sign)[0] in "LNM"


def _begins(*starts: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda data: data[at:].startswith(starts)


def _is_text(data: bytes) -> bool:
    """Tell text from bytes, and plain text from a page that a browser would run."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


# Whatever a browser would run (HTML, scripts, XML) is not among them; text is sent as text/plain.
_MP4, _ZIP = _begins(b"ftyp", at=4), _begins(b"PK\x03\x04")
_OTHERS: dict[str, Callable[[bytes], bool]] = {
    "pdf": _begins(b"%PDF-"), "zip": _ZIP, "epub": _ZIP,
    "docx": _ZIP, "xlsx": _ZIP, "pptx": _ZIP, "odt": _ZIP, "ods": _ZIP, "odp": _ZIP,
    "mp4": _MP4, "m4v": _MP4, "m4a": _MP4, "mov": _MP4,
    "webm": _begins(b"\x1a\x45\xdf\xa3"),
    "mp3": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": _begins(b"OggS"), "opus": _begins(b"OggS"), "flac": _begins(b"fLaC"),
    "wav": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE",
    "woff2": _begins(b"wOF2"),
    "txt": _is_text, "csv": _is_text, "vtt": _begins(b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    "ics": _begins(b"BEGIN:VCALENDAR"), "vcf": _begins(b"BEGIN:VCARD"),
}  # fmt: skip
#: What may be sent besides pictures, by ending.
OTHER_ENDINGS = tuple(sorted(_OTHERS))
