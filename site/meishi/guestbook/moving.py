"""Entries change their state: each visible change takes the room's next position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, update

from meishi.guestbook.ledger import Ledger
from meishi.guestbook.models import OwnChange, Record
from meishi.guestbook.rows import ERASED, moment_of, record_of
from meishi.guestbook.tables import ENTRIES

_MOVING = (
    update(ENTRIES)
    .where(ENTRIES.c.serial == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "number", "version", "decided")})
)
_ERASING = (
    update(ENTRIES)
    .where(ENTRIES.c.serial == bindparam("which"))
    .values({**ERASED, "version": bindparam("new_version"), "decided": bindparam("new_decided")})
)
#: The last place of all, for entries that have none yet.
_LAST = 1 << 62


def move(ledger: Ledger, rows: Iterable[Row[Any]], state: str, now: int) -> list[tuple[Record, str]]:
    """Bring entries of locked rooms into a state; return those that changed, with their state before."""
    moved: list[tuple[Record, str]] = []
    updates: list[dict[str, Any]] = []
    for row in in_order(rows):
        if row.state in (state, "erased"):
            continue
        account = ledger[row.room]
        number, version = row.number, row.version
        if state == "shown" and number is None:
            number = account.number()
        if "shown" in (state, row.state):
            version = account.step()
        account.count(row.state, -1)
        account.count(state, +1)
        before = record_of(row)
        entry = before.entry._replace(number=number or 0, version=version or 0)
        record = before._replace(entry=entry, state=state, decided=moment_of(now))
        updates.append(
            {"which": row.serial, "new_state": state, "new_number": number, "new_version": version,
             "new_decided": now}
        )  # fmt: skip
        if state == "shown":
            account.entries.append(entry)
        elif row.state == "shown":
            account.removed.append(row.id)
        account.records.append(record)
        moved.append((record, row.state))
    if updates:
        ledger.connection.execute(_MOVING, updates)
    ledger.told += own_changes([record for record, _ in moved])
    return moved


def wipe(ledger: Ledger, rows: Iterable[Row[Any]], now: int) -> int:
    """Erase entries of locked rooms for good: only their places stay. Return how many."""
    updates: list[dict[str, Any]] = []
    erased: list[Record] = []
    for row in in_order(rows):
        if row.state == "erased":
            continue
        account = ledger[row.room]
        version = account.step() if row.state == "shown" else row.version
        account.count(row.state, -1)
        updates.append({"which": row.serial, "new_version": version, "new_decided": now})
        if row.state == "shown":
            account.removed.append(row.id)
        record = record_of(row)
        entry = record.entry._replace(name="", body="", link=None, version=version or 0)
        erased.append(record._replace(entry=entry, state="erased", decided=moment_of(now)))
        account.records.append(erased[-1])
    if updates:
        ledger.connection.execute(_ERASING, updates)
    ledger.told += own_changes(erased)
    return len(updates)


def in_order(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Return rows in the order of their places, and those without one as they came."""
    return sorted(rows, key=lambda row: (row.room, row.number or _LAST, row.serial))


def own_changes(records: Sequence[Record]) -> list[OwnChange]:
    """Return what authors are to be told of their own entries."""
    by_author: dict[str, list[Record]] = {}
    for record in records:
        if record.author and not record.entry.owner:
            by_author.setdefault(record.author, []).append(record)
    return [OwnChange(author, tuple(found)) for author, found in by_author.items()]
