"""Serve a folder as GitHub Pages does."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class StaticHost:
    """Answer as GitHub Pages does: index.html, /file for file.html, /folder to /folder/, 404.html."""

    def __init__(self, folder: Path, base: str = "/") -> None:
        self.folder = folder.resolve()
        self.base = "/" + base.strip("/") + "/" if base.strip("/") else "/"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = str(environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")
        if self.base != "/" and path == self.base[:-1]:
            return self._redirect(self.base, start_response)
        if not path.startswith(self.base):
            return self._answer("404 Not Found", None, start_response)
        found = self._find(path[len(self.base) :])
        if found is not None and found.is_dir():
            return self._redirect(path + "/", start_response)
        if found is None:
            return self._answer("404 Not Found", self.folder / "404.html", start_response)
        return self._answer("200 OK", found, start_response)

    def _find(self, path: str) -> Path | None:
        place = (self.folder / path).resolve()
        if not place.is_relative_to(self.folder):
            return None
        if path == "" or path.endswith("/"):
            index = place / "index.html"
            return index if index.is_file() else None
        if place.is_file():
            return place
        page = place.with_name(place.name + ".html")
        if page.is_file():
            return page
        return place if (place / "index.html").is_file() else None

    @staticmethod
    def _redirect(path: str, start_response: StartResponse) -> Iterable[bytes]:
        start_response("301 Moved Permanently", [("Location", quote(path)), ("Content-Length", "0")])
        return [b""]

    @staticmethod
    def _answer(status: str, file: Path | None, start_response: StartResponse) -> Iterable[bytes]:
        body = file.read_bytes() if file is not None and file.is_file() else b"There is no such page.\n"
        kind = (
            mimetypes.guess_type(file.name)[0] if file is not None else None
        ) or "application/octet-stream"
        if kind.startswith("text/") or kind == "application/javascript":
            kind += "; charset=utf-8"
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]
