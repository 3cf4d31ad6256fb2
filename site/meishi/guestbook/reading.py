"""Reading rooms: the newest entries, older ones, and what changed while one was away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from meishi.guestbook.errors import NotYoursError
from meishi.guestbook.models import Entry, Reading, Record, Visitor
from meishi.guestbook.parts import Parts
from meishi.guestbook.rooms import Rooms
from meishi.guestbook.rows import entry_of, record_of
from meishi.guestbook.seals import same
from meishi.guestbook.tables import ENTRIES, ROOMS

#: So many changes come in one answer; who has missed more asks again.
CHANGES = 500
#: So many entries come in one answer at most, whatever is asked for.
MOST = 500
_OWN = 50
_WITHHELD = ("held", "hidden", "binned")


@dataclass(frozen=True, slots=True)
class Reader:
    """Read the rooms' logs."""

    parts: Parts
    rooms: Rooms

    def read(self, written: str, after: int, epoch: str, limit: int) -> Reading:
        """Return what changed after a position, or the newest entries."""
        slug = self.rooms.canonical(written)
        with self.parts.store.reading() as connection:
            room = self.rooms.read(connection, slug)
            floor = connection.execute(select(ROOMS.c.floor).where(ROOMS.c.slug == slug)).scalar() or 0
            if after > 0 and epoch == room.epoch and floor <= after <= room.head:
                return self._changes(connection, Reading(room, room.epoch, room.head), after)
            entries = _newest(connection, slug, 0, limit)
            first = entries[0].number if entries else 0
            older = bool(first and _newest_before(connection, slug, first, 1))
        reset = after > 0 or (bool(epoch) and epoch != room.epoch)
        return Reading(room, room.epoch, room.head, entries=entries, reset=reset, older=older)

    def older(self, written: str, before: int, limit: int) -> tuple[Entry, ...]:
        """Return shown entries with numbers below `before`, in order."""
        slug = self.rooms.canonical(written)
        with self.parts.store.reading() as connection:
            return _newest_before(connection, slug, before, limit)

    def shown(self, written: str, offset: int, limit: int) -> tuple[Entry, ...]:
        """Return shown entries in order; `offset` of the newest ones are skipped."""
        slug = self.rooms.canonical(written)
        with self.parts.store.reading() as connection:
            return _newest(connection, slug, offset, limit)

    def own(self, visitor: Visitor, written: str) -> tuple[Record, ...]:
        """Return a visitor's own entries that are not shown, the oldest first."""
        if not visitor.author:
            return ()
        author = self.parts.seals.author_key(f"visitor {visitor.author}")
        asked = select(ENTRIES).where(ENTRIES.c.author == author, ENTRIES.c.state.in_(_WITHHELD))
        if written:
            asked = asked.where(ENTRIES.c.room == self.rooms.canonical(written))
        asked = asked.order_by(ENTRIES.c.serial.desc()).limit(_OWN)
        with self.parts.store.reading() as connection:
            rows = connection.execute(asked).all()
        return tuple(record_of(row) for row in reversed(rows))

    def withheld(self, limit: int) -> frozenset[str] | None:
        """Return the keys of all whose entries are not shown; None where these are more than `limit`."""
        asked = select(ENTRIES.c.author).where(ENTRIES.c.state.in_(_WITHHELD)).limit(limit + 1)
        with self.parts.store.reading() as connection:
            authors = connection.execute(asked).scalars().all()
        return frozenset(authors) if len(authors) <= limit else None

    def mine(self, token: str) -> Record:
        """Return the entry that an author's private link opens."""
        ref = self.parts.seals.opened(token)
        asked = select(ENTRIES).where(ENTRIES.c.room == ref.room, ENTRIES.c.id == ref.id)
        with self.parts.store.reading() as connection:
            row = connection.execute(asked).first()
        if row is None or not same(token, self.parts.seals.entry_token(ref, row.author)):
            raise NotYoursError("this link opens no entry", hint="The entry may have been erased")
        return record_of(row)

    def _changes(self, connection: Connection, reading: Reading, after: int) -> Reading:
        asked = select(ENTRIES).where(
            ENTRIES.c.room == reading.room.slug,
            ENTRIES.c.version > after,
            # What changed since we looked at the head comes with a position above it.
            ENTRIES.c.version <= reading.head,
        )
        rows = connection.execute(asked.order_by(ENTRIES.c.version).limit(CHANGES + 1)).all()
        more = len(rows) > CHANGES
        rows = rows[:CHANGES]
        entries = sorted((entry_of(row) for row in rows if row.state == "shown"), key=_number)
        return Reading(
            reading.room,
            reading.epoch,
            int(rows[-1].version) if more else reading.head,
            entries=tuple(entries),
            removed=tuple(row.id for row in rows if row.state != "shown"),
            more=more,
        )


def _number(entry: Entry) -> int:
    return entry.number


def _newest(connection: Connection, slug: str, offset: int, limit: int) -> tuple[Entry, ...]:
    return _in_order(connection, _shown(slug).offset(max(0, offset)), limit)


def _newest_before(connection: Connection, slug: str, number: int, limit: int) -> tuple[Entry, ...]:
    return _in_order(connection, _shown(slug).where(ENTRIES.c.number < number), limit)


def _shown(slug: str) -> Any:
    shown = select(ENTRIES).where(ENTRIES.c.room == slug, ENTRIES.c.state == "shown")
    return shown.order_by(ENTRIES.c.number.desc())


def _in_order(connection: Connection, asked: Any, limit: int) -> tuple[Entry, ...]:
    rows = connection.execute(asked.limit(max(0, min(limit, MOST)))).all()
    return tuple(entry_of(row) for row in reversed(rows))
