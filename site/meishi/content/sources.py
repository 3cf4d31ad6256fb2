"""The files below content/: which are pages, in which language, and what lies beside them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from meishi.errors import ContentError

PAGE_ENDINGS = (".md", ".markdown")
#: Written by publishing, read by freezing, never published as a file of its own.
SNAPSHOT = "guestbook.json"

SourceKind = Literal["home", "section", "page", "bundle"]


class SourceFile(NamedTuple):
    """A page's file; `path` and `bundle` are relative to content/, with slashes.

    `folder` is relative to the language's own folder, where it has one: translations share it.
    """

    path: str
    language: str
    key: str
    kind: SourceKind
    folder: str
    name: str
    digest: str

    @property
    def bundle(self) -> str:
        """The folder whose other files belong to this page alone, or ""."""
        return self.path.rpartition("/")[0] if self.kind == "bundle" else ""


class Places(NamedTuple):
    """Say which languages there are, and where each keeps its files."""

    languages: Collection[str]
    default: str
    disabled: Collection[str] = ()
    #: Folders below content/ of the languages that have one, the innermost first.
    folders: tuple[tuple[str, str], ...] = ()

    def of(self, path: str) -> tuple[str, str]:
        """Return the language whose folder holds a path, and the path in that folder."""
        for folder, language in self.folders:
            if path.startswith(f"{folder}/"):
                return language, path[len(folder) + 1 :]
        return self.default, path


class Sources(NamedTuple):
    """Everything found below content/. `files` maps each other file to its digest."""

    root: Path
    pages: tuple[SourceFile, ...]
    files: Mapping[str, str]
    places: Places
    #: Markdown inside page bundles: resources of their page, not pages, as in Hugo.
    inside_bundles: tuple[str, ...] = ()

    def text(self, path: str) -> str:
        """Read a page's file."""
        # As Path.read_text() gives it, at a third of the cost.
        with open(f"{self.root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
            text = file.readall().decode("utf-8", "surrogateescape")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def digest_of(data: bytes) -> str:
    """Name content by its bytes."""
    return blake2b(data, digest_size=16).hexdigest()


def _walk(root: Path) -> Iterator[str]:
    """Yield every file's path relative to the root, sorted, without hidden and backup files."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(files):
            if not name.startswith(".") and not name.endswith(("~", ".swp", ".tmp")):
                yield name if base == "." else f"{base}/{name}"


def scan(root: Path, places: Places, digest: Callable[[str], str] | None = None) -> Sources:
    """Find the pages and files below content/; `digest` knows a file's digest without reading it."""
    known = _checked(digest or (lambda path: digest_of((root / path).read_bytes())))
    pages: list[SourceFile] = []
    files = {}
    for path in _walk(root):
        if path.lower().endswith(PAGE_ENDINGS):
            source = source_file(path, places, known)
            pages += [source] if source else []
        elif path != SNAPSHOT and places.of(path)[0] not in places.disabled and (value := known(path)):
            files[path] = value
    bundles = {page.bundle for page in pages if page.bundle}
    inside = {page.path for page in pages if bundles and _is_inside(page, bundles)}
    shown = tuple(page for page in pages if page.path not in inside)
    return Sources(root, shown, files, places, tuple(sorted(inside)))


def _checked(digest: Callable[[str], str]) -> Callable[[str], str]:
    """Return "" for a file that is gone by now, and say which one must not be read."""

    def known(path: str) -> str:
        try:
            return digest(path)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise ContentError(
                f"the file cannot be read ({error.strerror})", path=PurePosixPath("content", path)
            ) from error

    return known


def _is_inside(page: SourceFile, bundles: Collection[str]) -> bool:
    """Tell whether a file lies in the bundle of another page."""
    folder = page.path.rpartition("/")[0]
    if page.bundle:
        folder = folder.rpartition("/")[0]
    while folder:
        if folder in bundles:
            return True
        folder = folder.rpartition("/")[0]
    return False


def source_file(path: str, places: Places, digest: Callable[[str], str]) -> SourceFile | None:
    """Tell which page a path below content/ stands for; None in a language that is turned off."""
    language, inner = places.of(path)
    # macOS may hand out names in decomposed letters; translations must find each other all the same.
    folder, _, file_name = unicodedata.normalize("NFC", inner).rpartition("/")
    stem = file_name.rpartition(".")[0]
    name, _, suffix = stem.rpartition(".")
    if name and suffix.lower() in places.disabled:
        return None
    if name and suffix.lower() in places.languages:
        language = suffix.lower()
    else:
        name = stem
    if language in places.disabled:
        return None
    kind: SourceKind = "page"
    if name == "_index":
        kind = "section" if folder else "home"
    elif name == "index":
        kind = "bundle" if folder else "home"
    key = folder if kind in ("section", "bundle") else f"{folder}/{name}".lstrip("/")
    if kind == "home":
        key = ""
    value = digest(path)
    return SourceFile(path, language, key, kind, folder, name, value) if value else None
