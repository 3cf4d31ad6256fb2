"""Where files are named: in pages, in config.toml, in the owner's templates and style sheets.

The texts themselves are searched, not what they are rendered to: so drafts, front matter, shortcodes and
pages that are broken at the moment count too. Before a file is deleted, one mention too many does no harm.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from meishi.content.sources import PAGE_ENDINGS

# A name ends where Markdown, HTML, YAML and TOML end it; between quotes or <> it may have spaces.
_QUOTED = re.compile(r"""(?<=["'<(])[^"'<>()\n]*?[^"'<>()\n/]\.[A-Za-z0-9]{2,5}(?=["'>)?#\s])""")
_BARE = re.compile(r"""[^\s"'<>()\[\]{}|`,=]+\.[A-Za-z0-9]{2,5}(?![A-Za-z0-9])""")
_FIELD = re.compile(r"""(?m)(?<=: )[^"'\s\[{][^"'\n]*\.[A-Za-z0-9]{2,5}(?=[ \t]*\r?$)""")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names a file: `source` as seen from the site's folder, `start` where it stands there."""

    source: str
    line: int
    written: str
    start: int


@dataclass(frozen=True, slots=True)
class Published:
    """Where the files of a site are found: by address, and by name below content/."""

    by_address: Mapping[str, str]
    beside: Mapping[str, str]
    languages: frozenset[str]
    home: str = ""

    def find(self, source: str, written: str, language: str = "", address: str = "/") -> str | None:
        """Find the file that a text means by what it has written."""
        if self.home and written.startswith(self.home):
            written = written[len(self.home.rstrip("/")) :]
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", written):
            return None
        path = unicodedata.normalize("NFC", unquote(urlsplit(written).path))
        if not path:
            return None
        if not path.startswith("/") and source.startswith("content/"):
            folder = posixpath.dirname(source.removeprefix("content/"))
            name = posixpath.normpath(posixpath.join(folder, path))
            stem, dot, ending = name.rpartition(".")
            for candidate in (f"{stem}.{language}{dot}{ending}", name):
                if candidate in self.beside:
                    return self.beside[candidate]
        base = posixpath.dirname(source.removeprefix("static")) if source.startswith("static/") else address
        for root in (base, "/"):
            found = self.by_address.get(posixpath.normpath(posixpath.join(root, path)))
            if found is not None:
                return found
        return None


def written_in(source: str, text: str) -> Iterator[Mention]:
    """Yield whatever in a text may be a file's name, each place once, the longest reading first."""
    for pattern in (_QUOTED, _FIELD, _BARE):
        for match in pattern.finditer(text):
            if not match[0].lower().endswith(PAGE_ENDINGS):
                line = text.count("\n", 0, match.start()) + 1
                yield Mention(source, line, match[0], match.start())


def renamed(written: str, new: str) -> str:
    """Write a mention with another file's name at its end, spelled as the old one was."""
    head = written[: len(written) - len(PurePosixPath(written).name)]
    name = PurePosixPath(new).name
    return head + (quote(name) if "%" in written[len(head) :] else name)


def replaced(text: str, mentions: Iterable[Mention], new: str) -> str:
    """Put a file's new name into the places of a text that name it."""
    places = {(one.start, one.written): one for one in mentions}
    for mention in sorted(places.values(), key=lambda one: -one.start):
        end = mention.start + len(mention.written)
        if text[mention.start : end] == mention.written:
            text = text[: mention.start] + renamed(mention.written, new) + text[end:]
    return text
