"""Sessions: kept on the server, known to the browser by a random token only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from sqlite3 import Row

from meishi.admin.database import Database
from meishi.config.secret import Random

DAY = 86_400.0
#: Seconds after which a session ends that nobody used, and after which every session ends.
IDLE = 7 * DAY
ABSOLUTE = 30 * DAY
#: Seconds between two notes that a session is in use.
_NOTED = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    id: str
    method: str
    agent: str
    created: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begin, find, list and end sessions."""

    database: Database
    now: Callable[[], datetime]
    random: Random

    def begin(self, method: str, agent: str) -> str:
        """Begin a session after signing in by "password", "passkey" or "link"; return its token."""
        token = self.random(32).hex()
        now = self.now().timestamp()
        with self.database.writing() as rows:
            rows.execute("delete from sessions where seen <= ? or created <= ?", (now - IDLE, now - ABSOLUTE))
            rows.execute(
                "insert into sessions (id, token, method, agent, created, seen) values (?, ?, ?, ?, ?, ?)",
                (self.random(8).hex(), _digest(token), method, agent[:300], now, now),
            )
        return token

    def find(self, token: str | None) -> Session | None:
        """Return the session of a token, if it is still good, and note that it is in use."""
        if not token or len(token) > 200:
            return None
        now = self.now().timestamp()
        with self.database.reading() as rows:
            row = rows.execute(
                "select * from sessions where token = ? and seen > ? and created > ?",
                (_digest(token), now - IDLE, now - ABSOLUTE),
            ).fetchone()
        if row is None:
            return None
        if now - row["seen"] >= _NOTED:
            with self.database.writing() as rows:
                rows.execute("update sessions set seen = max(seen, ?) where id = ?", (now, row["id"]))
        return _session(row)

    def all(self) -> list[Session]:
        """List the sessions that are good now, the last used first."""
        now = self.now().timestamp()
        with self.database.reading() as rows:
            found = rows.execute(
                "select * from sessions where seen > ? and created > ? order by seen desc, created desc",
                (now - IDLE, now - ABSOLUTE),
            ).fetchall()
        return [_session(row) for row in found]

    def end(self, id: str) -> None:  # noqa: A002
        """End one session."""
        with self.database.writing() as rows:
            rows.execute("delete from sessions where id = ?", (id,))

    def end_all(self, *, but: str = "") -> int:
        """End every session, or every other one; return how many."""
        with self.database.writing() as rows:
            return rows.execute("delete from sessions where id <> ?", (but,)).rowcount

    def leave_notice(self, id: str, kind: str, text: str) -> None:  # noqa: A002
        """Keep a notice for the next page that this session sees."""
        with self.database.writing() as rows:
            row = rows.execute("select notices from sessions where id = ?", (id,)).fetchone()
            if row is not None:
                notices = [*json.loads(row["notices"]), [kind, text]]
                rows.execute("update sessions set notices = ? where id = ?", (json.dumps(notices[-9:]), id))

    def take_notices(self, id: str) -> list[tuple[str, str]]:  # noqa: A002
        """Return the notices that wait for a session, each once."""
        with self.database.reading() as rows:
            row = rows.execute("select notices from sessions where id = ?", (id,)).fetchone()
        if row is None or row["notices"] == "[]":
            return []
        with self.database.writing() as rows:
            row = rows.execute("select notices from sessions where id = ?", (id,)).fetchone()
            rows.execute("update sessions set notices = '[]' where id = ?", (id,))
        return [(kind, text) for kind, text in json.loads(row["notices"])] if row else []


def _digest(token: str) -> bytes:
    # Whoever reads the database learns no token. The tokens are random: no salt, no slow hash needed.
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _session(row: Row) -> Session:
    return Session(row["id"], row["method"], row["agent"], _moment(row["created"]), _moment(row["seen"]))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
