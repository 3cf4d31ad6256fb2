"""What is not kept for ever: old entries, refused ones, addresses, keys, ended bans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from meishi.guestbook.bans import Bans
from meishi.guestbook.moving import wipe
from meishi.guestbook.parts import Parts
from meishi.guestbook.tables import DEEDS, ENTRIES

_DAY = 86_400_000
#: So long the owner can take an erasure back.
BINNED = 3_600_000
#: So long a room remembers that something was erased; who was away for longer reads it anew.
REMEMBERED = 90 * _DAY
_DEEDS = 30 * _DAY
_PART = 200


@dataclass(frozen=True, slots=True)
class Retention:
    """Erase what is over."""

    parts: Parts
    bans: Bans

    def sweep(self) -> int:
        """Do what the settings on retention ask for; return how many entries were erased."""
        erased = sum(self._erase(condition) for condition in self._over())
        now = self.parts.milliseconds()
        kept = self.parts.settings.keep_address_days
        with self.parts.store.writing() as connection:
            old = and_(ENTRIES.c.address.is_not(None), ENTRIES.c.at < now - kept * _DAY)
            connection.execute(update(ENTRIES).where(old).values(address=None))
            connection.execute(delete(DEEDS).where(DEEDS.c.at < now - _DEEDS))
            self.bans.forget_ended(connection, now)
            self.parts.addresses.forget_keys(connection, self.parts.now())
        self._forget_places(now)
        return erased

    def _over(self) -> Iterator[ColumnElement[bool]]:
        now, settings = self.parts.milliseconds(), self.parts.settings
        decided = func.coalesce(ENTRIES.c.decided, ENTRIES.c.at)
        yield and_(ENTRIES.c.state == "binned", decided <= now - BINNED)
        if settings.keep_days:
            yield and_(ENTRIES.c.state != "erased", ENTRIES.c.at < now - settings.keep_days * _DAY)
        if settings.keep_held_days:
            waiting = ENTRIES.c.state.in_(("held", "hidden"))
            yield and_(waiting, decided < now - settings.keep_held_days * _DAY)

    def _erase(self, condition: ColumnElement[bool]) -> int:
        """Erase in small steps: between them, visitors write."""
        erased = 0
        while True:
            with self.parts.posting() as ledger:
                asked = select(ENTRIES.c.serial, ENTRIES.c.room).where(condition).limit(_PART)
                found = ledger.connection.execute(asked).all()
                ledger.lock({row.room for row in found})
                serials = [row.serial for row in found]
                again = select(ENTRIES).where(ENTRIES.c.serial.in_(serials), condition)
                erased += wipe(ledger, ledger.connection.execute(again).all(), self.parts.milliseconds())
            if len(found) < _PART:
                return erased

    def _forget_places(self, now: int) -> None:
        over = and_(ENTRIES.c.state == "erased", ENTRIES.c.decided < now - REMEMBERED)
        asked: Any = select(ENTRIES.c.room, func.max(ENTRIES.c.version).label("floor")).where(over)
        with self.parts.posting() as ledger:
            rows = ledger.connection.execute(asked.group_by(ENTRIES.c.room)).all()
            ledger.lock({row.room for row in rows})
            for row in rows:
                account = ledger[row.room]
                account.floor = max(account.floor, row.floor or 0)
                account.changed = True
                gone = or_(ENTRIES.c.version.is_(None), ENTRIES.c.version <= account.floor)
                ledger.connection.execute(delete(ENTRIES).where(ENTRIES.c.room == row.room, over, gone))
