"""A site with a live guestbook, served from this process: stopped, started again, written into."""

from __future__ import annotations

import socket
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from meishi.factory import create_app
from meishi.guestbook.models import Entry, Record, Ref
from meishi.guestbook.service import Guestbook

CONFIG = """
baseURL = "http://127.0.0.1:{port}/"
title = "Ichi"
timeZone = "Asia/Tokyo"
[languages.en]
languageName = "English"
weight = 1
[languages.ja]
languageName = "日本語"
weight = 2
title = "一"
[params.author]
name = "Ichi"
[guestbook]
mode = "open"
pages = true
{more}
[guestbook.limits]
author = "1000 per minute"
address = "1000 per minute"
"""
INTRODUCTION = "---\ntitle: Guestbook\n---\nSign here.\n"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output short."""


class GuestbookSite:
    """A folder with a site, and its server."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.root = root
        # The same port again after a restart: browsers come back to where they were.
        self._place = _kept(0)
        self.port = self._place.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self.write("config.toml", CONFIG.format(port=self.port, more=more))
        self.write("content/_index.md", "---\ntitle: Ichi\n---\n")
        self.write("content/guestbook.md", INTRODUCTION)
        self.write("content/guestbook.ja.md", INTRODUCTION.replace("Guestbook", "ゲストブック"))
        self.write("content/notes/tea.md", "---\ntitle: Tea\ndate: 2026-01-01\n---\nOn tea.\n")
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def write(self, path: str, text: str) -> None:
        """Write a file of the site."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def start(self) -> None:
        """Serve, on the same port each time."""
        self._place.close()
        self.app = create_app(self.root, reload=False)
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._place.close()

    def stop(self) -> None:
        """Stop serving, as a server does that is shut down."""
        if self._server is None or self._thread is None:
            return
        self.app.extensions["meishi.guestbook"].stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
        self._server = None
        self._place = _kept(self.port)

    @property
    def guestbook(self) -> Guestbook:
        """Return the guestbook itself."""
        found: Guestbook = self.app.extensions["meishi.guestbook"].current()
        return found

    def fill(self, *entries: Entry, room: str = "lobby") -> None:
        """Put entries in that others wrote."""
        records = [Record(room=room, entry=entry, state="shown", author=entry.face) for entry in entries]
        assert self.guestbook.take_in(records).added == len(entries)

    def hide(self, entry: Entry, room: str = "lobby") -> None:
        """Take an entry away as the owner does."""
        self.guestbook.hide([Ref(room, entry.id)])


def _kept(port: int) -> socket.socket:
    """Keep a port from others while nobody answers there."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", port))
    return place


def entry(body: str, *, name: str = "Reader", minutes: int = 5, link: str | None = None) -> Entry:
    """Make an entry that was written some minutes ago."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    return Entry(str(uuid.uuid4()), 0, 0, at, name, body, link=link, face="00ff00ff00ff00ff")
