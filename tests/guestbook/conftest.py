"""Guestbooks in real databases: SQLite, and the PostgreSQL server that the suite starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from guestbooks import OPEN, MakeParty, Party, open_party
from sqlalchemy import create_engine, text

from meishi.config.guestbook import GuestbookSettings
from meishi.guestbook.opening import database_address
from meishi.guestbook.store import Store
from meishi.guestbook.tables import Base
from postgresql_server import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database of each kind."""
    if request.param == "sqlite":
        return database_address(tmp_path / "instance")
    return str(request.getfixturevalue("emptied_database"))


@pytest.fixture(scope="session")
def shared_database(postgresql: PostgresqlServer) -> str:
    """Name a PostgreSQL database with the guestbook's tables; to make one anew for each test takes long."""
    address = postgresql.database()
    store = Store(address)
    store.prepare()
    store.close()
    return address


@pytest.fixture
def emptied_database(shared_database: str) -> str:
    """Empty the PostgreSQL database before a test."""
    engine = create_engine(shared_database)
    with engine.begin() as connection:
        names = ", ".join(Base.metadata.tables)
        connection.execute(text(f"truncate {names} restart identity"))
    engine.dispose()
    return shared_database


@pytest.fixture
def make_party(database: str) -> Iterator[MakeParty]:
    """Open guestbooks in one database: `make_party(settings)`."""
    with ExitStack() as stack:

        def make(settings: GuestbookSettings = OPEN, **options: Any) -> Party:
            party = open_party(database, settings, **options)
            stack.callback(party.guestbook.close)
            return party

        yield make


@pytest.fixture
def party(make_party: Callable[..., Party]) -> Party:
    """Open a guestbook in which entries are shown at once."""
    return make_party()


@pytest.fixture
def sqlite_party(tmp_path: Path) -> Iterator[Party]:
    """Open a guestbook in SQLite, for what does not hang on the kind of database."""
    party = open_party(database_address(tmp_path / "instance"))
    yield party
    party.guestbook.close()
