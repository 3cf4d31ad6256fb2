"""A guestbook with something in it, for the tests of the study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from meishi.guestbook.models import Entry, Reason, Record
from meishi.guestbook.service import Guestbook

CONFIG = """\
baseURL = "https://www.example.com/"
title = "Ichi"
locale = "en"

[guestbook]
enable = true
[[guestbook.rooms]]
slug = "tea"
title = "Tea room"
"""
FILES: dict[str, str | bytes] = {"config.toml": CONFIG}
NOON = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
#: What would run, if any page, feed or mail took it for more than text.
PAYLOAD = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"

_OF_RECORD = ("reasons", "score", "address", "language")


def written(
    id: str,  # noqa: A002
    body: str = "Hello.",
    *,
    name: str = "Hana",
    state: str = "shown",
    room: str = "lobby",
    author: str = "a1" * 16,
    minutes: int = 0,
    **changes: Any,
) -> Record:
    """Make a record as the guestbook would keep it; its id is `entry-` and what is given."""
    entry = Entry(f"entry-{id}", 0, 0, NOON + timedelta(minutes=minutes), name, body, face=author[:16])
    reasons = (Reason("first", 0, ""),) if state == "held" else ()
    record = Record(room, entry, state, reasons, 0, author, "", "en")
    own = {
        key: changes.pop(key) for key in list(changes) if key in ("reasons", "score", "address", "language")
    }
    return record._replace(entry=entry._replace(**changes), **own)


def filled(guestbook: Guestbook, records: Sequence[Record]) -> None:
    """Put records into the guestbook."""
    done = guestbook.take_in(records)
    assert done.added == len(records), done
