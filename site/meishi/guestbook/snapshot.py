"""The published state of the guestbook: content/guestbook.json, read and written without a database."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from meishi.guestbook.entries import Entry, stamp
from meishi.guestbook.errors import SnapshotError

VERSION = 1


class SnapshotRoom(NamedTuple):
    """A room as it was: its shown entries in order, and how far its log went."""

    epoch: str = ""
    head: int = 0
    entries: tuple[Entry, ...] = ()


class Snapshot(NamedTuple):
    """Every room as it was at a moment; `made` is None where there is no snapshot."""

    made: datetime | None = None
    rooms: Mapping[str, SnapshotRoom] = {}


def read_snapshot(file: Path) -> Snapshot:
    """Read a snapshot; a file that is not there is an empty one."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Snapshot()
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(file, str(error)) from error
    try:
        raw = json.loads(text)
        if raw.get("version") != VERSION:
            raise _broken(file, f"it is of version {raw.get('version')!r}, not {VERSION}")
        rooms = {slug: _room(room) for slug, room in raw["rooms"].items()}
        return Snapshot(_moment(raw["made"]), rooms)
    except json.JSONDecodeError as error:
        raise _broken(file, f"not valid JSON: {error.msg}", error.lineno) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _broken(file, f"something in it is not as it should be: {error}") from error


def write_snapshot(file: Path, snapshot: Snapshot) -> bool:
    """Write a snapshot, whole or not at all; return False if nothing but its moment would change.

    Each entry has a line of its own, so that a commit shows what came.
    """
    try:
        before = read_snapshot(file)
    except SnapshotError:
        before = Snapshot()
    if before.made is not None and before.rooms == snapshot.rooms:
        return False
    text = _text(snapshot)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise SnapshotError(
            f"it cannot be written ({error.strerror})", path=f"content/{file.name}", hint="Make it writable"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return True


def _text(snapshot: Snapshot) -> str:
    rooms = []
    for slug, room in snapshot.rooms.items():
        entries = ",\n".join(f"        {_json(entry.as_json())}" for entry in room.entries)
        listed = f"[\n{entries}\n      ]" if entries else "[]"
        rooms.append(
            f'    {_json(slug)}: {{\n      "epoch": {_json(room.epoch)},\n      "head": {room.head},\n'
            f'      "entries": {listed}\n    }}'
        )
    made = stamp(snapshot.made) if snapshot.made else ""
    listed = ",\n".join(rooms)
    inner = f"{{\n{listed}\n  }}" if rooms else "{}"
    return f'{{\n  "version": {VERSION},\n  "made": {_json(made)},\n  "rooms": {inner}\n}}\n'


def _json(value: object) -> str:
    # Lone surrogates cannot be written as UTF-8; the texts have none, but a file is no place to find out.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def _room(raw: Mapping[str, Any]) -> SnapshotRoom:
    entries = tuple(_entry(entry) for entry in raw["entries"])
    return SnapshotRoom(str(raw["epoch"]), int(raw["head"]), entries)


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        id=str(raw["id"]),
        number=int(raw["number"]),
        version=int(raw["version"]),
        at=_moment(raw["at"]),
        name=str(raw["name"]),
        body=str(raw["body"]),
        edited=_moment(raw["edited"]) if raw.get("edited") else None,
        link=str(raw["link"]) if raw.get("link") else None,
        face=str(raw.get("face") or ""),
        owner=raw.get("owner") is True,
        to=str(raw["to"]) if raw.get("to") else None,
        page=str(raw["page"]) if raw.get("page") else None,
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _broken(file: Path, what: str, line: int | None = None) -> SnapshotError:
    return SnapshotError(
        what, path=f"content/{file.name}", line=line, hint="Write it anew: flask guestbook export"
    )
