"""The texts of all pages, for searching; each file is read once for each version of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from threading import Lock
from urllib.parse import unquote

from meishi.admin.page_families import Family
from meishi.content.library import Library
from meishi.content.sources import SourceFile


class PageTexts:
    """Remember the folded text of each version of a file."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def matching(self, library: Library, families: Iterable[Family], words: str) -> Iterator[Family]:
        """Yield the families that have every word in title, path, tags or text of one language."""
        wanted = folded(words).split()
        for family in families:
            for member in family.members:
                text = self._text(library, member.file)
                if all(word in text for word in wanted):
                    yield family
                    break

    def mentioning(self, library: Library, names: Iterable[str]) -> Iterator[str]:
        """Yield the paths of files in which one of the names occurs, links in percent code too."""
        wanted = [folded(name) for name in names if name]
        for file in library.sources.pages:
            text = self._text(library, file)
            plain = folded(unquote(text)) if "%" in text else text
            if any(name in text or name in plain for name in wanted):
                yield file.path

    def _text(self, library: Library, file: SourceFile) -> str:
        key = file.path, file.digest
        found = self._known.get(key)
        if found is None:
            text = ""
            with suppress(OSError):
                text = library.sources.text(file.path)
            page = library.by_path.get(file.path)
            head = "\n".join((file.path, page.title, *page.tags)) if page else file.path
            found = folded(f"{head}\n{text}")
            with self._lock:
                self._known[key] = found
                if len(self._known) > 2 * len(library.sources.pages) + 100:
                    keep = {(one.path, one.digest) for one in library.sources.pages}
                    self._known = {one: kept for one, kept in self._known.items() if one in keep}
        return found


def folded(text: str) -> str:
    """Fold a text so that capitals and the width of letters make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
