"""What happens by the clock: presence, ticks that mend what was missed, and the end of dead connections."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from meishi.errors import MeishiError
from meishi.guestbook.models import Head
from meishi.guestbook.service import Guestbook
from meishi.live.guestbook_presence import Here, Presence
from meishi.live.guestbook_relay import OWNERS, Emit, Relay, room_name
from meishi.live.lines import Lines
from meishi.live.pings import Pings

#: Seconds between two looks at the connections.
STEP = 0.5
#: Seconds between two words on who is here, when that changes.
CHANGE = 2.0
#: Seconds after which every room is told how far its log goes, whether or not anything happened.
TICK = 25.0
#: Seconds that a connection has to join the namespace.
GREETING = 10.0
#: Packets that may wait for one client.
QUEUE = 200
#: Seconds between two rounds of retention.
_HOUR = 3600.0


class Clock:
    """Do by the clock what no event causes."""

    def __init__(
        self,
        guestbook: Callable[[], Guestbook],
        relay: Relay,
        presence: Presence,
        lines: Lines,
        pings: Pings,
        sockets: Callable[[], dict[str, Any]],
        emit: Emit,
        now: Callable[[], float],
        log: logging.Logger,
    ) -> None:
        self._guestbook = guestbook
        self._relay = relay
        self._presence = presence
        self._lines = lines
        self._pings = pings
        self._sockets = sockets
        self._emit = emit
        self._now = now
        self._logger = log
        self._said: dict[str, tuple[float, Here]] = {}
        self._said_desk: tuple[int, frozenset[str]] = (0, frozenset())
        self._desks: dict[str, Head] = {}
        self._tick = self._swept = now()
        #: What is called at each tick, and when who is here has changed: to tell other processes.
        self.outward: Callable[[], None] = lambda: None

    def run(self, sleep: Callable[[float], None]) -> None:
        """Go on for ever."""
        while True:
            sleep(STEP)
            self.step()

    def step(self) -> None:
        """Do what is due."""
        for task in (
            self._pings.send_due,
            self._hang_up,
            self._tell_presence,
            self._tell_owner,
            self._tick_if_due,
            self._sweep_if_due,
        ):
            try:
                task()
            except MeishiError as error:
                self._logger.warning("guestbook: %s", error)
            except Exception:
                self._logger.exception("guestbook: the clock's %s failed", task.__name__)

    def _hang_up(self) -> None:
        """Cut those who never joined, and those who do not read what they are sent."""
        now, sockets = self._now(), self._sockets()
        for line in self._lines.all():
            late = not line.greeted and now - line.since > GREETING
            socket = sockets.get(line.sid)
            if late or (socket is not None and socket.queue.qsize() > QUEUE):
                line.cut()
        alive = {line.sid for line in self._lines.all()}
        for sid, socket in list(sockets.items()):
            # A line that has ended has told Engine.IO; this is for those whose end was never noticed.
            if sid not in alive and now - _born(socket, now) > GREETING and not socket.closed:
                socket.close(wait=False, abort=True)

    def _tell_presence(self) -> None:
        rooms, now, changed = self._presence.rooms(), self._now(), False
        for room in set(self._said) - set(rooms):
            del self._said[room]
            self._relay.leave(room)
            changed = True
        for room in rooms:
            at, before = self._said.get(room, (-TICK, None))
            here = self._presence.here(room)
            if here != before and now - at >= CHANGE:
                self._say(room, here)
                changed = True
        if changed:
            self.outward()

    def _tell_owner(self) -> None:
        """Tell the owner how many are here: when that changes, and one who has just come."""
        here, hosts = self._presence.desk() if self._presence.hosting else (0, frozenset[str]())
        if hosts and (here != self._said_desk[0] or hosts - self._said_desk[1]):
            self._emit("desk", {"here": here}, OWNERS)
        self._said_desk = here, hosts

    def _say(self, room: str, here: Here) -> None:
        epoch, head = self._relay.told(room) or ("", 0)
        told = {"room": room, "here": here.people, "owner_here": here.owner, "head": head, "epoch": epoch}
        self._emit("presence", told, room_name(room))
        self._said[room] = self._now(), here

    def _tick_if_due(self) -> None:
        if self._now() - self._tick < TICK:
            return
        self._tick = self._now()
        self.outward()
        for room in self._presence.rooms():
            self._say(room, self._presence.here(room))
        self.catch_up()

    def catch_up(self) -> None:
        """Look into the database for what other processes stored while no wake-up came."""
        heads = self._guestbook().heads()
        for room, (epoch, head) in self._relay.followed().items():
            stored = heads.get(room)
            if stored is not None and (stored.epoch, stored.head) != (epoch, head):
                self._relay.wake(room)
        for room, stored in heads.items():
            if self._desks.get(room, stored) != stored:
                self._relay.desk(room, stored.head, stored.arrival, stored.held)
        self._desks = dict(heads)

    def _sweep_if_due(self) -> None:
        if self._now() - self._swept >= _HOUR:
            self._swept = self._now()
            self._guestbook().sweep()


def _born(socket: Any, now: float) -> float:
    """Return since when a socket has been seen without a line."""
    since: float = socket.session.setdefault("meishi.orphan", now)
    return since
