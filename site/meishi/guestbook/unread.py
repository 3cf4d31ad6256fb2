"""How far the owner has read: for each room, the arrival number that was last seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from meishi.guestbook.models import Head

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

_NOTE = "owner-read"


def unread(guestbook: Guestbook, heads: Mapping[str, Head]) -> int:
    """Count the entries that came since the owner last looked."""
    seen = read_up_to(guestbook)
    return sum(max(0, head.arrival - seen.get(slug, 0)) for slug, head in heads.items())


def read_up_to(guestbook: Guestbook) -> dict[str, int]:
    """Return for each room the arrival number up to which the owner has read."""
    try:
        found = json.loads(guestbook.note(_NOTE) or "{}")
        return {str(slug): int(number) for slug, number in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def mark_read(guestbook: Guestbook) -> None:
    """Note that the owner has seen everything up to now."""
    now = {slug: head.arrival for slug, head in guestbook.heads().items()}
    if now != read_up_to(guestbook):
        guestbook.put_note(_NOTE, json.dumps(now, sort_keys=True))
