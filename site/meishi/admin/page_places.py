"""Where pages may go: names that the owner types, made into the paths of files in every language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from meishi.admin.page_families import Family, Member
from meishi.content.editing.errors import ExistsError, PathError
from meishi.content.editing.paths import content_path
from meishi.content.library import Library
from meishi.content.sources import PAGE_ENDINGS, Places, source_file

Moves = list[tuple[PurePosixPath, PurePosixPath]]


def name_of(family: Family) -> str:
    """Say where a page is, without language and ending: `notes/trip`."""
    return family.members[0].file.key


def checked_name(library: Library, text: str) -> str:
    """Check where a page is to go; an ending may be left out or not. Raises PathError."""
    typed = text.strip().removeprefix("content/")
    for ending in PAGE_ENDINGS:
        if typed.lower().endswith(ending):
            typed = typed[: -len(ending)]
    name = content_path(typed).as_posix()
    content_path(f"{name}.md")
    last = name.rpartition("/")[2]
    suffix = last.rpartition(".")[2] if "." in last else ""
    places = library.sources.places
    if suffix and suffix.lower() in {*places.languages, *places.disabled}:
        hint = "Leave it out: each language's file gets its own ending"
        raise PathError(f"“{name}” ends with the language .{suffix}", hint=hint)
    if last in ("index", "_index"):
        raise PathError(f"“{last}” is the name of a folder's own page", hint="Name the page itself")
    inside = next((folder for folder, _ in places.folders if f"{name}/".startswith(f"{folder}/")), None)
    if inside:
        raise PathError(f"{inside}/ holds a whole language", hint=f"Leave {inside}/ out")
    for bundle in {file.bundle for file in library.sources.pages if file.bundle}:
        if name.startswith(f"{places.of(f'{bundle}/x')[1].rpartition('/')[0]}/"):
            raise PathError(
                f"{bundle}/ is the folder of one page with its pictures",
                hint="Pages cannot stand inside another page's folder",
            )
    return name


def refuse_taken(library: Library, name: str, *, but: Family | None = None) -> None:
    """Refuse a name that another page has, as a file or as a folder; other pages may share a section's."""
    own = {member.path for member in but.members} if but else set()
    folded = unicodedata.normalize("NFC", name).casefold()
    for file in library.sources.pages:
        if file.path not in own and file.key.casefold() == folded and file.kind != "home":
            raise ExistsError(f"content/{file.path} has that name already", hint="Choose another name")


def free_name(library: Library, wanted: str) -> str:
    """Return the name, with a number behind it if it is taken."""
    taken = {file.key.casefold() for file in library.sources.pages}
    name, number = wanted, 2
    while name.casefold() in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def moves_of(library: Library, family: Family, name: str) -> Moves:
    """List which files or folders get which names when a family moves."""
    places = library.sources.places
    if family.members[0].file.kind in ("bundle", "section"):
        folders = dict.fromkeys(PurePosixPath(member.path).parent for member in family.own)
        return [(folder, _beside(places, f"{folder}/x", name)) for folder in folders]
    return [(PurePosixPath(one.path), _file_for(places, one, name)) for one in family.own]


def copy_path(library: Library, member: Member, name: str) -> PurePosixPath:
    """Return where the copy of one language's file goes when a page is copied to a name."""
    places = library.sources.places
    if member.file.kind in ("bundle", "section"):
        folder = _beside(places, member.path, name)
        return folder / PurePosixPath(member.path).name
    return _file_for(places, member, name)


def translation_path(library: Library, source: Member, language: str) -> PurePosixPath:
    """Return where the translation of a file goes: beside it, or into the language's own folder."""
    places = library.sources.places
    own, inner = places.of(source.path)
    folder, _, file_name = inner.rpartition("/")
    ending = file_name.rpartition(".")[2]
    home = next((home for home, code in places.folders if code == language), "")
    suffix = "" if home or (language == places.default and own == places.default) else f".{language}"
    name = f"{source.file.name}{suffix}.{ending}"
    path = content_path("/".join(part for part in (home, folder, name) if part))
    found = source_file(path.as_posix(), places, lambda _: "-")
    if found is None or (found.language, found.key) != (language, source.file.key):
        raise PathError(f"no file name makes a page of {source.path} in {language}", hint="Make it by hand")
    return path


def files_of(library: Library, folder: PurePosixPath) -> Sequence[str]:
    """List every known file below a folder."""
    start = f"{folder.as_posix()}/"
    known = (*(file.path for file in library.sources.pages), *library.sources.files)
    return [path for path in (*known, *library.sources.inside_bundles) if path.startswith(start)]


def _home_of(places: Places, path: str) -> str:
    return path[: len(path) - len(places.of(path)[1])]


def _beside(places: Places, path: str, name: str) -> PurePosixPath:
    return content_path(f"{_home_of(places, path)}{name}")


def _file_for(places: Places, member: Member, name: str) -> PurePosixPath:
    file_name = unicodedata.normalize("NFC", PurePosixPath(member.path).name)
    ending = file_name[len(member.file.name) :]
    return content_path(f"{_home_of(places, member.path)}{name}{ending}")
