"""What the departments of the guestbook share: made once, in `opening`, and passed to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from meishi.config.guestbook import GuestbookSettings
from meishi.config.secret import Random
from meishi.guestbook.addresses import Addresses
from meishi.guestbook.announcing import Announcer
from meishi.guestbook.ledger import Ledger
from meishi.guestbook.limits import Limiter
from meishi.guestbook.models import Announcement
from meishi.guestbook.names import Names
from meishi.guestbook.proofs import Proofs
from meishi.guestbook.rows import milliseconds
from meishi.guestbook.scoring import Score
from meishi.guestbook.seals import Seals
from meishi.guestbook.store import Store


class Rules:
    """What follows from the settings, worked out once."""

    def __init__(self, settings: GuestbookSettings) -> None:
        self.settings = settings
        self.names = Names(settings.reserved)
        self.score = Score(settings.words)


@dataclass(slots=True)
class Parts:
    """Hold the database, keys, clock and rules; `rules` is replaced when config.toml changes."""

    store: Store
    seals: Seals
    addresses: Addresses
    proofs: Proofs
    limiter: Limiter
    now: Callable[[], datetime]
    random: Random
    known_page: Callable[[str], bool]
    rules: Rules
    announcer: Announcer = field(default_factory=Announcer)

    @property
    def settings(self) -> GuestbookSettings:
        """Return the settings in force."""
        return self.rules.settings

    def milliseconds(self) -> int:
        """Return the time as it is stored."""
        return milliseconds(self.now())

    @contextmanager
    def posting(self) -> Iterator[Ledger]:
        """Open the rooms' logs for one transaction; what it made is announced once it is committed."""
        told: list[Announcement] = []
        try:
            with self.store.writing(after=lambda: self.announcer.put(told)) as connection:
                ledger = Ledger(connection)
                yield ledger
                told += ledger.save()
                told += ledger.told
        finally:
            self.announcer.tell()
