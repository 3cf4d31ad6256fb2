"""Open the guestbook: its database, made and brought up to date at the first start."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import Random, Secret
from meishi.guestbook.addresses import Addresses
from meishi.guestbook.limits import Limiter, MemoryLimiter
from meishi.guestbook.names import prepare_names
from meishi.guestbook.parts import Parts, Rules
from meishi.guestbook.proofs import Proofs
from meishi.guestbook.seals import Seals
from meishi.guestbook.service import Guestbook
from meishi.guestbook.store import Store

NAME = "guestbook.sqlite3"


def database_address(instance: Path, address: str = "") -> str:
    """Return the database's address: MEISHI_DATABASE_URL, or a file in instance/."""
    return address or f"sqlite:///{(instance / NAME).absolute()}"


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
    store = Store(database)
    store.prepare()
    prepare_names()
    parts = Parts(
        store=store,
        seals=Seals(secret, random),
        addresses=Addresses(store, secret, random),
        proofs=Proofs(secret),
        limiter=limiter or MemoryLimiter(),
        now=now,
        random=random,
        known_page=known_page,
        rules=Rules(settings),
    )
    return Guestbook(parts)
