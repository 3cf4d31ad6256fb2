"""`flask guestbook`: the owner's ways without the study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from guestbooks import Clock, Party, open_party

from meishi.cli import register_commands
from meishi.config import load_site_config
from meishi.config.secret import load_secret
from meishi.config.server import load_server_config
from meishi.guestbook.opening import database_address
from meishi.guestbook.snapshot import read_snapshot

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
CONFIG = """title = "Ichi"
[guestbook]
mode = "hold-all"
[[guestbook.rooms]]
slug = "tea"
"""
Run = Callable[..., Result]


@pytest.fixture
def site(make_site: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("MEISHI_DATABASE_URL", "MEISHI_INSTANCE", "MEISHI_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return make_site({"config.toml": CONFIG})


@pytest.fixture
def run(site: Path, project: Path) -> Run:
    def run_command(*arguments: str) -> Result:
        app = Flask("meishi", static_folder=None, template_folder=None)
        register_commands(app, site, project, lambda: NOW)
        return app.test_cli_runner().invoke(args=["guestbook", *arguments])

    return run_command


@pytest.fixture
def party(site: Path) -> Iterator[Party]:
    server = load_server_config(site, {})
    address = database_address(server.instance)
    opened = open_party(address, load_site_config(site).guestbook, secret=load_secret(server), now=Clock(NOW))
    yield opened
    opened.guestbook.close()


def test_what_is_held_is_listed_shown_and_exported(run: Run, party: Party, site: Path) -> None:
    ref = party.signed("A cup of\ntea?", room="tea", by="ann")
    assert run("queue").output == f"{ref.id[:8]} 2026-11-25 12:00 tea Ann: A cup of tea? [first, mode]\n"

    assert run("export").output == "content/guestbook.json is written: 0 entries in 2 rooms.\n"
    assert run("approve", ref.id[:6]).output == "Shown: 1 entry.\n"
    assert run("export").output == "content/guestbook.json is written: 1 entry in 2 rooms.\n"

    rooms = read_snapshot(site / "content/guestbook.json").rooms
    assert [entry.body for entry in rooms["tea"].entries] == ["A cup of\ntea?"]
    assert run("queue").output == "Nothing is held.\n"


def test_an_export_without_news_leaves_the_file_alone(run: Run, party: Party, site: Path) -> None:
    party.guestbook.answer("lobby", "Welcome")
    run("export")
    file = site / "content/guestbook.json"
    before = (file.read_bytes(), file.stat().st_mtime_ns)

    assert run("export").output == "content/guestbook.json is up to date: 1 entry in 2 rooms.\n"
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_what_is_hidden_or_erased_leaves_the_export(run: Run, party: Party, site: Path) -> None:
    hidden, erased, _ = (party.guestbook.answer("lobby", word).record for word in ("a", "b", "c"))
    assert hidden is not None
    assert erased is not None
    run("hide", hidden.entry.id)
    run("erase", erased.entry.id)
    run("export")

    text = (site / "content/guestbook.json").read_text(encoding="utf-8")
    assert [
        entry.body for entry in read_snapshot(site / "content/guestbook.json").rooms["lobby"].entries
    ] == ["c"]
    assert '"a"' not in text
    assert '"b"' not in text


def test_an_author_is_kept_out_and_let_in_again(run: Run, party: Party) -> None:
    ref = party.signed("spam")
    assert run("ban", ref.id, "--days", "7", "--note", "spam").output == (
        "Banned; `flask guestbook unban 1` ends it.\n"
    )
    party.clock.advance(seconds=3)
    assert party.sign("again").code == "banned"
    assert run("bans").output.endswith("until 2026-12-02 12:00 UTC. spam\n")

    run("unban", "1")
    party.clock.advance(seconds=3)

    assert party.sign("again").ok


def test_a_ban_may_erase_everything_of_the_author(run: Run, party: Party) -> None:
    ref = party.signed("one")
    party.signed("two")

    assert run("ban", ref.id, "--erase").output.endswith("Erased: 2 entries.\n")
    assert party.guestbook.queue() == ()


def test_rooms_tell_what_holds_in_them(run: Run, party: Party) -> None:
    party.signed("held", room="tea")
    run("mode", "tea", "open", "--slow", "30")
    run("pause", "tea")
    assert run("rooms").output == (
        "lobby: 0 shown, 0 held, hold-all\ntea: 0 shown, 1 held, open, one entry in 30 s, paused\n"
    )

    run("resume", "tea")
    run("mode", "tea")

    assert run("rooms").output.endswith("tea: 0 shown, 1 held, hold-all\n")
    assert run("sweep").output == "Erased: 0 entries.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("approve", "zzz"), "no entry has an id that begins with 'zzz'"),
        (("mode", "nowhere", "open"), "there is no room 'nowhere' in the guestbook"),
    ],
)
def test_mistakes_are_told_in_one_line(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)

    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {told}")
    assert done.output.count("\n") == 1


def test_without_a_guestbook_the_commands_say_how_to_get_one(run: Run, site: Path) -> None:
    (site / "config.toml").write_text('title = "Ichi"\n', encoding="utf-8")

    message = "Error: config.toml: there is no guestbook. Write `enable = true` under [guestbook]\n"
    assert run("rooms").output == message
