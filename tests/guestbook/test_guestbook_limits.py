"""Limits: a bucket for each key, here or in Redis; a Redis that is away stops nobody."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from guestbooks import Clock

from meishi.config.guestbook import Rate
from meishi.guestbook.limits import Limiter, MemoryLimiter, RedisLimiter

TWO = Rate(2, 60)


@pytest.fixture(scope="module")
def redis_socket(need: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    program = need("redis-server")
    place = tmp_path_factory.mktemp("redis") / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(place.parent)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(unix_socket_path=str(place))
    end = time.monotonic() + 60
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert time.monotonic() < end
            time.sleep(0.02)
    client.close()
    yield place
    server.terminate()
    server.wait()


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    if request.param == "memory":
        yield MemoryLimiter()
        return
    client = redis.Redis(unix_socket_path=str(request.getfixturevalue("redis_socket")), socket_timeout=10)
    client.flushall()
    yield RedisLimiter(client)
    client.close()


def test_a_bucket_empties_and_says_when_it_has_something_again(limiter: Limiter) -> None:
    assert list(limiter.take([[("a", TWO)], [("a", TWO)]])) == [0, 0]

    (wait,) = limiter.take([[("a", TWO)]])

    assert 20 < wait <= 30
    assert list(limiter.take([[("b", TWO)]])) == [0]


def test_one_full_bucket_keeps_the_others_full(limiter: Limiter) -> None:
    limiter.take([[("a", TWO)], [("a", TWO)]])

    assert limiter.take([[("b", TWO), ("a", TWO)]])[0] > 0
    assert list(limiter.take([[("b", TWO)], [("b", TWO)]])) == [0, 0]
    assert list(limiter.take([])) == []


def test_a_bucket_refills_steadily() -> None:
    clock = Clock()
    limiter = MemoryLimiter(clock.monotonic)
    limiter.take([[("a", TWO)], [("a", TWO)]])
    clock.advance(seconds=30)

    assert [wait > 0 for wait in limiter.take([[("a", TWO)], [("a", TWO)]])] == [False, True]
    clock.advance(seconds=3600)
    assert [wait > 0 for wait in limiter.take([[("a", TWO)]] * 3)] == [False, False, True]


def test_keys_that_are_full_again_are_forgotten() -> None:
    clock = Clock()
    limiter = MemoryLimiter(clock.monotonic, most=10)
    limiter.take([[(f"{number}", TWO)] for number in range(20)])
    clock.advance(seconds=120)
    limiter.take([[("new", TWO)]])

    assert len(limiter._full) == 1


def test_processes_share_what_is_in_redis(redis_socket: Path) -> None:
    clients = [redis.Redis(unix_socket_path=str(redis_socket), socket_timeout=10) for _ in range(2)]
    clients[0].flushall()
    one, other = (RedisLimiter(client) for client in clients)

    assert [one.take([[("a", TWO)]])[0], other.take([[("a", TWO)]])[0]] == [0, 0]
    assert one.take([[("a", TWO)]])[0] > 0
    assert clients[0].pttl("meishi:limit:a") <= 60_001
    for client in clients:
        client.close()


def test_a_redis_that_hangs_is_left_alone_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections and never answers
        client = redis.Redis(port=mute.getsockname()[1], socket_timeout=0.05, retry=None)
        clock = Clock()
        limiter = RedisLimiter(client, clock=clock.monotonic)

        assert list(limiter.take([[("a", TWO)], [("a", TWO)], [("a", TWO)]]))[:2] == [0, 0]
        asked = len(client.connection_pool._available_connections)  # type: ignore[attr-defined]
        mute.close()
        assert limiter.take([[("a", TWO)]])[0] > 0
        assert len(client.connection_pool._available_connections) == asked  # type: ignore[attr-defined]
        client.close()
