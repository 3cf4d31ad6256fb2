"""Tell each room what changed: in the log's order, once, and without a gap."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from meishi.errors import MeishiError
from meishi.guestbook.models import Announcement, Delta, OwnChange, QueueChange, Reading, RoomChange
from meishi.guestbook.service import Guestbook

#: Entries that are read at once when a room has fallen behind.
_STEP = 200

Emit = Callable[[str, Any, str], None]


def room_name(slug: str) -> str:
    """Return what Socket.IO calls the crowd in a room."""
    return f"room {slug}"


def author_name(key: str) -> str:
    """Return what Socket.IO calls the connections of one author."""
    return f"author {key}"


#: What Socket.IO calls the owner's connections.
OWNERS = "owners"


class Relay:
    """Send the guestbook's news to the browsers; the one place that emits entries.

    What this process stored is sent as it was announced. Where other processes came between, the gap is
    read from the database: it is the log, and a wake-up only says that there is something to read.
    """

    def __init__(self, guestbook: Guestbook, emit: Emit, log: logging.Logger) -> None:
        self._guestbook = guestbook
        self.emit = emit
        self._logger = log
        self._news: deque[Announcement | str] = deque()
        self._some = threading.Event()
        self._turn = threading.Lock()
        #: How far the browsers in each room have been told.
        self._told: dict[str, tuple[str, int]] = {}
        #: What is called with each announcement of this process, to tell the other processes.
        self.outward: Callable[[Announcement], None] = lambda _announcement: None

    def announce(self, announcement: Announcement) -> None:
        """Take news of this process in, to be sent soon."""
        self._news.append(announcement)
        self._some.set()

    def wake(self, room: str) -> None:
        """Look into the database for what a room has not been told."""
        self._news.append(room)
        self._some.set()

    def follow(self, room: str, epoch: str, head: int) -> None:
        """Begin to tell a room, of whose log somebody has just read so much."""
        self._told.setdefault(room, (epoch, head))

    def leave(self, room: str) -> None:
        """End telling a room in which nobody is any more."""
        self._told.pop(room, None)

    def told(self, room: str) -> tuple[str, int] | None:
        """Return how far a room has been told."""
        return self._told.get(room)

    def followed(self) -> dict[str, tuple[str, int]]:
        """Return how far each room has been told."""
        return dict(self._told)

    def run(self) -> None:
        """Send what comes, for ever."""
        while True:
            self._some.wait()
            self._some.clear()
            self.pump()

    def pump(self) -> None:
        """Send all that waits."""
        with self._turn:
            while self._news:
                news = self._news.popleft()
                try:
                    self._send(news)
                except MeishiError as error:
                    # The database is away: the next tick asks again.
                    self._logger.warning("guestbook: a room could not be told: %s", error)
                except Exception:
                    self._logger.exception("guestbook: news could not be told")

    def _send(self, news: Announcement | str) -> None:
        if isinstance(news, str):
            self._catch_up(news)
            return
        if isinstance(news, Delta):
            self._step(news)
        elif isinstance(news, OwnChange):
            self.own(news)
        elif isinstance(news, RoomChange):
            self.emit("mode", news.room.as_json(), room_name(news.room.slug))
        elif isinstance(news, QueueChange):
            self.desk(news.room, news.head, news.arrival, news.held)
        self.outward(news)

    def own(self, news: OwnChange) -> None:
        """Tell an author what became of their entries."""
        self.emit("own", {"entries": [record.as_own() for record in news.records]}, author_name(news.author))

    def desk(self, room: str, head: int, arrival: int, held: int) -> None:
        """Tell the owner that there is something to look at: numbers only."""
        self.emit("desk", {"room": room, "head": head, "arrival": arrival, "held": held}, OWNERS)

    def _step(self, delta: Delta) -> None:
        told = self._told.get(delta.room)
        if told is None or (told[0] == delta.epoch and delta.head <= told[1]):
            return
        if told == (delta.epoch, delta.before):
            self.emit(delta.kind, delta.as_json(), room_name(delta.room))
            self._told[delta.room] = (delta.epoch, delta.head)
        else:
            self._catch_up(delta.room)

    def _catch_up(self, room: str) -> None:
        while (told := self._told.get(room)) is not None:
            epoch, head = told
            reading = self._guestbook.read(room, after=head, epoch=epoch, limit=_STEP)
            self._told[room] = (reading.epoch, reading.head)
            if reading.reset:
                # Everyone has to forget what they had: `before` fits nobody, so that they ask again.
                self.emit("entries", _event(reading, reading.head) | {"entries": []}, room_name(room))
                return
            if reading.head > head:
                self.emit("entries", _event(reading, head), room_name(room))
            if reading.removed:
                told_ids = {"ids": list(reading.removed)}
                self.emit("removed", _place(reading, reading.head) | told_ids, room_name(room))
            if not reading.more:
                return


def _place(reading: Reading, before: int) -> dict[str, Any]:
    return {"room": reading.room.slug, "epoch": reading.epoch, "before": before, "head": reading.head}


def _event(reading: Reading, before: int) -> dict[str, Any]:
    return _place(reading, before) | {"entries": [entry.as_json() for entry in reading.entries]}
