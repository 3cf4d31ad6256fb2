"""Snapshots of a guestbook, as publishing writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

MADE = "2026-11-20T09:00:00Z"


def line(number: int, body: str = "", **more: Any) -> dict[str, Any]:
    """Make an entry as it stands in a snapshot."""
    at = f"2026-11-{1 + number % 19:02}T{number % 24:02}:00:00Z"
    made = {
        "id": f"id-{number}", "number": number, "version": number, "at": at, "edited": None,
        "name": f"Reader {number}", "body": body or f"Line {number}", "link": None,
        "face": f"{number * 7919:016x}", "owner": False, "to": None, "page": None,
    }  # fmt: skip
    return made | more


def snapshot(rooms: Mapping[str, Sequence[Mapping[str, Any]]], made: str = MADE) -> str:
    """Make a snapshot of these rooms."""
    found = {
        room: {"epoch": "first", "head": max((entry["version"] for entry in entries), default=0)}
        | {"entries": list(entries)}
        for room, entries in rooms.items()
    }
    return json.dumps({"version": 1, "made": made, "rooms": found})
