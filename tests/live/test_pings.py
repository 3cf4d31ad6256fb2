"""Each client is asked in time whether it is still there, and asked once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engineio import Server
from engineio.packet import PING, PONG, Packet
from engineio.socket import Socket

from meishi.live.pings import Pings


class Line:
    """Engine.IO with clients, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.engine = Server(async_mode="threading", ping_interval=25)
        self.let_in: list[str] = []
        self.engine.on("connect", self._let_in)
        self.pings = Pings(self.engine, lambda: self.now)

    def _let_in(self, sid: str, _environ: Mapping[str, Any]) -> None:
        self.let_in.append(sid)

    def client(self, sid: str) -> Any:
        socket = self.engine.sockets[sid] = Socket(self.engine, sid)
        self.engine.handlers["connect"](sid, {})
        socket.schedule_ping()
        return socket

    def after(self, seconds: float) -> None:
        self.now += seconds
        self.pings.send_due()


def asked(socket: Any) -> list[int]:
    found = []
    while not socket.queue.empty():
        found.append(socket.queue.get())
    return [packet.packet_type for packet in found if packet is not None]


def test_a_client_is_asked_so_long_after_each_answer() -> None:
    line = Line()
    one = line.client("one")
    line.after(10)
    two = line.client("two")
    line.after(14)
    assert (asked(one), asked(two), line.let_in) == ([], [], ["one", "two"])

    line.after(1)
    assert (asked(one), asked(two)) == ([PING], [])
    line.after(10)
    assert (asked(one), asked(two)) == ([], [PING])

    one.receive(Packet(PONG))
    line.after(25)
    assert (asked(one), asked(two)) == ([PING], []), "who has not answered is not asked again"


def test_answers_to_nothing_bring_no_second_ping() -> None:
    line = Line()
    one = line.client("one")
    for _ in range(5):
        one.receive(Packet(PONG))

    line.after(25)

    assert asked(one) == [PING]


def test_who_does_not_answer_is_taken_for_gone_and_who_has_left_is_not_asked() -> None:
    line = Line()
    one, two = line.client("one"), line.client("two")
    two.close(wait=False, abort=True)
    line.after(25)
    assert (asked(one), asked(two)) == ([PING], [])

    one.last_ping -= line.engine.ping_timeout + 1

    assert not one.check_ping_timeout()
    assert one.closed
