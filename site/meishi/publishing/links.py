"""Check that a built site holds together: links, fragments, pictures, and that no page calls another host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote, urljoin, urlsplit

from meishi.publishing.facts import LINK, LOAD, Facts, facts_of, has_facts

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_UNCHECKED = ("mailto:", "tel:", "sms:", "data:", "javascript:", "blob:", "about:", "xmpp:", "irc:", "geo:")


class Problem(NamedTuple):
    """Say what does not hold together, and where."""

    file: str
    message: str
    hint: str
    reference: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{place}: {self.message}. {self.hint}"


@dataclass(slots=True)
class Checker:
    """Check files against all the files of a build."""

    files: Mapping[str, object]  # every path of the build, "about/index.html"
    ids: Mapping[str, frozenset[str]]  # the ids of HTML files, looked up when a fragment is checked
    base_path: str = "/"  # "/" or "/web/"
    origin: str = ""  # "https://www.example.com"
    allowed_hosts: frozenset[str] = frozenset()
    _good: set[str] = field(default_factory=set)
    _seen: dict[str, str | None] = field(default_factory=dict)

    def problems(self, path: str, facts: Facts) -> list[Problem]:
        """List what is wrong with one file."""
        found = []
        here = self.base_path + _page_address(path)
        start = urlsplit(urljoin("http://host" + here, facts.base)).path if facts.base else here
        for kind, reference in facts.references:
            if reference in self._good:
                continue
            wrong = self._wrong(kind, reference, path, start)
            if wrong is not None:
                found.append(Problem(path, wrong[0], wrong[1], reference))
            elif reference[:1] == "/" and reference[:2] != "//":
                self._good.add(reference)  # wherever it stands; a menu is on every page
        return found

    def _wrong(self, kind: str, reference: str, path: str, start: str) -> tuple[str, str] | None:
        text = reference.strip()
        if not text or text == "#":
            if text or kind == LINK:
                return None  # the page itself
            return "An address is empty", "Name the file, or leave the attribute out."
        if text[0] == "#":
            return self._fragment(path, text, text[1:])
        scheme = _SCHEME.match(text)
        if (scheme and scheme[0].lower() not in {"http:", "https:"}) or text.lower().startswith(_UNCHECKED):
            return None
        if scheme or text.startswith("//"):
            if not self._is_own(text):
                return self._foreign(kind, text)
            text = text[text.index("//") + 2 :]
            text = text[text.index("/") :] if "/" in text else "/"
            if not text.startswith(self.base_path):
                # Another site of the same host, such as a neighbour on github.io.
                return self._foreign(kind, reference.strip())
        return self._internal(text, start)

    def _is_own(self, text: str) -> bool:
        if not self.origin:
            return False
        if text.startswith(f"{self.origin}/"):
            return True
        try:
            one, own = urlsplit(text), urlsplit(self.origin)
        except ValueError:
            return False
        return one.netloc.lower() == own.netloc.lower()

    def _foreign(self, kind: str, text: str) -> tuple[str, str] | None:
        if kind != LOAD:
            return None
        try:
            host = urlsplit(text).hostname or text
        except ValueError:
            return f"{text} is no address", "Correct it."
        if host in self.allowed_hosts:
            return None
        return (
            f"Showing the page would contact another host, {host} ({text})",
            "Put the file into static/ and use it from there, or link to it instead.",
        )

    def _internal(self, text: str, start: str) -> tuple[str, str] | None:
        target, _, fragment = text.partition("#")
        target = target.partition("?")[0]
        if target[:1] == "/" and "/." not in target:
            absolute = target  # most links are of this kind, and urljoin takes its time
        else:
            # A host makes urljoin stop at the root, as browsers do.
            absolute = urljoin("http://host" + start, target)[len("http://host") :] if target else start
        if not absolute.startswith(self.base_path):
            if absolute + "/" != self.base_path:
                return (
                    f"{text} leads out of the site, which lives under {self.base_path}",
                    f"Did you mean {self.base_path}{absolute.lstrip('/')}?",
                )
            absolute = self.base_path
        file = self._find(absolute[len(self.base_path) :])
        if file is None:
            return f"{text} does not exist in the build", self._suggest(absolute[len(self.base_path) :])
        return self._fragment(file, text, fragment) if fragment else None

    def _find(self, address: str) -> str | None:
        """Return the file that a static host answers an address with."""
        if address not in self._seen:
            path = normalize("NFC", unquote(address))
            if path.endswith("/") or not path:
                found = path + "index.html" if path + "index.html" in self.files else None
            elif path in self.files:
                found = path
            else:
                # A host redirects a folder's name to the folder.
                found = path + "/index.html" if path + "/index.html" in self.files else None
            self._seen[address] = found
        return self._seen[address]

    def _fragment(self, file: str, text: str, fragment: str) -> tuple[str, str] | None:
        if fragment == "top" or fragment.startswith(":~:") or not file.endswith((".html", ".htm")):
            return None
        name = fragment.partition(":~:")[0]
        ids = self.ids.get(file, frozenset())
        if name in ids or unquote(name) in ids or normalize("NFC", unquote(name)) in ids:
            return None
        return (
            f"{text} names a place that {file} does not have",
            f"No element there has id={unquote(name)!r}.",
        )

    def _suggest(self, address: str) -> str:
        path = normalize("NFC", unquote(address)).rstrip("/")
        for other in (path + ".html", path.lower(), path.lower() + "/index.html"):
            if other in self.files:
                return f"Did you mean {self.base_path}{_page_address(other)}?"
        return "Correct the link, or give the page an alias."


def _page_address(path: str) -> str:
    if path == "index.html" or path.endswith("/index.html"):
        return path[: -len("index.html")]
    return path


class LazyIds(dict[str, frozenset[str]]):
    """Look up the ids of a file when they are first asked for."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        super().__init__()
        self._facts = facts

    def get(self, path: str, default: object = None) -> frozenset[str]:
        """Return the ids of the file."""
        if path not in self:
            facts = self._facts.get(path)
            self[path] = frozenset(facts.ids if facts is not None else ())
        return self[path]


def check(
    build: Path, base_path: str = "/", origin: str = "", *, allowed_hosts: Iterable[str] = ()
) -> list[Problem]:
    """Check all the files of a built folder."""
    files = {path.relative_to(build).as_posix(): path for path in sorted(build.rglob("*")) if path.is_file()}
    names = {normalize("NFC", name): path for name, path in files.items()}
    facts = {name: facts_of(name, path.read_bytes()) for name, path in names.items() if has_facts(name)}
    checker = Checker(names, LazyIds(facts), base_path, origin, frozenset(allowed_hosts))
    return [problem for name, each in facts.items() for problem in checker.problems(name, each)]
