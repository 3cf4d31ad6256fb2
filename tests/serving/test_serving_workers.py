"""`python app.py --workers 2`: two processes at one port, watched over by a third."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cluster import RedisServer
from guestbook_server import GuestbookServer, Visitor, config, until

from postgresql_server import PostgresqlServer


@pytest.fixture
def server(
    tmp_path: Path, need: Callable[..., str], postgresql: PostgresqlServer
) -> Iterator[GuestbookServer]:
    redis = RedisServer(need("redis-server"), tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "config.toml").write_text(config())
    environ = {"MEISHI_DATABASE_URL": postgresql.database(), "MEISHI_REDIS_URL": redis.url}
    made = GuestbookServer(tmp_path, "eventlet", environ, ("--workers", "2"))
    try:
        yield made.start()
        made.stop()
    finally:
        redis.stop()
    assert "Traceback" not in made.said(), made.said()


def workers(server: GuestbookServer) -> set[int]:
    """Return the processes that serve."""
    place = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(number) for number in place.read_text().split()}


def runs(process: int) -> bool:
    """Tell whether a process is there, and not only waiting to be taken note of."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def arrived(server: GuestbookServer, count: int) -> list[Visitor]:
    visitors = [Visitor(server.url).connect() for _ in range(count)]
    for visitor in visitors:
        visitor.join()
    return visitors


def test_both_serve_one_guestbook_and_one_that_dies_is_replaced(server: GuestbookServer) -> None:
    first = until(lambda: found if len(found := workers(server)) == 2 else None, "two workers")
    visitors = arrived(server, 12)
    assert visitors[0].sign("To all")["ok"]
    until(lambda: all(visitor.bodies() == ["To all"] for visitor in visitors), "all of both have it")

    dead = min(first)
    os.kill(dead, signal.SIGKILL)
    until(lambda: len(found := workers(server) - {dead}) == 2 and found, "another one starts")
    left = [visitor for visitor in visitors if visitor.client.connected]
    more = arrived(server, 6)
    assert more[0].sign("After it")["ok"]

    until(lambda: all(v.bodies()[-1:] == ["After it"] for v in more), "the new ones have it")
    until(
        lambda: all(not v.client.connected or v.bodies()[-1] == "After it" for v in left),
        "those that stay, too",
    )
    assert re.search(r"A worker ended with -9; another one starts", server.said())
    assert [entry["number"] for entry in server.all_entries()] == [1, 2]

    assert server.stop() == 0
    for visitor in (*visitors, *more):
        visitor.leave()
    assert not [process for process in first if Path(f"/proc/{process}").exists()]


def test_workers_end_with_the_one_that_watches_over_them(server: GuestbookServer) -> None:
    first = until(lambda: found if len(found := workers(server)) == 2 else None, "two workers")
    server.process.kill()
    server.process.wait()
    until(lambda: not any(map(runs, first)), "both are gone")
    server.restart()
    assert server.health()["ok"]
