"""Several processes are one guestbook: whatever becomes of Redis, PostgreSQL or one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from cluster import Cluster
from guestbook_server import PATIENCE, Visitor, until

from postgresql_server import PostgresqlServer

Arrive = Callable[[int], Visitor]


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, need: Callable[..., str], postgresql: PostgresqlServer
) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"), need, postgresql)
    yield started
    said = "".join(server.said() for server in started.servers)
    started.close()
    assert "Traceback" not in said, said


@pytest.fixture
def arrive(cluster: Cluster) -> Iterator[Arrive]:
    """Let someone in at one of the processes; -1 is nginx, which chooses."""
    arrived: list[Visitor] = []

    def make(place: int) -> Visitor:
        url = cluster.url if place < 0 else cluster.servers[place].url
        arrived.append(Visitor(url).connect())
        arrived[-1].join()
        return arrived[-1]

    yield make
    for visitor in arrived:
        visitor.leave()


def both_ok(cluster: Cluster) -> bool:
    return all((server.health() or {}).get("redis") == "ok" for server in cluster.servers)


def test_an_entry_reaches_everyone_through_nginx(cluster: Cluster, arrive: Arrive) -> None:
    visitors = [arrive(-1) for _ in range(6)]
    connections = [server.health()["connections"] for server in cluster.servers]

    assert visitors[0].sign("Through nginx")["ok"]

    assert all(connections), "nginx gives both processes something to do"
    until(lambda: all("Through nginx" in visitor.bodies() for visitor in visitors))


def test_numbers_have_no_gap_and_all_see_one_order_across_processes(cluster: Cluster, arrive: Arrive) -> None:
    visitors = [arrive(place) for place in (0, 1, 0, 1)]

    def write(visitor: Visitor, number: int) -> None:
        for line in range(15):
            assert visitor.sign(f"across {number}.{line}")["ok"]

    writers = [threading.Thread(target=write, args=pair) for pair in zip(visitors, range(4), strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    def written(visitor: Visitor) -> list[str]:
        return [body for body in visitor.bodies() if body.startswith("across")]

    until(lambda: all(len(written(visitor)) == 60 for visitor in visitors))
    assert all(written(visitor) == written(visitors[0]) for visitor in visitors)
    numbers = [entry["number"] for entry in cluster.servers[0].all_entries()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_presence_counts_the_people_of_all_processes(cluster: Cluster) -> None:
    until(lambda: both_ok(cluster))
    first, second = Visitor(cluster.servers[0].url).connect(), Visitor(cluster.servers[1].url).connect()
    first.join("garden")
    second.join("garden")

    until(lambda: [told["here"] for told in first.heard("presence") if told["room"] == "garden"][-1:] == [2])
    second.leave()
    until(lambda: [told["here"] for told in first.heard("presence") if told["room"] == "garden"][-1:] == [1])
    first.leave()


def test_with_redis_stopped_entries_are_stored_and_everyone_catches_up(
    cluster: Cluster, arrive: Arrive
) -> None:
    here, there = arrive(0), arrive(1)
    cluster.redis.stop()
    until(lambda: not both_ok(cluster))

    assert here.sign("While Redis is away")["ok"]
    assert requests.get(cluster.url, timeout=PATIENCE).status_code == 200
    until(lambda: "While Redis is away" in here.bodies())
    # The next tick of the other process finds it in the database.
    until(lambda: "While Redis is away" in there.bodies())
    cluster.redis.start()
    until(lambda: both_ok(cluster))
    assert here.sign("Redis is back")["ok"]
    until(lambda: "Redis is back" in there.bodies())


def test_with_redis_hanging_the_site_answers_and_nothing_is_lost(cluster: Cluster, arrive: Arrive) -> None:
    until(lambda: both_ok(cluster))
    here, there = arrive(0), arrive(1)
    cluster.redis.hang()
    try:
        for number in range(10):
            assert here.sign(f"hanging {number}")["ok"]
        assert cluster.servers[0].health()["ok"]
        assert requests.get(cluster.url, timeout=PATIENCE).status_code == 200
    finally:
        cluster.redis.go_on()

    until(lambda: [body for body in there.bodies() if body.startswith("hanging")][-1:] == ["hanging 9"])
    assert there.bodies() == here.bodies()


def test_while_postgresql_restarts_writers_are_asked_to_try_again(cluster: Cluster, arrive: Arrive) -> None:
    until(lambda: both_ok(cluster))
    here, there = arrive(0), arrive(1)
    wish = here.wish("Across a power cut")
    cluster.postgresql.stop()
    try:
        refused = here.call("sign", wish)
        assert (refused["ok"], refused["code"]) == (False, "try_again")
        assert refused["retry_after"] > 0
        assert cluster.servers[0].health()["guestbook"] == "away"
        assert requests.get(f"{cluster.servers[0].url}/healthz", timeout=PATIENCE).status_code == 503
    finally:
        cluster.postgresql.start()

    until(lambda: here.call("sign", wish)["ok"])
    until(lambda: there.bodies()[-1:] == ["Across a power cut"])
    assert [entry["body"] for entry in cluster.servers[1].all_entries()].count("Across a power cut") == 1


def test_a_process_that_dies_leaves_the_guestbook_to_the_other(cluster: Cluster, arrive: Arrive) -> None:
    stays = arrive(1)
    leaves = arrive(0)
    assert leaves.sign("Last words")["ok"]
    cluster.servers[0].process.kill()
    cluster.servers[0].process.wait(30)

    moved = Visitor(cluster.url).connect()
    moved.rooms = leaves.rooms
    moved.join()
    assert moved.sign("Carried over")["ok"]

    until(lambda: stays.bodies()[-2:] == ["Last words", "Carried over"])
    assert moved.bodies()[-1:] == ["Carried over"] or until(lambda: moved.bodies()[-1] == "Carried over")
    moved.leave()
