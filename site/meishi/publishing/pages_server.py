"""A server that behaves like GitHub Pages, as a WSGI app."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import quote_etag
from werkzeug.wrappers import Request, Response

from meishi.publishing.pages_site import Outcome, look_up
from meishi.publishing.pages_tree import Blob, Tree
from meishi.publishing.pages_types import content_type, worth_compressing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: For how long browsers and GitHub's own caches may keep an answer.
FRESH = timedelta(minutes=10)


class PagesServer:
    """Serve published files below a base path, with GitHub's redirects, statuses and headers."""

    def __init__(self, tree: Tree, base: str = "/", now: Callable[[], datetime] | None = None) -> None:
        self._tree = tree
        self._base = base
        self._now = now or (lambda: datetime.now(UTC))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self.answer(Request(environ))(environ, start_response)

    def answer(self, request: Request) -> Response:
        """Make the answer to a request."""
        if request.method not in ("GET", "HEAD"):
            return _plain(405, "Not Allowed", {"Allow": "GET, HEAD"})
        try:
            path = str(request.environ["PATH_INFO"]).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return self._missing(request, Outcome(404))
        outcome = look_up(self._tree, path or "/", self._base)
        if outcome.status == 400:
            return _plain(400, "Bad Request")
        if outcome.status == 301:
            return self._moved(request, outcome.to)
        if outcome.status == 404 or outcome.blob is None:
            return self._missing(request, outcome)
        return self._found(request, outcome.blob)

    def _found(self, request: Request, blob: Blob) -> Response:
        body = blob.read()
        response = self._file(request, blob, body)
        self._keep(response)
        zipped = "Content-Encoding" in response.headers
        try:
            # A part of a compressed answer would be of no use.
            return response.make_conditional(
                request, accept_ranges=not zipped, complete_length=None if zipped else len(body)
            )
        except RequestedRangeNotSatisfiable as error:
            refused = _plain(416, "Requested Range Not Satisfiable")
            refused.headers["Content-Range"] = f"bytes */{error.length}"
            return refused

    def _file(self, request: Request, blob: Blob, body: bytes, status: int = 200) -> Response:
        kind = content_type(blob.path)
        response = Response(body, status, content_type=kind, headers=_headers())
        response.last_modified = blob.modified
        zipped = worth_compressing(kind)
        if zipped:
            response.headers["Vary"] = "Accept-Encoding"
            zipped = request.accept_encodings["gzip"] > 0
        if zipped:
            response.data = gzip.compress(body, 6, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        response.headers["ETag"] = quote_etag(blob.mark, weak=zipped)
        return response

    def _missing(self, request: Request, outcome: Outcome) -> Response:
        if outcome.blob is None:
            return _plain(404, "File not found")
        return self._file(request, outcome.blob, outcome.blob.read(), 404)

    def _moved(self, request: Request, path: str) -> Response:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        # The address in full, as GitHub sends it.
        onward = f"{request.host_url.rstrip('/')}{quote(request.root_path + path)}{query}"
        response = _plain(301, "Moved Permanently", {"Location": onward})
        self._keep(response)
        return response

    def _keep(self, response: Response) -> None:
        response.headers["Cache-Control"] = f"max-age={int(FRESH.total_seconds())}"
        response.expires = self._now() + FRESH


def _headers() -> dict[str, str]:
    return {"Access-Control-Allow-Origin": "*"}


def _plain(status: int, title: str, more: dict[str, str] | None = None) -> Response:
    head = f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
    body = f"{head}<h1>{status} {escape(title)}</h1>\n"
    return Response(body, status, _headers() | (more or {}), content_type="text/html; charset=utf-8")
