"""Ask clients whether they are still there: one clock for all, where Engine.IO has a task wait for each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from engineio.packet import PING, Packet


class Pings:
    """Send each client its next ping, so many seconds after it has answered the last one."""

    def __init__(self, engine: Any, now: Callable[[], float]) -> None:
        self._engine = engine
        self._now = now
        #: Who is to be asked, and when; all wait equally long, so the first is due first.
        self._waiting: deque[tuple[float, Any]] = deque()
        let_in = engine.handlers["connect"]

        def connected(sid: str, environ: Mapping[str, Any]) -> Any:
            socket = engine.sockets[sid]
            socket.schedule_ping = lambda: self._schedule(socket)
            return let_in(sid, environ)

        engine.on("connect", connected)

    def send_due(self) -> None:
        """Ask those whose time has come."""
        now = self._now()
        while self._waiting and self._waiting[0][0] <= now:
            socket = self._waiting.popleft()[1]
            if not (socket.closing or socket.closed):
                socket.last_ping = time.time()  # as Engine.IO, which looks how long an answer takes
                socket.queue.put(Packet(PING))

    def _schedule(self, socket: Any) -> None:
        # An answer to what was not asked must not bring a second ping.
        if socket.last_ping:
            socket.last_ping = None
            self._waiting.append((self._now() + self._engine.ping_interval, socket))
