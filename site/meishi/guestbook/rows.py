"""Rows of the database as entries and records, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from meishi.guestbook.models import Entry, Reason, Record

_encoded = json.JSONEncoder(ensure_ascii=False).encode


def milliseconds(moment: datetime) -> int:
    """Return a moment as it is stored."""
    return round(moment.timestamp() * 1000)


def moment_of(stored: int) -> datetime:
    """Return a stored moment."""
    return datetime.fromtimestamp(stored / 1000, UTC)


def entry_of(row: Any) -> Entry:
    """Return a row as an entry."""
    return Entry(
        id=row.id,
        number=row.number or 0,
        version=row.version or 0,
        at=moment_of(row.at),
        edited=moment_of(row.edited) if row.edited is not None else None,
        name=row.name,
        body=row.body,
        link=row.link,
        face=row.face,
        owner=bool(row.owner),
        to=row.answers,
        page=row.page,
    )


def record_of(row: Any) -> Record:
    """Return a row with what only its author and the owner may know."""
    return Record(
        room=row.room,
        entry=entry_of(row),
        state=row.state,
        reasons=reasons_of(row.reasons),
        score=row.score,
        author=row.author,
        address=row.address or "",
        language=row.language,
        serial=row.serial,
        arrival=row.arrival,
        decided=moment_of(row.decided) if row.decided is not None else None,
    )


def values_of(record: Record, *, likeness: str | None) -> dict[str, Any]:
    """Return a record as a row, without its serial number."""
    entry = record.entry
    return {
        "room": record.room,
        "id": entry.id,
        "state": record.state,
        "number": entry.number or None,
        "version": entry.version or None,
        "arrival": record.arrival,
        "at": milliseconds(entry.at),
        "edited": milliseconds(entry.edited) if entry.edited else None,
        "decided": milliseconds(record.decided) if record.decided else None,
        "name": entry.name,
        "body": entry.body,
        "link": entry.link,
        "answers": entry.to,
        "page": entry.page,
        "owner": entry.owner,
        "author": record.author,
        "face": entry.face,
        "address": record.address or None,
        "language": record.language,
        "score": record.score,
        "reasons": stored_reasons(record.reasons),
        "likeness": likeness,
    }


def stored_reasons(reasons: Iterable[Reason]) -> str:
    """Return reasons as they are stored."""
    return _encoded([list(reason) for reason in reasons])


def reasons_of(stored: str) -> tuple[Reason, ...]:
    """Return stored reasons."""
    return tuple(Reason(*reason) for reason in json.loads(stored)) if stored != "[]" else ()


#: What an erased entry keeps: its place, so that nobody's log has a hole, and nothing of its author.
ERASED: dict[str, Any] = {
    "state": "erased",
    "name": "",
    "body": "",
    "link": None,
    "answers": None,
    "page": None,
    "author": "",
    "face": "",
    "address": None,
    "language": "",
    "score": 0,
    "reasons": "[]",
    "likeness": None,
}
