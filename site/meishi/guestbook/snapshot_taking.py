"""Take a snapshot of the guestbook as everyone sees it now."""

from __future__ import annotations

from datetime import datetime

from meishi.guestbook.entries import Entry
from meishi.guestbook.service import Guestbook
from meishi.guestbook.snapshot import Snapshot, SnapshotRoom

_PART = 500


def take_snapshot(guestbook: Guestbook, now: datetime) -> Snapshot:
    """Return the shown entries of every room; nothing that is held or hidden is in it."""
    rooms = {room.slug: _room(guestbook, room.slug) for room in guestbook.rooms()}
    return Snapshot(now.replace(microsecond=0), rooms)


def _room(guestbook: Guestbook, slug: str) -> SnapshotRoom:
    room = guestbook.room(slug)
    parts: list[tuple[Entry, ...]] = []
    before = room.numbered + 1
    while part := guestbook.older(slug, before=before, limit=_PART):
        parts.append(part)
        before = part[0].number
    # What was written since we looked at the head comes with it: readers go on from the head.
    entries = tuple(_in_seconds(entry) for part in reversed(parts) for entry in part)
    return SnapshotRoom(room.epoch, room.head, entries)


def _in_seconds(entry: Entry) -> Entry:
    """Return an entry as the file has it, to tell whether the file is up to date."""
    edited = entry.edited.replace(microsecond=0) if entry.edited else None
    return entry._replace(at=entry.at.replace(microsecond=0), edited=edited)
