"""The database: brought up to date by itself, waiting for others, and honest when it is away."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from guestbooks import OPEN, Party, open_party
from sqlalchemy import create_engine, text

from meishi.guestbook.errors import GuestbookBusyError, GuestbookError
from meishi.guestbook.migrations import VERSION_TABLE
from meishi.guestbook.opening import database_address
from meishi.guestbook.store import Store
from meishi.guestbook.tables import Base
from postgresql_server import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return database_address(tmp_path / "instance")
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.database()


def test_the_steps_lead_to_the_tables_that_the_code_knows(new_database: str) -> None:
    store = Store(new_database)
    store.prepare()
    store.prepare()
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    store.close()

    assert found == []


def test_processes_that_start_at_once_take_the_steps_once(new_database: str) -> None:
    script = "import sys; from meishi.guestbook.store import Store; Store(sys.argv[1]).prepare()"
    command = [sys.executable, "-c", script, new_database]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]

    assert [process.communicate(timeout=300)[1] for process in started] == [""] * 4
    engine = create_engine(new_database)
    with engine.connect() as connection:
        steps = connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalars().all()
    engine.dispose()
    assert steps == ["0001"]


def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    party = open_party(database_address(tmp_path / "instance"))
    party.signed("x")
    party.guestbook.close()

    for file in (tmp_path / "instance", *(tmp_path / "instance").iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def test_a_writer_waits_for_another_process_and_readers_do_not(sqlite_party: Party, tmp_path: Path) -> None:
    party = sqlite_party
    other = sqlite3.connect(tmp_path / "instance" / "guestbook.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    other.execute("insert into guestbook_notes (key, value) values ('other', 'x')")
    outcomes = []
    writer = threading.Thread(target=lambda: outcomes.append(party.sign("after the other")))
    writer.start()
    assert party.bodies() == []
    assert writer.is_alive()
    other.execute("commit")
    writer.join(30)
    other.close()

    assert [outcome.ok for outcome in outcomes] == [True]
    assert party.guestbook.note("other") == "x"


def test_who_waits_in_vain_is_asked_to_try_again(
    sqlite_party: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meishi.guestbook.store.PATIENCE", 0.1)
    party = sqlite_party
    party.signed("x", by="first")  # makes the day's key
    other = sqlite3.connect(tmp_path / "instance" / "guestbook.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    wish = party.wish("patient")

    assert party.guestbook.sign([wish])[0].code == "try_again"
    with pytest.raises(GuestbookBusyError):
        party.guestbook.put_note("a", "b")
    other.execute("rollback")
    other.close()
    assert party.guestbook.sign([wish])[0].ok


def test_an_error_in_the_middle_leaves_nothing_behind(sqlite_party: Party) -> None:
    def fail() -> None:
        with sqlite_party.guestbook._parts.store.writing() as connection:
            connection.execute(text("insert into guestbook_notes (key, value) values ('half', 'x')"))
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        fail()

    assert sqlite_party.guestbook.note("half") is None
    assert sqlite_party.sign("x").ok


def test_a_file_that_is_no_database_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "guestbook.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"this is a letter to my aunt, not a database at all" * 100)

    with pytest.raises(GuestbookError, match="does not work"):
        open_party(database_address(file.parent))


def test_postgresql_may_be_away_and_come_back(postgresql: PostgresqlServer) -> None:
    party = open_party(postgresql.database())
    party.signed("before")
    wish = party.wish("while it is away")
    postgresql.stop()
    try:
        began = time.monotonic()
        (refused,) = party.guestbook.sign([wish])
        assert (refused.ok, refused.code, refused.wait) == (False, "try_again", 2)
        assert time.monotonic() - began < 60
        with pytest.raises(GuestbookBusyError):
            party.guestbook.read("lobby")
        ref = party.wish().visitor
        assert party.guestbook.forget(ref).code == "try_again"
    finally:
        postgresql.start()
    (done,) = party.guestbook.sign([wish])

    assert done.ok
    assert party.bodies() == ["before", "while it is away"]
    assert party.guestbook.room("lobby").head == 2
    party.guestbook.close()


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    address = database_address(tmp_path / "instance")
    open_party(address).guestbook.close()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text(f"update {VERSION_TABLE} set version_num = '9999'"))
    engine.dispose()

    with pytest.raises(GuestbookError, match="newer version"):
        open_party(address, OPEN)
