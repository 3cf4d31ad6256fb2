"""Ask a WSGI app for addresses, without what a browser or a test would want besides.

Flask's test client builds and takes apart a request as a browser would (cookies, forms, redirects): a
fifth of a millisecond a page, more than many templates take. Frozen-Flask only ever gets an address.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask


class Answer:
    """Hold what Frozen-Flask wants to know of a response."""

    __slots__ = ("content_type", "data", "mimetype", "status", "status_code")

    def __init__(self, status: str, headers: list[tuple[str, str]], data: bytes) -> None:
        """Take the parts of a WSGI response."""
        self.status = status
        self.status_code = int(status[:3])
        self.content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        self.mimetype = self.content_type.partition(";")[0].strip()
        self.data = data

    def close(self) -> None:
        """Do nothing: all of it was read."""


class Client:
    """Get addresses from an app; the last answer stays at hand for who wants to look at it too."""

    def __init__(self, app: Flask, base_url: str) -> None:
        """Prepare the part of the request that is the same for every address."""
        parts = urlsplit(base_url)
        self._app = app
        self._environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": parts.path.rstrip("/"),
            "QUERY_STRING": "",
            "SERVER_NAME": parts.hostname or "localhost",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "HTTP_HOST": parts.netloc,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.errors": None,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            # Nobody asks "has it changed since?": the views need not work out what would tell.
            "meishi.freezing": True,
        }
        self.last = b""

    def get(self, url: str, **_options: Any) -> Answer:
        """Return the app's answer for an address below the base path."""
        environ = {
            **self._environ,
            "PATH_INFO": url.encode("utf-8").decode("latin-1"),
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        head: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: Any = None
        ) -> Callable[..., None]:
            head[:] = status, headers
            return _unwritten

        parts = self._app.wsgi_app(environ, start_response)
        try:
            self.last = b"".join(parts)
        finally:
            if (close := getattr(parts, "close", None)) is not None:
                close()
        return Answer(head[0], head[1], self.last)


def _unwritten(_data: bytes) -> None:
    """Stand for WSGI's old way of answering, which Flask never uses."""
