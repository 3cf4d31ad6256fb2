"""Send packets: one to a client, or the same to a whole room.

Engine.IO gives each client a queue, and a task that takes from it and builds the WebSocket frame anew each
time. In green threads that is most of a broadcast's cost, so here a frame is built once, and goes out at once
to whoever has nothing waiting; only the others get it through their queue. What is known here of the insides
of Engine.IO and eventlet is in `ReadyWire`; if it should ever not be there, everything takes the queue.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from engineio.packet import MESSAGE, Packet


class _Framed(bytes):
    """Bytes that are a frame already, or what is left of one."""


class _Rest:
    """The rest of a frame, in the shape of a packet, for the queue."""

    __slots__ = ("_frame", "data", "packet_type")

    def __init__(self, frame: bytes) -> None:
        self.packet_type, self.data = MESSAGE, ""
        self._frame = _Framed(frame)

    def encode(self) -> _Framed:
        """Return what is to be written."""
        return self._frame


class ReadyWire:
    """A WebSocket of eventlet's that can be written to without waiting, as long as nothing waits before."""

    __slots__ = ("_free", "_send_framed", "_write", "_ws")

    def __init__(self, ws: Any) -> None:
        self._ws = ws
        self._free = ws._sendlock.locked
        self._send_framed = ws._send
        self._write: Callable[[bytes], int] = ws.socket.fd.send

    @property
    def socket(self) -> Any:
        """Return the socket, whose time-out Engine.IO sets."""
        return self._ws.socket

    def wait(self) -> Any:
        """Return the client's next message."""
        return self._ws.wait()

    def send(self, data: str | bytes) -> None:
        """Write what Engine.IO's task took from the queue."""
        if type(data) is _Framed:
            self._send_framed(data)
        else:
            self._ws.send(data)

    def close(self) -> None:
        """Close the WebSocket."""
        self._ws.close()

    def offer(self, frame: bytes, packet: Any, queue: Any) -> None:
        """Write a frame at once; what cannot be written now goes through the queue."""
        if queue.empty() and not self._free():
            try:
                written = self._write(frame)
            except BlockingIOError:
                written = 0
            except OSError:
                return  # the reader sees it, too, and clears away
            if written == len(frame):
                return
            if written:
                packet = _Rest(frame[written:])
        queue.put(packet)


def ready_wires(websocket: Callable[..., Any]) -> Callable[..., Any]:
    """Return Engine.IO's WebSocket of green threads, made ready to be written to at once."""

    def make(handler: Callable[[Any], Any], server: Any) -> Any:
        def handle(ws: Any) -> Any:
            wire = ws
            with contextlib.suppress(AttributeError):
                wire = ws.socket.line.wire = ReadyWire(ws)
            try:
                return handler(wire)
            except ValueError:
                # What was sent is no packet of Engine.IO's: this ends its sender's connection alone.
                return []

        return websocket(handle, server)

    return make


class Delivery:
    """Send encoded packets to clients, each by its Engine.IO socket and its line."""

    def one(self, socket: Any, line: Any, encoded: str) -> None:
        """Send to one client."""
        self.all(((socket, line),), encoded)

    def all(self, clients: Iterable[tuple[Any, Any]], encoded: str) -> None:
        """Send the same to many clients."""
        packet = Packet(MESSAGE, encoded)
        frame = frame_of(packet.encode())
        for socket, line in clients:
            if socket.closed or socket.closing:
                continue
            if line.wire is not None:
                line.wire.offer(frame, packet, socket.queue)
            else:
                socket.queue.put(packet)


def frame_of(text: str) -> bytes:
    """Return a text as the WebSocket frame that a server sends."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return b"\x81" + bytes((size,)) + data
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + data
    return b"\x81\x7f" + size.to_bytes(8, "big") + data
