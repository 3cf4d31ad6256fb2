"""How many entries a busy room bears: deliveries, latency, the server's CPU, and memory per open page.

    python benchmarks/guestbook.py [--clients 200] [--rates 10 500 2000] [--seconds 5]

Starts `python app.py` on a site of its own, lets so many visitors in (raw WebSockets, one process), and has
50 of them write at each rate, all entries stored. A delivery is one entry that has reached one visitor;
latency runs from when an entry was due. With two cores, server and visitors have one each.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from meishi.config.secret import Secret
from meishi.guestbook.seals import Seals

PROJECT = Path(__file__).resolve().parents[1]
KEY = "a key for the benchmark, of no use otherwise"
WRITERS = 50
CONFIG = """
title = "Bench"
[guestbook]
mode = "open"
[guestbook.limits]
author = "900000 per second"
address = "900000 per second"
room = "900000 per second"
socket = "900000 per second"
connections = 20000
connectionsPerAddress = 20000
"""
TOKEN = re.compile(rb"due(\d+)e")


def frame(text: str) -> bytes:
    """Make a client's frame, masked with zeros: it is not the mask that is measured."""
    data = text.encode()
    size = len(data)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + bytes(4) + data


JOIN = frame('40/guestbook,{"v":1}') + frame('42/guestbook,1["join",{"room":"lobby"}]')


class Server:
    """`python app.py` in a folder of its own."""

    def __init__(self, root: Path) -> None:
        (root / "content").mkdir()
        (root / "config.toml").write_text(CONFIG, encoding="utf-8")
        shutil.copy(PROJECT / "app.py", root)
        environ = {
            **os.environ,
            "MEISHI_SECRET_KEY": KEY,
            "MEISHI_ACCESS_LOG": "off",
            "PYTHONUNBUFFERED": "1",
        }
        pin = ["taskset", "-c", "0"] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
        self.process = subprocess.Popen(
            [*pin, sys.executable, "app.py", "--port", "0"],
            cwd=root,
            env=environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        found = re.search(r":(\d+)/", self.process.stderr.readline())
        assert found
        self.port = int(found[1])

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Return the bytes of memory that it holds."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )


class Crowd:
    """All the visitors."""

    def __init__(self, port: int, ticket: str) -> None:
        self.port, self.ticket = port, ticket
        self.selector = selectors.DefaultSelector()
        self.wires: list[socket.socket] = []
        self.greeted: set[socket.socket] = set()
        self.joined = 0
        self.latencies: list[float] = []
        self.delivered = 0
        self.number = 0

    def enter(self, count: int) -> float:
        """Let visitors in, all at once; return the seconds until each has the newest entries."""
        began, target = time.perf_counter(), self.joined + count
        key = base64.b64encode(os.urandom(16)).decode()
        hello = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        for _ in range(count):
            wire = socket.create_connection(("127.0.0.1", self.port))
            wire.sendall(hello)
            wire.setblocking(False)
            self.selector.register(wire, selectors.EVENT_READ)
            self.wires.append(wire)
        while self.joined < target:
            self.listen(1.0)
        return time.perf_counter() - began

    def listen(self, patience: float) -> None:
        """Read what has come."""
        for key, _ in self.selector.select(patience):
            wire = key.fileobj
            assert isinstance(wire, socket.socket)
            data = wire.recv(1 << 20)
            now = time.perf_counter()
            if wire not in self.greeted:
                self.greeted.add(wire)
                wire.send(JOIN)
            self.joined += data.count(b"43/guestbook,1[")
            if b'42/guestbook,["entries"' in data or TOKEN.search(data):
                due = [int(found) / 1e6 for found in TOKEN.findall(data)]
                self.delivered += len(due)
                self.latencies += [now - moment for moment in due]
            if data.endswith(b"\x81\x012"):
                wire.send(frame("3"))

    def write(self, due: float) -> None:
        """Write an entry that is due at a moment."""
        self.number += 1
        wish = {
            "room": "lobby", "id": f"{self.number:012}", "name": "Aki", "ticket": self.ticket, "lang": "en",
            "body": f"こんにちは、{self.number} 番です。The guestbook says hi due{int(due * 1e6)}e ✿ またね",
        }  # fmt: skip
        wire = self.wires[self.number % min(WRITERS, len(self.wires))]
        wire.send(frame("42/guestbook," + json.dumps(["sign", wish], ensure_ascii=False)))

    def run(self, rate: float, seconds: float) -> bool:
        """Write at a rate for some seconds; tell whether every entry has reached everyone."""
        self.delivered, self.latencies = 0, []
        began, sent, wanted = time.perf_counter(), 0, int(rate * seconds)
        end = began + seconds + 10
        while self.delivered < wanted * len(self.wires) and time.perf_counter() < end:
            while sent < wanted and (due := began + sent / rate) <= time.perf_counter():
                self.write(due)
                sent += 1
            self.listen(0.0005)
        return self.delivered == wanted * len(self.wires)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rates", type=float, nargs="+", default=[10, 500, 2000])
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        seals = Seals(Secret(KEY.encode()), os.urandom)
        crowd = Crowd(server.port, seals.ticket(datetime.now(UTC) - timedelta(seconds=10)))
        crowd.enter(1)
        crowd.run(50, 1)  # the entries that a newcomer gets
        memory = server.memory()
        took = crowd.enter(options.clients - 1)
        each = (server.memory() - memory) / (options.clients - 1)
        print(f"{options.clients} visitors at once: {took:.2f} s, {each / 1000:.0f} kB each")
        print(f"{'entries/s':>10} {'deliveries/s':>13} {'p50 ms':>7} {'p99 ms':>7} {'CPU s/100,000':>14}")
        for rate in options.rates:
            cpu, began = server.cpu(), time.perf_counter()
            whole = crowd.run(rate, options.seconds)
            used, seconds = server.cpu() - cpu, time.perf_counter() - began
            found = statistics.quantiles(crowd.latencies, n=100)
            speed = f"{crowd.delivered / seconds:>13,.0f} {found[49] * 1e3:>7.1f} {found[98] * 1e3:>7.1f}"
            ending = "" if whole else "   not all arrived"
            print(f"{rate:>10g} {speed} {used / crowd.delivered * 1e5:>14.2f}{ending}", flush=True)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()


if __name__ == "__main__":
    main()
