"""A frozen page with a guestbook: alive while its server is awake, a dated snapshot while it is not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from book_site import GuestbookSite, entry

from meishi.freezing import main as freeze

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=30_000)

Serve = Callable[..., str]
MOST = 14 * 1000


def snapshot(site: GuestbookSite) -> None:
    """Write what is shown as publishing does."""
    room = site.guestbook.room("lobby")
    entries = [one.as_json() for one in site.guestbook.shown("lobby", limit=1000)]
    lobby = {"epoch": room.epoch, "head": room.head, "entries": entries}
    found = {"version": 1, "made": "2026-11-20T09:00:00Z", "rooms": {"lobby": lobby}}
    site.write("content/guestbook.json", json.dumps(found))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[GuestbookSite]:
    made = GuestbookSite(tmp_path / "site")
    yield made
    made.close()


def frozen(site: GuestbookSite, served: Serve, tmp_path: Path, *, server: bool = True) -> str:
    """Build the site and serve it from another origin, which the live server may be asked from."""
    build = tmp_path / "build"
    address = served(build)
    config = (site.root / "config.toml").read_text()
    more = f'[guestbook]\norigins = ["{address.rstrip("/")}"]\n'
    more += f'server = "{site.address.rstrip("/")}"\n' if server else ""
    site.write("config.toml", config.replace("[guestbook]\n", more))
    assert freeze(["--source", str(site.root), "--destination", str(build), "--quiet"]) == 0
    return address


def test_a_frozen_page_comes_alive_and_learns_what_happened_since(
    page: Page, site: GuestbookSite, served: Serve, tmp_path: Path
) -> None:
    site.start()
    kept, gone = entry("stays", minutes=9), entry("goes", minutes=8)
    site.fill(kept, gone)
    snapshot(site)
    site.stop()
    address = frozen(site, served, tmp_path)

    page.goto(f"{address}guestbook/")
    expect(page.locator(".pulse")).to_have_attribute("data-state", "away")
    expect(page.locator(".lines .e-content")).to_have_text(["goes", "stays"])
    expect(page.locator(".as-of")).to_have_text("As it was on 20 November 2026")
    page.fill("[name=name]", "Hana")
    page.fill("[name=body]", "Hello from the static page")
    page.click(".send")
    expect(page.locator(".mine .fate")).to_contain_text("Kept here")
    page.reload()
    expect(page.locator(".mine .e-content")).to_have_text("Hello from the static page")

    site.start()
    site.hide(gone)
    site.fill(entry("new"))

    expect(page.locator(".pulse")).to_have_attribute("data-state", "live", timeout=60_000)
    spoken = page.locator("[role=log] .e-content")
    expect(spoken).to_have_text(["Hello from the static page", "new", "stays"])
    expect(page.locator(".as-of")).to_have_count(0)
    assert [one.body for one in site.guestbook.shown("lobby")][-1] == "Hello from the static page"


def test_without_a_server_a_frozen_page_is_a_dated_snapshot(
    page: Page, site: GuestbookSite, served: Serve, tmp_path: Path
) -> None:
    site.start()
    site.fill(entry("then"))
    snapshot(site)
    site.stop()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{frozen(site, served, tmp_path, server=False)}guestbook/")

    expect(page.locator(".lines .e-content")).to_have_text("then")
    expect(page.locator(".awake")).to_have_count(1)
    expect(page.locator("form.sign")).to_have_count(0)
    assert not [url for url in asked if "socket.io" in url]


def test_the_reader_of_the_home_page_pays_nothing_for_the_guestbook(
    page: Page, served: Serve, project: Path, tmp_path: Path
) -> None:
    build = tmp_path / "build"
    assert freeze(["--source", str(project), "--destination", str(build), "--quiet"]) == 0
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))

    page.goto(served(build), wait_until="networkidle")

    needed = [one for one in answers if one.headers["content-type"].split(";")[0] in (
        "text/html", "text/css", "text/javascript", "application/javascript",
    )]  # fmt: skip
    assert [one.url for one in needed if "guestbook" in one.url or "socket.io" in one.url] == []
    assert len(needed) <= 5
    assert sum(len(gzip.compress(one.body(), 9)) for one in needed) <= MOST

    page.click(".card [data-panel=guestbook]")
    expect(page.locator(".panel.open .awake")).to_have_count(1)


HOSTILE = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 1'>",
    "\"><svg onload='window.harmed = 1'>",
    "javascript:window.harmed=1 https://example.com/'onmouseover='window.harmed=1",
    "`<b onclick=window.harmed=1>`",
)

LINKS = ("javascript:window.harmed=1", "https://example.com/\"onfocus='window.harmed=1'")


def test_what_a_hostile_visitor_writes_runs_nowhere(
    page: Page, site: GuestbookSite, served: Serve, tmp_path: Path
) -> None:
    site.start()
    snapshot(site)
    page.goto(f"{site.address}guestbook/")
    expect(page.locator("[role=log]")).to_have_count(1)
    lines = [entry(text, name=text[:40]) for text in HOSTILE]
    site.fill(*lines)
    expect(page.locator("[role=log] .line")).to_have_count(len(lines))
    unharmed(page)

    snapshot(site)
    site.stop()
    # No guestbook takes such links; a file can hold them all the same.
    file = site.root / "content" / "guestbook.json"
    found = json.loads(file.read_text())
    for number, one in enumerate(found["rooms"]["lobby"]["entries"]):
        one["link"] = LINKS[number % 2]
    file.write_text(json.dumps(found))
    page.goto(f"{frozen(site, served, tmp_path)}guestbook/")
    expect(page.locator(".lines .line")).to_have_count(len(lines))
    unharmed(page)


def unharmed(page: Page) -> None:
    """Poke at everything; only text may be there."""
    assert page.locator(".lines :is(script, img, b[onclick], [onload], [onerror])").count() == 0
    targets = page.locator(".lines a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(targets) <= {"http:", "https:"}
    for each in page.locator(".lines .line").all():
        each.hover()
        each.dispatch_event("focus")
    assert page.evaluate("window.harmed") is None
