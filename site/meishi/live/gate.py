"""What stands before Socket.IO: WebSockets only, from allowed pages, so many in all and from one address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from meishi.live.lines import Allowance, Line, Lines, Metered, household
from meishi.live.origins import Origins

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Where Socket.IO is served.
PATH = "/socket.io/"
#: Under which name a connection's line stands in its environ.
LINE = "meishi.line"
#: After so many seconds one who was turned away may try again.
_PATIENCE = 30
#: All that Socket.IO, the WebSocket and the guestbook read; the rest would be kept for every idle client.
#: No offer of compression is among it: it doubles the work, and lets small frames become huge ones.
_KEPT = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT",
    "SERVER_PROTOCOL", "REMOTE_ADDR", "HTTP_HOST", "HTTP_CONNECTION", "HTTP_UPGRADE", "HTTP_ORIGIN",
    "HTTP_COOKIE", "HTTP_SEC_WEBSOCKET_KEY", "HTTP_SEC_WEBSOCKET_VERSION", "wsgi.url_scheme", "wsgi.input",
    "werkzeug.socket", "eventlet.input", "eventlet.set_idle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How many lines are open at once, and how much comes in over each."""

    connections: int
    per_address: int
    allowance: Allowance


class _Silence:
    """Where eventlet would write how a WebSocket ended, with the visitor's address."""

    def write(self, _text: str) -> None:
        pass


_SILENCE = _Silence()


class _GreenInput:
    """What eventlet's WebSocket asks for the connection's socket."""

    __slots__ = ("_wire",)

    def __init__(self, wire: Metered) -> None:
        self._wire = wire

    def get_socket(self) -> Metered:
        return self._wire


class Gate:
    """Let WebSockets through to Socket.IO, and keep account of each until it ends."""

    def __init__(
        self,
        app: WsgiApp,
        lines: Lines,
        origins: Origins,
        limits: Callable[[], Limits],
        ended: Callable[[Line], None],
        now: Callable[[], float],
        log: logging.Logger,
    ) -> None:
        self._app = app
        self._lines = lines
        self._origins = origins
        self._limits = limits
        self._ended = ended
        self._now = now
        self._logger = log
        self._told = 0.0
        #: Set when the server stops: nobody is let in any more.
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start_response)
        # Version 13 is that of the standard; eventlet would also speak the drafts before it.
        version = environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        upgrade = environ.get("HTTP_UPGRADE", "").lower() == "websocket" and version
        wire = _wire(environ)
        if environ["REQUEST_METHOD"] != "GET" or not upgrade or wire is None:
            return _refuse(start_response, "400 Bad Request", "Only WebSockets are spoken here.")
        if not self._origins.allows(environ.get("HTTP_ORIGIN"), environ):
            return _refuse(start_response, "403 Forbidden", "This page may not use the guestbook.")
        limits = self._limits()
        line = Line(household(environ.get("REMOTE_ADDR", "")), wire, self._now())
        full = "all" if self.closed else self._lines.add(line, limits.connections, limits.per_address)
        if full:
            self._tell(full, environ)
            status = "503 Service Unavailable" if full == "all" else "429 Too Many Requests"
            return _refuse(start_response, status, "There are too many connections.")
        line.narrow()
        try:
            metered = Metered(wire, line, limits.allowance, self._now)
            return self._connect(environ, start_response, metered)
        finally:
            self._lines.remove(line)
            self._ended(line)

    def _connect(
        self, environ: dict[str, Any], start_response: Callable[..., Any], wire: Metered
    ) -> Iterable[bytes]:
        kept = {name: environ[name] for name in _KEPT if name in environ}
        kept[LINE] = wire.line
        kept["wsgi.errors"] = _SILENCE
        if "werkzeug.socket" in kept:
            kept["werkzeug.socket"] = wire
        else:
            kept["eventlet.input"] = _GreenInput(wire)
        try:
            return self._app(kept, start_response)
        except Exception as error:
            # Whatever a client sent, it ends its own connection alone.
            self._logger.debug("guestbook: a connection ended: %s", type(error).__name__)
            if "werkzeug.socket" in kept:
                raise ConnectionError from error  # so Werkzeug is told that nothing follows
            start_response("400 Bad Request", [("Connection", "close")])
            return [b""]

    def _tell(self, full: str, environ: dict[str, Any]) -> None:
        """Log once a minute that someone was turned away."""
        now = self._now()
        if self.closed or now - self._told < 60:
            return
        self._told = now
        name = "connections" if full == "all" else "connections_per_address"
        hint = ""
        proxied = "HTTP_X_FORWARDED_FOR" in environ and "werkzeug.proxy_fix.orig" not in environ
        if full == "address" and proxied:
            hint = "; all come from one address because of a proxy: set MEISHI_TRUSTED_PROXIES=1"
        self._logger.warning("guestbook: someone was turned away: guestbook.limits.%s%s", name, hint)


def _wire(environ: dict[str, Any]) -> Any:
    """Return the connection's socket, None on a server that has no WebSockets."""
    if "eventlet.input" in environ:
        return environ["eventlet.input"].get_socket()
    return environ.get("werkzeug.socket")


def _refuse(start_response: Callable[..., Any], status: str, message: str) -> Iterable[bytes]:
    body = json.dumps({"ok": False, "message": message}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    headers += [("Cache-Control", "no-store"), ("Connection", "close")]
    if status[0] == "5" or status.startswith("429"):
        headers.append(("Retry-After", str(_PATIENCE)))
    start_response(status, headers)
    return [body]
