"""The published state of the guestbook: content/guestbook.json, read without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meishi.guestbook.errors import SnapshotError
from meishi.guestbook.models import Entry

VERSION = 1


@dataclass(frozen=True, slots=True)
class SnapshotRoom:
    """A room as it was: its shown entries in order, and how far its log went."""

    epoch: str = ""
    head: int = 0
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every room as it was at a moment; `made` is None where there is no snapshot."""

    made: datetime | None = None
    rooms: Mapping[str, SnapshotRoom] = field(default_factory=dict)


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
