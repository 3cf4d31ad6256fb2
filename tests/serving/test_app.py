"""`python app.py`: its start, its log, its settings, and what it must not load."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from guestbook_server import PATIENCE, PROJECT, GuestbookServer, Visitor, config, raw, until

from meishi.config.server import load_server_config
from meishi.errors import ConfigError
from meishi.serving.server import configured, read_options
from small_mail_server import mail_server

Prepare = Callable[..., GuestbookServer]


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Prepare]:
    prepared: list[GuestbookServer] = []

    def make(settings: str = config(), **environ: str) -> GuestbookServer:
        root = tmp_path / "site"
        (root / "content").mkdir(parents=True)
        (root / "config.toml").write_text(settings)
        prepared.append(GuestbookServer(root, "eventlet", environ))
        return prepared[-1]

    yield make
    for server in prepared:
        if server.url:
            server.stop()


def test_it_starts_with_one_line_and_stops_without_a_word(prepare: Prepare) -> None:
    server = prepare(MEISHI_ACCESS_LOG="off").start()

    assert requests.get(server.url, timeout=PATIENCE).status_code == 200
    assert server.stop() == 0
    assert re.fullmatch(r"Meishi is at http://127\.0\.0\.1:\d+/ \(Ctrl-C stops it\)\n", server.said())


def test_the_log_has_a_line_for_each_request_and_no_address_or_secret(prepare: Prepare) -> None:
    server = prepare().start()
    requests.get(f"{server.url}/guestbook/mine/a-secret-token", timeout=PATIENCE)
    requests.get(f"{server.url}/guestbook/lobby.json?after=0&epoch=hidden", timeout=PATIENCE)
    raw(server.url).shutdown()
    host, _, port = server.url.removeprefix("http://").partition(":")
    for garbage in (b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00" + bytes(100), b"GET / HTTP/9.9\r\n\r\n"):
        with socket.create_connection((host, int(port)), PATIENCE) as wire:
            wire.sendall(garbage)

    until(lambda: "GET /socket.io/?transport=websocket 101" in server.said())
    server.stop()

    said = server.said().partition("\n")[2]
    assert re.search(r"Z [0-9a-f]{8} GET /guestbook/mine/… 404 \d+ ms", said)
    assert "GET /guestbook/lobby.json?after=0 200" in said
    for secret in ("127.0.0.1", "a-secret-token", "hidden", "Traceback"):
        assert secret not in said


def test_healthz_says_how_it_is(prepare: Prepare) -> None:
    server = prepare().start()

    answer = requests.get(f"{server.url}/healthz", timeout=PATIENCE)

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "guestbook": "ok", "redis": "none", "connections": 0}


def test_a_site_without_a_guestbook_is_served_too(prepare: Prepare) -> None:
    server = prepare('title = "Ichi"\n').start()

    assert server.health() == {"ok": True, "guestbook": "off", "connections": 0}
    assert requests.get(f"{server.url}/guestbook/lobby.json", timeout=PATIENCE).status_code == 404
    assert server.stop() == 0


def test_a_mistake_is_said_in_one_line(prepare: Prepare) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = prepare()
        (server.root / "app.py").write_bytes((PROJECT / "app.py").read_bytes())
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "app.py", "--port", port],
            cwd=server.root,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: cannot listen on 127.0.0.1:{port}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MEISHI_DATABASE_URL", "postgresql://me:secret@host/db", "must begin with sqlite://"),
        ("MEISHI_DATABASE_URL", "nonsense", "must begin with"),
        ("MEISHI_REDIS_URL", "http://host", "must begin with redis://"),
        ("MEISHI_ORIGINS", "https://name.github.io/project", "must list origins"),
        ("MEISHI_ORIGINS", "example.com", "must list origins"),
        ("MEISHI_PORT", "70000", "must be a number from 0 to 65535"),
        ("MEISHI_WORKERS", "0", "must be a number from 1 to 64"),
        ("MEISHI_ACCESS_LOG", "perhaps", "must be on or off"),
    ],
)
def test_wrong_settings_are_named_and_no_password_is_repeated(
    tmp_path: Path, name: str, value: str, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=name) as said:
        load_server_config(tmp_path, {name: value})

    assert complaint in str(said.value)
    assert "secret" not in str(said.value)


def test_the_command_line_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {
        "MEISHI_PORT": "9000",
        "MEISHI_HOST": "0.0.0.0",
        "MEISHI_ORIGINS": "https://A.example,http://b:1",
    }

    found = configured(tmp_path, environ, read_options(["--port", "0"]))

    assert (found.host, found.port) == ("0.0.0.0", 0)
    assert found.origins == {"https://a.example", "http://b:1"}


def test_several_workers_want_what_they_share(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="2 workers need a database and a wake-up"):
        configured(tmp_path, {}, read_options(["--workers", "2"]))


def test_every_variable_is_documented() -> None:
    source = (PROJECT / "site/meishi/config/server.py").read_text()
    named = set(re.findall(r'"(MEISHI_[A-Z_]+)"', source))

    documented = set(re.findall(r"`(MEISHI_[A-Z_]+)`", (PROJECT / "docs/serving.md").read_text()))

    assert named == documented


@pytest.mark.parametrize("command", [["freeze.py", "--help"], ["-m", "flask", "freeze", "--help"]])
def test_freezing_loads_neither_the_database_nor_the_sockets(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert loaded & {"sqlalchemy", "socketio", "engineio", "flask_socketio", "eventlet", "redis"} == set()


def test_the_owner_is_told_by_mail_and_webhook_while_the_server_serves(prepare: Prepare) -> None:
    calls: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    listening = threading.Thread(target=hook.serve_forever, daemon=True)
    listening.start()
    settings = f'{config()}\n[guestbook.notices]\nmail = "me@example.com"\nabout = "all"\n'
    with mail_server() as mails:
        server = prepare(
            settings,
            MEISHI_SMTP_URL=f"smtp://127.0.0.1:{mails.port}?tls=none",
            MEISHI_NOTICE_WEBHOOK=f"http://127.0.0.1:{hook.server_port}/",
        ).start()
        visitor = Visitor(server.url).connect()
        visitor.join()
        assert visitor.sign("Hello from the lobby")["ok"]
        until(lambda: mails.mails and calls)
        # The server went on serving while it told.
        assert visitor.sign("And again")["ok"]
        visitor.leave()
        assert b"1 new in the guestbook" in mails.mails[0].data
        assert [entry["body"] for entry in calls[0]["entries"]] == ["Hello from the lobby"]
        assert server.stop() == 0
    hook.shutdown()
    listening.join()
    hook.server_close()
