"""The headers that every answer of the live site carries; a static host sets its own."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256

from flask import Flask, Response, g, has_request_context, request
from werkzeug.middleware.proxy_fix import ProxyFix

from meishi.web.rendering import SCHEME_SCRIPT

#: Players that a visitor may start by a click; see content/embeds.py.
_PLAYERS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
_YEAR = 31_536_000
_INLINE_STYLE = re.compile(rb"""<[a-zA-Z][^<>]*?\sstyle=(?:"([^"]*)"|'([^']*)')""")
_STYLE_ELEMENT = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_STEADY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), "
        "usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}


def install_security(app: Flask, connect: Callable[[], tuple[str, ...]] = tuple) -> None:
    """Send the headers with every answer; `connect` names other servers that pages may talk to."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _STEADY.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = _policy(response, connect())
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        return response


def trust_proxies(app: Flask, number: int) -> None:
    """Believe what so many proxies in front say about the visitor; call it after Socket.IO is attached."""
    if number:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_prefix=number
        )


def style_nonce() -> str:
    """Return a mark for `<style>` elements that scripts of this page make, such as the editor's."""
    if not has_request_context():
        return ""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def _policy(response: Response, connect: tuple[str, ...]) -> str:
    styles = ["'self'"]
    if "style_nonce" in g:
        styles.append(f"'nonce-{g.style_nonce}'")
    if response.mimetype == "text/html" and not response.is_streamed and not response.direct_passthrough:
        styles += _style_hashes(response.get_data())
    return "; ".join(f"{name} {' '.join(values)}" for name, values in _directives(styles, connect).items())


def _directives(styles: list[str], connect: tuple[str, ...]) -> Mapping[str, tuple[str, ...] | list[str]]:
    return {
        "default-src": ("'none'",),
        "script-src": ("'self'", _hash(SCHEME_SCRIPT.encode())),
        "style-src": styles,
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'",),
        "media-src": ("'self'", "blob:"),
        "connect-src": ("'self'", *connect),
        "frame-src": ("'self'", *_PLAYERS),
        "manifest-src": ("'self'",),
        "form-action": ("'self'", *connect),
        "base-uri": ("'none'",),
        "frame-ancestors": ("'self'",),
    }


def _style_hashes(html: bytes) -> list[str]:
    """Allow the styles that stand in the page itself, which the owner wrote, and no other."""
    found = dict.fromkeys(_hash(inner) for inner in _STYLE_ELEMENT.findall(html))
    if b"style=" in html:
        texts = (_unescaped(double or single) for double, single in _INLINE_STYLE.findall(html))
        attributes = dict.fromkeys(_hash(text) for text in texts)
        if attributes:
            found = {**found, "'unsafe-hashes'": None, **attributes}
    return list(found)


def _unescaped(value: bytes) -> bytes:
    from html import unescape

    return unescape(value.decode("utf-8", "replace")).encode()


def _hash(text: bytes) -> str:
    return f"'sha256-{b64encode(sha256(text).digest()).decode()}'"
