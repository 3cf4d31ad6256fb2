"""What the owner does with entries: approve, hide, hold, bin, ban; kept as deeds that can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from meishi.guestbook.bans import Bans
from meishi.guestbook.errors import GuestbookError, UnknownEntryError
from meishi.guestbook.ledger import Ledger
from meishi.guestbook.lookups import rows_by_ref
from meishi.guestbook.models import Deed, Record, Ref
from meishi.guestbook.moving import move
from meishi.guestbook.parts import Parts
from meishi.guestbook.rows import moment_of, record_of
from meishi.guestbook.tables import DEEDS

#: What each deed makes of entries.
STATES = {"approve": "shown", "restore": "shown", "hide": "hidden", "hold": "held", "bin": "binned"}


@dataclass(frozen=True, slots=True)
class Moderation:
    """Carry out the owner's decisions."""

    parts: Parts
    bans: Bans

    def decide(self, what: str, refs: Sequence[Ref]) -> Deed:
        """Approve, restore, hide, hold or bin entries."""
        with self.parts.posting() as ledger:
            ledger.lock({ref.room for ref in refs})
            rows = rows_by_ref(ledger.connection, refs).values()
            moved = move(ledger, rows, STATES[what], self.parts.milliseconds())
            return self._noted(ledger, what, moved)

    def ban(self, ref: Ref, kind: str, until: datetime | None, note: str) -> Deed:
        """Keep out the author or the address of an entry."""
        with self.parts.posting() as ledger:
            row = rows_by_ref(ledger.connection, [ref]).get(ref)
            if row is None:
                raise UnknownEntryError("this entry is no longer there")
            ban = self.bans.add_for(ledger.connection, record_of(row), kind, until, note)
            return self._noted(ledger, "ban", [], ban)

    def ban_author(self, key: str, until: datetime | None, note: str) -> Deed:
        """Keep out an author by key."""
        with self.parts.posting() as ledger:
            return self._noted(
                ledger, "ban", [], self.bans.add(ledger.connection, "author", key, until, note)
            )

    def undo(self, id: int) -> Deed:  # noqa: A002
        """Put back what a deed changed, as far as it is still as the deed left it."""
        with self.parts.posting() as ledger:
            row = ledger.connection.execute(select(DEEDS).where(DEEDS.c.id == id).with_for_update()).first()
            if row is None:
                raise GuestbookError("this can no longer be undone")
            deed = _deed(row)
            if row.undone:
                return deed
            records = self._put_back(ledger, json.loads(row.steps))
            if row.ban is not None:
                self.bans.remove(row.ban, ledger.connection)
            ledger.connection.execute(update(DEEDS).where(DEEDS.c.id == id).values(undone=True))
            return deed._replace(undone=True, records=tuple(records))

    def deeds(self, limit: int) -> tuple[Deed, ...]:
        """List the last deeds, the newest first."""
        with self.parts.store.reading() as connection:
            rows = connection.execute(select(DEEDS).order_by(DEEDS.c.id.desc()).limit(limit)).all()
        return tuple(_deed(row) for row in rows)

    def _put_back(self, ledger: Ledger, steps: Sequence[Sequence[str]]) -> list[Record]:
        ledger.lock({room for room, *_ in steps})
        rows = rows_by_ref(ledger.connection, (Ref(*step[:2]) for step in steps))
        groups: dict[str, list[Row[Any]]] = {}
        for room, name, before, after in steps:
            row = rows.get(Ref(room, name))
            if row is not None and row.state == after:
                groups.setdefault(before, []).append(row)
        now = self.parts.milliseconds()
        return [record for state, found in groups.items() for record, _ in move(ledger, found, state, now)]

    def _noted(
        self, ledger: Ledger, what: str, moved: Sequence[tuple[Record, str]], ban: int | None = None
    ) -> Deed:
        now = self.parts.milliseconds()
        before: Mapping[Ref, str] = {record.ref: state for record, state in moved}
        number = 0
        if moved or ban is not None:
            steps = [[record.room, record.entry.id, state, record.state] for record, state in moved]
            values = {"what": what, "at": now, "steps": json.dumps(steps), "ban": ban, "undone": False}
            made = insert(DEEDS).values(**values).returning(DEEDS.c.id)
            number = int(ledger.connection.execute(made).scalar_one())
        records = tuple(record for record, _ in moved)
        return Deed(number, what, moment_of(now), before, records, ban or 0)


def _deed(row: Row[Any]) -> Deed:
    steps = json.loads(row.steps)
    before = {Ref(*step[:2]): step[2] for step in steps}
    return Deed(row.id, row.what, moment_of(row.at), before, ban=row.ban or 0, undone=bool(row.undone))
