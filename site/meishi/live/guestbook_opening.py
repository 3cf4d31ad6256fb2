"""Open the guestbook for a running server: its database, its limits, the pages that have one of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import load_secret
from meishi.config.server import ServerConfig
from meishi.web.source import CurrentSite

if TYPE_CHECKING:
    from meishi.guestbook.limits import Limiter
    from meishi.guestbook.service import Guestbook

#: Seconds that Redis has to count; a writer waits for it.
_PATIENCE = 1.0


def opener(
    server: ServerConfig, source: CurrentSite, now: Callable[[], datetime]
) -> Callable[[GuestbookSettings], Guestbook]:
    """Return what opens the guestbook; only that loads the database's library."""

    def open_it(settings: GuestbookSettings) -> Guestbook:
        from meishi.guestbook.opening import database_address, open_guestbook

        return open_guestbook(
            settings,
            load_secret(server),
            database_address(server.instance, server.database_url),
            now=now,
            limiter=_limiter(server.redis_url),
            known_page=_known_page(source),
        )

    return open_it


def _known_page(source: CurrentSite) -> Callable[[str], bool]:
    def known(address: str) -> bool:
        site = source.current()
        target = site.targets().get(address)
        if target is None or target.kind != "page" or target.page is None:
            return False
        own = target.page.params.get("guestbook")
        return own if isinstance(own, bool) else site.library.config.guestbook.pages

    return known


def _limiter(url: str) -> Limiter | None:
    if not url:
        return None
    import redis

    from meishi.guestbook.limits import RedisLimiter

    return RedisLimiter(redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE))
