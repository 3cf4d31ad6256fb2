"""What was acknowledged is stored: through crashes, restarts and stops."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import socketio.exceptions
from guestbook_server import NAMESPACE, GuestbookServer, Visitor, config, until

#: Rounds of kill -9; hundreds of them before a release, a fifth of them against the development server.
ROUNDS = int(os.environ.get("MEISHI_KILL_ROUNDS", "3"))
WRITERS = int(os.environ.get("MEISHI_KILL_WRITERS", "20"))
Prepare = Callable[..., GuestbookServer]


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Prepare]:
    prepared: list[GuestbookServer] = []

    def make(mode: str) -> GuestbookServer:
        root = tmp_path / mode
        (root / "content").mkdir(parents=True)
        (root / "config.toml").write_text(config())
        prepared.append(GuestbookServer(root, mode))
        return prepared[-1]

    yield make
    for server in prepared:
        server.stop(signal.SIGKILL)


class Writer:
    """Writes without a pause until the line breaks, and notes what was acknowledged."""

    def __init__(self, server: GuestbookServer, name: str) -> None:
        self.visitor = Visitor(server.url).connect()
        self.visitor.join()
        self.name = name
        self.acknowledged: dict[str, int] = {}
        self.sent: list[str] = []
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        # A few under way at a time, so that a batch is always being stored.
        free = threading.Semaphore(4)
        while self.visitor.client.connected:
            body = f"{self.name}.{len(self.sent)}"
            wish = self.visitor.wish(body)
            self.sent.append(body)

            def answered(answer: dict[str, object], body: str = body) -> None:
                if answer["ok"]:
                    self.acknowledged[body] = answer["entry"]["number"]  # type: ignore[index]
                free.release()

            with contextlib.suppress(socketio.exceptions.SocketIOError):
                self.visitor.client.emit("sign", wish, namespace=NAMESPACE, callback=answered)
            free.acquire(timeout=1)


@pytest.mark.parametrize("mode", ["threading", "eventlet"])
def test_what_was_acknowledged_outlives_kill_9(prepare: Prepare, mode: str) -> None:
    server = prepare(mode)
    acknowledged: dict[str, int] = {}
    seen: list[list[str]] = []
    for number in range(ROUNDS if mode == "eventlet" else max(1, ROUNDS // 5)):
        server.start()
        writers = [Writer(server, f"{number}-{writer}") for writer in range(WRITERS)]
        for writer in writers:
            writer.thread.start()
        until(lambda writers=writers: sum(len(w.acknowledged) for w in writers) > 5 * WRITERS)
        server.stop(signal.SIGKILL)
        for writer in writers:
            writer.thread.join()
            acknowledged |= writer.acknowledged
            writer.visitor.leave()
        shown = [writer.visitor.bodies() for writer in writers]
        longest = max(shown, key=len)
        assert all(longest[: len(order)] == order for order in shown), "all saw the same order"
        seen.append(longest)

    server.start()
    entries = server.all_entries()
    server.stop()

    bodies = [entry["body"] for entry in entries]
    assert len(bodies) == len(set(bodies)), "nothing is there twice"
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {body: entry["number"] for body, entry in zip(bodies, entries, strict=True)}.items() >= (
        acknowledged.items()
    )
    places = {body: place for place, body in enumerate(bodies)}
    for order in seen:
        assert [places.get(body, -1) for body in order] == sorted(places.get(body, -1) for body in order)
        assert set(order) <= places.keys(), "nobody saw what was not stored"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_tells_everyone_and_loses_nothing(prepare: Prepare, number: int) -> None:
    server = prepare("eventlet").start()
    writers = [Writer(server, str(writer)) for writer in range(10)]
    for writer in writers:
        writer.thread.start()
    until(lambda: sum(len(writer.acknowledged) for writer in writers) > 50)

    code = server.stop(number)

    for writer in writers:
        writer.thread.join()
        writer.visitor.leave()
    assert (code, "Traceback" in server.said()) == (0, False)
    assert all(writer.visitor.heard("restarting") for writer in writers)
    server.start()
    bodies = {entry["body"] for entry in server.all_entries()}
    assert bodies >= {body for writer in writers for body in writer.acknowledged}
    server.stop()


def test_a_browser_that_reconnects_after_a_restart_goes_on_where_it_was(prepare: Prepare) -> None:
    server = prepare("eventlet").start()
    reader = Visitor(server.url).connect()
    reader.join()
    assert reader.sign("Before")["ok"]
    until(lambda: reader.bodies() == ["Before"])
    server.stop()
    server.start()
    writer = Visitor(server.url).connect()
    writer.join()
    assert writer.sign("Meanwhile")["ok"]

    back = Visitor(server.url).connect()
    back.rooms = reader.rooms
    told = back.join()

    assert (told["reset"], back.bodies()) == (False, ["Before", "Meanwhile"])
    for visitor in (reader, writer, back):
        visitor.leave()
