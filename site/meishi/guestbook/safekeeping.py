"""The whole guestbook in one file, for a backup: entries in every state, bans, and how the rooms stand."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meishi.config.guestbook import MODES
from meishi.guestbook.errors import UnknownRoomError
from meishi.guestbook.exchange import ExchangeError, json_lines, moment_of, read_entries
from meishi.guestbook.models import Ban, Imported, Record, Wanted, stamp
from meishi.guestbook.unread import mark_read

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: What the file is called in a backup.
NAME = "guestbook/entries.json"
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file holds, checked."""

    records: Sequence[Record]
    bans: Sequence[Ban]
    rooms: Mapping[str, tuple[str, int, bool]]  # mode, slowness, whether it rests


def save(guestbook: Guestbook, file: Path) -> int:
    """Write the guestbook into a file; the same guestbook gives the same bytes. Return how many entries."""
    records = list(guestbook.every(Wanted(states=("shown", "held", "hidden"))))
    # Addresses on the network are known here for a few days only: a file would keep them.
    bans = [ban for ban in guestbook.bans() if ban.kind == "author"]
    moments = [record.entry.edited or record.entry.at for record in records]
    newest = max([*moments, *(ban.at for ban in bans if ban.at)], default=_FIRST)
    more = {
        "bans": [_ban(ban) for ban in sorted(bans, key=lambda ban: ban.id)],
        "rooms": {room.slug: [room.mode, room.slow, room.paused] for room in guestbook.rooms()},
    }
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json_lines(records, newest, more))
    os.utime(file, (newest.timestamp(), newest.timestamp()))
    return len(records)


def load(data: bytes, name: str, now: datetime) -> Saved:
    """Read such a file, or say what is wrong with it."""
    records = read_entries(data, name, now)
    told: Any = json.loads(data)
    try:
        bans = [
            Ban(0, "author", str(ban["key"]), moment_of(ban.get("until")), str(ban.get("note", ""))[:200])
            for ban in told.get("bans", [])
        ]
        rooms = {
            str(slug): (str(mode), int(slow), paused is True)
            for slug, (mode, slow, paused) in told.get("rooms", {}).items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ExchangeError("its bans or rooms cannot be read", path=name) from error
    return Saved(records, bans, rooms)


def bring_back(guestbook: Guestbook, saved: Saved, now: datetime) -> Imported:
    """Add what a file holds; entries that are here stay as they are."""
    done = guestbook.take_in(saved.records)
    here = {ban.key for ban in guestbook.bans()}
    for ban in saved.bans:
        if ban.key not in here and (ban.until is None or ban.until > now):
            guestbook.ban_author(ban.key, until=ban.until, note=ban.note)
    for slug, (mode, slow, paused) in saved.rooms.items():
        try:
            room = guestbook.room(slug)
        except UnknownRoomError:
            continue
        if (mode, slow) != (room.mode, room.slow) and mode in MODES and 0 <= slow <= 86_400:
            guestbook.set_mode(slug, mode, slow=slow)
        if paused != room.paused:
            guestbook.pause(slug, paused)
    mark_read(guestbook)
    return done


def _ban(ban: Ban) -> dict[str, object]:
    until = stamp(ban.until) if ban.until else None
    return {"key": ban.key, "until": until, "note": ban.note}
