"""Flask's view of the public site: one rule for every address."""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from meishi.web.answers import Answer
from meishi.web.public import PublicSite
from meishi.web.targets import NOT_FOUND, Target

#: What lies under an address with a hash of its content never changes.
_FOR_EVER = "public, max-age=31536000, immutable"
_HASHED = frozenset({"asset", "variant"})


class SiteSource(Protocol):
    """Hand out the site as it is now."""

    def current(self) -> PublicSite:
        """Return the newest good reading of the content."""

    def answer(self, site: PublicSite, target: Target) -> Answer:
        """Return the bytes of a rendered target."""


def public_blueprint(source: SiteSource) -> Blueprint:
    """Serve the public site."""
    blueprint = Blueprint("public", __name__)

    @blueprint.get("/")
    @blueprint.get("/<path:address>")
    def show(address: str = "") -> BaseResponse:
        """Answer for any address of the site."""
        site = source.current()
        wanted = unicodedata.normalize("NFC", f"/{address}")
        target = site.target(wanted)
        if target is not None:
            return respond(source, site, target)
        if not wanted.endswith("/") and site.target(f"{wanted}/"):
            query = f"?{request.query_string.decode()}" if request.query_string else ""
            return redirect(request.script_root + quote(f"{wanted}/") + query, code=301)
        return not_there()

    @blueprint.after_app_request
    def close_unsent(response: Response) -> Response:
        """Close the file of an answer without a body: Werkzeug sends nothing then, and leaves it open."""
        if response.direct_passthrough and (response.status_code == 304 or request.method == "HEAD"):
            response.close()
        return response

    @blueprint.app_errorhandler(404)
    def missing(_error: Exception) -> BaseResponse:
        """Answer with the site's own page for what is not there."""
        return not_there()

    def not_there() -> BaseResponse:
        site = source.current()
        target = site.targets().get(NOT_FOUND)
        response = respond(source, site, target) if target else Response("Not found", mimetype="text/plain")
        response.status_code = 404
        return response

    return blueprint


class _Closing:
    """Hand out a file, and close it even if the server drops the answer of a visitor who has left."""

    def __init__(self, parts: Any) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        if (close := getattr(self._parts, "close", None)) is not None:
            close()

    __del__ = close


def respond(source: SiteSource, site: PublicSite, target: Target) -> BaseResponse:
    """Answer with a target's bytes."""
    response: BaseResponse
    path = site.file(target)
    if path is not None:
        response = send_file(path, mimetype=mime_of(target.address), conditional=True, etag=True)
        if response.direct_passthrough:
            response.response = _Closing(response.response)
    else:
        answer = source.answer(site, target)
        response = Response(answer.body, mimetype=answer.mime)
        if "meishi.freezing" not in request.environ:
            response.add_etag()
            response.make_conditional(request)
    if target.kind in _HASHED:
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def mime_of(address: str) -> str:
    """Return the type that a static host would guess from an address, on every machine the same."""
    return _TYPES.guess_type(address)[0] or "application/octet-stream"


def _types() -> mimetypes.MimeTypes:
    # Python's own table alone: the machine's may say anything. What 3.11 lacks is added.
    table = mimetypes.MimeTypes(())
    for kind, ending in (
        ("image/avif", ".avif"), ("image/webp", ".webp"), ("text/markdown", ".md"), ("font/woff2", ".woff2"),
        ("font/woff", ".woff"), ("font/ttf", ".ttf"), ("font/otf", ".otf"), ("text/javascript", ".js"),
        ("text/javascript", ".mjs"), ("image/x-icon", ".ico"), ("text/vcard", ".vcf"), ("audio/ogg", ".ogg"),
        ("video/webm", ".webm"), ("audio/mp4", ".m4a"), ("application/manifest+json", ".webmanifest"),
    ):  # fmt: skip
        table.add_type(kind, ending)
    return table


_TYPES = _types()
