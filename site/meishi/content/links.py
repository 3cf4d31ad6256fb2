"""Where a link in a page leads: by file, by file beside the page, or by address."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from meishi.content.library import Library
from meishi.content.models import Page
from meishi.content.pages import slugify
from meishi.content.sources import PAGE_ENDINGS, Places
from meishi.errors import LinkError


class Destination(NamedTuple):
    """A link's end: `address` is site-rooted and unquoted; `page` or `file` is what lies there, if known."""

    address: str
    fragment: str = ""
    query: str = ""
    page: Page | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Resolve links between the pages and files of one library."""

    library: Library
    _by_key: Mapping[str, Page] = field(repr=False)
    _files: Mapping[str, str] = field(repr=False)
    _names: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, library: Library) -> Links:
        """Index a library's pages by file name and its other files by address."""
        places = library.sources.places
        by_key: dict[str, Page] = {}
        for page in library.pages:
            if page.path:
                name = _composed(page.path)
                by_key[name] = page
                by_key.setdefault(_plain(name, places), page)
                by_key.setdefault(_plain(places.of(name)[1], places), page)
        files = dict(_file_addresses(library))
        return cls(library, by_key, files, {_composed(path): path for path in files})

    @property
    def files(self) -> Mapping[str, str]:
        """Map the path of each published file below content/ to its address."""
        return self._files

    def resolve(self, page: Page, destination: str, line: int | None = None) -> Destination:
        """Find where a link leads; a link to a content file that is not there is a LinkError."""
        parts = urlsplit(destination)
        path = _composed(unquote(parts.path))
        if not path:
            return Destination(page.address, unquote(parts.fragment), parts.query, page)
        found = self._page(page, path) if path.endswith(PAGE_ENDINGS) else None
        if found is not None:
            return Destination(found.address, unquote(parts.fragment), parts.query, found)
        if path.endswith(PAGE_ENDINGS):
            raise self._missing(page, path, line)
        if (file := self._file(page, path)) is not None:
            return Destination(self._files[file], unquote(parts.fragment), parts.query, None, file)
        address = path if path.startswith("/") else posixpath.normpath(posixpath.join(page.address, path))
        if path.endswith("/") and not address.endswith("/"):
            address += "/"
        return Destination(address, unquote(parts.fragment), parts.query)

    def reference(self, page: Page, name: str, line: int | None = None, language: str = "") -> Destination:
        """Find a page by the name that `ref` takes: a path with or without its ending, or a bare name.

        With a language, the page has to exist in it.
        """
        path, _, fragment = _composed(unquote(name)).partition("#")
        found = self._named(page, path) if path else page
        if found is not None and language:
            found = self.library.translation(found, language.lower())
        if found is None:
            raise self._missing(page, f"{path or name} in {language}" if language else path, line)
        return Destination(found.address, fragment, page=found)

    def _named(self, page: Page, path: str) -> Page | None:
        plain = path.rstrip("/")
        found = self._page(page, path) or self._page(page, f"{plain}.md")
        if found is not None:
            return found
        edition = self.library.editions[page.language]
        if not plain:
            return edition.home
        if (section := edition.sections.get(plain.strip("/"))) is not None:
            return section.page
        matches = [other for other in self.library.pages if other.slug == path and other.path]
        return self._in_language(matches[0], page.language) if matches else None

    def _page(self, page: Page, path: str) -> Page | None:
        places = self.library.sources.places
        name = _composed(page.path)
        folder, shared = posixpath.dirname(name), posixpath.dirname(places.of(name)[1])
        own = next((own for own, code in places.folders if code == page.language), "")
        bases = (own, "") if path.startswith("/") else (folder, shared, own, "")
        for base in dict.fromkeys(bases):
            name = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
            for candidate in (name, f"{name}/index.md", f"{name}/_index.md"):
                if found := self._by_key.get(posixpath.normpath(candidate)):
                    exact = _composed(found.path) == candidate != _plain(candidate, places)
                    return found if exact else self._in_language(found, page.language)
        return None

    def _in_language(self, page: Page, language: str) -> Page:
        config = self.library.config
        return (
            self.library.translation(page, language)
            or self.library.translation(page, config.default_language)
            or page
        )

    def _file(self, page: Page, path: str) -> str | None:
        if path.startswith("/"):
            return None
        name = posixpath.normpath(posixpath.join(_composed(posixpath.dirname(page.path)), path))
        stem, dot, ending = name.rpartition(".")
        # photo.ja.jpg stands in for photo.jpg on a Japanese page, as in Hugo.
        for candidate in (f"{stem}.{page.language}{dot}{ending}", name):
            if candidate in self._names:
                return self._names[candidate]
        return None

    def _missing(self, page: Page, path: str, line: int | None) -> LinkError:
        places = self.library.sources.places
        wanted = path.strip("/")
        plain = {_plain(other.path, places) for other in self.library.pages if other.path}
        near = get_close_matches(wanted, sorted(plain), n=1)
        hint = f"Did you mean {near[0]}?" if near else "Correct the link, or make the page"
        for other in self.library.hidden:
            name = _plain(other.path, places)
            if wanted in (name, name.removesuffix(".md"), other.path):
                hint = _why_hidden(other)
        return LinkError(
            f"the link to {path} leads to no page",
            path=PurePosixPath("content", page.path),
            line=line,
            hint=hint,
        )


def _why_hidden(page: Page) -> str:
    if not page.rendered:
        return "That page is never published (headless, or build.render = never)"
    if page.draft:
        return "That page is a draft"
    return "That page is expired" if page.expiry_date else "That page's time has not come"


def _composed(path: str) -> str:
    """Spell letters as one character each: macOS may hand out names in decomposed letters."""
    return unicodedata.normalize("NFC", path)


def _plain(path: str, places: Places) -> str:
    """Drop the language from a file name: notes/trip.ja.md → notes/trip.md."""
    folder, slash, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    base, _, suffix = stem.rpartition(".")
    return f"{folder}{slash}{base}.{ending}" if base and suffix.lower() in places.languages else path


def _file_addresses(library: Library) -> Iterator[tuple[str, str]]:
    """Yield where each file that lies beside pages is published."""
    config, places = library.config, library.sources.places
    bundles: dict[str, Page] = {}
    for page in library.pages:
        if page.bundle and (page.bundle not in bundles or page.language == config.default_language):
            bundles[page.bundle] = page
    hidden = {page.bundle for page in library.hidden if page.bundle} - set(bundles)
    for path in library.sources.files:
        folder = posixpath.dirname(path)
        while folder and folder not in bundles and folder not in hidden:
            folder = posixpath.dirname(folder)
        if folder in hidden and folder:
            continue
        if folder:
            yield path, _composed(bundles[folder].address + path[len(folder) + 1 :])
        else:
            language, inner = places.of(path)
            root = config.root_of(language) if inner != path else "/"
            parts = inner.split("/")
            below = "".join(f"{slugify(part) or 'untitled'}/" for part in parts[:-1])
            yield path, _composed(f"{root}{below}{parts[-1]}")
