"""The guestbook's one door: for sockets, forms, the study and commands; safe to use from many threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from meishi.config.guestbook import GuestbookSettings
from meishi.guestbook.models import (
    Announcement,
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

Listener = Callable[[Announcement], None]


class Guestbook:
    """Read, sign and keep the guestbook. Make one with `meishi.guestbook.opening.open_guestbook`.

    Errors (all of them MeishiErrors, from `meishi.guestbook.errors`): UnknownRoomError for a room that does
    not exist; GuestbookBusyError when the database cannot be reached or written now (`sign`, `edit`, `erase`
    and `forget` answer `try_again` instead of raising it).
    """

    settings: GuestbookSettings

    def reconfigure(self, settings: GuestbookSettings) -> None:
        """Go on with new settings, as config.toml has changed."""
        raise NotImplementedError

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a listener after each commit of this process, in order; return what ends that.

        Changes of other processes are not told here: compare `heads()` now and then.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the database."""
        raise NotImplementedError

    # Reading

    def rooms(self) -> tuple[Room, ...]:
        """List the rooms: the lobby, those of config.toml, then others in which something is shown."""
        raise NotImplementedError

    def room(self, slug: str) -> Room:
        """Return a room as it is now, or raise UnknownRoomError."""
        raise NotImplementedError

    def heads(self) -> Mapping[str, Head]:
        """Return how far each stored room's log goes; one cheap query, for presence ticks."""
        raise NotImplementedError

    def read(self, room: str, *, after: int = 0, epoch: str = "", limit: int = 50) -> Reading:
        """Return what changed after a position; the newest entries when there is none or it does not fit."""
        raise NotImplementedError

    def older(self, room: str, *, before: int, limit: int = 50) -> tuple[Entry, ...]:
        """Return shown entries with numbers below `before`, in order."""
        raise NotImplementedError

    def shown(self, room: str, *, offset: int = 0, limit: int = 50) -> tuple[Entry, ...]:
        """Return shown entries in order; `offset` of the newest ones are skipped."""
        raise NotImplementedError

    def own(self, visitor: Visitor, room: str = "") -> tuple[Record, ...]:
        """Return a visitor's own entries that are not shown (held, hidden), in a room or in all."""
        raise NotImplementedError

    def mine(self, token: str) -> Record:
        """Return the entry that an author's private link opens, or raise NotYoursError."""
        raise NotImplementedError

    # Visitors

    def ticket(self) -> str:
        """Return a fresh form ticket: good from two seconds on, for some hours."""
        raise NotImplementedError

    def author_key(self, token: str) -> str:
        """Return by what an author is known here, from the browser's secret token."""
        raise NotImplementedError

    def sign(self, batch: Sequence[Signing]) -> tuple[Outcome, ...]:
        """Store entries in one transaction; each gets its own outcome, in the same order.

        An id that is known gets the outcome of its first time.
        """
        raise NotImplementedError

    def edit(self, room: str, id: str, token: str, changes: Changes, visitor: Visitor) -> Outcome:  # noqa: A002
        """Change an entry of one's own."""
        raise NotImplementedError

    def erase(self, room: str, id: str, token: str, visitor: Visitor) -> Outcome:  # noqa: A002
        """Erase an entry of one's own, at once and for good."""
        raise NotImplementedError

    def forget(self, visitor: Visitor, token: str = "") -> Outcome:
        """Erase everything of a visitor, known by the browser's token or by that of one entry."""
        raise NotImplementedError

    # The owner

    def tally(self, room: str = "") -> Tally:
        """Count the entries by state, in a room or in all."""
        raise NotImplementedError

    def note(self, key: str) -> str | None:
        """Return a note of the owner's side (seen positions, cursors), None where there is none."""
        raise NotImplementedError

    def put_note(self, key: str, value: str) -> None:
        """Keep a note."""
        raise NotImplementedError

    def claim(self, key: str, seconds: float) -> bool:
        """Take a lease for some time; of all processes one gets it until it ends or is released."""
        raise NotImplementedError

    def release(self, key: str) -> None:
        """Give a lease back."""
        raise NotImplementedError

    def queue(self, room: str = "", *, limit: int = 100) -> tuple[Record, ...]:
        """List what waits for the owner, the oldest first."""
        raise NotImplementedError

    def search(self, wanted: Wanted, *, before: int = 0, limit: int = 50) -> Found:
        """Find entries in any state but erased, the newest first; `before` is where the last part ended."""
        raise NotImplementedError

    def every(self, wanted: Wanted) -> Iterator[Record]:
        """Go through all that is found, the oldest first, for export and bulk work."""
        raise NotImplementedError

    def take_in(self, records: Iterable[Record]) -> Imported:
        """Add entries from elsewhere with their ids, times and states; an id that is known is skipped.

        Shown ones are numbered after those that are here, in the order in which they come.
        """
        raise NotImplementedError

    def approve(self, refs: Sequence[Ref]) -> Deed:
        """Show entries that are held, hidden or binned."""
        raise NotImplementedError

    def hide(self, refs: Sequence[Ref]) -> Deed:
        """Take entries away from everyone's sight, or refuse held ones."""
        raise NotImplementedError

    def hold(self, refs: Sequence[Ref]) -> Deed:
        """Put entries back into the queue."""
        raise NotImplementedError

    def restore(self, refs: Sequence[Ref]) -> Deed:
        """Show entries again that were hidden or binned; the same as to approve."""
        raise NotImplementedError

    def bin(self, refs: Sequence[Ref]) -> Deed:
        """Erase entries; for an hour this can be undone."""
        raise NotImplementedError

    def undo(self, deed: int) -> Deed:
        """Put back what a deed changed, as far as it is still as the deed left it."""
        raise NotImplementedError

    def deeds(self, *, limit: int = 20) -> tuple[Deed, ...]:
        """List what the owner did last, the newest first."""
        raise NotImplementedError

    def answer(self, room: str, body: str, *, to: str = "", id: str = "", name: str = "") -> Outcome:  # noqa: A002
        """Write as the owner; without a name, with that of the settings."""
        raise NotImplementedError

    def rewrite(self, ref: Ref, changes: Changes) -> Outcome:
        """Edit an entry as the owner."""
        raise NotImplementedError

    def ban(self, ref: Ref, *, kind: str = "author", until: datetime | None = None, note: str = "") -> Deed:
        """Keep out the author ("author") or the address ("address") of an entry."""
        raise NotImplementedError

    def ban_author(self, key: str, *, until: datetime | None = None, note: str = "") -> Deed:
        """Keep out an author by key."""
        raise NotImplementedError

    def unban(self, id: int) -> None:  # noqa: A002
        """End a ban."""
        raise NotImplementedError

    def bans(self) -> tuple[Ban, ...]:
        """List the bans that hold now, the newest first."""
        raise NotImplementedError

    def erase_author(self, key: str) -> int:
        """Erase everything of an author, at once and for good; return how many entries."""
        raise NotImplementedError

    def set_mode(self, room: str, mode: str = "", *, slow: int | None = None) -> Room:
        """Give a room its own mode and slowness; "" and None go back to those of config.toml."""
        raise NotImplementedError

    def pause(self, room: str, paused: bool) -> Room:
        """Stop or resume writing in a room, "" for all rooms."""
        raise NotImplementedError

    def sweep(self) -> int:
        """Do what the settings on retention ask for; return how many entries were erased.

        Call it now and then (once an hour); every process may.
        """
        raise NotImplementedError
