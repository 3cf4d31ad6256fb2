"""A publication followed over Socket.IO, on both kinds of server: by its journal, and by the owner alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
import socketio
from guestbook_server import PATIENCE, GuestbookServer, config, until
from socketio.exceptions import ConnectionError as RefusedError

from meishi.factory import create_app
from meishi.publishing.job import Jobs
from meishi.publishing.journal import Journal

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMESPACE = "/publishing"
PASSWORD = "kinou no ame wa tsumetai"


@dataclass
class Publication:
    """A job that has the lock and writes its journal, as the process of a publication does."""

    jobs: Jobs
    job: str = ""
    handle: int = -1
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.job, handle = self.jobs.claim()
        assert handle is not None
        self.handle = handle
        self.journal = Journal(self.jobs.journal(self.job), self.jobs.clock, str)
        self.journal.write("began", via="branch", dry_run=False, restore="", wait=True, author="")

    def end(self) -> None:
        if self.handle >= 0:
            self.journal.write("done", "Visitors see it", outcome="live", seconds=1.0)
            self.journal.close()
            os.close(self.handle)
            self.handle = -1


class Follower:
    """A page that listens."""

    def __init__(self, server: GuestbookServer, cookies: str, job: str, after: int = 0, **more: Any) -> None:
        self.told: list[dict[str, Any]] = []
        self.ended = False
        wire = {"origin": more.get("origin", server.url)}
        self.client = socketio.Client(reconnection=False, websocket_extra_options=wire)
        self.client.on("progress", self.told.append, namespace=NAMESPACE)
        self.client.on("end", self._end, namespace=NAMESPACE)
        self.client.connect(
            server.url,
            namespaces=[NAMESPACE],
            transports=["websocket"],
            auth={"job": job, "after": after, **more.get("auth", {})},
            headers={"Cookie": cookies},
            wait_timeout=PATIENCE,
        )
        self.wire = self.client.eio.ws

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.told]

    def leave(self) -> None:
        self.client.disconnect()
        self.wire.shutdown()

    def _end(self, _data: Any) -> None:
        self.ended = True


@pytest.fixture(scope="module", params=["threading", "eventlet"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GuestbookServer]:
    root = tmp_path_factory.mktemp(request.param)
    (root / "content").mkdir()
    (root / "config.toml").write_text(config())
    app = create_app(root, reload=False)
    app.extensions["study"].owner.set_password(PASSWORD)
    started = GuestbookServer(root, request.param).start()
    yield started
    started.stop()
    assert "Traceback" not in started.said()


@pytest.fixture
def publication(server: GuestbookServer) -> Iterator[Publication]:
    found = Publication(Jobs(server.root, server.root / "instance", lambda: datetime.now(UTC)))
    yield found
    found.end()


@pytest.fixture
def cookies(server: GuestbookServer) -> str:
    """Sign in, and return what the browser then sends."""
    session = requests.Session()
    page = session.get(f"{server.url}/admin/sign-in", timeout=PATIENCE).text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    form = {"csrf_token": token, "password": PASSWORD}
    answer = session.post(
        f"{server.url}/admin/sign-in", data=form, timeout=PATIENCE, headers={"Origin": server.url}
    )
    assert answer.status_code == 200, answer.text
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def test_what_a_publication_writes_arrives_in_order_and_then_its_end(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    page = Follower(server, cookies, publication.job)
    publication.journal.begin("freeze", "Freezing")
    until(lambda: "Freezing" in page.texts, "the stage is told")
    for number in range(300):
        publication.journal.write("progress", done=number + 1, total=300, item=f"p{number}")
    publication.journal.write("log", "300 pages")
    until(lambda: "300 pages" in page.texts, "the line is told")
    assert not page.ended
    publication.end()
    until(lambda: page.ended, "the end is told")

    numbers = [event["number"] for event in page.told]
    assert numbers == sorted(set(numbers))
    assert [event["done"] for event in page.told if event["kind"] == "progress"][-1] == 300
    assert page.told[-1]["text"] == "Visitors see it"
    page.leave()


def test_one_who_comes_back_is_told_what_came_after_and_nothing_twice(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    publication.journal.begin("freeze", "Freezing")
    publication.journal.begin("push", "Sending")

    page = Follower(server, cookies, publication.job, after=2)
    until(lambda: page.told, "the rest is told")
    assert page.texts == ["Sending"]
    page.leave()


def test_one_who_comes_when_all_is_over_is_told_so(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    publication.end()

    page = Follower(server, cookies, publication.job)
    until(lambda: page.ended, "the end is told")
    assert page.texts[-1] == "Visitors see it"
    page.leave()


def test_without_sockets_the_same_comes_at_once_as_server_sent_events(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    address = f"{server.url}/admin/publish/{publication.job}/events"
    with requests.get(address, headers={"Cookie": cookies}, stream=True, timeout=PATIENCE) as answer:
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        publication.journal.begin("freeze", "Freezing")
        assert next(line for line in lines if "Freezing" in line).startswith("data: ")
        publication.end()
        assert next(line for line in lines if line.startswith("event: ")) == "event: end"


def test_one_who_leaves_in_the_middle_leaves_nothing_in_the_log(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    address = f"{server.url}/admin/publish/{publication.job}/events"
    with requests.get(address, headers={"Cookie": cookies}, stream=True, timeout=PATIENCE) as answer:
        next(answer.iter_lines(chunk_size=1))
    publication.journal.write("log", "x" * 100_000)  # the first write may still seem to succeed
    page = Follower(server, cookies, publication.job)
    publication.journal.write("log", "y" * 100_000)
    until(lambda: "y" * 100_000 in page.texts, "the line is told")
    page.leave()


def test_a_stranger_another_site_and_a_wrong_name_are_refused(
    server: GuestbookServer, publication: Publication, cookies: str
) -> None:
    name, job = cookies.split("=")[0], publication.job
    wrong: list[tuple[str, str, dict[str, Any]]] = [
        ("", job, {}),
        (f"{name}=guessed", job, {}),
        # This page may use the guestbook, but must not speak as the owner.
        (cookies, job, {"origin": "https://www.example.com"}),
        (cookies, "../../config", {}),
        (cookies, "20260101T000000000000-abcdef", {}),
        (cookies, job, {"auth": {"after": "1"}}),
    ]

    def refused(one: tuple[str, str, dict[str, Any]]) -> bool:
        jar, which, more = one
        try:
            Follower(server, jar, which, **more).leave()
        except RefusedError:
            return True
        return False

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(refused, wrong)) == [True] * len(wrong)


@pytest.mark.browser
def test_a_restart_of_the_server_in_the_middle_loses_nothing(
    server: GuestbookServer, publication: Publication, new_page: Any
) -> None:
    from playwright.sync_api import expect

    page: Page = new_page()
    page.set_default_timeout(PATIENCE * 1000)
    publication.journal.begin("freeze", "Freezing")
    page.goto(f"{server.url}/admin/sign-in?next=/admin/publish/{publication.job}/")
    page.locator("#password").fill(PASSWORD)
    with page.expect_websocket() as opened:
        page.keyboard.press("Enter")
    log = page.locator("[data-log]")
    expect(log).to_contain_text("Freezing")
    with opened.value.expect_event("framereceived", lambda frame: "what came before" in frame):
        publication.journal.write("log", "what came before")
    expect(log).to_contain_text("what came before", timeout=PATIENCE * 1000)

    server.stop()
    publication.journal.write("log", "what came meanwhile")
    server.restart()
    publication.journal.write("log", "what came after")
    expect(log).to_contain_text("what came after", timeout=PATIENCE * 1000)
    lines = log.inner_text().split("\n")
    assert [line for line in lines if line.startswith("what came")] == [
        "what came before",
        "what came meanwhile",
        "what came after",
    ]
    publication.end()
    page.locator("[data-outcome=live]").wait_for()
    assert re.search(r"/admin/publish/[^/]+/$", page.url)
