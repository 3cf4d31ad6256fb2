"""The one-time link with which the owner sets the site up."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from meishi.admin.database import Database
from meishi.admin.passwords import Passwords
from meishi.config.secret import Random

#: Seconds that a link may be used.
LIFETIME = 3600.0


@dataclass(frozen=True, slots=True)
class Invitation:
    """Hand out one link at a time, until there is an owner."""

    database: Database
    passwords: Passwords
    now: Callable[[], datetime]
    random: Random

    def token(self) -> str | None:
        """Return the token that is valid now, a new one if the last has expired; None with an owner."""
        return self._token()[0]

    def renewed(self) -> str | None:
        """Return a token only if a new one had to be made: the one to print again."""
        token, fresh = self._token()
        return token if fresh else None

    def _token(self) -> tuple[str | None, bool]:
        now = self.now().timestamp()
        with self.database.writing() as rows:
            if rows.execute("select 1 from owner").fetchone():
                return None, False
            row = rows.execute("select token from invitations where expires > ?", (now,)).fetchone()
            if row:
                return str(row["token"]), False
            token = self.random(24).hex()
            rows.execute("replace into invitations values (1, ?, ?)", (token, now + LIFETIME))
            return token, True

    def valid(self, token: str) -> bool:
        """Tell whether a link would work; looking does not use it up."""
        with self.database.reading() as rows:
            return self._valid(rows.execute("select token, expires from invitations").fetchone(), token)

    def accept(self, token: str, password: str) -> bool:
        """Make whoever holds the link the owner; of several that try at once, one succeeds."""
        if not self.valid(token):
            return False
        stored = self.passwords.hash(password)
        with self.database.writing() as rows:
            if not self._valid(rows.execute("select token, expires from invitations").fetchone(), token):
                return False
            rows.execute("delete from invitations")
            handle, now = self.random(32), self.now().timestamp()
            made = rows.execute("insert or ignore into owner values (1, ?, ?, ?)", (stored, handle, now))
            return made.rowcount == 1

    def _valid(self, row: Row | None, token: str) -> bool:
        if row is None:
            return False
        same = hmac.compare_digest(row["token"].encode(), token.encode("utf-8", "surrogatepass"))
        return same and bool(self.now().timestamp() < row["expires"])
