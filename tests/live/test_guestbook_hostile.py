"""Clients that mean no good: the server stays as it is for everyone else, and its log readable."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import process_memory
import pytest
import requests
import websocket
from guestbook_server import PATIENCE, GuestbookServer, Visitor, config, greeted, raw, until

#: More rounds of the fuzzer, for those who have the time.
ROUNDS = int(os.environ.get("MEISHI_FUZZ_ROUNDS", "60"))
Start = Callable[..., GuestbookServer]
Dial = Callable[..., websocket.WebSocket]


@pytest.fixture(scope="module", params=["threading", "eventlet"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GuestbookServer]:
    root = tmp_path_factory.mktemp(request.param)
    (root / "content").mkdir()
    (root / "config.toml").write_text(config(socket="60 per second"))
    started = GuestbookServer(root, request.param).start()
    yield started
    started.stop()
    assert "Traceback" not in started.said()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[GuestbookServer] = []

    def make(mode: str, settings: str) -> GuestbookServer:
        root = tmp_path / mode
        (root / "content").mkdir(parents=True)
        (root / "config.toml").write_text(settings)
        started.append(GuestbookServer(root, mode).start())
        return started[-1]

    yield make
    for server in started:
        server.stop()


@pytest.fixture
def dial() -> Iterator[Dial]:
    """Open WebSockets that are closed after the test: `dial(greeted, url)`."""
    with contextlib.ExitStack() as stack:

        def open_one(
            how: Callable[..., websocket.WebSocket], url: str, **options: Any
        ) -> websocket.WebSocket:
            wire = how(url, **options)
            stack.callback(wire.shutdown)
            return wire

        yield open_one


def closed(wire: websocket.WebSocket) -> bool:
    """Read until the server has hung up."""
    with contextlib.suppress(websocket.WebSocketException, OSError):
        while wire.recv():
            pass
        return True
    return True


def frame(opcode: int, payload: bytes, *, last: bool = True, rsv1: bool = False) -> bytes:
    """Make a client's frame, masked with zeros, as no honest library would."""
    first = (0x80 if last else 0) | (0x40 if rsv1 else 0) | opcode
    size = len(payload)
    length = (
        bytes((0x80 | size,)) if size < 126
        else bytes((0xFE,)) + struct.pack("!H", size) if size < 65536
        else bytes((0xFF,)) + struct.pack("!Q", size)
    )  # fmt: skip
    return bytes((first,)) + length + b"\0\0\0\0" + payload


def test_a_flood_of_events_is_answered_one_by_one_and_limited(server: GuestbookServer, dial: Dial) -> None:
    wire = dial(greeted, server.url)
    for number in range(300):
        wire.send(f'42/guestbook,{number}["join",{{"room":"lobby"}}]')
    answers = {}
    while len(answers) < 300:
        text = wire.recv()
        if text.startswith("43/guestbook,"):
            number, _, rest = text.removeprefix("43/guestbook,").partition("[")
            answers[int(number)] = json.loads("[" + rest)[0]

    assert list(answers) == list(range(300))
    assert sum(answer["ok"] for answer in answers.values()) >= 60
    refused = [answer for answer in answers.values() if not answer["ok"]]
    assert {answer["code"] for answer in refused} == {"rate_limited"}
    assert all(answer["retry_after"] >= 1 for answer in refused)
    wire.close()


def test_malformed_packets_end_at_most_their_own_connection(server: GuestbookServer, dial: Dial) -> None:
    chance = random.Random(20261125)
    pieces = [
        "", "x", "9", "4", "42", "40", "41", "44", "45", "46", "47", "451-/guestbook,", "42/guestbook,",
        "42/guestbook,[", '42/guestbook,["join"]', '42/guestbook,1["connect",{}]',
        '42/guestbook,1["disconnect",{}]', '42/guestbook,[""]', '42/guestbook,1{"a":1}', "42/guestbook,1[[]]",
        '42/guestbook,1["join",NaN]', '42/guestbook,1["sign",{"room":"lobby","body":"\\ud800"}]',
        '42/nowhere,1["join",{}]', "40/nowhere,{}", "40/guestbook,[1]", "43/guestbook,7[]", "2probe", "5",
        "6",         "42/guestbook," + "9" * 200 + "[]", '42/guestbook,1["join",{"room":' + "[" * 5000 + "}]",
        '42/guestbook,1["join",{"room":"' + "é" * 4000 + '"}]', '42/guestbook,1["sign",' + "9" * 5000 + "]",
    ]  # fmt: skip
    for _ in range(ROUNDS):
        wire = dial(greeted, server.url)
        with contextlib.suppress(websocket.WebSocketException, OSError):
            for _ in range(chance.randrange(1, 12)):
                piece = chance.choice(pieces)
                if chance.random() < 0.3:
                    piece = "".join(chance.choice(piece or "[") for _ in range(chance.randrange(1, 40)))
                if chance.random() < 0.2:
                    wire.send_binary(piece.encode())
                elif chance.random() < 0.1:
                    wire.sock.sendall(chance.randbytes(30))
                else:
                    wire.send(piece)
        wire.shutdown()

    visitor = Visitor(server.url).connect()
    assert visitor.join()["ok"]
    assert visitor.sign(f"After the fuzzer {uuid.uuid4()}")["ok"]
    visitor.leave()
    until(lambda: server.health()["connections"] == 0, "all lines end")


def test_compression_is_declined_and_a_bomb_ends_its_line(server: GuestbookServer, dial: Dial) -> None:
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    wire = dial(raw, server.url, header=[offer])
    assert "sec-websocket-extensions" not in wire.getheaders()
    memory = process_memory.resident(server.process.pid)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(b"4" * 200_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)

    with contextlib.suppress(OSError):
        wire.sock.sendall(frame(1, bomb, rsv1=True))

    assert closed(wire)
    assert process_memory.resident(server.process.pid) - memory < 30_000_000


@pytest.mark.parametrize("kind", ["one huge frame", "endless pieces"])
def test_a_message_that_never_ends_is_cut_off(server: GuestbookServer, dial: Dial, kind: str) -> None:
    wire = dial(greeted, server.url)
    memory = process_memory.resident(server.process.pid)
    piece = b"4" + b"x" * 15_000

    with contextlib.suppress(OSError):
        for number in range(20_000):
            if kind == "one huge frame":
                wire.sock.sendall(frame(1, piece * 1000) if number == 0 else piece)
            else:
                wire.sock.sendall(frame(0 if number else 1, piece, last=False))

    assert closed(wire)
    assert process_memory.resident(server.process.pid) - memory < 60_000_000


def test_pages_of_other_sites_are_refused_and_the_log_says_why(server: GuestbookServer, dial: Dial) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw(server.url, origin="https://evil.example")

    assert refused.value.status_code == 403
    until(lambda: "https://evil.example" in server.said())
    assert "`origins` below [guestbook]" in server.said()
    assert "MEISHI_ORIGINS" in server.said()
    for good in ("https://www.example.com", server.url):
        dial(raw, server.url, origin=good)
    answers = [
        requests.get(f"{server.url}/guestbook/lobby.json", headers={"Origin": origin}, timeout=PATIENCE)
        for origin in ("https://evil.example", "https://www.example.com")
    ]
    assert [answer.headers.get("Access-Control-Allow-Origin") for answer in answers] == [
        None,
        "https://www.example.com",
    ]


def test_long_polling_is_not_spoken(server: GuestbookServer) -> None:
    answer = requests.get(
        f"{server.url}/socket.io/", params={"EIO": 4, "transport": "polling"}, timeout=PATIENCE
    )

    assert answer.status_code == 400


def test_one_who_connects_and_says_nothing_is_cut(server: GuestbookServer, dial: Dial) -> None:
    silent = dial(raw, server.url)

    assert closed(silent)
    until(lambda: server.health()["connections"] == 0)


@pytest.mark.parametrize("mode", ["threading", "eventlet"])
def test_connections_are_limited_by_address_and_in_all(start: Start, dial: Dial, mode: str) -> None:
    server = start(mode, config(per_address=3))
    wires = [dial(greeted, server.url) for _ in range(3)]

    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw(server.url)

    assert refused.value.status_code == 429
    assert int(refused.value.resp_headers["retry-after"]) > 0
    assert "connections_per_address" in server.said()
    assert requests.get(server.url, timeout=PATIENCE).status_code == 200
    wires.pop().close()
    until(lambda: server.health()["connections"] == 2)
    dial(greeted, server.url)


@pytest.mark.parametrize("mode", ["threading", "eventlet"])
def test_a_client_that_never_reads_is_dropped(start: Start, dial: Dial, mode: str) -> None:
    server = start(mode, config())
    address = server.url.removeprefix("http://").partition(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect((address[0], int(address[2])))
    wire = websocket.create_connection(
        server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket", socket=deaf
    )
    wire.send('40/guestbook,{"v":1}')
    wire.send('42/guestbook,1["join",{"room":"lobby"}]')
    writer = Visitor(server.url).connect()
    writer.join()
    until(lambda: server.health()["connections"] == 2)

    written = 0
    while server.health()["connections"] == 2:
        assert writer.sign(f"{written} {uuid.uuid4()} " + "あ" * 1900)["ok"]
        written += 1
        assert written < 5000

    assert len(writer.bodies()) >= min(written, 50)
    assert writer.sign("Still here")["ok"]
    writer.leave()
    deaf.close()
