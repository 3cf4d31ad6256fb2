"""The study's own small database in instance/: the owner, sessions, passkeys, failed attempts."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from meishi.config.secret import make_instance
from meishi.errors import ConfigError

NAME = "admin.sqlite3"
_VERSION = 1
_TABLES = """
create table owner (
  id integer primary key check (id = 1), password text not null, handle blob not null, changed real not null
);
create table invitations (id integer primary key check (id = 1), token text not null, expires real not null);
create table sessions (
  id text primary key, token blob not null unique, method text not null, agent text not null,
  created real not null, seen real not null, notices text not null default '[]'
);
create table passkeys (
  id blob primary key, public_key blob not null, sign_count integer not null, transports text not null,
  host text not null, name text not null, created real not null, used real
);
create table challenges (
  holder text not null, purpose text not null, challenge blob not null, expires real not null,
  primary key (holder, purpose)
);
create table failures (bucket text primary key, count integer not null, latest real not null);
"""


class Database:
    """Open the database for one transaction at a time; several processes may share it."""

    def __init__(self, instance: Path) -> None:
        self.path = instance / NAME

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open the database to read."""
        with self._open() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open the database to read and write as one step, which happens whole or not at all."""
        with self._open() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connected()
            try:
                yield connection
            finally:
                connection.close()
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _connected(self) -> sqlite3.Connection:
        make_instance(self.path.parent)
        with suppress(OSError):  # sqlite says better what is wrong
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("pragma synchronous = full")
            if connection.execute("pragma user_version").fetchone()[0] < _VERSION:
                _make_tables(connection)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _explained(self, error: sqlite3.DatabaseError) -> ConfigError:
        place = f"{self.path.parent.name}/{NAME}"
        if "not a database" in str(error) or "malformed" in str(error):
            hint = "Move the file away; then `flask owner` sets your password anew"
        else:
            hint = "See that the folder is writable and the disk not full, or set MEISHI_INSTANCE"
        return ConfigError(f"the database does not work ({error})", path=place, hint=hint)


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("begin immediate")
    if connection.execute("pragma user_version").fetchone()[0] < _VERSION:
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute(f"pragma user_version = {_VERSION:d}")
    connection.execute("commit")
