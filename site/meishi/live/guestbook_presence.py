"""Who is here: by room, without those who were not heard of for a while, and across processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from meishi.live.lines import Line

#: Seconds after which one of whom nothing was heard is not here any more.
EXPIRES = 60.0
#: Marks of one room that a process tells the others; in a larger crowd nobody counts heads.
_TOLD = 500
#: People who make a crowd, and seconds for which its count is good to those who join.
_CROWD, _COUNT = 100, 0.5


@dataclass(frozen=True, slots=True)
class Here:
    """How many people are in a room, and whether the owner is here."""

    people: int = 0
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Who is with another process: marks by room, and the owner."""

    at: float
    rooms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owner: bool = False


class Presence:
    """Count people, not connections: one with two tabs is here once."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._rooms: dict[str, dict[str, tuple[Line, str]]] = {}
        self._hosts: dict[str, Line] = {}
        self._others: dict[str, Elsewhere] = {}
        self._counted: dict[str, tuple[float, Here]] = {}

    def enter(self, room: str, sid: str, line: Line, mark: str) -> None:
        """Note that a connection is in a room; `mark` is the same for all of one person's."""
        with self._lock:
            self._rooms.setdefault(room, {})[sid] = line, mark[:16] or sid

    def leave(self, room: str, sid: str) -> None:
        """Note that a connection has left a room."""
        with self._lock:
            guests = self._rooms.get(room, {})
            guests.pop(sid, None)
            if not guests:
                self._rooms.pop(room, None)
                self._counted.pop(room, None)

    def host(self, sid: str, line: Line) -> None:
        """Note that the owner is here, and so in every room."""
        with self._lock:
            self._hosts[sid] = line

    def unhost(self, sid: str) -> None:
        """Note that a connection of the owner's has ended."""
        with self._lock:
            self._hosts.pop(sid, None)

    @property
    def hosting(self) -> bool:
        """Tell whether the owner is connected to this process."""
        return bool(self._hosts)

    def rooms(self) -> list[str]:
        """List the rooms in which someone is, over this process."""
        with self._lock:
            return list(self._rooms)

    def here(self, room: str) -> Here:
        """Count who is in a room."""
        since = self._now() - EXPIRES
        with self._lock:
            marks, owner = self._marks(room, since), self._hosted(since)
            for other in self._others.values():
                if other.at >= since:
                    marks |= other.rooms.get(room, frozenset())
                    owner = owner or other.owner
        return Here(len(marks), owner)

    def about(self, room: str) -> Here:
        """Count who is in a room; a crowd is not counted anew for each who joins it."""
        at, counted = self._counted.get(room, (0.0, Here()))
        if counted.people < _CROWD or self._now() - at > _COUNT:
            counted = self.here(room)
            self._counted[room] = self._now(), counted
        return counted

    def desk(self) -> tuple[int, frozenset[str]]:
        """Return how many people are in any room, and the owner's connections that are to know it."""
        since = self._now() - EXPIRES
        with self._lock:
            marks = {mark for room in self._rooms for mark in self._marks(room, since)}
            for other in self._others.values():
                if other.at >= since:
                    marks.update(*other.rooms.values())
            return len(marks), frozenset(self._hosts)

    def told(self) -> tuple[dict[str, list[str]], bool]:
        """Return what the other processes are told: marks by room, and whether the owner is here."""
        since = self._now() - EXPIRES
        with self._lock:
            return {r: sorted(self._marks(r, since))[:_TOLD] for r in self._rooms}, self._hosted(since)

    def hear(self, process: str, rooms: Mapping[str, Iterable[str]], owner: bool) -> None:
        """Note what another process told."""
        heard = Elsewhere(self._now(), {room: frozenset(marks) for room, marks in rooms.items()}, owner)
        with self._lock:
            self._others[process] = heard
            since = self._now() - EXPIRES
            for gone in [name for name, other in self._others.items() if other.at < since]:
                del self._others[gone]

    def _marks(self, room: str, since: float) -> set[str]:
        return {mark for line, mark in self._rooms.get(room, {}).values() if line.heard >= since}

    def _hosted(self, since: float) -> bool:
        return any(line.heard >= since for line in self._hosts.values())
