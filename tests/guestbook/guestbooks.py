"""Guestbooks for tests: a clock that is set by hand, and visitors who write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from meishi.config.guestbook import GuestbookSettings, LimitSettings, Rate
from meishi.config.secret import Secret
from meishi.guestbook.models import Announcement, Outcome, Ref, Signing, Visitor
from meishi.guestbook.opening import open_guestbook
from meishi.guestbook.service import Guestbook

SECRET = Secret(b"0123456789abcdef" * 4)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
_MANY = Rate(1_000_000, 1)
UNLIMITED = LimitSettings(author=_MANY, address=_MANY, room=_MANY)
OPEN = GuestbookSettings(
    enabled=True, mode="open", owner="Ichi", reserved=("Ichi", "一太郎"), limits=UNLIMITED
)


class Clock:
    """Tell the time that a test has set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()

    def advance(self, **spans: float) -> None:
        """Let time pass: `advance(seconds=3)`."""
        self.now += timedelta(**spans)


@dataclass
class Party:
    """A guestbook with its clock, and short ways to write in it."""

    guestbook: Guestbook
    clock: Clock
    told: list[Announcement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.guestbook.subscribe(self.told.append)

    def wish(self, body: str = "Hello", *, by: str = "ann", **fields: Any) -> Signing:
        """Return a signing by one of the visitors, with a ticket that is old enough."""
        # The clock is left alone: several threads may write.
        ticket = self.guestbook._parts.seals.ticket(self.clock.now - timedelta(seconds=5))
        standard: dict[str, Any] = {
            "room": "lobby",
            "id": str(uuid4()),
            "name": by.title(),
            "body": body,
            "visitor": Visitor(author=f"token of {by}", address=f"192.0.2.{sum(map(ord, by)) % 250}"),
            "ticket": ticket,
        }
        return Signing(**(standard | fields))

    def sign(self, body: str = "Hello", **fields: Any) -> Outcome:
        """Write an entry, and return what became of it."""
        return self.guestbook.sign([self.wish(body, **fields)])[0]

    def signed(self, body: str = "Hello", **fields: Any) -> Ref:
        """Write an entry that must be stored, and return its name."""
        outcome = self.sign(body, **fields)
        assert outcome.ok, outcome
        assert outcome.record is not None
        return outcome.record.ref

    def bodies(self, room: str = "lobby") -> list[str]:
        """List what everyone reads."""
        return [entry.body for entry in self.guestbook.read(room, limit=500).entries]


MakeParty = Callable[..., Party]


def open_party(database: str, settings: GuestbookSettings = OPEN, **options: Any) -> Party:
    """Open a guestbook at noon."""
    clock = options.pop("now", None) or Clock()
    guestbook = open_guestbook(settings, options.pop("secret", SECRET), database, now=clock, **options)
    return Party(guestbook, clock)
