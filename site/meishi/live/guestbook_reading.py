"""What is read to those who come: of a thousand who join at once, one asks the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from meishi.guestbook.models import Reading
from meishi.guestbook.service import Guestbook
from meishi.live.guestbook_relay import Relay

#: Entries that a newcomer is given.
NEWEST = 50
#: Changes that one who was away is given at once.
MISSED = 200


class Readings:
    """Read rooms, and keep the last reading of each for newcomers while the room stands still."""

    def __init__(self, guestbook: Callable[[], Guestbook], relay: Relay) -> None:
        self._guestbook = guestbook
        self._relay = relay
        self._lock = threading.Lock()
        self._newest: dict[str, tuple[object, dict[str, Any]]] = {}
        self._stale = 0

    def forget(self) -> None:
        """Ask the database again at the next joining: rules may have changed."""
        with self._lock:
            self._stale += 1
            self._newest.clear()

    def read(self, slug: str, after: int = 0, epoch: str = "", *, follow: bool = False) -> Mapping[str, Any]:
        """Return a join's answer, as far as it is the same for all; `follow` for those who stay."""
        told = self._relay.told(slug)
        if after and told == (epoch, after):
            # The commonest return: nothing happened meanwhile. The rules of the room come from the kept one.
            kept = self._kept(slug, told)
            if kept is not None:
                return {**kept, "entries": [], "removed": [], "reset": False, "more": False}
        if after or epoch:
            reading = self._guestbook().read(slug, after=after, epoch=epoch, limit=MISSED)
            return self._told(reading, follow=follow)
        kept = self._kept(slug, told)
        if kept is not None:
            return kept
        stale = self._stale
        answer = self._told(self._guestbook().read(slug, limit=NEWEST), follow=follow)
        with self._lock:
            if stale == self._stale and (answer["epoch"], answer["head"]) == self._relay.told(slug):
                self._newest[slug] = self._relay.told(slug), answer
        return answer

    def _kept(self, slug: str, told: object) -> dict[str, Any] | None:
        with self._lock:
            at, answer = self._newest.get(slug, (None, {}))
        return answer if at is not None and at == told else None

    def _told(self, reading: Reading, *, follow: bool) -> dict[str, Any]:
        if follow:
            self._relay.follow(reading.room.slug, reading.epoch, reading.head)
        return reading.as_json()
