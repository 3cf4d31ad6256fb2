"""What the guestbook speaks of: rooms, visitors, outcomes; plain values without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from meishi.guestbook.entries import REASONS, STATES, TOLD, Entry, Reason, Record, Ref, stamp


class Head(NamedTuple):
    """How far a room's log goes: two equal heads have the same entries."""

    epoch: str
    head: int
    #: The arrival number that was given last, and how many entries wait for the owner.
    arrival: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is now; `mode` and `slow` are those in force."""

    slug: str
    epoch: str = ""
    head: int = 0
    #: The number that was given last.
    numbered: int = 0
    #: The arrival number that was given last.
    arrival: int = 0
    #: How many entries are shown, and how many wait for the owner.
    count: int = 0
    held: int = 0
    mode: str = "hold-first"
    slow: int = 0
    paused: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    latest: datetime | None = None

    def title(self, language: str) -> str:
        """Return the room's title in a language, "" where it has none."""
        return self.titles.get(language) or self.titles.get("", "")

    def as_json(self) -> dict[str, Any]:
        """Return what a visitor's browser is told when the room's rules change."""
        return {"room": self.slug, "mode": self.mode, "slow": self.slow, "paused": self.paused}


class Visitor(NamedTuple):
    """Who asks. `author` is the browser's secret token and `address` the network's; neither is stored.

    `owner` is set from the owner's session alone.
    """

    author: str = ""
    address: str = ""
    language: str = "en"
    owner: bool = False


class Signing(NamedTuple):
    """An entry that someone wants to write. `scripted` is False for the form without JavaScript."""

    room: str
    id: str
    name: str
    body: str
    visitor: Visitor
    link: str = ""
    page: str = ""
    to: str = ""
    ticket: str = ""
    trap: str = ""
    proof: str = ""
    scripted: bool = True


class Changes(NamedTuple):
    """What an author changes in an entry; None leaves a field as it is."""

    body: str | None = None
    name: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish. `message` is in the visitor's language; `wait` in seconds.

    Codes: bad_request, unknown_room, rate_limited, room_slow, read_only, paused, banned, too_long, empty,
    name_taken, stale_ticket, proof_needed, not_yours, gone, try_again, full.
    """

    ok: bool
    code: str = ""
    message: str = ""
    wait: int | None = None
    #: The field that is to blame: name, body, link; "" for none.
    field: str = ""
    record: Record | None = None
    #: The secret with which the author may edit or erase the entry later.
    token: str = ""
    #: What the visitor's machine shall work out, for `proof_needed`.
    challenge: Mapping[str, Any] | None = None
    #: A fresh ticket, for `stale_ticket` and `proof_needed`.
    ticket: str = ""
    #: How many entries were concerned, for `forget`.
    count: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the acknowledgement as it goes to the browser."""
        if not self.ok:
            told: dict[str, Any] = {"ok": False, "code": self.code, "message": self.message}
            rest = {"retry_after": self.wait, "field": self.field, "challenge": self.challenge,
                    "ticket": self.ticket}  # fmt: skip
            return told | {key: value for key, value in rest.items() if value}
        told = {"ok": True}
        if self.record is not None:
            own = self.record.as_own()
            why = [reason.code for reason in self.record.reasons if reason.code in TOLD]
            told |= {"entry": own, "state": own["state"], "why": why if own["state"] == "held" else []}
        if self.message:
            told["message"] = self.message
        return told | ({"token": self.token} if self.token else {"count": self.count})


class Reading(NamedTuple):
    """What a reader is given. Merge `entries` by id, drop `removed`, then be at `head`.

    `reset`: forget what you had. `more`: ask again with after=head. `older`: there are older entries than
    these. After a reset or a first reading, `entries` are the newest ones.
    """

    room: Room
    epoch: str
    head: int
    entries: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()
    reset: bool = False
    more: bool = False
    older: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the part of a join's acknowledgement that the guestbook knows."""
        return {
            "room": self.room.slug, "epoch": self.epoch, "head": self.head, "reset": self.reset,
            "entries": [entry.as_json() for entry in self.entries], "removed": list(self.removed),
            "more": self.more, "older": self.older, "count": self.room.count, "mode": self.room.mode,
            "slow": self.room.slow, "paused": self.room.paused,
        }  # fmt: skip


class Delta(NamedTuple):
    """One step of a room's log, told after it was stored: entries, or changed ones, or removed ids.

    `kind` is "entries", "changed" or "removed", and says which of the fields is filled.
    """

    room: str
    epoch: str
    before: int
    head: int
    kind: str
    entries: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the server's event `kind` as it goes to the browsers in the room."""
        told = {"room": self.room, "epoch": self.epoch, "before": self.before, "head": self.head}
        if self.kind == "removed":
            return {**told, "ids": list(self.removed)}
        return {**told, "entries": [entry.as_json() for entry in self.entries]}


class OwnChange(NamedTuple):
    """Tell the author (by key) that the state of their own entries has changed."""

    author: str
    records: tuple[Record, ...]


class RoomChange(NamedTuple):
    """Tell a room that its mode, slowness or pause has changed."""

    room: Room


class QueueChange(NamedTuple):
    """Tell the owner that entries of a room were written, held, changed or decided upon."""

    room: str
    head: int
    arrival: int
    held: int
    records: tuple[Record, ...]


Announcement = Delta | OwnChange | RoomChange | QueueChange


class Wanted(NamedTuple):
    """What the owner looks for; empty fields match everything. Text is sought in name, body and link."""

    text: str = ""
    room: str = ""
    states: tuple[str, ...] = ()
    author: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None
    refs: tuple[Ref, ...] = ()


class Found(NamedTuple):
    """A part of what was found, the newest first, and how many there are in all.

    `before` finds the next part; 0 when this is the last one.
    """

    records: tuple[Record, ...]
    total: int
    before: int = 0


class Deed(NamedTuple):
    """Something the owner did that can be undone: approve, hide, hold, bin, ban.

    `before` has the state of each changed entry before it; `records` those entries as they are now.
    """

    id: int
    what: str
    at: datetime
    before: Mapping[Ref, str] = {}
    records: tuple[Record, ...] = ()
    ban: int = 0
    undone: bool = False


class Imported(NamedTuple):
    """How an import went: entries that are new, that were here already, and that could not be taken."""

    added: int = 0
    same: int = 0
    refused: int = 0


class Ban(NamedTuple):
    """Keep an author (or an address) out until a moment; `until` is None for good."""

    id: int
    kind: str
    key: str
    until: datetime | None
    note: str = ""
    at: datetime | None = None


class Tally(NamedTuple):
    """How the guestbook stands, for the owner's dashboard."""

    states: Mapping[str, int] = {}
    latest: datetime | None = None


__all__ = [
    "REASONS",
    "STATES",
    "TOLD",
    "Announcement",
    "Ban",
    "Changes",
    "Deed",
    "Delta",
    "Entry",
    "Found",
    "Head",
    "Imported",
    "Outcome",
    "OwnChange",
    "QueueChange",
    "Reading",
    "Reason",
    "Record",
    "Ref",
    "Room",
    "RoomChange",
    "Signing",
    "Tally",
    "Visitor",
    "Wanted",
    "stamp",
]
