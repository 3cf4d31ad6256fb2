"""Names that become paths: checked as text first, then against the disk."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePosixPath

from meishi.content.editing.errors import PathError

#: What ext4, NTFS and APFS take for one name; macOS takes about 1,000 bytes for a whole path.
NAME_BYTES, PATH_BYTES = 255, 900

_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = '<>:"|?*'
_UNSEEN = {"Cc", "Cs", "Zl", "Zp", "Cn"}
#: Marks that turn the direction of writing show another name than there is.
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BACKUP = ("~", ".swp", ".tmp")


def content_path(text: str) -> PurePosixPath:
    """Check a name below a folder, such as `notes/trip.ja.md`, as every system of ours could store it."""
    name = unicodedata.normalize("NFC", text)
    if not name.strip():
        raise PathError("the name is empty", hint="Write a name such as notes/my-day.md")
    for character in name:
        if unicodedata.category(character) in _UNSEEN or character in _BIDI:
            raise _bad(name, f"it has an invisible character (U+{ord(character):04X})", "Type the name anew")
    if "\\" in name:
        raise _bad(name, "it has a backslash", "Separate folders with /")
    if re.match(r"[A-Za-z]:", name):
        raise _bad(name, "it begins with a drive letter", "Write it as seen from the content folder")
    if name.startswith("/"):
        raise _bad(name, "it begins with /", "Write it as seen from the content folder, without / in front")
    for part in name.split("/"):
        _check_part(name, part)
    if len(name.encode()) > PATH_BYTES:
        raise _bad(name, f"it is longer than {PATH_BYTES} bytes", "Shorten it")
    return PurePosixPath(name)


def _check_part(name: str, part: str) -> None:
    if not part:
        raise _bad(name, "it has an empty part (// or / at the end)", "End it with a file's name")
    if part in {".", ".."}:
        raise _bad(name, f"it has {part} as a part", "Write it as seen from the content folder")
    if part.startswith("."):
        raise _bad(name, f"“{part}” begins with a dot, which hides it", "Begin with a letter or a number")
    if part.endswith((".", " ")) or part.startswith(" ") or part != part.strip():
        raise _bad(name, f"“{part}” begins with a space, or ends with a space or dot", "Take it away")
    if any(character in _FORBIDDEN for character in part):
        raise _bad(name, f"“{part}” has one of the signs {' '.join(_FORBIDDEN)}", "Windows cannot store it")
    if _RESERVED.fullmatch(part.partition(".")[0].rstrip()):
        raise _bad(
            name, f"Windows keeps the name “{part.partition('.')[0]}” for itself", "Choose another name"
        )
    if part.endswith(_BACKUP):
        raise _bad(
            name, f"“{part}” looks like a backup copy, which the site leaves out", "Choose another ending"
        )
    if len(part.encode()) > NAME_BYTES:
        raise _bad(
            name, f"a part of it is longer than {NAME_BYTES} bytes", "Shorten it; 日本語 takes 3 bytes a sign"
        )


def _bad(name: str, problem: str, hint: str) -> PathError:
    shown = name if len(name) <= 80 else name[:79] + "…"
    return PathError(f"“{_visible(shown)}” cannot be a file's name: {_visible(problem)}", hint=hint)


def _visible(name: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)


def inside(root: Path, path: PurePosixPath) -> Path:
    """Find the place of a checked path below `root` on the disk, which may not exist yet.

    Links are followed; one that leads out of `root` is an error, and so is a name that another one
    differs from only in capitals: some systems could not tell the two apart.
    """
    checked = content_path(path.as_posix())
    top = root.resolve()
    place = top
    for number, part in enumerate(checked.parts):
        if number and place.exists() and not place.is_dir():
            raise PathError(f"“{'/'.join(checked.parts[:number])}” is a file, not a folder", path=checked)
        place = (place / _entry(place, part, checked)).resolve()
        if place != top and top not in place.parents:
            raise PathError(
                "a link leads out of the site's folder",
                path=checked,
                hint="Edit that file where it really is",
            )
    return place


def _entry(folder: Path, part: str, path: PurePosixPath) -> str:
    """Find how a name is written on the disk: macOS and some archives take letters and accents apart."""
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except (FileNotFoundError, NotADirectoryError):
        return part
    except OSError as error:
        raise PathError(f"its folder cannot be read: {error.strerror}", path=path) from error
    if part in names:
        return part
    for name in names:
        if unicodedata.normalize("NFC", name) == part:
            return name
    folded = fold(part)
    for name in names:
        if fold(name) == folded:
            raise PathError(
                f"there is “{name}”, which differs only in capitals",
                path=path,
                hint="Windows and macOS cannot tell them apart; choose another name",
            )
    return part


def fold(name: str) -> str:
    """Fold a name to what is the same on systems without regard to capitals."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
