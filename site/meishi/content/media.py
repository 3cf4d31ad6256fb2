"""The owner's pictures and files: which there are, where each is named, and where new ones go."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from meishi.content.editing.paths import content_path
from meishi.content.formats import PictureInfo
from meishi.content.images import Pictures
from meishi.content.library import Library
from meishi.content.links import Links
from meishi.content.mentions import Mention, Published, written_in
from meishi.content.sources import digest_of, source_file
from meishi.content.uploads import Upload
from meishi.errors import ImageError

#: Where files go that belong to no page alone.
PICTURES, FILES = PurePosixPath("static/images"), PurePosixPath("static/files")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg", ".bmp", ".ico")
#: What the owner may have written besides pages that names files.
_TEXTS = (".html", ".css", ".js", ".toml", ".json", ".xml", ".txt", ".webmanifest")


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the owner's; `name` is as seen from the site's folder, `address` where visitors get it."""

    name: str
    file: Path
    size: int
    modified: datetime
    address: str
    picture: PictureInfo | None
    problem: str
    mentions: tuple[Mention, ...]

    @property
    def is_picture(self) -> bool:
        """Tell a picture from other files."""
        return self.name.lower().endswith(_PICTURES)

    @property
    def sources(self) -> dict[str, tuple[Mention, ...]]:
        """Map each text that names this file to the places in it."""
        found: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            found[mention.source].append(mention)
        return {source: tuple(places) for source, places in found.items()}


class Media:
    """Look at the files of a site; texts are searched again only when they changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, tuple[str, tuple[Mention, ...]]] = {}

    def items(
        self, library: Library, links: Links, static: Mapping[str, Path], pictures: Pictures
    ) -> dict[str, Item]:
        """Map the name of each file to it, in the order of names; `static` maps addresses to files."""
        files = dict(self._files(library, links, static))
        by_address = {address: name for name, (_, address) in files.items() if address}
        beside = {
            unicodedata.normalize("NFC", name.removeprefix("content/")): name
            for name in files
            if name.startswith("content/")
        }
        languages = frozenset(language.code for language in library.config.languages)
        found = Published(by_address, beside, languages, library.config.base_url)
        named = self._named(library, found)
        return {
            name: _item(name, *files[name], pictures, tuple(named.get(name, ()))) for name in sorted(files)
        }

    def _files(
        self, library: Library, links: Links, static: Mapping[str, Path]
    ) -> Iterator[tuple[str, tuple[Path, str]]]:
        for path in library.sources.files:
            yield f"content/{path}", (library.sources.root / path, links.files.get(path, ""))
        own = self._root / "static"
        for address, file in static.items():
            if file.is_relative_to(own):
                yield f"static/{file.relative_to(own).as_posix()}", (file, address)

    def _named(self, library: Library, published: Published) -> Mapping[str, list[Mention]]:
        found: defaultdict[str, list[Mention]] = defaultdict(list)
        seen: set[tuple[str, int]] = set()
        for source, text, digest in self._texts(library):
            page = library.by_path.get(source.removeprefix("content/"))
            language, address = (page.language, page.address) if page else ("", "/")
            for mention in self._mentions(source, text, digest):
                name = published.find(source, mention.written, language, address)
                # The longer reading of a place came first: "my photo.jpg" is not photo.jpg.
                end = mention.start + len(mention.written)
                if name is not None and (source, end) not in seen:
                    seen.add((source, end))
                    found[name].append(mention)
        for mentions in found.values():
            mentions.sort(key=lambda one: (one.source, one.start))
        return found

    def _mentions(self, source: str, text: Callable[[], str], digest: str) -> tuple[Mention, ...]:
        known = self._known.get(source)
        if known is None or known[0] != digest:
            known = self._known[source] = digest, tuple(written_in(source, text()))
        return known[1]

    def _texts(self, library: Library) -> Iterator[tuple[str, Callable[[], str], str]]:
        """Yield every text in which files may be named: its name, its content, its digest."""
        sources = library.sources
        for page in sources.pages:
            yield f"content/{page.path}", lambda path=page.path: sources.text(path), page.digest  # type: ignore[misc]
        others = [sources.root / path for path in sources.inside_bundles]
        others += [library.config.file, *self._own_texts()]
        for file in others:
            try:
                data = file.read_bytes()
            except OSError:
                continue
            text = data.decode("utf-8", "replace")
            yield file.relative_to(self._root).as_posix(), lambda text=text: text, digest_of(data)  # type: ignore[misc]

    def _own_texts(self) -> Iterator[Path]:
        for folder in ("templates", "static", "themes", "archetypes"):
            for place, folders, files in os.walk(self._root / folder):
                # What installs itself, and the study, show no picture of the site's.
                folders[:] = sorted({*folders} - {"dist", "admin", "node_modules"})
                yield from (Path(place, name) for name in sorted(files) if name.endswith(_TEXTS))


def _item(name: str, file: Path, address: str, pictures: Pictures, mentions: tuple[Mention, ...]) -> Item:
    picture, problem = None, ""
    if name.lower().endswith(_PICTURES):
        try:
            picture = pictures.describe(file)
        except ImageError as error:
            problem = error.message
    try:
        status = file.stat()
    except FileNotFoundError:
        return Item(name, file, 0, datetime.fromtimestamp(0, UTC), address, None, "it is gone", mentions)
    changed = datetime.fromtimestamp(status.st_mtime, UTC)
    return Item(name, file, status.st_size, changed, address, picture, problem, mentions)


def folder_for(page: str, upload: Upload, library: Library) -> PurePosixPath:
    """Choose where a file goes: beside a page that has a folder of its own, else where all share."""
    if page:
        path = content_path(page)
        source = source_file(path.as_posix(), library.sources.places, lambda _path: "new")
        if source is not None and source.bundle:
            return PurePosixPath("content", source.bundle)
    return PICTURES if upload.picture is not None else FILES


def destination(name: PurePosixPath, page: str) -> str:
    """Write where a link in a page finds a file that `folder_for` chose."""
    if name.parts[0] == "content":
        return name.relative_to(PurePosixPath("content", page).parent).as_posix()
    return f"/{name.relative_to('static').as_posix()}"


def markdown(target: str, alt: str, *, picture: bool) -> str:
    """Write the Markdown that shows a picture, or links to a file."""
    words = " ".join(alt.split()).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return f"{'!' if picture else ''}[{words}]({target})"
