"""Open the guestbook: its database, made and brought up to date at the first start."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import Random, Secret
from meishi.guestbook.limits import Limiter
from meishi.guestbook.service import Guestbook


def database_address(instance: Path, address: str = "") -> str:
    """Return the database's address: MEISHI_DATABASE_URL, or a file in instance/."""
    raise NotImplementedError


def open_guestbook(
    settings: GuestbookSettings,
    secret: Secret,
    database: str,
    *,
    now: Callable[[], datetime],
    random: Random = secrets.token_bytes,
    limiter: Limiter | None = None,
    known_page: Callable[[str], bool] = lambda _address: False,
) -> Guestbook:
    """Open the guestbook; `known_page` tells whether a page (as /notes/x/) has a guestbook of its own.

    Without a limiter, limits are counted in this process alone.
    """
    raise NotImplementedError
