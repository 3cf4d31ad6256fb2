"""A backup holds the guestbook's database, and a restored site has it again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from meishi.config import load_site_config
from meishi.config.secret import load_secret
from meishi.config.server import load_server_config
from meishi.factory import create_app
from meishi.guestbook.models import Entry, Record, Wanted
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.safekeeping import NAME
from meishi.guestbook.service import Guestbook

MakeSite = Callable[..., Path]
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
CONFIG = (
    'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n[guestbook]\n[[guestbook.rooms]]\nslug = "tea"\n'
)


def book_of(root: Path) -> Guestbook:
    server = load_server_config(root, {})
    address = database_address(server.instance)
    return open_guestbook(load_site_config(root).guestbook, load_secret(server), address, now=lambda: NOW)


def fill(root: Path) -> None:
    book = book_of(root)
    records = []
    for number, (state, room) in enumerate((("shown", "lobby"), ("held", "tea"), ("hidden", "lobby"))):
        entry = Entry(f"entry-{number:04}", 0, 0, NOW - timedelta(hours=9 - number), "花", f"Number {number}")
        records.append(Record(room, entry, state, author="ab" * 16, address="cd" * 16))
    assert book.take_in(records).added == 3
    book.ban_author("ef" * 16, until=NOW + timedelta(days=9), note="rude")
    book.ban_author("01" * 16)
    book.set_mode("tea", "hold-all", slow=30)
    book.pause("lobby", True)
    book.close()


def standing(root: Path) -> object:
    """Return all that a backup of the guestbook must bring back."""
    book = book_of(root)
    try:
        entries = [
            (one.ref, one.state, one.author, one.entry.body, one.entry.at) for one in book.every(Wanted())
        ]
        bans = sorted((ban.kind, ban.key, ban.until, ban.note) for ban in book.bans() if ban.until)
        good = [ban.key for ban in book.bans() if ban.until is None]
        rooms = [
            (room.slug, room.mode, room.slow, room.paused, room.count, room.held) for room in book.rooms()
        ]
        return entries, bans, good, rooms
    finally:
        book.close()


@pytest.fixture
def root(make_site: MakeSite) -> Path:
    return make_site({"config.toml": CONFIG})


def runner(root: Path) -> CliRunner:
    app: Flask = create_app(root, now=lambda: NOW, reload=False)
    return app.test_cli_runner()


def run(root: Path, *arguments: str, code: int = 0) -> str:
    done = runner(root).invoke(args=list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def test_a_restored_site_has_the_guestbook_again(root: Path, make_site: MakeSite, tmp_path: Path) -> None:
    fill(root)
    archive = tmp_path / "mine.zip"
    run(root, "backup", str(archive))
    with zipfile.ZipFile(archive) as pack:
        data = pack.read(NAME)
    assert b"cd" * 16 not in data, "addresses stay on the server"
    other = make_site(name="other")
    said = run(other, "restore", str(archive))

    assert "Guestbook: 3 entries came back" in said
    assert standing(other) == standing(root)
    assert not (other / "guestbook").exists()
    assert "0 entries came back, 3 were here" in run(other, "restore", str(archive))


def test_the_same_guestbook_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    fill(root)
    for name in ("a.zip", "b.zip"):
        run(root, "backup", str(tmp_path / name))

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_restoring_keeps_what_came_since(root: Path, tmp_path: Path) -> None:
    fill(root)
    run(root, "backup", str(tmp_path / "mine.zip"))
    book = book_of(root)
    book.approve([record.ref for record in book.queue()])
    book.take_in([Record("lobby", Entry("entry-later", 0, 0, NOW, "Later", "Since then"), "shown")])
    book.close()
    run(root, "restore", str(tmp_path / "mine.zip"))

    book = book_of(root)
    states = {record.entry.id: record.state for record in book.every(Wanted())}
    book.close()
    assert states["entry-later"] == "shown"
    assert states["entry-0001"] == "shown", "what was decided since stays decided"


def test_a_damaged_guestbook_stops_everything_before_it_begins(root: Path, tmp_path: Path) -> None:
    import hashlib

    fill(root)
    archive = tmp_path / "mine.zip"
    broken = b'{"format": "meishi-guestbook", "version": 1, "entries": [{"body": 1}]}'
    with zipfile.ZipFile(archive, "w") as pack:
        files = {"config.toml": b'title = "Other"\n', NAME: broken}
        listed = {name: [len(data), hashlib.sha256(data).hexdigest()] for name, data in files.items()}
        pack.writestr("meishi-backup.json", json.dumps({"format": 1, "files": listed}))
        for name, data in files.items():
            pack.writestr(name, data)
    before = standing(root), (root / "config.toml").read_bytes()
    said = run(root, "restore", str(archive), code=1)

    assert "`body` must be a text" in said
    assert (standing(root), (root / "config.toml").read_bytes()) == before


def test_a_backup_may_leave_the_guestbook_out(root: Path, tmp_path: Path) -> None:
    fill(root)
    run(root, "backup", "--no-guestbook", str(tmp_path / "mine.zip"))

    assert NAME not in zipfile.ZipFile(tmp_path / "mine.zip").namelist()


def test_a_site_whose_guestbook_nobody_opened_is_saved_without_one(root: Path, tmp_path: Path) -> None:
    run(root, "backup", str(tmp_path / "mine.zip"))

    assert NAME not in zipfile.ZipFile(tmp_path / "mine.zip").namelist()
    assert not (root / "instance/guestbook.sqlite3").exists()


def test_the_study_gives_the_same_backup(root: Path, tmp_path: Path) -> None:
    fill(root)
    run(root, "backup", str(tmp_path / "mine.zip"))
    app = create_app(root, now=lambda: NOW, reload=False)
    study = app.extensions["study"]
    token = study.sessions.begin("password", "test")
    client = app.test_client()
    client.set_cookie("meishi_session", token)
    answer = client.get("/admin/settings/backup.zip", buffered=True)
    app.extensions["meishi.guestbook"].stop()

    assert answer.data == (tmp_path / "mine.zip").read_bytes()
    assert NAME in zipfile.ZipFile(BytesIO(answer.data)).namelist()


def test_entries_are_saved_and_taken_by_command(root: Path, make_site: MakeSite, tmp_path: Path) -> None:
    fill(root)
    for name in ("all.json", "all.csv"):
        assert "3 entries" in run(root, "guestbook", "save", str(tmp_path / name))
    some = str(tmp_path / "some.json")
    assert "1 entry" in run(root, "guestbook", "save", "--shown", "--room", "lobby", some)
    other = make_site({"config.toml": CONFIG}, name="other")
    assert "New: 1 entry" in run(other, "guestbook", "import", some)
    assert "New: 2 entries; here already: 1" in run(other, "guestbook", "import", str(tmp_path / "all.csv"))

    (tmp_path / "bad.json").write_text("{")
    assert "bad.json: not valid JSON" in run(other, "guestbook", "import", str(tmp_path / "bad.json"), code=1)
    assert "cannot be read" in run(other, "guestbook", "import", str(tmp_path / "none.json"), code=1)
