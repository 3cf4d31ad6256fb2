"""The theme's style sheets and scripts under names that change with their content."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from meishi.errors import TemplateError

#: The folders of static/ whose style sheets and scripts are published by name and hash only.
FOLDERS = ("css", "js")
SOCKET_CLIENT = "dist/socket.io.js"
_MIMES = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript"}
_QUOTED = r"""(?P<quote>["'])(?P<path>[^"'\n]+)(?P=quote)"""
_IMPORTS = {
    ".js": re.compile(rf"""(?P<before>\b(?:from|import)\s*\(?\s*)(?P<url>){_QUOTED}"""),
    ".css": re.compile(rf"""(?P<before>@import\s+)(?P<url>(?:url\()?){_QUOTED}"""),
}
_ROOTED = re.compile(r"""(?P<before>\burl\(\s*["']?)(?P<path>/(?!/)[^"')\s]*)""")


def is_asset(name: str) -> bool:
    """Tell whether a file in one of the folders is a style sheet or script."""
    return PurePosixPath(name).suffix in _MIMES


class Asset(NamedTuple):
    """One published style sheet or script."""

    address: str
    mime: str
    body: bytes


class Assets:
    """Publish style sheets and scripts; the site's own folder wins over the theme's."""

    def __init__(self, folders: Sequence[Path], settings: str, client: Path | None = None) -> None:
        self._folders = folders
        self._settings = settings
        #: The guestbook's socket client, which the install built; scripts import it as ../dist/socket.io.js.
        self._client = client
        self._made: dict[str, Asset] = {}

    def asset(self, name: str) -> Asset:
        """Return the asset made from a file of static/, such as "css/site.css"."""
        if name not in self._made:
            self._made[name] = self._make(name, ())
        return self._made[name]

    def all(self) -> Mapping[str, Asset]:
        """Map every asset's address to it."""
        made = [self.asset(name) for name in sorted(self._files)]
        return {asset.address: asset for asset in made}

    def hashed(self, address: str) -> str | None:
        """Return the published address of a plain one: /css/x.css → /css/x.1a2b3c4d.css."""
        if not address.startswith(("/css/", "/js/")):
            return None
        name = address.removeprefix("/")
        return self.asset(name).address if name in self._files else None

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        found = dict(_found(self._folders))
        if self._client is not None and self._client.is_file():
            found[SOCKET_CLIENT] = self._client
        return found

    def _make(self, name: str, above: tuple[str, ...]) -> Asset:
        file = self._files.get(name)
        if file is None:
            near = get_close_matches(name, self._files, n=1)
            raise TemplateError(
                f"there is no file static/{name}",
                path=f"static/{name}",
                hint=f"Did you mean {near[0]}?" if near else None,
            )
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise TemplateError(
                "the file is not UTF-8", path=f"static/{name}", hint="Save it as UTF-8"
            ) from error
        if name == "css/site.css":
            text += self._settings
        style = file.suffix == ".css"
        if name == SOCKET_CLIENT:
            # It comes compact, and imports nothing.
            return _asset(name, ".js", text.encode())
        text = self._with_hashed_imports(text, name, above, _IMPORTS[".css" if style else ".js"])
        if style:
            # A path from the root would miss the base path; one from the style sheet's folder never does.
            folder = posixpath.dirname(f"/{name}")
            text = _ROOTED.sub(lambda match: match["before"] + posixpath.relpath(match["path"], folder), text)
        return _asset(name, file.suffix, _compact(text, style=style).encode())

    def _with_hashed_imports(
        self, text: str, name: str, above: tuple[str, ...], pattern: re.Pattern[str]
    ) -> str:
        folder = posixpath.dirname(name)

        def replaced(match: re.Match[str]) -> str:
            path = match["path"]
            target = posixpath.normpath(posixpath.join("/", folder, path)).removeprefix("/")
            if "//" in path or target not in self._files:
                return match[0]
            if target in (*above, name):
                raise TemplateError(f"it imports {path}, which imports it again", path=f"static/{name}")
            if target not in self._made:
                self._made[target] = self._make(target, (*above, name))
            published = posixpath.relpath(self._made[target].address, f"/{folder}")
            published = published if published.startswith(".") else f"./{published}"
            return f"{match['before']}{match['url']}{match['quote']}{published}{match['quote']}"

        return pattern.sub(replaced, text)


def _asset(name: str, suffix: str, body: bytes) -> Asset:
    stem, dot, ending = name.rpartition(".")
    mark = blake2b(body, digest_size=5).hexdigest()
    return Asset(f"/{stem}.{mark}{dot}{ending}", _MIMES[suffix], body)


def _found(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    for folder in reversed(folders):
        for name in FOLDERS:
            for file in sorted((folder / name).rglob("*")):
                if is_asset(file.name) and file.is_file():
                    yield file.relative_to(folder).as_posix(), file


def _compact(text: str, *, style: bool) -> str:
    if style:
        from rcssmin import cssmin

        return str(cssmin(text))
    from rjsmin import jsmin

    return str(jsmin(text))
