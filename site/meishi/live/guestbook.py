"""The live guestbook of an app: opened when it is first needed, and again as config.toml changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from meishi.config import SiteConfig
from meishi.config.guestbook import GuestbookSettings
from meishi.config.server import ServerConfig
from meishi.errors import MeishiError
from meishi.live.gate import PATH, Gate, Limits
from meishi.live.lines import Allowance, Line, Lines
from meishi.live.origins import Origins, origin_of

if TYPE_CHECKING:
    from meishi.guestbook.notices import Notices
    from meishi.guestbook.service import Guestbook
    from meishi.live.guestbook_sockets import Sockets
    from meishi.publishing.job import Jobs

#: Opens the guestbook's database with the settings of now.
Open = Callable[[GuestbookSettings], "Guestbook"]
#: Bytes of one event as they come on average, for what may come in over one connection.
_EVENT = 4 * 1024
_LARGEST = 16 * 1024
#: Seconds that it takes at most to stop.
STOP = 3.0


class LiveGuestbook:
    """Open the guestbook and its sockets at the first use: commands and freezing never load them."""

    def __init__(
        self,
        app: Flask,
        config: Callable[[], SiteConfig],
        server: ServerConfig,
        open_guestbook: Open,
        mode: str,
    ) -> None:
        self._app = app
        self._config = config
        self._server = server
        self._open = open_guestbook
        self._mode = mode
        #: Tells from a handshake's cookies whether the owner's session opens it.
        self.is_owner: Callable[[Mapping[str, str]], bool] = lambda _cookies: False
        #: Publications that the owner's pages may follow over the same sockets.
        self.jobs: Jobs | None = None
        #: Tells the owner of new entries.
        self.notices: Notices | None = None
        self._lock = threading.RLock()
        self._guestbook: Guestbook | None = None
        self._settings: GuestbookSettings | None = None
        self._sockets: Sockets | None = None
        self.lines = Lines()
        self.origins = Origins(self.named_origins, app.logger, time.monotonic)
        self.gate = Gate(
            self._serve, self.lines, self.origins, self._limits, self._ended, time.monotonic, app.logger
        )
        self._inner = app.wsgi_app

    @property
    def log(self) -> logging.Logger:
        """Return where to tell what went wrong."""
        return self._app.logger

    def settings(self) -> GuestbookSettings:
        """Return the settings as they are now."""
        return self._config().guestbook

    def current(self) -> Guestbook | None:
        """Return the guestbook, None where [guestbook] is off."""
        settings = self.settings()
        if not settings.enabled:
            return None
        if self._guestbook is None or self._settings is not settings:
            with self._lock:
                if self._guestbook is None:
                    self._guestbook = self._open(settings)
                elif self._settings is not settings:
                    self._guestbook.reconfigure(settings)
                self._settings = settings
        return self._guestbook

    def opened(self) -> Guestbook:
        """Return the guestbook, even while it is switched off: who is in a room may stay."""
        guestbook = self.current() or self._guestbook
        assert guestbook is not None
        return guestbook

    def sockets(self) -> Sockets | None:
        """Return the sockets, None where [guestbook] is off."""
        if self.current() is None:
            return None
        if self._sockets is None:
            with self._lock:
                if self._sockets is None:
                    self._sockets = self._attach()
        return self._sockets

    def warm(self) -> None:
        """Open everything now, so that what is wrong is said at the start and not to a visitor."""
        self.sockets()
        if self.notices is not None:
            self.notices.start()

    def started(self) -> Sockets | None:
        """Return the sockets if they are in use already."""
        return self._sockets

    def named_origins(self) -> frozenset[str]:
        """Return the origins that the owner has named: in baseURL, config.toml and the environment."""
        config = self._config()
        named = {origin_of(address) for address in (config.base_url, *config.guestbook.origins)}
        return frozenset(named - {""}) | self._server.origins

    def health(self) -> Mapping[str, Any]:
        """Tell how it is: `ok`, the guestbook's database, Redis, and how many are connected."""
        state: dict[str, Any] = {"ok": not self.gate.closed, "guestbook": "off"}
        try:
            guestbook = self.current()
            if guestbook is not None:
                guestbook.heads()
                state["guestbook"] = "ok"
        except MeishiError:
            state |= {"ok": False, "guestbook": "away"}
        if self._sockets is not None:
            state["redis"] = self._sockets.neighbours.state
        return state | {"connections": len(self.lines)}

    def stop(self) -> None:
        """Store what was taken in, and say goodbye to everyone."""
        self.gate.closed = True
        if self._sockets is not None:
            self._sockets.stop(STOP)
        if self.notices is not None:
            self.notices.stop()
        if self._guestbook is not None:
            self._guestbook.close()

    def _attach(self) -> Sockets:
        from meishi.live.guestbook_sockets import Sockets

        return Sockets(
            self._app,
            self.opened,
            self.lines,
            mode=self._mode,
            is_owner=lambda cookies: self.is_owner(cookies),
            jobs=self.jobs,
            redis_url=self._server.redis_url,
        )

    def _serve(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PATH):
            return self._inner(environ, start_response)
        try:
            sockets = self.sockets()
        except MeishiError as error:
            self.log.error("%s", error)
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Connection", "close")])
            return []
        if sockets is None:
            start_response("404 Not Found", [("Content-Length", "0"), ("Connection", "close")])
            return []
        return sockets.wsgi_app(environ, start_response)

    def _ended(self, line: Line) -> None:
        if self._sockets is not None:
            self._sockets.ended(line)

    def _limits(self) -> Limits:
        limits = self.settings().limits
        events = limits.socket
        rate = _EVENT * max(1.0, events.count / events.seconds)
        burst = max(8 * _LARGEST, _EVENT * events.count)
        return Limits(limits.connections, limits.connections_per_address, Allowance(burst, rate))


def install_guestbook(
    app: Flask,
    config: Callable[[], SiteConfig],
    server: ServerConfig,
    open_guestbook: Open,
    *,
    mode: str = "threading",
) -> LiveGuestbook:
    """Put the guestbook's sockets before an app; call it before proxies are trusted."""
    live = LiveGuestbook(app, config, server, open_guestbook, mode)
    app.wsgi_app = live.gate  # type: ignore[method-assign]
    app.extensions["meishi.guestbook"] = live
    return live
