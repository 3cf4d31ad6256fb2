"""New pages from archetypes: where they go, and what stands in them at first."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from meishi.config import SiteConfig
from meishi.content.library import places_of
from meishi.content.new_pages import NewPage, place_of, section_of
from meishi.content.placeholders import filled, titled
from meishi.content.sources import PAGE_ENDINGS, Places
from meishi.errors import ContentError

#: What a page begins with when there are no archetypes at all.
PLAIN = '---\ntitle: "{{ .Title }}"\ndate: {{ .Date }}\ndraft: true\n---\n\n'


class Archetypes:
    """Find and fill archetypes; of several folders the first that has a fitting one counts."""

    def __init__(self, config: SiteConfig, folders: Sequence[Path], now: datetime) -> None:
        self._config = config
        self._folders = folders
        self._now = now

    def create(self, path: str, *, kind: str = "", language: str = "") -> tuple[Path, ...]:
        """Make a page and the files that its archetype brings; the page's file comes first."""
        files = self.prepare(path, kind=kind, language=language)
        content = self._config.root / "content"
        return tuple(_write(content, name, data) for name, data in files.items())

    def prepare(self, path: str, *, kind: str = "", language: str = "") -> Mapping[str, bytes]:
        """Work out the files of a new page below content/, the page's own first; nothing is written yet."""
        places = places_of(self._config)
        archetype = self._archetype(kind, section_of(path, places))
        is_folder = archetype is not None and archetype.is_dir()
        page = place_of(path, places, language=language, bundle=is_folder)
        if archetype is None:
            files: Mapping[str, bytes] = {
                page.path: self._filled(PLAIN, page, "the plain archetype").encode()
            }
        elif not is_folder:
            files = {page.path: self._read(archetype, page)}
        else:
            files = self._from_folder(archetype, page)
        content = self._config.root / "content"
        for name in files:
            _check_free(content, name, places)
        return files

    def kinds(self) -> tuple[str, ...]:
        """List the archetypes by name."""
        found = {path.stem for folder in self._folders if folder.is_dir() for path in folder.iterdir()
                 if path.suffix == ".md" or path.is_dir()}  # fmt: skip
        return tuple(sorted(found))

    def _archetype(self, kind: str, section: str) -> Path | None:
        if kind:
            if found := self._first([kind], self._folders):
                return found
            known = ", ".join(self.kinds()) or "none"
            raise ContentError(
                f"there is no archetype {kind!r}",
                path=PurePosixPath("archetypes", f"{kind}.md"),
                hint=f"There are: {known}",
            )
        for folder in self._folders:
            if found := self._first([section, "default"], [folder]):
                return found
        return None

    def _first(self, names: Sequence[str], folders: Sequence[Path]) -> Path | None:
        for folder in folders:
            for name in names:
                if not name or not re.fullmatch(r"[\w.-]+", name) or name.startswith("."):
                    continue
                if (folder / f"{name}.md").is_file():
                    return folder / f"{name}.md"
                if (folder / name).is_dir():
                    return folder / name
        return None

    def _from_folder(self, archetype: Path, page: NewPage) -> Mapping[str, bytes]:
        folder = page.path.rpartition("/")[0]
        files: dict[str, bytes] = {page.path: b""}
        for file in sorted(archetype.rglob("*")):
            name = file.relative_to(archetype).as_posix()
            if not file.is_file() or any(part.startswith(".") for part in name.split("/")):
                continue
            is_page = name.lower() in ("index.md", "index.markdown")
            target = page.path if is_page else f"{folder}/{name}"
            files[target] = self._read(file, page)
        if not files[page.path]:
            files[page.path] = self._filled(PLAIN, page, "the plain archetype").encode()
        return files

    def _read(self, archetype: Path, page: NewPage) -> bytes:
        data = archetype.read_bytes()
        if archetype.suffix.lower() not in PAGE_ENDINGS:
            return data
        shown = f"archetypes/{archetype.name}"
        try:
            return self._filled(data.decode("utf-8-sig"), page, shown).encode()
        except UnicodeDecodeError as error:
            raise ContentError("the file is not UTF-8", path=shown, hint="Save it as UTF-8") from error

    def _filled(self, text: str, page: NewPage, shown: str) -> str:
        from meishi.content.pages import zone_of

        moment = self._now.astimezone(zone_of(self._config.time_zone)).replace(microsecond=0)
        title = titled(page.name.replace("-", " ").replace("_", " "))
        language = self._config.language(page.language)
        folder = page.path.rpartition("/")[0]
        values: dict[str, str | datetime] = {
            "name": page.name, "title": title, "date": moment, "now": moment,
            "section": page.section, "type": page.section or "page", "kind": "page",
            "lang": page.language, "language": page.language, "language.lang": page.language,
            "site.language.lang": page.language, "site.title": language.title,
            "file.contentbasename": page.name, "file.basefilename": PurePosixPath(page.path).stem,
            "file.translationbasename": page.name, "translationbasename": page.name,
            "file.dir": f"{folder}/" if folder else "", "file.path": page.path,
        }  # fmt: skip
        return filled(text, values, shown)


def _check_free(content: Path, name: str, places: Places) -> None:
    """Refuse what is there already, and what lies outside content/ by a symbolic link."""
    target = content / name
    if not target.parent.resolve().is_relative_to(content.resolve()):
        raise ContentError(
            "a symbolic link leads out of content/",
            path=PurePosixPath("content", name),
            hint="Use a real folder",
        )
    stem, _, ending = name.rpartition(".")
    rivals = [target]
    if f".{ending}" in PAGE_ENDINGS:
        folder, _, base = stem.rpartition("/")
        word, _, suffix = base.rpartition(".")
        plain, tail = (word, f".{suffix}") if word and suffix in places.languages else (base, "")
        if plain == "index" and folder:
            rivals.append(content / f"{folder}{tail}.{ending}")
        elif plain not in ("index", "_index"):
            rivals.append(content / folder / plain / f"index{tail}.{ending}")
    for rival in rivals:
        if os.path.lexists(rival):
            place = PurePosixPath("content", rival.relative_to(content).as_posix())
            raise ContentError("this page exists already", path=place, hint="Nothing was written")


def _write(content: Path, name: str, data: bytes) -> Path:
    target = content / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        place = PurePosixPath("content", name)
        raise ContentError("this page exists already", path=place, hint="Nothing was written") from error
    return target
