"""Rooms: which there are, what holds in them, and how far their logs go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from meishi.config.guestbook import MODES, RoomSettings, slug_of
from meishi.guestbook.errors import GuestbookError, UnknownRoomError
from meishi.guestbook.ledger import HOUSE
from meishi.guestbook.models import Head, Room, RoomChange
from meishi.guestbook.parts import Parts
from meishi.guestbook.rows import moment_of
from meishi.guestbook.tables import ROOMS

#: So many rooms may visitors open.
MOST_OPEN = 500
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Rooms:
    """Find rooms and set what holds in them."""

    parts: Parts

    def prepare(self) -> None:
        """Make the rooms that config.toml names, so that each has its epoch from the beginning."""
        with self.parts.posting() as ledger:
            ledger.lock([HOUSE, *(room.slug for room in self.parts.settings.rooms)], self.fresh)

    def fresh(self, slug: str) -> dict[str, Any]:
        """Return the row of a room that is not there yet."""
        counters = dict.fromkeys(("head", "floor", "numbered", "arrival", "shown", "held"), 0)
        return {
            "slug": slug, "epoch": self.epoch(), "mode": "", "slow": None, "paused": False,
            "made": self.parts.milliseconds(), "latest": None, **counters,
        }  # fmt: skip

    def epoch(self) -> str:
        """Return a word that no log had before."""
        return self.parts.random(6).hex()

    def canonical(self, written: str) -> str:
        """Return a room's slug as it is stored, or raise UnknownRoomError."""
        slug = written if written.startswith("/") else slug_of(written)
        settings = self.parts.settings
        if written.startswith("/"):
            known = len(written) <= _LONGEST and "\0" not in written and self.parts.known_page(written)
        else:
            known = bool(slug) and (settings.room(slug) is not None or settings.open_rooms)
        if not known:
            hint = "See `flask guestbook rooms`, or set guestbook.openRooms"
            raise UnknownRoomError(f"there is no room {written[:80]!r} in the guestbook", hint=hint)
        return slug

    def is_open(self, slug: str) -> bool:
        """Tell whether a room is one that a visitor opened."""
        return not slug.startswith("/") and self.parts.settings.room(slug) is None

    def one(self, written: str) -> Room:
        """Return a room as it is now."""
        slug = self.canonical(written)
        with self.parts.store.reading() as connection:
            return self.read(connection, slug)

    def read(self, connection: Connection, slug: str) -> Room:
        """Return a room as it is now; one that nobody wrote in has no epoch yet."""
        rows = {
            row.slug: row for row in connection.execute(select(ROOMS).where(ROOMS.c.slug.in_([slug, HOUSE])))
        }
        return self.room_of(slug, rows.get(slug), _is_paused(rows.get(HOUSE)))

    def all(self) -> tuple[Room, ...]:
        """List the rooms: those of config.toml, then others in which something is shown."""
        with self.parts.store.reading() as connection:
            rows = {row.slug: row for row in connection.execute(select(ROOMS).order_by(ROOMS.c.slug))}
        paused = _is_paused(rows.pop(HOUSE, None))
        named = [room.slug for room in self.parts.settings.rooms]
        others = [
            slug for slug, row in rows.items() if slug not in named and row.shown and self._exists(slug)
        ]
        return tuple(self.room_of(slug, rows.get(slug), paused) for slug in (*named, *others))

    def heads(self) -> Mapping[str, Head]:
        """Return how far each stored room's log goes."""
        columns = (ROOMS.c.slug, ROOMS.c.epoch, ROOMS.c.head, ROOMS.c.arrival, ROOMS.c.held)
        with self.parts.store.reading() as connection:
            rows = connection.execute(select(*columns).where(ROOMS.c.slug != HOUSE)).all()
        return {row.slug: Head(row.epoch, row.head, row.arrival, row.held) for row in rows}

    def room_of(self, slug: str, row: Any, house_paused: bool) -> Room:
        """Return a row (None, if nobody wrote there yet) as a room, with what is in force."""
        own = self.parts.settings.room(slug) or RoomSettings(slug)
        mode, slow = self.in_force(slug, row)
        if row is None:
            return Room(slug, mode=mode, slow=slow, paused=house_paused, titles=own.titles)
        return Room(
            slug=slug,
            epoch=row.epoch,
            head=row.head,
            numbered=row.numbered,
            arrival=row.arrival,
            count=row.shown,
            held=row.held,
            mode=mode,
            slow=slow,
            paused=house_paused or bool(row.paused),
            titles=own.titles,
            latest=moment_of(row.latest) if row.latest is not None else None,
        )

    def in_force(self, slug: str, row: Any) -> tuple[str, int]:
        """Return a room's mode and slowness: the owner's latest word, else that of config.toml."""
        settings = self.parts.settings
        own = settings.room(slug) or RoomSettings(slug)
        mode = (row.mode if row is not None else "") or own.mode or settings.mode
        chosen = row.slow if row is not None and row.slow is not None else own.slow
        return mode, settings.slow if chosen is None else chosen

    def set_mode(self, written: str, mode: str, slow: int | None) -> Room:
        """Give a room its own mode and slowness; "" and None go back to those of config.toml."""
        if mode not in ("", *MODES):
            raise GuestbookError(f"there is no mode {mode!r}", hint=f"Choose one of {', '.join(MODES)}")
        if slow is not None and not 0 <= slow <= 86_400:
            raise GuestbookError("slow mode takes seconds, up to a day", hint="Write 0 to turn it off")
        return self._set(self.canonical(written), mode=mode, slow=slow)[0]

    def pause(self, written: str, paused: bool) -> Room:
        """Stop or resume writing in a room, "" for all of them; resuming all resumes each."""
        if written:
            return self._set(self.canonical(written), paused=paused)[0]
        with self.parts.store.reading() as connection:
            slugs = connection.execute(select(ROOMS.c.slug).where(ROOMS.c.paused)).scalars().all()
        others = [slug for slug in slugs if slug != HOUSE] if not paused else []
        self._set(HOUSE, *others, paused=paused)
        return self.all()[0]

    def _set(self, *slugs: str, **values: Any) -> list[Room]:
        with self.parts.posting() as ledger:
            ledger.lock(slugs, self.fresh)
            ledger.connection.execute(update(ROOMS).where(ROOMS.c.slug.in_(slugs)).values(**values))
            touched = select(ROOMS.c.slug).where(ROOMS.c.slug != HOUSE)
            if HOUSE not in slugs:
                touched = touched.where(ROOMS.c.slug.in_(slugs))
            rooms = [
                self.read(ledger.connection, slug) for slug in ledger.connection.execute(touched).scalars()
            ]
            ledger.told += [RoomChange(room) for room in rooms]
        return rooms

    def open_count(self, connection: Connection) -> int:
        """Count the stored rooms that visitors opened."""
        named = [HOUSE, *(room.slug for room in self.parts.settings.rooms)]
        counted = select(func.count()).select_from(ROOMS)
        counted = counted.where(ROOMS.c.slug.not_in(named), ROOMS.c.slug.not_like("/%"))
        return int(connection.execute(counted).scalar_one())

    def _exists(self, slug: str) -> bool:
        try:
            return bool(self.canonical(slug))
        except UnknownRoomError:
            return False


def _is_paused(house: Any) -> bool:
    return house is not None and bool(house.paused)
