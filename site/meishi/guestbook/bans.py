"""Bans: an author by key, or an address as it was known on one day; with an end, or for good."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.models import Ban, Outcome, Record
from meishi.guestbook.outcomes import refused
from meishi.guestbook.parts import Parts
from meishi.guestbook.rows import milliseconds, moment_of
from meishi.guestbook.tables import BANS
from meishi.guestbook.wishes import Wish

KINDS = ("author", "address")
#: A ban by another process holds here after so many milliseconds.
_FRESH = 2000


@dataclass(slots=True)
class Bans:
    """Keep people out, and let them in again."""

    parts: Parts
    _known: tuple[int, list[Row[Any]]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refusal(self, wish: Wish) -> Outcome | None:
        """Return the refusal of one who is banned."""
        rows = self._current()
        if not rows or wish.signing.visitor.owner:
            return None
        days = {row.day for row in rows if row.kind == "address"}
        mine = self.parts.addresses.scrambled_as_on(wish.signing.visitor.address, days) | {wish.author}
        ends = [row.until for row in rows if row.key in mine]
        if not ends:
            return None
        language = wish.signing.visitor.language
        if None in ends:
            return refused("banned", language)
        wait = (max(ends) - self.parts.milliseconds()) / 1000
        return refused("banned", language, word="banned_until", wait=max(1.0, wait))

    def add(
        self, connection: Connection, kind: str, key: str, until: datetime | None, note: str, day: str = ""
    ) -> int:
        """Keep out a key; return the ban's number."""
        if kind not in KINDS:
            raise GuestbookError(f"there are no bans of a {kind!r}", hint=f"Choose one of {', '.join(KINDS)}")
        if not key:
            raise GuestbookError(
                f"the {kind} of this entry is no longer known", hint="Ban the author instead"
            )
        now = self.parts.now()
        if until is not None and until <= now:
            raise GuestbookError("the end of the ban is past", hint="Choose a later one, or none")
        end = milliseconds(until) if until else None
        values = {"kind": kind, "key": key, "day": day, "until": end, "note": note, "at": milliseconds(now)}
        made = connection.execute(insert(BANS).values(**values).returning(BANS.c.id)).scalar_one()
        self._known = None
        return int(made)

    def add_for(
        self, connection: Connection, record: Record, kind: str, until: datetime | None, note: str
    ) -> int:
        """Keep out the author or the address of an entry; return the ban's number."""
        if kind == "address":
            # The entry's address was scrambled with the key of the day on which it was written.
            day = record.entry.at.date().isoformat()
            return self.add(connection, kind, record.address, until, note, day)
        return self.add(connection, kind, "" if record.entry.owner else record.author, until, note)

    def remove(self, id: int, connection: Connection | None = None) -> None:  # noqa: A002
        """End a ban."""
        if connection is not None:
            connection.execute(delete(BANS).where(BANS.c.id == id))
        else:
            with self.parts.store.writing() as own:
                own.execute(delete(BANS).where(BANS.c.id == id))
        self._known = None

    def all(self) -> tuple[Ban, ...]:
        """List the bans that hold now, the newest first."""
        with self.parts.store.reading() as connection:
            rows = connection.execute(_current(self.parts.milliseconds()).order_by(BANS.c.id.desc())).all()
        return tuple(
            Ban(row.id, row.kind, row.key, moment_of(row.until) if row.until is not None else None, row.note,
                moment_of(row.at))
            for row in rows
        )  # fmt: skip

    def forget_ended(self, connection: Connection, now: int) -> None:
        """Delete the bans that are over."""
        connection.execute(delete(BANS).where(BANS.c.until <= now))
        self._known = None

    def _current(self) -> list[Row[Any]]:
        now = self.parts.milliseconds()
        with self._lock:
            known = self._known
        if known is not None and 0 <= now - known[0] < _FRESH:
            return [row for row in known[1] if row.until is None or row.until > now]
        with self.parts.store.reading() as connection:
            rows = list(connection.execute(_current(now)))
        with self._lock:
            self._known = (now, rows)
        return rows


def _current(now: int) -> Any:
    return select(BANS).where(or_(BANS.c.until.is_(None), BANS.c.until > now))
