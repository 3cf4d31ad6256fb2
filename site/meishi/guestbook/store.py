"""The guestbook's database: one writer at a time, transactions that happen whole or not at all."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from meishi.config.secret import make_instance
from meishi.guestbook.errors import GuestbookBusyError, GuestbookError
from meishi.guestbook.migrations import upgrade

#: Seconds that a writer waits for its turn before it gives up.
PATIENCE = 10.0
_WRITING = "meishi_writing"
#: PostgreSQL's classes of errors that pass: connection, transaction, resources, operator, system.
_PASSING = ("08", "40", "53", "55", "57", "58")
#: Any number, the same in all processes: two that start at once take the steps one after the other.
_UPGRADE_LOCK = 0x6D656973


class Store:
    """Open transactions. SQLite or PostgreSQL; several processes may share either."""

    def __init__(self, address: str) -> None:
        self.url = make_url(address)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(address) if self.sqlite else _postgresql_engine(address)
        # One writer in a process: under SQLite a second one would wait inside the database, which stops
        # eventlet's loop; and what is announced stays in the order of the log.
        self._turn = threading.Lock()

    def prepare(self) -> None:
        """Make the tables, or bring them up to date."""
        if self.sqlite and self.url.database:
            make_instance(Path(self.url.database).parent)
            with suppress(OSError):  # the database says better what is wrong
                os.close(os.open(self.url.database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with self.writing() as connection:
            if not self.sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            try:
                upgrade(connection)
            except CommandError as error:
                raise GuestbookError(
                    "the guestbook's database is of a newer version", hint="Update Meishi, then start again"
                ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open the database to read."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, after: Callable[[], None] = lambda: None) -> Iterator[Connection]:
        """Open the database to read and write as one step; `after` the commit is called in its order."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise _busy("others are writing")
        try:
            with self._explained():
                connection = self._begun()
                with connection:
                    yield connection
                    connection.commit()
            after()
        finally:
            self._turn.release()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _begun(self) -> Connection:
        deadline = time.monotonic() + PATIENCE
        while True:
            connection = self.engine.connect().execution_options(**{_WRITING: True})
            try:
                connection.begin()
            except OperationalError as error:
                connection.close()
                # Another process is writing. Wait here, where other green threads may go on.
                if not _is_locked(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            except BaseException:
                connection.close()
                raise
            else:
                return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise _busy("all connections are in use") from error
        except DBAPIError as error:
            if not _passes(error):
                raise GuestbookError(
                    f"the guestbook's database does not work ({_first_line(error)})",
                    hint="See that it is whole and of this version, and its disk not full",
                ) from error
            raise _busy(_first_line(error)) from error


def add_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, unless one with that key is there: another process may have been first."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(table).values(values).on_conflict_do_nothing())


def _sqlite_engine(address: str) -> Engine:
    engine = create_engine(
        address, poolclass=QueuePool, pool_timeout=PATIENCE, connect_args={"timeout": 0.05}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins, not the driver
        cursor = connection.cursor()
        for pragma in ("journal_mode = wal", "synchronous = full", "cache_size = -16000"):
            _patiently(cursor, f"pragma {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("begin immediate" if writing else "begin")

    return engine


def _patiently(cursor: Any, statement: str) -> None:
    """Carry out what another process may hold up for a moment, such as the change to WAL."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute(statement)
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _postgresql_engine(address: str) -> Engine:
    engine = create_engine(
        address, pool_size=8, max_overflow=8, pool_timeout=PATIENCE, pool_pre_ping=True, pool_recycle=1800,
        connect_args={"timeout": 15},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for setting in ("lock_timeout = '10s'", "statement_timeout = '12s'", "timezone = 'UTC'"):
            cursor.execute(f"set {setting}")
        connection.commit()
        cursor.close()

    return engine


def _is_locked(error: DBAPIError) -> bool:
    return "locked" in str(error.orig)


def _passes(error: DBAPIError) -> bool:
    """Tell whether trying again later may help."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    told = error.orig.args[0] if error.orig is not None and error.orig.args else ""
    if isinstance(told, dict):
        return str(told.get("C", ""))[:2] in _PASSING
    return isinstance(error, OperationalError) and "no such" not in str(told)


def _first_line(error: DBAPIError) -> str:
    told = error.orig.args[0] if error.orig is not None and error.orig.args else error.orig
    return str(told.get("M", told) if isinstance(told, dict) else told).splitlines()[0]


def _busy(why: str) -> GuestbookBusyError:
    return GuestbookBusyError(f"the guestbook cannot be written now ({why})", hint="Try again in a moment")
