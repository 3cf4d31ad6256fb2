"""Where the pages get the guestbook's entries from: the published snapshot, or the live guestbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from meishi.config.guestbook import GuestbookSettings
from meishi.errors import MeishiError
from meishi.guestbook.entries import Entry
from meishi.guestbook.snapshot import Snapshot, read_snapshot

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: The snapshot, below content/.
SNAPSHOT = "guestbook.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """How a room stands. `made` is when a snapshot was taken; `ticket` opens the form of a live one."""

    epoch: str = ""
    head: int = 0
    count: int = 0
    writable: bool = True
    made: datetime | None = None
    ticket: str = ""


class EntrySource(Protocol):
    """Hand out the entries that everyone may see; `live` ones may be other ones a moment later."""

    @property
    def live(self) -> bool:
        """Tell whether the guestbook is served from here."""

    def rooms(self) -> Sequence[str]:
        """List the rooms that are there."""

    def shelf(self, room: str) -> Shelf:
        """Return how a room stands; one that nobody has written in is empty."""

    def entries(self, room: str, offset: int, limit: int) -> Sequence[Entry]:
        """Return entries in order; `offset` of the newest ones are left out."""

    def mark(self, room: str) -> str:
        """Return what changes whenever a page of the room does."""


class SnapshotEntries:
    """Read content/guestbook.json."""

    live = False

    def __init__(self, content: Path, settings: GuestbookSettings) -> None:
        self._snapshot: Snapshot = read_snapshot(content / SNAPSHOT)
        self._settings = settings

    def rooms(self) -> Sequence[str]:
        """List the rooms of config.toml, then the others that hold something."""
        named = [room.slug for room in self._settings.rooms]
        return list(dict.fromkeys([*named, *self._snapshot.rooms]))

    def shelf(self, room: str) -> Shelf:
        """Return how a room stood when the snapshot was taken."""
        own = self._settings.room(room)
        mode = (own and own.mode) or self._settings.mode
        found = self._snapshot.rooms.get(room)
        if found is None:
            return Shelf(writable=mode != "read-only")
        return Shelf(
            found.epoch, found.head, len(found.entries), mode != "read-only", made=self._snapshot.made
        )

    def entries(self, room: str, offset: int, limit: int) -> Sequence[Entry]:
        """Return entries in order; `offset` of the newest ones are left out."""
        found = self._snapshot.rooms.get(room)
        if found is None:
            return ()
        stop = max(0, len(found.entries) - offset)
        return found.entries[max(0, stop - limit) : stop]

    def mark(self, _room: str) -> str:
        """Return nothing: a new snapshot is a new reading of the site."""
        return ""


@dataclass(frozen=True, slots=True)
class LiveEntries:
    """Ask the live guestbook, opened when it is first needed; where it is away, the snapshot stands."""

    guestbook: Callable[[], Guestbook]
    snapshot: EntrySource
    live: bool = True

    def rooms(self) -> Sequence[str]:
        """List the rooms that config.toml names or in which something is shown."""
        try:
            return [room.slug for room in self.guestbook().rooms()]
        except MeishiError:
            return self.snapshot.rooms()

    def shelf(self, room: str) -> Shelf:
        """Return how a room stands now."""
        try:
            guestbook = self.guestbook()
            found = guestbook.room(room)
            ticket = guestbook.ticket()
        except MeishiError:
            return self.snapshot.shelf(room)
        writable = found.mode != "read-only" and not found.paused
        return Shelf(found.epoch, found.head, found.count, writable, ticket=ticket)

    def entries(self, room: str, offset: int, limit: int) -> Sequence[Entry]:
        """Return entries in order; `offset` of the newest ones are left out."""
        try:
            return self.guestbook().shown(room, offset=offset, limit=limit)
        except MeishiError:
            return self.snapshot.entries(room, offset, limit)

    def mark(self, room: str) -> str:
        """Return the room's position, and the rules that its form depends on."""
        try:
            found = self.guestbook().room(room)
        except MeishiError:
            return "away"
        return f"{found.epoch} {found.head} {found.mode} {found.paused}"
