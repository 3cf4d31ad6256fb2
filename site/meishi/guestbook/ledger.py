"""The rooms' logs while they grow: positions and numbers are given under a lock, without gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from meishi.guestbook.models import Announcement, Delta, Entry, QueueChange, Record
from meishi.guestbook.store import add_new
from meishi.guestbook.tables import ROOMS

#: The row that holds for all rooms: only its pause is used.
HOUSE = ""
_COUNTERS = ("head", "numbered", "arrival", "shown", "held", "latest", "epoch", "floor")
_LOCKING = select(ROOMS).where(ROOMS.c.slug.in_(bindparam("slugs", expanding=True))).order_by(ROOMS.c.slug)
_SAVING = (
    update(ROOMS)
    .where(ROOMS.c.slug == bindparam("known"))
    .values({name: bindparam(f"new_{name}") for name in _COUNTERS})
)


@dataclass(slots=True)
class Account:
    """One room's counters, locked until the transaction ends."""

    slug: str
    epoch: str
    head: int
    floor: int
    numbered: int
    arrival: int
    shown: int
    held: int
    mode: str
    slow: int | None
    paused: bool
    latest: int | None
    before: int = 0
    changed: bool = False
    entries: list[Entry] = field(default_factory=list)
    edited: list[Entry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def step(self) -> int:
        """Take the next position of the log."""
        self.head += 1
        self.changed = True
        return self.head

    def number(self) -> int:
        """Take the next place in the order that everyone sees."""
        self.numbered += 1
        self.changed = True
        return self.numbered

    def arrive(self) -> int:
        """Take the next arrival number."""
        self.arrival += 1
        self.changed = True
        return self.arrival

    def count(self, state: str, by: int) -> None:
        """Count entries of a state."""
        if state == "shown":
            self.shown += by
        elif state == "held":
            self.held += by
        self.changed = True


class Ledger:
    """Lock rooms, let their logs grow, and tell what is to be announced after the commit.

    One transaction makes steps of one kind only: an announced Delta is one event of the protocol.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.accounts: dict[str, Account] = {}
        #: What else is to be announced.
        self.told: list[Announcement] = []

    def lock(self, slugs: Iterable[str], make: Callable[[str], dict[str, Any]] | None = None) -> None:
        """Lock rooms, always in the same order; `make` gives the values of those that are not there yet."""
        wanted = sorted(set(slugs) - set(self.accounts))
        found = self._locked(wanted)
        missing = [slug for slug in wanted if slug not in found]
        if missing and make is not None:
            for slug in missing:
                add_new(self.connection, ROOMS, make(slug))
            found = self._locked(wanted)
        self.accounts.update(found)

    def __getitem__(self, slug: str) -> Account:
        return self.accounts[slug]

    def save(self) -> list[Announcement]:
        """Write the counters, and return what is to be announced once this is committed."""
        changed = [account for account in self.accounts.values() if account.changed]
        for account in changed:
            values = {f"new_{name}": getattr(account, name) for name in _COUNTERS}
            self.connection.execute(_SAVING, {"known": account.slug, **values})
        told: list[Announcement] = []
        for account in changed:
            told += _deltas(account)
            told.append(
                QueueChange(account.slug, account.head, account.arrival, account.held, tuple(account.records))
            )
        return told

    def _locked(self, slugs: list[str]) -> dict[str, Account]:
        if not slugs:
            return {}
        # SQLite has one writer and knows no such lock: SQLAlchemy leaves it out there.
        rows = self.connection.execute(_LOCKING.with_for_update(), {"slugs": slugs})
        return {
            row.slug: Account(
                slug=row.slug, epoch=row.epoch, head=row.head, floor=row.floor, numbered=row.numbered,
                arrival=row.arrival, shown=row.shown, held=row.held, mode=row.mode, slow=row.slow,
                paused=bool(row.paused), latest=row.latest, before=row.head,
            )
            for row in rows
        }  # fmt: skip


def _deltas(account: Account) -> list[Delta]:
    kinds = {"entries": account.entries, "changed": account.edited}
    found = [
        Delta(account.slug, account.epoch, account.before, account.head, kind, entries=tuple(entries))
        for kind, entries in kinds.items()
        if entries
    ]
    if account.removed:
        found.append(
            Delta(
                account.slug,
                account.epoch,
                account.before,
                account.head,
                "removed",
                removed=tuple(account.removed),
            )
        )
    assert len(found) <= 1, "steps of two kinds in one transaction"
    return found
