"""A real server of a site with a guestbook, `flask run` or `python app.py`, and its visitors."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import requests
import socketio
import websocket

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import Secret
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.seals import Seals

T = TypeVar("T")
PROJECT = Path(__file__).resolve().parents[2]
KEY = "a key for tests, of no use to anyone else"
NAMESPACE = "/guestbook"
#: Seconds that something may take on a busy machine.
PATIENCE = 60.0
CONFIG = """
baseURL = "https://www.example.com/"
title = "Ichi"
[guestbook]
mode = "open"
[[guestbook.rooms]]
slug = "lobby"
[[guestbook.rooms]]
slug = "garden"
[guestbook.limits]
author = "900000 per second"
address = "900000 per second"
room = "900000 per second"
socket = "{socket}"
connections = {connections}
connectionsPerAddress = {per_address}
"""


def config(socket: str = "900000 per second", connections: int = 5000, per_address: int = 5000) -> str:
    """Return settings without limits, or with those that a test is about."""
    return CONFIG.format(socket=socket, connections=connections, per_address=per_address)


def ticket() -> str:
    """Return a form ticket that is old enough to be used at once."""
    seals = Seals(Secret(KEY.encode()), os.urandom)
    return seals.ticket(datetime.now(UTC) - timedelta(seconds=10))


def until(look: Callable[[], T], what: str = "", patience: float = PATIENCE) -> T:
    """Wait until something is so, and return it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"it took too long: {what or look}")


@dataclass
class GuestbookServer:
    """A server process."""

    root: Path
    mode: str
    environ: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    url: str = ""

    def start(self, port: str = "0") -> GuestbookServer:
        """Start it, and wait until it answers."""
        shutil.copy(PROJECT / "app.py", self.root)
        command = [sys.executable, "app.py", "--port", port, *self.arguments]
        if self.mode == "threading":
            command = [sys.executable, "-m", "flask", "--app", "app.py", "run", "--port", port]
        self.log = self.root / f"log-{uuid.uuid4().hex[:6]}.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                stdout=log,
                stderr=log,
                env={**os.environ, "MEISHI_SECRET_KEY": KEY, "PYTHONUNBUFFERED": "1", **self.environ},
            )
        self.url = until(self._address, "the server starts")
        until(lambda: self.health() is not None, "the server answers")
        return self

    def restart(self) -> GuestbookServer:
        """Start it again at the address that it had."""
        return self.start(self.url.rpartition(":")[2])

    def _address(self) -> str:
        assert self.process.poll() is None, self.said()
        found = re.search(r"(?:Meishi is at|Running on) (http://[^/\s]+)", self.said())
        return found[1] if found else ""

    def health(self) -> Any:
        """Return what /healthz says, None while nobody answers."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=PATIENCE).json()
        except requests.RequestException:
            return None

    def said(self) -> str:
        """Return what the server has written."""
        return self.log.read_text(errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it with a signal; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def read(self, room: str = "lobby", **query: Any) -> Any:
        """Read a room by HTTP."""
        return requests.get(f"{self.url}/guestbook/{room}.json", params=query, timeout=PATIENCE).json()

    def all_entries(self, room: str = "lobby") -> list[dict[str, Any]]:
        """Read all that a room shows from the database, in order."""
        place = database_address(self.root / "instance", self.environ.get("MEISHI_DATABASE_URL", ""))
        settings = GuestbookSettings(enabled=True)
        guestbook = open_guestbook(settings, Secret(KEY.encode()), place, now=lambda: datetime.now(UTC))
        try:
            found: list[dict[str, Any]] = []
            while part := guestbook.shown(room, offset=len(found), limit=200):
                found = [entry.as_json() for entry in part] + found
            return found
        finally:
            guestbook.close()


class Visitor:
    """Someone with a browser: joins rooms, signs, and merges what is told as the protocol says."""

    def __init__(self, url: str, *, author: str = "", origin: str = "", **auth: Any) -> None:
        self.url = url
        self.auth = {"v": 1, **({"author": author} if author else {}), **auth}
        self.headers = {"Origin": origin} if origin else {}
        self.events: list[tuple[str, Any]] = []
        self.rooms: dict[str, dict[str, Any]] = {}
        self.ticket = ticket()
        self.wire: Any = None
        self._lock = threading.RLock()
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", self._hear, namespace=NAMESPACE)

    def connect(self) -> Visitor:
        """Connect."""
        self.client.connect(
            self.url,
            namespaces=[NAMESPACE],
            transports=["websocket"],
            auth=self.auth,
            headers=self.headers,
            wait_timeout=PATIENCE,
        )
        self.wire = self.client.eio.ws
        return self

    def leave(self) -> None:
        """Disconnect; what is known stays."""
        self.client.disconnect()
        if self.wire is not None:
            # The client leaves its socket open when the server went away first.
            self.wire.shutdown()

    def call(self, event: str, data: Any) -> Any:
        """Send an event and return the answer."""
        return self.client.call(event, data, namespace=NAMESPACE, timeout=PATIENCE)

    def join(self, room: str = "lobby") -> Any:
        """Join a room, and read what was missed."""
        mine = self.rooms.setdefault(room, {"head": 0, "epoch": "", "entries": {}, "doubled": 0})
        more = True
        while more:
            told = self.call("join", {"room": room, "after": mine["head"], "epoch": mine["epoch"]})
            assert told["ok"], told
            with self._lock:
                if told["reset"]:
                    mine["entries"].clear()
                self._merge(mine, told, told["removed"])
            more = told["more"]
        return told

    def sign(self, body: str, room: str = "lobby", name: str = "Aki", **more: Any) -> Any:
        """Sign a room."""
        return self.call("sign", self.wish(body, room, name, **more))

    def wish(self, body: str, room: str = "lobby", name: str = "Aki", **more: Any) -> dict[str, Any]:
        """Return what is sent to sign."""
        return {
            "room": room, "id": str(uuid.uuid4()), "name": name, "body": body, "ticket": self.ticket, **more
        }  # fmt: skip

    def bodies(self, room: str = "lobby") -> list[str]:
        """List what stands in a room, in the order of the numbers."""
        with self._lock:
            entries = sorted(self.rooms[room]["entries"].values(), key=lambda entry: entry["number"])
        return [entry["body"] for entry in entries]

    def heard(self, event: str) -> list[Any]:
        """List what an event said."""
        return [data for name, data in list(self.events) if name == event]

    def _hear(self, event: str, data: Any = None) -> None:
        with self._lock:
            self.events.append((event, data))
            mine = self.rooms.get(data.get("room")) if isinstance(data, dict) else None
            if mine is None or event not in ("entries", "changed", "removed") or data["head"] < mine["head"]:
                return
            if data["before"] > mine["head"] or data["epoch"] != mine["epoch"]:
                mine["gap"] = True
                return
            self._merge(mine, data, data.get("ids", ()))

    def _merge(self, mine: dict[str, Any], told: Any, removed: Any) -> None:
        for entry in told.get("entries", ()):
            mine["entries"][entry["id"]] = entry
        for gone in removed:
            mine["entries"].pop(gone, None)
        mine["head"], mine["epoch"] = told["head"], told["epoch"]


def raw(url: str, **options: Any) -> websocket.WebSocket:
    """Open a WebSocket without Socket.IO's client, to say what that would never say."""
    address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    return websocket.create_connection(address, timeout=PATIENCE, **options)


def greeted(url: str) -> websocket.WebSocket:
    """Open a WebSocket that has joined the namespace."""
    wire = raw(url)
    assert wire.recv().startswith("0")
    wire.send("40/guestbook," + '{"v":1}')
    assert wire.recv().startswith("40/guestbook")
    return wire
