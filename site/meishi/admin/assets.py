"""The study's style sheets and scripts, under an address that changes when one of them does."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from flask import Response, abort, g, send_from_directory, url_for
from werkzeug.security import safe_join

_YEAR = 31_536_000
_MIMES = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """Serve files of static/admin/, and what the install built for it in static/dist/admin/."""

    def __init__(self, static: Path) -> None:
        self._folders = (static / "admin", static / "dist" / "admin")
        #: The guestbook's socket client, which pages and study share.
        self._client = static / "dist" / "socket.io.js"

    def edition(self) -> str:
        """Return a mark of all files together: scripts import each other by relative names."""
        if "edition" not in g:  # once for each answer
            g.edition = self._edition()
        return str(g.edition)

    def _edition(self) -> str:
        mark = blake2b(digest_size=6)
        for folder in self._folders:
            for file in sorted(folder.rglob("*")):
                status = file.stat()
                mark.update(f"{file.relative_to(folder)}\0{status.st_mtime_ns}\0{status.st_size}\n".encode())
        return mark.hexdigest()

    def url(self, name: str) -> str:
        """Return the address of a file, such as "admin.css"."""
        return url_for("admin.asset", edition=self.edition(), name=name)

    def send(self, edition: str, name: str) -> Response:
        """Answer with a file, to be kept for good if it is of the newest edition."""
        for folder in (*self._folders, *((self._client.parent,) if name == self._client.name else ())):
            found = safe_join(str(folder), name)
            if found is not None and Path(found).is_file():
                mime = _MIMES.get(Path(name).suffix)  # Windows' own table may say otherwise
                response = send_from_directory(folder, name, conditional=True, mimetype=mime)
                response.cache_control.no_cache = None
                if edition == self.edition():
                    response.cache_control.immutable = True
                    response.cache_control.max_age = _YEAR
                else:
                    response.cache_control.no_cache = True
                return response
        abort(404)
