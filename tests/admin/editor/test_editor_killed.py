"""The study's server is killed again and again between keystroke and save: by HTTP, and under a real browser.

MEISHI_KILL_ROUNDS sets how often; hundreds of times before a release.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from desk_of_the_owner import FILES, Editor, content
from study_server import StudyServer
from visitors import PASSWORD

from meishi.content.editing.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUNDS = int(os.environ.get("MEISHI_KILL_ROUNDS", "4"))
ABOUT = PurePosixPath("about.md")


@pytest.fixture
def server(site: Path) -> Iterator[StudyServer]:
    found = StudyServer(site)
    found.start()
    yield found
    found.kill()


class Owner:
    """The editor's requests, without a browser."""

    def __init__(self, server: StudyServer) -> None:
        self._port = server.port
        self._cookies: dict[str, str] = {}
        self._token = ""

    def sign_in(self) -> None:
        page = self._ask("GET", "/admin/sign-in")[1]
        self._token = page.split('name="csrf-token" content="')[1].split('"')[0]
        form = f"csrf_token={self._token}&password={PASSWORD.replace(' ', '+')}"
        status, _ = self._ask("POST", "/admin/sign-in", form, "application/x-www-form-urlencoded")
        assert status == 303, status
        page = self._ask("GET", "/admin/account/")[1]
        self._token = page.split('name="csrf-token" content="')[1].split('"')[0]

    def send(self, path: str, **asked: object) -> dict[str, Any]:
        """Send what a script of the editor sends; OSError or HTTPException if there was no answer."""
        status, text = self._ask("POST", path, json.dumps(asked), "application/json")
        assert status == 200, (status, text)
        answer = json.loads(text)
        assert isinstance(answer, dict)
        return answer

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": kind,
                "Accept": "application/json, text/html",
                "X-CSRF-Token": self._token,
            }
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self._cookies[name] = value
        return answer.status, text


@dataclass
class Told:
    """What was sent, and what the server has acknowledged."""

    seq: int = 0
    journalled: int = 0
    saved: int = 0


def text_of(number: int) -> str:
    """Make texts of different lengths, of which half a one is seen."""
    return f"---\ntitle: About\n---\n{number}\n" + f"Line of {number}, 日本語.\n" * (200 + number % 7 * 200)


def number_in(text: str) -> int:
    return int(text.split("\n")[3])


def work(owner: Owner, told: Told, version: str) -> None:
    """Type and save until there is no answer any more."""
    try:
        while True:
            told.seq += 1
            typed = {"tab": "tab", "base": version, "seq": told.seq, "text": text_of(told.seq)}
            assert owner.send("/admin/journal/about.md", **typed)["seq"] == told.seq
            told.journalled = told.seq
            if told.seq % 3:
                continue
            version = owner.send("/admin/edit/about.md", **typed)["version"]
            told.saved = told.seq
    except (OSError, http.client.HTTPException):
        return


def test_nothing_acknowledged_is_lost_however_often_the_server_is_killed(
    server: StudyServer, site: Path
) -> None:
    chance = random.Random(11)
    owner, told = Owner(server), Told()
    owner.sign_in()
    desk = Desk(site, site / "instance", clock=lambda: datetime.now(UTC))
    file = site / "content" / "about.md"
    file.write_text(text_of(0), encoding="utf-8")
    for number in range(ROUNDS):
        if number:
            server.start()
        before = told.seq
        worker = threading.Thread(target=work, args=(owner, told, desk.open(ABOUT).version))
        worker.start()
        while worker.is_alive() and told.journalled < before + 2:
            worker.join(0.001)
        worker.join(chance.random() * 0.15)
        assert worker.is_alive(), "a request failed while the server lived"
        server.kill()
        worker.join(60)
        assert not worker.is_alive()

        text = file.read_text(encoding="utf-8")
        there = number_in(text)
        assert text == text_of(there), "half a file"
        assert there >= told.saved, f"save {told.saved} was acknowledged, and {there} is there"
        drafts = {draft.seq: draft.text for draft in desk.journal.drafts(ABOUT)}
        assert all(draft == text_of(seq) for seq, draft in drafts.items()), "half a draft"
        newest = max([there, *drafts])
        assert newest >= told.journalled, f"keystroke {told.journalled} was acknowledged, {newest} is there"
    assert told.saved, "nothing was saved at all"


@pytest.mark.browser
def test_nothing_typed_in_a_browser_is_lost_however_often_the_server_is_killed(
    server: StudyServer, new_page: Callable[..., Page], site: Path
) -> None:
    chance = random.Random(5)
    editor = Editor(new_page(), server.address).sign_in("/admin/edit/about.md").to_end()
    wanted = FILES["content/about.md"]
    for number in range(ROUNDS):
        line = f"\nLine {number}: 春はあけぼの."
        editor.type(line)
        wanted += line
        if chance.random() < 0.7:
            editor.save()
        if chance.random() < 0.3:
            editor.until(partial(settled, editor))
        editor.page.wait_for_timeout(chance.random() * 120)
        acknowledged = kind(editor) == "saved"
        server.kill()
        there = content(site, "about.md")
        assert wanted.startswith(there), "half a file, or another one"
        assert not acknowledged or there == wanted
        server.start()
    editor.save().wait_state("saved")
    assert content(site, "about.md") == wanted
    expect_no_drafts(site)


def settled(editor: Editor) -> bool:
    """Tell whether the server has confirmed what was typed: on the disk or in the journal."""
    return kind(editor) in ("saved", "unsaved")


def kind(editor: Editor) -> str:
    return str(editor.page.locator("[data-state-text]").get_attribute("data-kind"))


def expect_no_drafts(site: Path) -> None:
    """All is saved: the journal has nothing that the owner would have to look at."""
    desk = Desk(site, site / "instance", clock=lambda: datetime.now(UTC))
    assert [draft.text for draft in desk.drafts(ABOUT)] == []
