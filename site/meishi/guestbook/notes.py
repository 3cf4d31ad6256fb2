"""Notes of the owner's side: seen positions, cursors of notices, and leases that one process wins."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from meishi.guestbook.parts import Parts
from meishi.guestbook.tables import NOTES


@dataclass(frozen=True, slots=True)
class Notes:
    """Keep small things by name."""

    parts: Parts

    def get(self, key: str) -> str | None:
        """Return a note, None where there is none."""
        with self.parts.store.reading() as connection:
            return connection.execute(select(NOTES.c.value).where(NOTES.c.key == key)).scalar()

    def put(self, key: str, value: str) -> None:
        """Keep a note."""
        self._make(key)
        with self.parts.store.writing() as connection:
            connection.execute(update(NOTES).where(NOTES.c.key == key).values(value=value))

    def claim(self, key: str, seconds: float) -> bool:
        """Take a lease for some time, unless somebody has it."""
        self._make(key)
        now = self.parts.now().timestamp()
        free = or_(NOTES.c.until.is_(None), NOTES.c.until <= now)
        with self.parts.store.writing() as connection:
            taken = connection.execute(
                update(NOTES).where(NOTES.c.key == key, free).values(until=now + seconds)
            )
        return taken.rowcount == 1

    def release(self, key: str) -> None:
        """Give a lease back."""
        with self.parts.store.writing() as connection:
            connection.execute(update(NOTES).where(NOTES.c.key == key).values(until=None))

    def _make(self, key: str) -> None:
        with self.parts.store.reading() as connection:
            there = connection.execute(select(NOTES.c.key).where(NOTES.c.key == key)).scalar()
        if there is not None:
            return
        try:
            with self.parts.store.writing() as connection:
                connection.execute(insert(NOTES).values(key=key, value="", until=None))
        except IntegrityError:
            pass  # another process was first
