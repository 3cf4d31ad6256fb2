"""Write what is published of the guestbook into content/, from which the pages are frozen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import load_secret
from meishi.config.server import ServerConfig
from meishi.guestbook.snapshot import Snapshot, write_snapshot

FILE = Path("content", "guestbook.json")


def has_begun(server: ServerConfig) -> bool:
    """Tell whether there is a database to export from: none is made for that."""
    from meishi.guestbook.opening import NAME

    return bool(server.database_url) or (server.instance / NAME).exists()


def export(
    root: Path, settings: GuestbookSettings, server: ServerConfig, now: Callable[[], datetime]
) -> tuple[Snapshot, bool]:
    """Write the shown entries; return them, and whether the file changed."""
    # Opening brings SQLAlchemy: who only freezes never comes here.
    from meishi.guestbook.opening import database_address, open_guestbook
    from meishi.guestbook.snapshot_taking import take_snapshot

    address = database_address(server.instance, server.database_url)
    guestbook = open_guestbook(settings, load_secret(server), address, now=now)
    try:
        snapshot = take_snapshot(guestbook, now())
    finally:
        guestbook.close()
    return snapshot, write_snapshot(root / FILE, snapshot)
