"""Notes of the owner's side: seen positions, cursors of notices, and leases that one process wins."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from meishi.guestbook.parts import Parts
from meishi.guestbook.store import add_new
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
        with self.parts.store.writing() as connection:
            add_new(connection, NOTES, {"key": key, "value": value, "until": None})
            connection.execute(update(NOTES).where(NOTES.c.key == key).values(value=value))

    def claim(self, key: str, seconds: float) -> bool:
        """Take a lease for some time, unless somebody has it."""
        now = self.parts.now().timestamp()
        free = or_(NOTES.c.until.is_(None), NOTES.c.until <= now)
        with self.parts.store.writing() as connection:
            add_new(connection, NOTES, {"key": key, "value": "", "until": None})
            taken = connection.execute(
                update(NOTES).where(NOTES.c.key == key, free).values(until=now + seconds)
            )
        return taken.rowcount == 1

    def release(self, key: str) -> None:
        """Give a lease back."""
        with self.parts.store.writing() as connection:
            connection.execute(update(NOTES).where(NOTES.c.key == key).values(until=None))
