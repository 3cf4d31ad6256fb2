"""The server's logs: a line for each request that tells visitors apart and names none."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from meishi.config.server import ServerConfig

_DAY = 86_400
#: Secrets that stand in addresses: private links, invitations, Socket.IO's session numbers.
_SECRETS = re.compile(r"(/mine/|/set-up/|/invitation/)[^/?]+")
#: What monitors ask for.
_WATCHED = "/healthz"
_QUERY_KEPT = ("after", "page", "q", "room", "transport")

Inner = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class AccessLog:
    """Write a line for each request: when, who (a word that changes daily), what, how it went, how long."""

    def __init__(
        self,
        app: Inner,
        log: logging.Logger,
        proxies: int = 0,
        now: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._app = app
        self._logger = log
        self._proxies = proxies
        self._now = now
        self._random = random
        self._day, self._key = 0, b""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, and note how."""
        # A WebSocket's handshake is answered past WSGI.
        began, status = time.perf_counter(), ["101" if "HTTP_UPGRADE" in environ else "-"]
        words = self.who(environ), f"{environ['REQUEST_METHOD']} {_shown(environ)}"

        def starting(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            status[0] = line.partition(" ")[0]
            return start_response(line, headers, *rest)

        def done() -> None:
            if environ.get("PATH_INFO") == _WATCHED and status[0] == "200":
                return  # monitors ask all the time
            milliseconds = (time.perf_counter() - began) * 1000
            self._logger.info("%s %s %s %.0f ms", words[0], words[1], status[0], milliseconds)

        answer: Iterable[bytes] = ()
        try:
            answer = self._app(environ, starting)
        finally:
            if not answer:
                done()
        return _Counted(answer, done) if answer else answer

    def who(self, environ: dict[str, Any]) -> str:
        """Return a word for a visitor's address: the same for a day, and never to be turned back."""
        day = int(self._now() // _DAY)
        if day != self._day:
            self._day, self._key = day, self._random(32)
        address = environ.get("REMOTE_ADDR") or ""
        if self._proxies:
            named = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            address = named[-self._proxies] if len(named) >= self._proxies else address
        return hmac.new(self._key, address.encode(), hashlib.sha256).hexdigest()[:8]


class _Counted:
    """An answer's parts; the request is over when they are."""

    def __init__(self, parts: Iterable[bytes], done: Callable[[], None]) -> None:
        self._parts = parts
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        """Note that the answer was sent, or given up."""
        try:
            if close := getattr(self._parts, "close", None):
                close()
        finally:
            self._done()


class _Format(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def logs(config: ServerConfig, stream: Any = None) -> tuple[logging.Logger, logging.Logger | None]:
    """Set up the server's log and its access log; the latter is None where it is switched off."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Format("%(asctime)s %(message)s"))
    found = []
    for name in ("meishi", "meishi.access"):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.setLevel(logging.INFO)
        log.propagate = False
        found.append(log)
    # A database that is away is told by the guestbook in a line, not by its library in sixty.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    return found[0], found[1] if config.access_log else None


def _shown(environ: dict[str, Any]) -> str:
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    path = _SECRETS.sub(r"\1…", "".join(letter if letter.isprintable() else "?" for letter in path))
    query = environ.get("QUERY_STRING", "")
    kept = [part for part in query.split("&") if part.partition("=")[0] in _QUERY_KEPT]
    return f"{path}?{'&'.join(kept)}"[:300] if kept else path[:300]
