"""Where a new page goes: its path checked for every machine, its language and its section."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meishi.content.sources import PAGE_ENDINGS, Places
from meishi.errors import ContentError

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z0-9]{2,8})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NewPage:
    """Say where a new page goes: `path` is relative to content/."""

    path: str
    language: str
    name: str
    section: str
    bundle: bool


def section_of(path: str, places: Places) -> str:
    """Return the first folder of a path, below its language's."""
    inner = places.of(path.removeprefix("content/").strip("/"))[1]
    return inner.partition("/")[0] if "/" in inner else ""


def place_of(path: str, places: Places, *, language: str = "", bundle: bool = False) -> NewPage:
    """Check where a new page is to go, and say it in full."""
    checked = _checked(path)
    if language and language.lower() not in places.languages:
        known = ", ".join(sorted(places.languages))
        raise ContentError(f"this site has no language {language!r}", hint=f"It has {known}")
    folder, _, file_name = checked.rpartition("/")
    stem, _, ending = file_name.rpartition(".")
    if not stem or f".{ending.lower()}" not in PAGE_ENDINGS:
        stem, ending = (file_name, "md")
    elif bundle and stem.partition(".")[0] == "index":
        bundle = False
    if bundle:
        folder, stem = f"{folder}/{stem}".lstrip("/"), "index"
    stem, given = _language_of(stem, places, checked)
    inside, _ = places.of(f"{folder}/x".lstrip("/"))
    own = given or (inside if inside != places.default else "")
    if language and own and language.lower() != own:
        raise ContentError(
            f"{path} is {own}, but the language asked for is {language}", hint="Leave out --language"
        )
    code = language.lower() or own or places.default
    home = next((home for home, lang in places.folders if lang == code), "")
    suffix = "" if code == places.default or home else f".{code}"
    if home and not f"{folder}/".startswith(f"{home}/"):
        folder = f"{home}/{folder}".rstrip("/")
    full = f"{folder}/{stem}{suffix or (f'.{given}' if given else '')}.{ending}".lstrip("/")
    name = folder.rpartition("/")[2] if stem in ("index", "_index") and folder else stem
    return NewPage(full, code, name, section_of(full, places), stem == "index")


def _language_of(stem: str, places: Places, path: str) -> tuple[str, str]:
    base, _, suffix = stem.rpartition(".")
    if base and suffix.lower() in places.languages:
        return base, suffix.lower()
    if base and _LANGUAGE.fullmatch(suffix):
        raise ContentError(
            f"{path} asks for the language {suffix!r}, which this site does not have",
            hint=f"Add [languages.{suffix}] to config.toml, or take another name",
        )
    return stem, ""


def _checked(path: str) -> str:
    """Return a path below content/, or say why it must not be one."""

    def refuse(reason: str, hint: str = "Name it like about.md or notes/trip.md") -> ContentError:
        return ContentError(f"{path!r} is no place for a page: {reason}", hint=hint)

    if "\\" in path:
        raise refuse("it has a backslash", f"Write {path.replace(chr(92), '/')}")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        raise refuse("it does not lie below content/")
    plain = path.removeprefix("./").removeprefix("content/")
    if not plain or plain.endswith("/"):
        raise refuse("it names no file")
    for part in plain.split("/"):
        if part in ("", ".", ".."):
            raise refuse(f"it has {repr(part) if part else 'an empty part'} in it")
        if part.startswith("."):
            raise refuse("what begins with a dot is not published")
        if found := _FORBIDDEN.search(part):
            raise refuse(f"some machines allow no {found[0]!r} in names")
        if _RESERVED.fullmatch(part):
            raise refuse(f"Windows keeps the name {part} for itself")
        if part.endswith((" ", ".", "~")) or part.startswith(" "):
            raise refuse("a name must not begin or end with a space, or end with a dot or ~")
        if len(part.encode()) > 200:
            raise refuse("a name is too long")
    return plain
