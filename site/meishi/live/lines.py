"""The live connections: who is on the line, since when, and how to hang up."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meishi.live.budgets import Budget

if TYPE_CHECKING:
    from meishi.live.delivery import ReadyWire

#: What a read costs besides its bytes, so that many tiny frames are not free.
_READ_COST = 256
#: Bytes that the kernel keeps for one client.
_BUFFER = 128 * 1024


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may come in over one line: bytes at once, and bytes a second from then on."""

    burst: float
    rate: float


class Line:
    """One WebSocket connection, from before its handshake to its end."""

    __slots__ = ("_socket", "address", "ended", "greeted", "heard", "sid", "since", "wire")

    def __init__(self, address: str, wire: Any, now: float) -> None:
        self.address = address
        self._socket = wire
        self.since = self.heard = now
        #: Whether it joined the namespace; one that does not within a few seconds is cut.
        self.greeted = False
        #: What Engine.IO calls it, once known.
        self.sid = ""
        self.ended = False
        #: Where packets may be written past the queue, once there is a WebSocket that can do it.
        self.wire: ReadyWire | None = None

    def narrow(self) -> None:
        """Keep the kernel from storing megabytes for a client that does not read."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)

    def finish(self) -> None:
        """Say that nothing more comes, and leave it to the client to hang up.

        If we closed while something is unread, the kernel would throw away what the client has not read yet.
        """
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Hang up: both sides of the line then end, even one that waits for a client to read."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


class Metered:
    """A line's socket, which is at its end when more comes in than is allowed."""

    __slots__ = ("_budget", "_now", "_socket", "line", "send", "sendall")

    def __init__(self, wire: Any, line: Line, allowance: Allowance, now: Callable[[], float]) -> None:
        self._socket = wire
        self.line = line
        self._budget = Budget(allowance.burst, allowance.rate, line.since)
        self._now = now
        # simple-websocket does not look at how much `send` has taken.
        self.send = self.sendall = wire.sendall

    def recv(self, size: int, *flags: int) -> bytes:
        """Read, as long as the budget lasts."""
        data: bytes = self._socket.recv(size, *flags)
        self.line.heard = now = self._now()
        if data and self._budget.take(len(data) + _READ_COST, now):
            return b""
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Lines:
    """All lines of this process, counted by address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: set[Line] = set()
        self._by_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._lines)

    def all(self) -> list[Line]:
        """List the lines that are open now."""
        with self._lock:
            return list(self._lines)

    def add(self, line: Line, most: int, most_per_address: int) -> str:
        """Take a line in; return "", or "all" or "address" for the limit that it meets."""
        with self._lock:
            if len(self._lines) >= most:
                return "all"
            if self._by_address[line.address] >= most_per_address:
                return "address"
            self._lines.add(line)
            self._by_address[line.address] += 1
            return ""

    def remove(self, line: Line) -> None:
        """Forget a line that has ended."""
        with self._lock:
            line.ended = True
            if line not in self._lines:
                return
            self._lines.discard(line)
            self._by_address[line.address] -= 1
            if self._by_address[line.address] <= 0:
                del self._by_address[line.address]


def household(address: str) -> str:
    """Return what counts as one address: all of an IPv6 /64, since a single home has so many."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
