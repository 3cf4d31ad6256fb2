"""Entries go out and come back as they were; a file that is wrong changes nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from meishi.config.guestbook import GuestbookSettings, RoomSettings
from meishi.config.secret import Secret
from meishi.guestbook.exchange import COLUMNS, ExchangeError, csv_lines, json_lines, read_entries
from meishi.guestbook.models import Entry, Reason, Record, Wanted
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.service import Guestbook

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
SETTINGS = GuestbookSettings(enabled=True, rooms=(RoomSettings("lobby"), RoomSettings("お茶")))
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'quoted", "=cmd|' /C calc'!A0")


def book_in(folder: Path) -> Guestbook:
    folder.mkdir(exist_ok=True)
    return open_guestbook(SETTINGS, Secret(b"k" * 32), database_address(folder), now=lambda: NOW)


def record(
    number: int, body: str = "Hello", state: str = "shown", room: str = "lobby", **entry: object
) -> Record:
    at = NOW - timedelta(days=1) + timedelta(minutes=number)
    fields = {"name": "花", "link": "https://hana.example/", "face": "ab" * 8, **entry}
    made = Entry(f"entry-{number:04}", 0, 0, at, body=body, **fields)  # type: ignore[arg-type]
    reasons = (Reason("links", 3, "hana.example"),) if state == "held" else ()
    return Record(room, made, state, reasons, 3, "cd" * 16, "ef" * 16, "ja")


SOME = (
    record(1, 'Line one\nLine two, with "quotes", commas; and `code`'),
    record(2, "待ってます", "held", "お茶"),
    record(3, "no", "hidden"),
    record(4, "Thanks!", owner=True, to="entry-0001", page="/notes/x/", edited=NOW),
)


def kept(book: Guestbook) -> list[dict[str, object]]:
    found = [one.as_owner() for one in book.every(Wanted())]
    for one in found:
        for key in ("serial", "arrival", "decided", "version"):
            del one[key]
    return sorted(found, key=lambda one: str(one["id"]))


def test_json_brings_everything_back_but_addresses(tmp_path: Path) -> None:
    first, second = book_in(tmp_path / "a"), book_in(tmp_path / "b")
    first.take_in(SOME)
    text = "".join(json_lines(first.every(Wanted()), NOW))
    assert "ef" * 16 not in text
    done = second.take_in(read_entries(text.encode(), "x.json", NOW))

    assert (done.added, done.same, done.refused) == (4, 0, 0)
    assert kept(second) == [{**one, "address": ""} for one in kept(first)]
    again = second.take_in(read_entries(text.encode(), "x.json", NOW))
    assert (again.added, again.same, again.refused) == (0, 4, 0)
    first.close()
    second.close()


def test_json_has_an_entry_a_line(tmp_path: Path) -> None:
    lines = "".join(json_lines(SOME, NOW)).splitlines()

    assert len(lines) == len(SOME) + 2
    assert json.loads(lines[1].rstrip(","))["id"] == "entry-0001"
    assert json.loads("".join(json_lines((), NOW)))["entries"] == []


def test_csv_is_a_table_that_comes_back(tmp_path: Path) -> None:
    first, second = book_in(tmp_path / "a"), book_in(tmp_path / "b")
    first.take_in(SOME)
    text = "".join(csv_lines(first.every(Wanted())))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 4
    done = second.take_in(read_entries(text.encode(), "x.csv", NOW))

    assert done.added == 4
    shorter = [
        {**one, "address": "", "reasons": [[r[0], 0, ""] for r in one["reasons"]]} for one in kept(first)
    ]  # type: ignore[attr-defined]
    assert kept(second) == shorter
    first.close()
    second.close()


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_and_none_is_spoilt(formula: str) -> None:
    text = "".join(csv_lines([record(1, formula, name=formula)]))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["body"][0] == row["name"][0] == "'"

    (back,) = read_entries(text.encode(), "x.csv", NOW)
    assert (back.entry.body, back.entry.name) == (formula, formula)


def test_a_plain_table_is_enough(tmp_path: Path) -> None:
    table = b"name,body,at\nHana,Hello,2026-01-02\nJonas,Hi there,2026-01-01T10:00:00+09:00\n"
    records = read_entries(table, "old.csv", NOW)
    book = book_in(tmp_path)
    assert book.take_in(records).added == 2
    assert book.take_in(read_entries(table, "old.csv", NOW)).added == 0, "the same table again adds nothing"

    assert [entry.name for entry in book.shown("lobby")] == ["Jonas", "Hana"]
    book.close()


def test_a_published_snapshot_is_taken(tmp_path: Path) -> None:
    entries = [one.entry.as_json() for one in SOME if one.state == "shown"]
    snapshot = {"version": 1, "made": "2026-11-25T10:00:00Z", "rooms": {"lobby": {"entries": entries}}}
    records = read_entries(json.dumps(snapshot).encode(), "guestbook.json", NOW)

    assert [(one.room, one.state, one.entry.id) for one in records] == [
        ("lobby", "shown", "entry-0001"),
        ("lobby", "shown", "entry-0004"),
    ]


def entry(**changes: object) -> bytes:
    told = {"id": "entry-0001", "body": "Hello", "name": "Hana", "at": "2026-01-01T00:00:00Z"} | changes
    return json.dumps({"format": "meishi-guestbook", "version": 1, "entries": [told]}).encode()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"{", "not valid JSON"),
        (b"[" * 5000, "not valid JSON"),
        (b"[1]", "no entries of a guestbook"),
        (b'{"format": "meishi-guestbook", "version": 9, "entries": []}', "another Meishi"),
        (b'{"format": "meishi-guestbook", "version": 1, "entries": [1]}', "entry 1: this is no entry"),
        (entry(body=1), "entry 1: `body` must be a text"),
        (entry(at="yesterday"), "`at` is no time"),
        (entry(state="loud"), "no state"),
        (entry(link="javascript:alert(1)"), "no address of the web"),
        (entry(link="https://"), "no address of the web"),
        (entry(body=" "), "it says nothing"),
        (b"name,text\nHana,Hello\n", "no column `body`"),
        (b'body\n"Hello" x\n', "comma-separated"),
    ],
)
def test_a_wrong_file_is_refused_as_a_whole(data: bytes, complaint: str) -> None:
    with pytest.raises(ExchangeError, match=complaint):
        read_entries(data, "x", NOW)


def test_what_was_erased_comes_back_hidden() -> None:
    (one,) = read_entries(entry(state="binned"), "x.json", NOW)

    assert one.state == "hidden"


def test_a_picture_is_drawn_from_a_key_or_not_at_all() -> None:
    faces = [read_entries(entry(face=face), "x.json", NOW)[0].entry.face for face in ("0af9", "<svg>", "zz")]

    assert faces == ["0af9", "", ""]


def test_nobody_becomes_the_owner_by_a_word() -> None:
    (one,) = read_entries(entry(owner="true"), "x.json", NOW)

    assert not one.entry.owner
