"""The owner's account: one person, one password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from meishi.admin.database import Database
from meishi.admin.passwords import Passwords
from meishi.config.secret import Random


@dataclass(frozen=True, slots=True)
class Owner:
    """Keep the owner's password; the handle is what passkeys know the owner by."""

    database: Database
    passwords: Passwords
    now: Callable[[], datetime]
    random: Random

    def exists(self) -> bool:
        """Tell whether somebody has set this site up."""
        with self.database.reading() as rows:
            return rows.execute("select 1 from owner").fetchone() is not None

    @property
    def handle(self) -> bytes:
        """Return the random name that passkeys are made for."""
        with self.database.reading() as rows:
            return bytes(rows.execute("select handle from owner").fetchone()["handle"])

    def knows(self, password: str) -> bool:
        """Check the password; takes as long when there is no owner yet."""
        with self.database.reading() as rows:
            row = rows.execute("select password from owner").fetchone()
        if row is None:
            self.passwords.hash(password[:1])
            return False
        stored = row["password"]
        if not self.passwords.matches(stored, password):
            return False
        if self.passwords.outdated(stored):
            fresh = self.passwords.hash(password)
            with self.database.writing() as rows:
                rows.execute("update owner set password = ? where password = ?", (fresh, stored))
        return True

    def set_password(self, password: str) -> None:
        """Store a password, the first or a new one."""
        stored = self.passwords.hash(password)
        with self.database.writing() as rows:
            rows.execute(
                "insert into owner values (1, ?, ?, ?)"
                " on conflict (id) do update set password = excluded.password, changed = excluded.changed",
                (stored, self.random(32), self.now().timestamp()),
            )
            rows.execute("delete from invitations")
