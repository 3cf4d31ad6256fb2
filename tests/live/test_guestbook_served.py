"""A visit to `python app.py` with a real browser: writing, reading along, a server started anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from guestbook_server import GuestbookServer, Visitor, config

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=60_000)

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GuestbookServer]:
    (tmp_path / "content").mkdir()
    (tmp_path / "config.toml").write_text(config())
    made = GuestbookServer(tmp_path, "eventlet").start()
    yield made
    made.stop()


def visit(page: Page, server: GuestbookServer) -> Page:
    page.goto(f"{server.url}/guestbook/")
    live(page)
    return page


def live(page: Page) -> None:
    expect(page.locator(".pulse")).to_have_attribute("data-state", "live")
    expect(page.locator("[role=log]")).to_have_count(1)


def test_a_visit_to_the_real_server_from_signing_to_its_restart(
    new_page: Callable[..., Page], server: GuestbookServer
) -> None:
    hana, taro = visit(new_page(), server), visit(new_page(), server)
    texts = taro.locator("[role=log] .e-content")

    for body in ("Helo", "Away with it"):
        hana.fill("[name=name]", "Hana")
        hana.fill("[name=body]", body)
        hana.press("[name=body]", "Enter")
        expect(taro.locator("[role=log] .line", has_text=body)).to_have_count(1)
        expect(hana.locator("[role=log] .line", has_text=body)).to_have_count(1)

    line = hana.locator("[role=log] .line", has_text="Helo")
    line.get_by_role("button", name="Edit").press("Enter")
    line.locator("textarea").fill("Hello")
    line.get_by_role("button", name="Save").press("Enter")
    expect(texts).to_have_text(["Away with it", "Hello"])
    line = hana.locator("[role=log] .line", has_text="Away")
    line.get_by_role("button", name="Erase", exact=True).press("Enter")
    line.get_by_role("button", name="Really erase?").press("Enter")
    expect(texts).to_have_text(["Hello"])

    # The same port again: browsers come back to where they were.
    server.arguments = ("--port", str(urlsplit(server.url).port))
    server.stop()
    expect(taro.locator(".pulse")).not_to_have_attribute("data-state", "live")
    server.start()
    other = Visitor(server.url).connect()
    assert other.sign("While you were away", name="Rui")["ok"]
    other.leave()

    for page in (hana, taro):
        # Who looks at the page again does not wait until its next try is due.
        page.evaluate("dispatchEvent(new Event('pageshow'))")
        expect(page.locator("[role=log] .e-content")).to_have_text(["While you were away", "Hello"])
        live(page)
    hana.fill("[name=body]", "Back again")
    hana.press("[name=body]", "Enter")
    expect(texts).to_have_text(["Back again", "While you were away", "Hello"])
    assert [one["body"] for one in server.all_entries()] == ["Hello", "While you were away", "Back again"]
