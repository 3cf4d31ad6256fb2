"""Questions that a batch of entries asks of the database, each answered once for the whole batch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Row,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    select,
    tuple_,
)
from sqlalchemy.sql.selectable import FromClause

from meishi.guestbook.ledger import HOUSE
from meishi.guestbook.models import Ref
from meishi.guestbook.tables import ENTRIES, ROOMS

_REFS = tuple_(ENTRIES.c.room, ENTRIES.c.id).in_(bindparam("refs", expanding=True))
_BY_REF = select(ENTRIES).where(_REFS)
_SHOWN_REFS = select(ENTRIES.c.room, ENTRIES.c.id).where(_REFS, ENTRIES.c.state == "shown")
#: Whether all rooms are paused together.
HOUSE_PAUSED = select(ROOMS.c.paused).where(ROOMS.c.slug == HOUSE)
#: A database takes so many values in one statement at most.
_PART = 400


def rows_by_ref(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, Row[Any]]:
    """Return the stored entries among these."""
    return {Ref(row.room, row.id): row for part in _parts(refs) for row in _rows(connection, _BY_REF, part)}


def shown_refs(connection: Connection, refs: Iterable[Ref]) -> set[tuple[str, str]]:
    """Return which of these entries are shown."""
    return {(row.room, row.id) for part in _parts(refs) for row in _rows(connection, _SHOWN_REFS, part)}


def approved(connection: Connection, authors: Iterable[str]) -> set[str]:
    """Return the authors of whom something is shown."""
    asked = _listed(connection, authors)
    shown = exists().where(ENTRIES.c.author == asked.c.value, ENTRIES.c.state == "shown")
    return set(connection.execute(select(asked.c.value).where(shown)).scalars())


def repeated(connection: Connection, likenesses: Iterable[str | None], since: int) -> set[str]:
    """Return which of these texts were said since then."""
    wanted = {likeness for likeness in likenesses if likeness}
    if not wanted:
        return set()
    asked = _listed(connection, wanted)
    said = exists().where(ENTRIES.c.likeness == asked.c.value, ENTRIES.c.at >= bindparam("since"))
    return set(connection.execute(select(asked.c.value).where(said), {"since": since}).scalars())


def latest(
    connection: Connection, authors: Iterable[str], rooms: Iterable[str]
) -> dict[tuple[str, str], int]:
    """Return when these authors last wrote in these rooms."""
    columns = (ENTRIES.c.author, ENTRIES.c.room)
    asked = select(*columns, func.max(ENTRIES.c.at).label("at")).group_by(*columns)
    asked = asked.where(ENTRIES.c.author.in_(list(authors)), ENTRIES.c.room.in_(list(rooms)))
    return {(row.author, row.room): int(row.at) for row in connection.execute(asked)}


def containing(where: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a column has a text in it, without regard to case."""
    return func.lower(where).contains(text.lower(), autoescape=True)


def _rows(connection: Connection, statement: Any, refs: list[Ref]) -> Iterable[Row[Any]]:
    return connection.execute(statement, {"refs": [tuple(ref) for ref in refs]})


def _parts(refs: Iterable[Ref]) -> Iterable[list[Ref]]:
    wanted = list(dict.fromkeys(refs))
    return [wanted[start : start + _PART] for start in range(0, len(wanted), _PART)]


def _listed(connection: Connection, values: Iterable[str]) -> FromClause:
    """Return values as a table: so the database looks up each by its index, and stops at the first hit."""
    listed = bindparam("listed", json.dumps(sorted(values)), type_=Text)
    if connection.dialect.name == "sqlite":
        return func.json_each(listed).table_valued(column("value", Text))
    return func.json_array_elements_text(cast(listed, JSON)).table_valued(column("value", Text))
