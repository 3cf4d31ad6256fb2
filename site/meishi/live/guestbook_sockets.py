"""Attach Socket.IO to the app, and set the guestbook's live parts to work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_socketio import SocketIO

from meishi.guestbook.models import Outcome, Signing
from meishi.guestbook.service import Guestbook
from meishi.live.delivery import ready_wires
from meishi.live.gate import WsgiApp
from meishi.live.guestbook_batch import Batcher
from meishi.live.guestbook_clock import Clock
from meishi.live.guestbook_namespace import GuestbookNamespace
from meishi.live.guestbook_presence import Presence
from meishi.live.guestbook_reading import Readings
from meishi.live.guestbook_relay import Relay
from meishi.live.guestbook_wakeups import Neighbours
from meishi.live.guestbook_withheld import Withheld
from meishi.live.guestbook_words import PATIENCE, refusal
from meishi.live.lines import Line, Lines
from meishi.live.packets import NAMESPACE as NAME
from meishi.live.packets import GuestbookPacket, Json
from meishi.live.pings import Pings
from meishi.live.progress_namespace import NAME as PUBLISHING
from meishi.live.progress_namespace import ProgressNamespace

if TYPE_CHECKING:
    from meishi.publishing.job import Jobs

#: Bytes of one message from a client; an entry of 2,000 letters has at most 8,000.
MESSAGE = 16 * 1024
#: Seconds that clients have to hang up when the server stops.
GOODBYE = 0.5


class Sockets:
    """The live guestbook: its connections, and what works for them in the background."""

    def __init__(
        self,
        app: Flask,
        guestbook: Callable[[], Guestbook],
        lines: Lines,
        *,
        mode: str,
        is_owner: Callable[[Mapping[str, str]], bool],
        jobs: Jobs | None = None,
        redis_url: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._logger, self._now = app.logger, now
        self._guestbook = guestbook
        self.lines = lines
        self._socketio, self.wsgi_app = _attached(app, mode)
        server = self._socketio.server
        self.presence = Presence(now)
        self.relay = Relay(guestbook(), self._emit, self._logger)
        self.readings = Readings(guestbook, self.relay)
        self.batcher = Batcher(guestbook().sign, _busy, now, self._socketio.sleep, self._logger)
        # In green threads the writers' acks and the room's event leave together; threads take turns anyhow.
        self.batcher.after = self.relay.pump
        withheld = Withheld(guestbook, now)
        self.namespace = GuestbookNamespace(
            guestbook,
            self.batcher,
            self.relay,
            self.presence,
            self.readings,
            withheld,
            is_owner,
            now,
            self._logger,
        )
        server.register_namespace(self.namespace)
        self.progress = self._progress(jobs, is_owner)
        self.clock = Clock(
            guestbook,
            self.relay,
            self.presence,
            lines,
            Pings(server.eio, now),
            lambda: server.eio.sockets,
            self._emit,
            now,
            self._logger,
        )
        self.neighbours = Neighbours(
            redis_url,
            self.relay,
            self.presence,
            self.readings,
            self.clock,
            self._logger,
        )
        self._unsubscribe = guestbook().subscribe(self.relay.announce)
        self._unsubscribe_withheld = guestbook().subscribe(withheld.forget)
        self._start()

    def ended(self, line: Line) -> None:
        """Clear away what a connection leaves behind, however it ended."""
        self.namespace.gone(line)
        if self.progress is not None:
            self.progress.gone(line)
        socket = self._socketio.server.eio.sockets.get(line.sid)
        if socket is not None and not socket.closed:
            socket.close(wait=False, abort=True)
        self._socketio.server.eio.sockets.pop(line.sid, None)

    def sign(self, signing: Signing, patience: float = 15.0) -> Outcome:
        """Store an entry that came by a form, together with those that came otherwise."""
        stored = threading.Event()
        found: list[Outcome] = []

        def done(outcome: Outcome) -> None:
            found.append(outcome)
            stored.set()

        self.batcher.add(signing, done)
        return found[0] if stored.wait(patience) else _busy(signing)

    def stop(self, patience: float) -> None:
        """Store what was taken in, tell everyone that the server restarts, and hang up."""
        until = self._now() + patience
        self.namespace.closed = True
        self._emit("restarting", {"in": PATIENCE}, None)
        self.batcher.stop(patience / 2)
        self.relay.pump()
        sockets = self._open()
        while self._now() < until and any(not socket.queue.empty() for socket in list(sockets.values())):
            self._socketio.sleep(0.02)
        for line in self.lines.all():
            line.finish()
        until = max(until, self._now() + GOODBYE)
        while self._now() < until and len(self.lines):
            self._socketio.sleep(0.02)
        self._unsubscribe()
        self._unsubscribe_withheld()
        self.neighbours.stop()

    def _progress(
        self, jobs: Jobs | None, is_owner: Callable[[Mapping[str, str]], bool]
    ) -> ProgressNamespace | None:
        """Let the owner follow publications over the same connections, where the study has some."""
        if jobs is None:
            return None
        start, sleep = self._socketio.start_background_task, self._socketio.sleep
        progress = ProgressNamespace(jobs, is_owner, start, sleep, self._now, self._logger)
        self._socketio.server.register_namespace(progress)
        return progress

    def _open(self) -> dict[str, Any]:
        sockets: dict[str, Any] = self._socketio.server.eio.sockets
        return sockets

    def _emit(self, event: str, data: Any, to: str | None) -> None:
        self.namespace.tell(event, data, to)

    def _start(self) -> None:
        start = self._socketio.start_background_task
        start(self.batcher.run)
        start(self.relay.run)
        start(self.clock.run, self._socketio.sleep)
        self.neighbours.start(start, self._socketio.sleep)


def _attached(app: Flask, mode: str) -> tuple[SocketIO, WsgiApp]:
    """Return Socket.IO, and the WSGI app that serves it; what the app serves otherwise stays as it is."""
    before = app.wsgi_app
    socketio = SocketIO()
    socketio.init_app(
        app,
        async_mode=mode,
        serializer=GuestbookPacket,
        json=Json,
        namespaces=[NAME, PUBLISHING],
        transports=["websocket"],
        # The gate has looked at the origin already.
        cors_allowed_origins="*",
        cors_credentials=False,
        # One event of a client after the other, in the order in which they came.
        async_handlers=False,
        max_http_buffer_size=MESSAGE,
        logger=_quiet("meishi.socketio"),
        engineio_logger=_quiet("meishi.engineio"),
    )
    served, app.wsgi_app = app.wsgi_app, before  # type: ignore[method-assign]
    engine = socketio.server.eio
    if mode == "threading":
        from meishi.live.wires import ThreadedWebSocket

        engine._async = {**engine._async, "websocket": ThreadedWebSocket}
    else:
        engine._async = {**engine._async, "websocket": ready_wires(engine._async["websocket"])}
    return socketio, served


def _quiet(name: str) -> logging.Logger:
    """Return a logger for what clients do wrong: nothing of it is for the owner's log."""
    log = logging.getLogger(name)
    log.setLevel(logging.CRITICAL)
    return log


def _busy(signing: Signing) -> Outcome:
    return refusal("try_again", signing.visitor.language, PATIENCE)
