"""Which sites' pages may use the guestbook: this server's own, that of baseURL, and those the owner names."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

_HOUR = 3600.0
_REMEMBERED = 100


class Origins:
    """Decide by the Origin that a browser sends, and tell the log how to let one in."""

    def __init__(
        self, named: Callable[[], frozenset[str]], log: logging.Logger, now: Callable[[], float]
    ) -> None:
        self._named = named
        self._logger = log
        self._now = now
        self._told: OrderedDict[str, float] = OrderedDict()

    def allows(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Tell whether pages of this origin may use the guestbook; what is no browser sends none."""
        if origin is None:
            return True
        own = str(environ.get("HTTP_HOST", "")).lower()
        origin = origin.lower()
        # The scheme is not compared: behind a proxy that ends TLS it may be unknown here.
        if own and origin in (f"https://{own}", f"http://{own}"):
            return True
        if origin in self._named():
            return True
        self._tell(origin)
        return False

    def _tell(self, origin: str) -> None:
        """Log a refusal once an hour: a stranger's page must not fill the log."""
        origin, now = origin[:200], self._now()
        if now - self._told.get(origin, -_HOUR) < _HOUR:
            return
        self._told[origin] = now
        self._told.move_to_end(origin)
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        self._logger.warning(
            "guestbook: refused a page of %r; if it is yours, add it to `origins` below [guestbook] in "
            "config.toml, or to MEISHI_ORIGINS",
            origin,
        )


def origin_of(address: str) -> str:
    """Return scheme and host of an address, "" when it has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""


def same_site(environ: Mapping[str, Any]) -> bool:
    """Tell whether a page of this very server opens a WebSocket; others must not speak as the owner."""
    host = str(environ.get("HTTP_HOST", "")).lower()
    origin = str(environ.get("HTTP_ORIGIN", "")).lower()
    return bool(host) and origin in (f"https://{host}", f"http://{host}")
