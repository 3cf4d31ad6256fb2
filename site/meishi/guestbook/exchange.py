"""Entries out of the guestbook and back: JSON that loses nothing, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from meishi.config.guestbook import LOBBY
from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.models import STATES, Entry, Reason, Record, stamp

FORMAT = "meishi-guestbook"
VERSION = 1
#: The columns of the table. An import needs `body` alone.
COLUMNS = (
    "room", "id", "number", "state", "at", "edited", "name", "body", "link", "owner", "to", "page",
    "language", "author", "face", "score", "reasons",
)  # fmt: skip
#: More than this is no guestbook, in bytes.
LARGEST = 256_000_000
#: What a spreadsheet would take for a formula, and our own mark for that.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "'")
_FACE = re.compile(r"[0-9a-f]{1,16}")
_KEPT = ("shown", "held", "hidden")


class ExchangeError(GuestbookError):
    """Reject a file of entries; nothing of it was taken."""


def json_lines(
    records: Iterable[Record], made: datetime, more: Mapping[str, object] | None = None
) -> Iterator[str]:
    """Yield the text of a JSON file, an entry a line; addresses on the network stay here."""
    head = json.dumps({"format": FORMAT, "version": VERSION, "made": stamp(made)})
    yield f'{head[:-1]}, "entries": [\n'
    comma = ""
    for record in records:
        told = record.as_owner()
        del told["address"]
        yield comma + _line(told)
        comma = ",\n"
    rest = "".join(
        f",\n{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in (more or {}).items()
    )
    yield f"\n]{rest}}}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield the text of a CSV file; nothing in it is a formula, whatever opens it."""
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\r\n")
    yield "\ufeff"  # by this, spreadsheets know that it is UTF-8
    table.writerow(COLUMNS)
    for record in records:
        table.writerow([_cell(value) for value in _row(record)])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def read_entries(data: bytes, name: str, now: datetime) -> list[Record]:
    """Read a file of entries: our JSON, our CSV, or a published content/guestbook.json."""
    if len(data) > LARGEST:
        raise ExchangeError("the file is too large for a guestbook", path=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError("the file is not UTF-8", path=name, hint="Save it as UTF-8") from error
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text, name, now)
    return _from_csv(text, name, now)


def _from_json(text: str, name: str, now: datetime) -> list[Record]:
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"not valid JSON ({error})", path=name) from error
    entries: list[Any]
    if isinstance(told, dict) and told.get("format") == FORMAT:
        if told.get("version") != VERSION:
            raise ExchangeError("it was made by another Meishi", path=name, hint="Update this one")
        entries = told["entries"] if isinstance(told.get("entries"), list) else []
    elif isinstance(told, dict) and isinstance(told.get("rooms"), dict):
        entries = [entry | {"room": slug} for slug, entry in _published(told["rooms"])]
    else:
        raise ExchangeError(
            "these are no entries of a guestbook", path=name, hint="Take a file that the export made"
        )
    return [_checked(entry, f"entry {number}", name, now) for number, entry in enumerate(entries, 1)]


def _published(rooms: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for slug, room in rooms.items():
        entries = room.get("entries") if isinstance(room, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                yield slug, entry


def _from_csv(text: str, name: str, now: datetime) -> list[Record]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ExchangeError(f"not a table of comma-separated values ({error})", path=name) from error
    if rows and "body" not in rows[0]:
        hint = f"The first line names the columns: {', '.join(COLUMNS)}"
        raise ExchangeError("the table has no column `body`", path=name, hint=hint)
    return [_checked(_unquoted(row), f"row {number}", name, now) for number, row in enumerate(rows, 2)]


def _unquoted(row: Mapping[str | Any, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(key, str) and isinstance(value, str) and value:
            told[key.strip()] = value.removeprefix("'")
    told["owner"] = told.get("owner", "").strip().lower() in ("true", "1", "yes")
    told["reasons"] = [[code, 0, ""] for code in told.get("reasons", "").split()]
    return told


def _checked(told: Any, what: str, name: str, now: datetime) -> Record:
    """Make a record of what stands in a file, or say what is wrong with it."""

    def wrong(message: str) -> ExchangeError:
        return ExchangeError(f"{what}: {message}", path=name)

    if not isinstance(told, dict):
        raise wrong("this is no entry")
    take = _Taker(told, wrong)
    state = take.text("state", "shown")
    if state not in STATES:
        raise wrong(f"there is no state {state!r}")
    if state not in _KEPT:
        state = "hidden"  # what was erased stays out of sight
    link = take.text("link") or None
    if link is not None and not _is_web(link):
        raise wrong(f"{link!r} is no address of the web")
    at = take.moment("at") or now
    body = take.text("body")
    if not body.strip() and state != "hidden":
        raise wrong("it says nothing")
    entry = Entry(
        id=take.text("id") or _id_of(take.text("room"), at, take.text("name"), body),
        number=0,
        version=0,
        at=at,
        name=take.text("name"),
        body=body,
        edited=take.moment("edited"),
        link=link,
        face=face if (face := take.text("face")) and _FACE.fullmatch(face) else "",
        owner=told.get("owner") is True,
        to=take.text("to") or None,
        page=take.text("page") or None,
    )
    return Record(
        room=take.text("room", LOBBY) or LOBBY,
        entry=entry,
        state=state,
        reasons=_reasons(told.get("reasons")),
        score=take.number("score"),
        author=take.text("author"),
        language=take.text("language"),
    )


class _Taker:
    """Take typed values out of an entry of a file."""

    def __init__(self, told: Mapping[str, Any], wrong: Callable[[str], ExchangeError]) -> None:
        self._told = told
        self._wrong = wrong

    def text(self, key: str, default: str = "") -> str:
        value = self._told.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(f"`{key}` must be a text, not {value!r}")
        return value

    def number(self, key: str) -> int:
        value = self._told.get(key) or 0
        try:
            return max(-1000, min(1000, int(value)))
        except (ValueError, TypeError):
            raise self._wrong(f"`{key}` must be a number, not {value!r}") from None

    def moment(self, key: str) -> datetime | None:
        value = self.text(key)
        try:
            return moment_of(value)
        except (ValueError, OverflowError):
            raise self._wrong(f"`{key}` is no time: {value!r}") from None


def moment_of(text: str | None) -> datetime | None:
    """Read a moment as files have it; one without a zone is in UTC."""
    if not text or not text.strip():
        return None
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _row(record: Record) -> list[object]:
    entry = record.entry
    values: dict[str, object] = {
        "room": record.room, "id": entry.id, "number": entry.number, "state": record.state,
        "at": stamp(entry.at), "edited": stamp(entry.edited) if entry.edited else "", "name": entry.name,
        "body": entry.body, "link": entry.link or "", "owner": str(entry.owner).lower(),
        "to": entry.to or "", "page": entry.page or "", "language": record.language,
        "author": record.author, "face": entry.face, "score": record.score,
        "reasons": " ".join(reason.code for reason in record.reasons),
    }  # fmt: skip
    return [values[column] for column in COLUMNS]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _reasons(value: Any) -> tuple[Reason, ...]:
    found = []
    for item in value if isinstance(value, list) else []:
        match item:
            case [str(code), int(points), str(detail)]:
                found.append(Reason(code[:40], points, detail[:200]))
            case str(code):
                found.append(Reason(code[:40]))
    return tuple(found)


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _id_of(room: str, at: datetime, name: str, body: str) -> str:
    """Make an id for an entry that has none: the same entry gets the same one in every import."""
    told = "\0".join((room, stamp(at), name, body))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
