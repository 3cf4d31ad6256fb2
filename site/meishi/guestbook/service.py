"""The guestbook's one door: for sockets, forms, the study and commands; safe to use from many threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from meishi.config.guestbook import GuestbookSettings
from meishi.guestbook.announcing import Listener
from meishi.guestbook.bans import Bans
from meishi.guestbook.importing import Importer
from meishi.guestbook.judging import Judge
from meishi.guestbook.models import (
    Ban,
    Changes,
    Deed,
    Entry,
    Found,
    Head,
    Imported,
    Outcome,
    Reading,
    Record,
    Ref,
    Room,
    Signing,
    Tally,
    Visitor,
    Wanted,
)
from meishi.guestbook.moderation import Moderation
from meishi.guestbook.notes import Notes
from meishi.guestbook.owning import Authors
from meishi.guestbook.parts import Parts, Rules
from meishi.guestbook.reading import Reader
from meishi.guestbook.retention import Retention
from meishi.guestbook.rooms import Rooms
from meishi.guestbook.searching import Search
from meishi.guestbook.signing import Signer
from meishi.guestbook.wishes import Reception

_OWNER = Visitor(owner=True)


class Guestbook:
    """Read, sign and keep the guestbook. Make one with `meishi.guestbook.opening.open_guestbook`.

    Errors (all of them MeishiErrors, from `meishi.guestbook.errors`): UnknownRoomError for a room that does
    not exist; GuestbookBusyError when the database cannot be reached or written now (`sign`, `edit`, `erase`
    and `forget` answer `try_again` instead of raising it).
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._rooms = Rooms(parts)
        reception = Reception(parts, self._rooms)
        judge = Judge(parts)
        self._bans = Bans(parts)
        self._signer = Signer(parts, self._rooms, reception, self._bans, judge)
        self._authors = Authors(parts, self._rooms, reception, self._bans, judge)
        self._reader = Reader(parts, self._rooms)
        self._search = Search(parts)
        self._moderation = Moderation(parts, self._bans)
        self._importer = Importer(parts, self._rooms)
        self._retention = Retention(parts, self._bans)
        self._notes = Notes(parts)
        self._rooms.prepare()

    @property
    def settings(self) -> GuestbookSettings:
        """Return the settings in force."""
        return self._parts.settings

    def reconfigure(self, settings: GuestbookSettings) -> None:
        """Go on with new settings, as config.toml has changed."""
        if settings != self.settings:
            self._parts.rules = Rules(settings)
            self._rooms.prepare()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a listener after each commit of this process, in order; return what ends that.

        Changes of other processes are not told here: compare `heads()` now and then.
        """
        return self._parts.announcer.subscribe(listener)

    def close(self) -> None:
        """Let go of the database."""
        self._parts.store.close()

    # Reading

    def rooms(self) -> tuple[Room, ...]:
        """List the rooms: the lobby, those of config.toml, then others in which something is shown."""
        return self._rooms.all()

    def room(self, slug: str) -> Room:
        """Return a room as it is now, or raise UnknownRoomError."""
        return self._rooms.one(slug)

    def heads(self) -> Mapping[str, Head]:
        """Return how far each stored room's log goes; one cheap query, for presence ticks."""
        return self._rooms.heads()

    def read(self, room: str, *, after: int = 0, epoch: str = "", limit: int = 50) -> Reading:
        """Return what changed after a position; the newest entries when there is none or it does not fit."""
        return self._reader.read(room, after, epoch, limit)

    def older(self, room: str, *, before: int, limit: int = 50) -> tuple[Entry, ...]:
        """Return shown entries with numbers below `before`, in order."""
        return self._reader.older(room, before, limit)

    def shown(self, room: str, *, offset: int = 0, limit: int = 50) -> tuple[Entry, ...]:
        """Return shown entries in order; `offset` of the newest ones are skipped."""
        return self._reader.shown(room, offset, limit)

    def own(self, visitor: Visitor, room: str = "") -> tuple[Record, ...]:
        """Return a visitor's own entries that are not shown (held, hidden), in a room or in all."""
        return self._reader.own(visitor, room)

    def withheld(self, *, limit: int) -> frozenset[str] | None:
        """Return the keys of all whose entries are not shown; None where these are more than `limit`."""
        return self._reader.withheld(limit)

    def mine(self, token: str) -> Record:
        """Return the entry that an author's private link opens, or raise NotYoursError."""
        return self._reader.mine(token)

    # Visitors

    def ticket(self) -> str:
        """Return a fresh form ticket: good from two seconds on, for some hours."""
        return self._parts.seals.ticket(self._parts.now())

    def author_key(self, token: str) -> str:
        """Return by what an author is known here, from the browser's secret token."""
        return self._parts.seals.author_key(f"visitor {token}")

    def sign(self, batch: Sequence[Signing]) -> tuple[Outcome, ...]:
        """Store entries in one transaction; each gets its own outcome, in the same order.

        An id that is known gets the outcome of its first time.
        """
        return self._signer.sign(batch)

    def edit(self, room: str, id: str, token: str, changes: Changes, visitor: Visitor) -> Outcome:  # noqa: A002
        """Change an entry of one's own."""
        return self._authors.edit(room, id, token, changes, visitor)

    def erase(self, room: str, id: str, token: str, visitor: Visitor) -> Outcome:  # noqa: A002
        """Erase an entry of one's own, at once and for good."""
        return self._authors.erase(room, id, token, visitor)

    def forget(self, visitor: Visitor, token: str = "") -> Outcome:
        """Erase everything of a visitor, known by the browser's token or by that of one entry."""
        return self._authors.forget(visitor, token)

    # The owner

    def tally(self, room: str = "") -> Tally:
        """Count the entries by state, in a room or in all."""
        return self._search.tally(room)

    def note(self, key: str) -> str | None:
        """Return a note of the owner's side (seen positions, cursors), None where there is none."""
        return self._notes.get(key)

    def put_note(self, key: str, value: str) -> None:
        """Keep a note."""
        self._notes.put(key, value)

    def claim(self, key: str, seconds: float) -> bool:
        """Take a lease for some time; of all processes one gets it until it ends or is released."""
        return self._notes.claim(key, seconds)

    def release(self, key: str) -> None:
        """Give a lease back."""
        self._notes.release(key)

    def queue(self, room: str = "", *, limit: int = 100) -> tuple[Record, ...]:
        """List what waits for the owner, the oldest first."""
        return self._search.queue(room, limit)

    def arrived(
        self, after: Mapping[str, int], *, limit: int = 200
    ) -> tuple[tuple[Record, ...], Mapping[str, int]]:
        """Return entries in any state that came after these arrival numbers (by room), and where to go on."""
        return self._search.arrived(after, limit)

    def search(self, wanted: Wanted, *, before: int = 0, limit: int = 50) -> Found:
        """Find entries in any state but erased, the newest first; `before` is where the last part ended."""
        return self._search.search(wanted, before, limit)

    def every(self, wanted: Wanted) -> Iterator[Record]:
        """Go through all that is found, the oldest first, for export and bulk work."""
        return self._search.every(wanted)

    def take_in(self, records: Iterable[Record]) -> Imported:
        """Add entries from elsewhere with their ids, times, states and keys; an id that is known is skipped.

        Numbers follow the times: where ones that were given would move, the room gets a new epoch.
        """
        return self._importer.take_in(records)

    def approve(self, refs: Sequence[Ref]) -> Deed:
        """Show entries that are held, hidden or binned."""
        return self._moderation.decide("approve", refs)

    def hide(self, refs: Sequence[Ref]) -> Deed:
        """Take entries away from everyone's sight, or refuse held ones."""
        return self._moderation.decide("hide", refs)

    def hold(self, refs: Sequence[Ref]) -> Deed:
        """Put entries back into the queue."""
        return self._moderation.decide("hold", refs)

    def restore(self, refs: Sequence[Ref]) -> Deed:
        """Show entries again that were hidden or binned; the same as to approve."""
        return self._moderation.decide("restore", refs)

    def bin(self, refs: Sequence[Ref]) -> Deed:
        """Erase entries; for an hour this can be undone."""
        return self._moderation.decide("bin", refs)

    def undo(self, deed: int) -> Deed:
        """Put back what a deed changed, as far as it is still as the deed left it."""
        return self._moderation.undo(deed)

    def deeds(self, *, limit: int = 20) -> tuple[Deed, ...]:
        """List what the owner did last, the newest first."""
        return self._moderation.deeds(limit)

    def answer(self, room: str, body: str, *, to: str = "", id: str = "", name: str = "") -> Outcome:  # noqa: A002
        """Write as the owner; without a name, with that of the settings."""
        signing = Signing(
            room, id or str(uuid4()), name or self.settings.owner or "Owner", body, _OWNER, to=to
        )
        return self.sign([signing])[0]

    def rewrite(self, ref: Ref, changes: Changes) -> Outcome:
        """Edit an entry as the owner."""
        return self._authors.edit(ref.room, ref.id, "", changes, _OWNER)

    def ban(self, ref: Ref, *, kind: str = "author", until: datetime | None = None, note: str = "") -> Deed:
        """Keep out the author ("author") or the address ("address") of an entry."""
        return self._moderation.ban(ref, kind, until, note)

    def ban_author(self, key: str, *, until: datetime | None = None, note: str = "") -> Deed:
        """Keep out an author by key."""
        return self._moderation.ban_author(key, until, note)

    def unban(self, id: int) -> None:  # noqa: A002
        """End a ban."""
        self._bans.remove(id)

    def bans(self) -> tuple[Ban, ...]:
        """List the bans that hold now, the newest first."""
        return self._bans.all()

    def erase_author(self, key: str) -> int:
        """Erase everything of an author, at once and for good; return how many entries."""
        return self._authors.erase_author(key)

    def set_mode(self, room: str, mode: str = "", *, slow: int | None = None) -> Room:
        """Give a room its own mode and slowness; "" and None go back to those of config.toml."""
        return self._rooms.set_mode(room, mode, slow)

    def pause(self, room: str, paused: bool) -> Room:
        """Stop or resume writing in a room, "" for all rooms."""
        return self._rooms.pause(room, paused)

    def sweep(self) -> int:
        """Do what the settings on retention ask for; return how many entries were erased.

        Call it now and then (once an hour); every process may.
        """
        return self._retention.sweep()
