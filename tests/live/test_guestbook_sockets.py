"""The guestbook over Socket.IO, with real clients on both kinds of server."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from guestbook_server import GuestbookServer, Visitor, config, until
from socketio.exceptions import ConnectionError as RefusedError

Meet = Callable[..., Visitor]


@pytest.fixture(scope="module", params=["threading", "eventlet"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GuestbookServer]:
    root = tmp_path_factory.mktemp(request.param)
    (root / "content").mkdir()
    (root / "config.toml").write_text(config())
    started = GuestbookServer(root, request.param).start()
    yield started
    started.stop()
    assert "Traceback" not in started.said()


@pytest.fixture
def meet(server: GuestbookServer) -> Iterator[Meet]:
    met: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        met.append(Visitor(server.url, **options).connect())
        return met[-1]

    yield make
    for visitor in met:
        visitor.leave()


def token() -> str:
    return uuid.uuid4().hex


def test_an_entry_is_seen_at_once_by_everyone_in_the_room(meet: Meet) -> None:
    aki, ben, elsewhere = meet(), meet(), meet()
    aki.join()
    ben.join()
    elsewhere.join("garden")

    signed = aki.sign("こんにちは 👋")

    assert signed["ok"], signed
    assert signed["state"] == "shown"
    until(lambda: "こんにちは 👋" in ben.bodies() and "こんにちは 👋" in aki.bodies())
    assert not elsewhere.heard("entries")


def test_a_retried_id_is_stored_once_and_answered_as_the_first_time(
    server: GuestbookServer, meet: Meet
) -> None:
    aki = meet(author=token())
    aki.join()
    wish = aki.wish("Once only")

    first, again = aki.call("sign", wish), aki.call("sign", wish)

    assert (first["entry"]["number"], first["token"]) == (again["entry"]["number"], again["token"])
    assert [entry["body"] for entry in server.all_entries()].count("Once only") == 1


def test_many_writers_get_numbers_without_a_gap_and_all_see_the_same_order(meet: Meet) -> None:
    visitors = [meet() for _ in range(5)]
    for visitor in visitors:
        visitor.join("garden")
    before = len(visitors[0].bodies("garden"))

    def write(visitor: Visitor, number: int) -> None:
        for line in range(20):
            assert visitor.sign(f"{number}.{line} of all {token()}", "garden")["ok"]

    writers = [threading.Thread(target=write, args=pair) for pair in zip(visitors, range(5), strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    until(lambda: all(len(visitor.bodies("garden")) >= before + 100 for visitor in visitors))
    orders = [visitor.bodies("garden") for visitor in visitors]
    assert all(order == orders[0] for order in orders)
    numbers = sorted(entry["number"] for entry in visitors[0].rooms["garden"]["entries"].values())
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_an_edit_and_an_erasure_reach_the_others(meet: Meet) -> None:
    aki, ben = meet(author=token()), meet()
    aki.join()
    ben.join()
    wish = aki.wish("A tpyo")
    signed = aki.call("sign", wish)
    own = {"room": "lobby", "id": wish["id"], "token": signed["token"]}

    edited = aki.call("edit", {**own, "body": "A typo"})

    assert edited["ok"], edited
    until(lambda: "A typo" in ben.bodies())
    assert ben.call("erase", {**own, "token": "x" * 40})["code"] == "not_yours"
    assert aki.call("erase", own)["ok"]
    until(lambda: "A typo" not in ben.bodies())


@pytest.mark.parametrize("gap", [5, 500])
def test_one_who_was_away_misses_nothing_and_gets_nothing_twice(meet: Meet, gap: int) -> None:
    writer, away = meet(), meet()
    writer.join()
    away.join()
    away.leave()
    waiting = threading.Semaphore(0)
    for number in range(gap):
        writer.client.emit(
            "sign",
            writer.wish(f"missed {number} {token()}"),
            namespace="/guestbook",
            callback=lambda answer: waiting.release(answer["ok"]),
        )
    for _ in range(gap):
        assert waiting.acquire(timeout=60)

    back = meet()
    back.rooms = away.rooms
    back.join()

    until(lambda: len(writer.bodies()) >= gap and writer.bodies()[-gap:] == back.bodies()[-gap:])
    assert len([body for body in back.bodies() if body.startswith("missed")]) % gap in (0, 5)
    assert "gap" not in back.rooms["lobby"]


def test_presence_counts_people_and_not_tabs(meet: Meet) -> None:
    one, other = token(), token()
    first, second = meet(author=one), meet(author=one)
    first.join("garden")
    second.join("garden")
    third = meet(author=other)

    assert third.join("garden")["here"] == 2
    third.leave()
    until(lambda: (first.heard("presence") or [{}])[-1].get("here") == 1)


def test_every_event_is_answered_even_nonsense(meet: Meet) -> None:
    aki = meet()

    assert aki.call("dance", {"room": "lobby"})["code"] == "bad_request"
    assert aki.call("join", "lobby")["code"] == "bad_request"
    assert aki.call("join", {"room": 5})["code"] == "bad_request"
    assert aki.call("join", {"room": "lobby", "after": -1})["code"] == "bad_request"
    assert aki.call("join", {"room": "nowhere"})["code"] == "unknown_room"
    assert aki.call("sign", {"room": "lobby", "lang": "ja"})["message"].endswith("。")
    refused = aki.sign("", lang="en")
    assert (refused["ok"], refused["code"], refused["field"]) == (False, "empty", "body")


def test_an_old_protocol_and_a_false_owner_are_refused_with_a_reason(server: GuestbookServer) -> None:
    for auth, code in (({"v": 99}, "bad_request"), ({"owner": True}, "not_yours")):
        visitor = Visitor(server.url, **auth)
        answers: list[Any] = []
        visitor.client.on("connect_error", answers.append, namespace="/guestbook")

        with pytest.raises(RefusedError):
            visitor.connect()

        assert answers[0]["message"] == code
        visitor.client.disconnect()


def test_a_ghost_that_closes_while_it_connects_is_not_counted(server: GuestbookServer, meet: Meet) -> None:
    from guestbook_server import raw

    aki = meet()
    aki.join("garden")
    for _ in range(30):
        wire = raw(server.url)
        wire.send('40/guestbook,{"v":1}')
        wire.send('42/guestbook,["join",{"room":"garden"}]')
        wire.shutdown()

    until(lambda: server.health()["connections"] <= 3)
    until(lambda: meet().join("garden")["here"] <= 3)
    assert aki.sign("Still here", "garden")["ok"]
