"""Many processes write: no number is missing or given twice, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from guestbooks import OPEN, MakeParty, Party, open_party

from meishi.config.guestbook import RoomSettings
from meishi.guestbook.models import Delta, Reading

ROOMS = ("lobby", "tea")
SETTINGS = OPEN._replace(rooms=tuple(map(RoomSettings, ROOMS)))
PROGRAM = Path(__file__).with_name("writer_process.py")
Writer = subprocess.Popen[str]


@pytest.fixture
def writers(database: str) -> Iterator[list[Writer]]:
    started: list[Writer] = []
    yield started
    for writer in started:
        writer.kill()
        writer.communicate()


def start(writers: list[Writer], database: str, count: int, batches: int, size: int) -> None:
    """Start processes, and let them write once all are ready."""
    for number in range(count):
        command = [sys.executable, str(PROGRAM), database, f"w{number}", str(batches), str(size)]
        writers.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdin is not None
        assert writer.stdout.readline() == "ready\n", writer.communicate()[1]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()


def finish(writers: list[Writer]) -> list[list[str]]:
    """Wait for all, and return what each was told: room, number, id, body."""
    told = []
    for writer in writers:
        output, complaints = writer.communicate(timeout=300)
        assert complaints == ""
        told.append([line for line in output.splitlines() if len(line.split(" ", 3)) == 4])
    return told


def whole_log(party: Party, room: str) -> list[Reading]:
    """Read a room as one who was there at the first entry and then away."""
    epoch = party.guestbook.room(room).epoch
    readings = [party.guestbook.read(room, after=1, epoch=epoch)]
    while readings[-1].more:
        readings.append(party.guestbook.read(room, after=readings[-1].head, epoch=epoch))
    return readings


def check(party: Party, told: list[list[str]]) -> int:
    """Compare what writers were told with what is stored; return how many entries there are."""
    stored = {}
    for room in ROOMS:
        entries = party.guestbook.shown(room, limit=500)
        while older := party.guestbook.older(room, before=entries[0].number, limit=500):
            entries = older + entries
        numbers = [entry.number for entry in entries]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [entry.version for entry in entries] == numbers
        assert party.guestbook.room(room).head == party.guestbook.room(room).count == len(numbers)
        assert party.guestbook.room(room).arrival == len(numbers)
        assert len({entry.body for entry in entries}) == len(entries)
        away = [entry.id for reading in whole_log(party, room) for entry in reading.entries]
        assert away == [entry.id for entry in entries[1:]]
        stored |= {entry.id: f"{room} {entry.number} {entry.id} {entry.body}" for entry in entries}
    for lines in told:
        for line in lines:
            assert stored[line.split(" ", 3)[2]] == line
    return len(stored)


def test_several_processes_write_into_the_same_rooms(
    database: str, writers: list[Writer], make_party: MakeParty
) -> None:
    start(writers, database, count=4, batches=12, size=8)
    told = finish(writers)

    assert [len(lines) for lines in told] == [96] * 4
    assert check(make_party(SETTINGS), told) == 4 * 96


def test_what_was_acknowledged_survives_the_death_of_its_server(
    database: str, writers: list[Writer], make_party: MakeParty
) -> None:
    start(writers, database, count=3, batches=10_000, size=5)
    told = []
    for place, writer in enumerate(writers):
        assert writer.stdout is not None
        # At another moment of its work for each.
        heard = [writer.stdout.readline() for _ in range(7 * place + 8)]
        assert all(heard)
        os.kill(writer.pid, signal.SIGKILL)
        told.append(heard)
    for writer, heard in zip(writers, told, strict=True):
        assert writer.stdout is not None
        # Not communicate(): it reads past what readline() has taken in and not given yet.
        rest = writer.stdout.read()
        # The last line may be torn.
        heard += rest[: rest.rfind("\n") + 1].splitlines(keepends=True)
    told = [[line.rstrip("\n") for line in heard] for heard in told]
    party = make_party(SETTINGS)

    assert check(party, told) >= sum(map(len, told)) >= 3 * 8
    assert party.sign("life goes on").ok


def test_threads_hear_of_each_change_in_the_order_of_the_log(make_party: MakeParty) -> None:
    party = make_party(SETTINGS)

    def write(name: str) -> None:
        for number in range(10):
            wishes = [party.wish(f"{name} {number} {part}", by=name) for part in range(3)]
            assert all(outcome.ok for outcome in party.guestbook.sign(wishes))

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    heads = [(delta.before, delta.head) for delta in party.told if isinstance(delta, Delta)]
    assert heads == [(number * 3, number * 3 + 3) for number in range(60)]


def test_processes_that_start_at_once_make_the_tables_once(database: str, writers: list[Writer]) -> None:
    start(writers, database, count=4, batches=1, size=1)
    finish(writers)
    party = open_party(database, SETTINGS)

    assert party.guestbook.room("lobby").count == 4
    party.guestbook.close()
