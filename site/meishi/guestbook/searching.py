"""What the owner finds: the queue, what came lately, entries by words, author, time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from meishi.guestbook.ledger import HOUSE
from meishi.guestbook.lookups import containing
from meishi.guestbook.models import Found, Record, Tally, Wanted
from meishi.guestbook.parts import Parts
from meishi.guestbook.rows import milliseconds, moment_of, record_of
from meishi.guestbook.tables import ENTRIES, ROOMS

_MOST = 1000
_PART = 500


@dataclass(frozen=True, slots=True)
class Search:
    """Look through all entries, in any state."""

    parts: Parts

    def tally(self, room: str) -> Tally:
        """Count the entries by state, in a room or in all."""
        asked = select(ENTRIES.c.state, func.count(), func.max(ENTRIES.c.at)).group_by(ENTRIES.c.state)
        if room:
            asked = asked.where(ENTRIES.c.room == room)
        with self.parts.store.reading() as connection:
            rows = connection.execute(asked).all()
        latest = max((row[2] for row in rows if row[0] != "erased"), default=None)
        states = {row[0]: int(row[1]) for row in rows}
        return Tally(states, moment_of(latest) if latest is not None else None)

    def queue(self, room: str, limit: int) -> tuple[Record, ...]:
        """List what waits for the owner, the oldest first."""
        asked = select(ENTRIES).where(ENTRIES.c.state == "held").order_by(ENTRIES.c.serial)
        if room:
            asked = asked.where(ENTRIES.c.room == room)
        with self.parts.store.reading() as connection:
            return tuple(record_of(row) for row in connection.execute(asked.limit(limit)))

    def arrived(self, after: Mapping[str, int], limit: int) -> tuple[tuple[Record, ...], Mapping[str, int]]:
        """Return what came after these arrival numbers, and the numbers to go on from."""
        found: list[Record] = []
        reached = dict(after)
        left = limit
        arrivals = select(ROOMS.c.slug, ROOMS.c.arrival).where(ROOMS.c.slug != HOUSE)
        with self.parts.store.reading() as connection:
            for slug, arrival in connection.execute(arrivals.order_by(ROOMS.c.slug)).all():
                known = after.get(slug, 0)
                if arrival <= known or left <= 0:
                    continue
                asked = select(ENTRIES).where(ENTRIES.c.room == slug, ENTRIES.c.arrival > known)
                asked = asked.where(ENTRIES.c.arrival <= arrival).order_by(ENTRIES.c.arrival)
                rows = connection.execute(asked.limit(left)).all()
                reached[slug] = rows[-1].arrival if len(rows) == left else arrival
                left -= len(rows)
                found += [record_of(row) for row in rows if row.state != "erased"]
        return tuple(sorted(found, key=lambda record: record.serial)), reached

    def search(self, wanted: Wanted, before: int, limit: int) -> Found:
        """Find entries in any state but erased, the newest first."""
        limit = max(1, min(limit, _MOST))
        conditions = _conditions(wanted)
        asked = select(ENTRIES).where(conditions).order_by(ENTRIES.c.serial.desc()).limit(limit + 1)
        if before:
            asked = asked.where(ENTRIES.c.serial < before)
        with self.parts.store.reading() as connection:
            rows = connection.execute(asked).all()
            total = connection.execute(
                select(func.count()).select_from(ENTRIES).where(conditions)
            ).scalar_one()
        more = len(rows) > limit
        records = tuple(record_of(row) for row in rows[:limit])
        return Found(records, int(total), records[-1].serial if more else 0)

    def every(self, wanted: Wanted) -> Iterator[Record]:
        """Go through all that is found, the oldest first; what is written meanwhile is found, too."""
        after = 0
        while True:
            asked = select(ENTRIES).where(_conditions(wanted), ENTRIES.c.serial > after)
            with self.parts.store.reading() as connection:
                rows = connection.execute(asked.order_by(ENTRIES.c.serial).limit(_PART)).all()
            yield from (record_of(row) for row in rows)
            if len(rows) < _PART:
                return
            after = rows[-1].serial


def _conditions(wanted: Wanted) -> ColumnElement[bool]:
    found: list[Any] = []
    if wanted.states:
        found.append(ENTRIES.c.state.in_(wanted.states))
    else:
        found.append(ENTRIES.c.state != "erased")
    for column, value in ((ENTRIES.c.room, wanted.room), (ENTRIES.c.author, wanted.author)):
        if value:
            found.append(column == value)
    if wanted.address:
        found.append(ENTRIES.c.address == wanted.address)
    if wanted.since is not None:
        found.append(ENTRIES.c.at >= milliseconds(wanted.since))
    if wanted.until is not None:
        found.append(ENTRIES.c.at < milliseconds(wanted.until))
    if wanted.refs:
        found.append(tuple_(ENTRIES.c.room, ENTRIES.c.id).in_([tuple(ref) for ref in wanted.refs]))
    for word in wanted.text.split():
        columns = (ENTRIES.c.name, ENTRIES.c.body, func.coalesce(ENTRIES.c.link, ""))
        found.append(or_(*(containing(column, word) for column in columns)))
    return and_(*found)
