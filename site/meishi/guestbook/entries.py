"""Entries: what everyone sees of them, and what only their author and the owner may know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

#: shown: everyone sees it. held: it waits for the owner. hidden: the owner took it away or refused it.
#: binned: the owner erased it and may undo that for an hour. erased: nothing but its place is left.
STATES = ("shown", "held", "hidden", "binned", "erased")
#: Why an entry was held: what the score counts, then what holds by itself.
REASONS = ("trap", "words", "repeated", "links", "shouting", "first", "mode", "unproven")
#: Those that a visitor is told; of the others, only spammers would learn.
TOLD = ("links", "first", "mode")


class Ref(NamedTuple):
    """Names one entry: ids are made by browsers and belong to a room."""

    room: str
    id: str


class Entry(NamedTuple):
    """One message as everyone sees it. `number` is its place in the room, 0 while it has none.

    `version` is the room's position at its last change; `to` is the id of the entry it answers.
    """

    id: str
    number: int
    version: int
    at: datetime
    name: str
    body: str
    edited: datetime | None = None
    link: str | None = None
    face: str = ""
    owner: bool = False
    to: str | None = None
    page: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what goes over the wire and into the snapshot."""
        return {
            "id": self.id, "number": self.number, "version": self.version, "at": stamp(self.at),
            "edited": stamp(self.edited) if self.edited else None, "name": self.name, "body": self.body,
            "link": self.link, "face": self.face, "owner": self.owner, "to": self.to, "page": self.page,
        }  # fmt: skip


class Reason(NamedTuple):
    """A reason why an entry was held (one of REASONS), its points and what it was found in."""

    code: str
    points: int = 0
    detail: str = ""


class Record(NamedTuple):
    """An entry with what only its author and the owner may know.

    `serial` orders all entries of the guestbook as they came, `arrival` those of the room without gaps,
    held ones too; `decided` is when the owner last changed the state.
    """

    room: str
    entry: Entry
    state: str
    reasons: tuple[Reason, ...] = ()
    score: int = 0
    author: str = ""
    address: str = ""
    language: str = ""
    serial: int = 0
    arrival: int = 0
    decided: datetime | None = None

    @property
    def ref(self) -> Ref:
        """Return the name of this entry."""
        return Ref(self.room, self.entry.id)

    def as_own(self) -> dict[str, Any]:
        """Return what its author may see."""
        state = "hidden" if self.state == "binned" else self.state
        return {**self.entry.as_json(), "room": self.room, "state": state}

    def as_owner(self) -> dict[str, Any]:
        """Return what the owner of the site may see."""
        return {
            **self.as_own(), "state": self.state, "reasons": [list(reason) for reason in self.reasons],
            "score": self.score, "author": self.author, "address": self.address, "language": self.language,
            "serial": self.serial, "arrival": self.arrival,
            "decided": stamp(self.decided) if self.decided else None,
        }  # fmt: skip


def stamp(moment: datetime) -> str:
    """Write a moment in seconds, as 2026-11-25T10:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
