"""Whose entries are not shown: most who join have none, and need not be looked up one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from meishi.guestbook.models import Announcement, Record, Visitor
from meishi.guestbook.service import Guestbook

#: Seconds for which the list of authors is good; what this process changes is known at once.
FRESH = 0.25
#: Entries up to which such a list is read; where more are held or hidden, each author is looked up.
MOST = 1000


class Withheld:
    """Tell those who join of their own entries that are held or hidden."""

    def __init__(self, guestbook: Callable[[], Guestbook], now: Callable[[], float]) -> None:
        self._guestbook = guestbook
        self._now = now
        self._lock = threading.Lock()
        self._changes = 0
        #: When the list was read, and who is on it; None if it were too long.
        self._list: tuple[float, frozenset[str] | None] | None = None

    def forget(self, _news: Announcement) -> None:
        """Read the list again at the next joining."""
        with self._lock:
            self._changes += 1
            self._list = None

    def of(self, key: str, visitor: Visitor, room: str) -> tuple[Record, ...]:
        """Return a visitor's own entries in a room that are not shown; `key` is what they are known by."""
        authors = self._authors() if key else frozenset()
        if authors is not None and key not in authors:
            return ()
        return self._guestbook().own(visitor, room)

    def _authors(self) -> frozenset[str] | None:
        with self._lock:
            changes, known = self._changes, self._list
        now = self._now()
        if known is not None and now - known[0] < FRESH:
            return known[1]
        authors = self._guestbook().withheld(limit=MOST)
        with self._lock:
            if changes == self._changes:
                self._list = now, authors
        return authors
