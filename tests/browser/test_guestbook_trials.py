"""Writing where something stands in the way, in a real browser: suspicion, refusals, a sound if wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from book_site import GuestbookSite, entry

from meishi.guestbook.models import Ref

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, WebSocket

expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=30_000)

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
Enter = Callable[..., "Page"]
#: Counts the tones that are played; nothing here hears them.
TONES = """
let tones = 0;
const play = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  document.documentElement.dataset.tones = tones += 1;
  return play.apply(this, when);
};
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuestbookSite]:
    made = GuestbookSite(tmp_path_factory.mktemp("trials"), "openRooms = true")
    made.start()
    yield made
    made.close()


@pytest.fixture
def enter(site: GuestbookSite) -> Enter:
    """Open a room's page, and wait until it is live."""

    def opened(page: Page, room: str) -> Page:
        page.goto(f"{site.address}guestbook/{room}/")
        live(page)
        return page

    return opened


def live(page: Page) -> None:
    expect(page.locator(".pulse")).to_have_attribute("data-state", "live")
    expect(page.locator("[role=log]")).to_have_count(1)


def write(page: Page, body: str) -> None:
    page.fill("[name=name]", "Hana")
    page.fill("[name=body]", body)
    page.press("[name=body]", "Enter")


def shown(page: Page, body: str) -> Locator:
    return page.locator("[role=log] .line", has_text=body)


def signings(page: Page) -> list[dict[str, Any]]:
    """Note what the page sends to sign."""
    sent: list[dict[str, Any]] = []

    def note(payload: str | bytes) -> None:
        if isinstance(payload, str) and '["sign"' in payload:
            sent.append(json.loads(payload[payload.index("[") :])[1])

    def listen(line: WebSocket) -> None:
        line.on("framesent", note)

    page.on("websocket", listen)
    return sent


def test_a_suspicious_visitors_browser_works_it_out_and_gets_in(
    page: Page, site: GuestbookSite, enter: Enter
) -> None:
    sent = signings(page)
    enter(page, "proof")
    write(page, "Hello")
    expect(shown(page, "Hello")).to_have_count(1)
    assert not any(one.get("proof") for one in sent)

    write(page, "Two links: https://example.com/ and https://example.org/")

    expect(shown(page, "Two links")).to_have_count(1)
    expect(page.locator(".mine .line")).to_have_count(0)
    tries = [one for one in sent if one["body"].startswith("Two links")]
    assert len({one["id"] for one in tries}) == 1
    assert [bool(one.get("proof")) for one in tries][-2:] == [False, True]
    assert tries[-1]["proof"] != "none"
    assert len(site.guestbook.shown("proof")) == 2


def test_what_was_refused_is_tried_again_or_given_up(page: Page, site: GuestbookSite, enter: Enter) -> None:
    enter(page, "refused")
    write(page, "First")
    expect(shown(page, "First")).to_have_count(1)
    (first,) = site.guestbook.shown("refused")
    ref = Ref("refused", first.id)
    deed = site.guestbook.ban(ref)

    write(page, "Second")
    waiting = page.locator(".mine .failed")
    expect(waiting.locator(".fate")).to_contain_text("Not sent.")
    site.guestbook.undo(deed.id)
    waiting.get_by_role("button", name="Try again").press("Enter")
    expect(shown(page, "Second")).to_have_count(1)
    expect(waiting).to_have_count(0)

    site.guestbook.ban(ref)
    write(page, "Third")
    expect(waiting.locator(".e-content")).to_have_text("Third")
    waiting.get_by_role("button", name="Discard").press("Enter")
    expect(waiting).to_have_count(0)
    page.reload()
    live(page)
    expect(page.locator(".mine .line")).to_have_count(0)
    assert [one.body for one in site.guestbook.shown("refused")] == ["First", "Second"]


def test_sound_is_off_until_it_is_wanted_and_that_is_remembered(
    page: Page, site: GuestbookSite, enter: Enter
) -> None:
    page.add_init_script(TONES)
    enter(page, "sound")
    sound = page.locator(".sound")
    expect(sound).to_have_text("Sound off")
    site.fill(entry("quiet", minutes=0), room="sound")
    expect(shown(page, "quiet")).to_have_count(1)
    tones = page.locator("html")
    expect(tones).not_to_have_attribute("data-tones", re.compile("."))

    sound.press("Enter")
    expect(sound).to_have_text("Sound on")
    expect(tones).to_have_attribute("data-tones", "2")
    page.reload()
    live(page)
    expect(sound).to_have_text("Sound on")
    site.fill(entry("loud", minutes=0), room="sound")
    expect(shown(page, "loud")).to_have_count(1)
    expect(tones).to_have_attribute("data-tones", "2")

    sound.press("Enter")
    expect(sound).to_have_text("Sound off")
    page.reload()
    live(page)
    expect(sound).to_have_text("Sound off")
