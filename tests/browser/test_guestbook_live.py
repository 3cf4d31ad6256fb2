"""The guestbook in a real browser, with a real server: writing, reading along, going away and coming back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from book_site import GuestbookSite, entry

from meishi.guestbook.models import Entry

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=30_000)

NewPage = Callable[..., "Page"]
DESK = {"viewport": {"width": 1280, "height": 800}}
_COUNT = itertools.count(1)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuestbookSite]:
    """Serve one site for all tests here; each test has a room of its own in it."""
    made = GuestbookSite(tmp_path_factory.mktemp("site"), "openRooms = true")
    made.start()
    yield made
    made.close()


@pytest.fixture
def room(site: GuestbookSite) -> Room:
    return Room(site, f"room-{next(_COUNT)}")


@dataclass(frozen=True)
class Room:
    """A room that no other test knows."""

    site: GuestbookSite
    slug: str

    def visit(self, page: Page, root: str = "", fragment: str = "") -> Page:
        """Open the room's page and wait until it is live."""
        return visit(page, self.site, f"{root}guestbook/{self.slug}/{fragment}")

    def fill(self, *entries: Entry) -> None:
        """Put entries in that others wrote."""
        self.site.fill(*entries, room=self.slug)

    def bodies(self) -> list[str]:
        """List what is stored."""
        return [one.body for one in self.site.guestbook.shown(self.slug)]


def visit(page: Page, site: GuestbookSite, path: str = "guestbook/") -> Page:
    """Open a page and wait until it is live."""
    page.goto(site.address + path)
    live(page)
    return page


def live(page: Page) -> None:
    expect(page.locator(".pulse")).to_have_attribute("data-state", "live")
    expect(page.locator("[role=log]")).to_have_count(1)


def write(page: Page, body: str, name: str = "Hana") -> None:
    """Fill the form in and press Enter."""
    page.fill("[name=name]", name)
    page.fill("[name=body]", body)
    page.press("[name=body]", "Enter")


def log(page: Page) -> list[str]:
    return page.locator("[role=log] .e-content").all_inner_texts()


def test_what_one_writes_another_reads_at_once(new_page: NewPage, room: Room) -> None:
    hana, taro = room.visit(new_page(**DESK)), room.visit(new_page(**DESK, locale="ja-JP"), "ja/")
    expect(hana.locator(".pulse")).to_contain_text("2 here now")

    write(hana, "Hello `there`\n\nhttps://example.com/.")

    expect(taro.locator("[role=log] .e-content")).to_have_text("Hello therehttps://example.com/.")
    expect(taro.locator("[role=log] .p-name")).to_have_text("Hana")
    expect(hana.locator("[role=log] .line")).to_have_count(1)
    expect(hana.locator(".mine .line")).to_have_count(0)
    expect(hana.locator("[name=body]")).to_have_value("")
    # The server's own page says the same, with the same picture.
    drawn = taro.locator("[role=log] .face").evaluate("svg => svg.outerHTML")
    text = taro.locator("[role=log] .e-content").inner_html()
    taro.reload()
    assert taro.locator(".lines .face").evaluate("svg => svg.outerHTML") == drawn
    assert taro.locator(".lines .e-content").inner_html() == text


def test_a_name_is_remembered_and_a_draft_survives_a_reload(page: Page, room: Room) -> None:
    room.visit(page)
    page.fill("[name=name]", "Hana")
    page.fill("[name=body]", "Half a thought")
    page.reload()

    live(page)
    expect(page.locator("[name=name]")).to_have_value("Hana")
    expect(page.locator("[name=body]")).to_have_value("Half a thought")


def test_offline_nothing_is_lost_and_it_is_sent_on_return(page: Page, room: Room) -> None:
    room.visit(page)
    page.context.set_offline(True)
    expect(page.locator(".pulse")).to_have_attribute("data-state", "offline")
    write(page, "From the train")
    expect(page.locator(".mine .fate")).to_contain_text("Kept here")

    page.context.set_offline(False)

    expect(page.locator("[role=log] .e-content")).to_have_text("From the train")
    assert room.bodies() == ["From the train"]


def test_a_restarted_server_is_found_again_with_what_happened_meanwhile(page: Page, tmp_path: Path) -> None:
    site = GuestbookSite(tmp_path)
    site.start()
    kept, gone = entry("stays", minutes=9), entry("goes", minutes=8)
    site.fill(kept, gone)
    visit(page, site)
    assert log(page) == ["goes", "stays"]

    site.stop()
    expect(page.locator(".pulse")).not_to_have_attribute("data-state", "live")
    write(page, "written meanwhile")
    site.start()
    site.hide(gone)
    site.fill(*(entry(f"new {number}", minutes=5) for number in range(60)))

    expect(page.locator("[role=log] .line")).to_have_count(62)
    expect(page.locator("[role=log]")).to_contain_text("written meanwhile")
    expect(page.locator("[role=log]")).not_to_contain_text("goes")
    numbers = page.locator("[role=log] .line").evaluate_all("all => all.map(one => +one.dataset.number)")
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 62
    site.close()


def test_what_is_hidden_while_one_looks_vanishes(page: Page, room: Room) -> None:
    one, other = entry("fine"), entry("foul")
    room.fill(one, other)
    room.visit(page)

    room.site.hide(other, room.slug)

    expect(page.locator("[role=log] .e-content")).to_have_text(["fine"])


def test_an_own_entry_is_edited_and_erased(page: Page, room: Room) -> None:
    room.visit(page)
    write(page, "Helo `x`")
    line = page.locator("[role=log] .line")
    expect(line).to_have_count(1)
    page.reload()
    live(page)

    line.get_by_role("button", name="Edit").click()
    field = line.get_by_role("textbox")
    expect(field).to_have_value("Helo `x`")
    field.fill("Hello")
    line.get_by_role("button", name="Save").click()
    expect(line.locator(".e-content")).to_have_text("Hello")
    expect(line.locator(".edited")).to_have_text("edited")

    line.get_by_role("button", name="Private link").click()
    expect(line.locator(".private a")).to_have_attribute("href", re.compile(r"/guestbook/mine/\S+$"))
    line.get_by_role("button", name="Erase", exact=True).click()
    line.get_by_role("button", name="Really erase?").click()
    expect(line).to_have_count(0)
    assert room.bodies() == []


def test_everything_that_one_wrote_is_erased_at_a_wish(page: Page, room: Room) -> None:
    room.fill(entry("another's"))
    room.visit(page)
    for body in ("one", "two"):
        write(page, body)
        expect(page.locator("[role=log] .e-content").first).to_have_text(body)

    line = page.locator("[role=log] .line").first
    line.get_by_role("button", name="Private link").click()
    line.get_by_role("button", name="Erase everything").click()
    line.get_by_role("button", name="Really erase?").click()

    expect(page.locator("[role=log] .e-content")).to_have_text(["another's"])
    assert room.bodies() == ["another's"]


def test_anothers_entry_can_be_answered(page: Page, room: Room) -> None:
    room.fill(entry("Anyone here?", name="Taro"))
    room.visit(page)

    page.get_by_role("button", name="Answer").click()
    expect(page.locator("[name=body]")).to_be_focused()
    write(page, "Yes")

    expect(page.locator("[role=log] .to")).to_have_text("in answer to Taro")


def test_enter_never_sends_what_an_input_method_is_still_composing(page: Page, room: Room) -> None:
    room.visit(page)
    page.fill("[name=name]", "花")
    page.focus("[name=body]")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "こんにちは", "selectionStart": 5, "selectionEnd": 5})
    # So browsers report the Enter that confirms a word.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    for kind in ("rawKeyDown", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind, **enter})
    keyboard.send("Input.insertText", {"text": "こんにちは"})
    expect(page.locator("[name=body]")).to_have_value("こんにちは")
    assert page.locator(".mine .line").count() == 0

    page.press("[name=body]", "Shift+Enter")
    expect(page.locator("[name=body]")).to_have_value("こんにちは\n")
    page.press("[name=body]", "Enter")
    expect(page.locator("[role=log] .e-content")).to_have_text("こんにちは")


def test_on_a_phone_enter_begins_a_new_line_and_the_form_stays_in_view(new_page: NewPage, room: Room) -> None:
    page = room.visit(new_page(**PHONE))
    page.fill("[name=name]", "Hana")
    page.tap("[name=body]")
    # The keyboard takes half of the window.
    page.set_viewport_size({"width": 390, "height": 420})
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")

    expect(page.locator("[name=body]")).to_have_value("one\ntwo")
    expect(page.locator("[name=body]")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.tap(".send")
    expect(page.locator("[role=log] .e-content")).to_have_text("one\ntwo", use_inner_text=True)


def test_new_entries_never_move_what_is_being_read(page: Page, room: Room) -> None:
    room.fill(*(entry(f"number {number}") for number in range(40)))
    room.visit(page)
    read = page.locator("[role=log] .line").nth(20)
    read.scroll_into_view_if_needed()
    before = read.bounding_box()

    room.fill(entry("just now", minutes=0))

    pill = page.get_by_role("button", name="1 new entry")
    expect(pill).to_be_visible()
    moved = page.get_by_text("number 19", exact=True)
    assert before is not None
    after = moved.locator("xpath=ancestor::div[@data-number]").bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    pill.click()
    expect(page.get_by_text("just now")).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_what_is_missed_is_counted_in_the_title(page: Page, room: Room) -> None:
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => window.away === true });"
        "window.look = (away) => { window.away = away;"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    room.visit(page)
    title = page.title()
    page.evaluate("look(true)")
    room.fill(entry("one"), entry("two"))
    expect(page).to_have_title(f"(2) {title}")

    page.evaluate("look(false)")
    expect(page).to_have_title(title)


def test_a_screen_reader_hears_new_entries_and_not_the_old_ones(page: Page, room: Room) -> None:
    room.fill(*(entry(f"number {number}") for number in range(70)))
    room.visit(page)
    spoken = page.locator("[role=log]")
    expect(spoken).to_have_attribute("aria-live", "polite")
    expect(spoken.locator(".line")).to_have_count(50)

    page.get_by_role("button", name="Older entries").click()
    expect(page.locator(".past .line")).to_have_count(20)
    expect(spoken.locator(".line")).to_have_count(50)
    expect(page.get_by_role("button", name="Older entries")).to_be_hidden()

    room.fill(*(entry(f"burst {number}", minutes=0) for number in range(5)))
    expect(page.locator(".guestbook > [role=status]")).to_have_text("5 new entries")


def test_a_link_to_an_old_entry_finds_it(page: Page, room: Room) -> None:
    room.fill(*(entry(f"number {number}") for number in range(70)))

    room.visit(page, fragment="#entry-3")

    expect(page.locator("#entry-3")).to_be_in_viewport()
    expect(page.locator("#entry-3 .e-content")).to_have_text("number 2")


def test_a_held_entry_is_seen_by_its_writer_alone_until_it_is_shown(
    new_page: NewPage, tmp_path: Path
) -> None:
    site = GuestbookSite(tmp_path / "held")
    site.write("config.toml", (site.root / "config.toml").read_text().replace('"open"', '"hold-all"'))
    site.start()
    try:
        hana, taro = visit(new_page(**DESK), site), visit(new_page(**DESK), site)
        write(hana, "May I?")
        expect(hana.locator(".mine .fate")).to_contain_text("owner")
        hana.reload()
        live(hana)
        expect(hana.locator(".mine .e-content")).to_have_text("May I?")
        assert log(taro) == []

        (waiting,) = site.guestbook.queue()
        site.guestbook.approve([waiting.ref])

        for page in (hana, taro):
            expect(page.locator("[role=log] .e-content")).to_have_text("May I?")
        expect(hana.locator(".mine .line")).to_have_count(0)
    finally:
        site.close()


def test_a_room_that_is_paused_takes_the_form_away(page: Page, room: Room) -> None:
    room.visit(page)
    room.site.guestbook.pause(room.slug, True)
    expect(page.locator(".pulse")).to_contain_text("Nothing can be written")
    expect(page.locator("form.sign")).to_be_hidden()

    room.site.guestbook.pause(room.slug, False)
    expect(page.locator("form.sign")).to_be_visible()


def test_a_note_has_a_room_of_its_own(new_page: NewPage, site: GuestbookSite) -> None:
    hana = visit(new_page(**DESK), site, "notes/tea/")
    write(hana, "About tea")
    expect(hana.locator("[role=log] .e-content")).to_have_text("About tea")

    taro = visit(new_page(**DESK), site)
    assert log(taro) == []
    assert [one.page for one in site.guestbook.shown("/notes/tea/")] == ["/notes/tea/"]


NO_SOCKET = """
window.WebSocket = class {
  constructor() { setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.({}) }) }
  send() {}
  close() {}
}
"""


def test_a_network_without_websockets_goes_by_http(page: Page, room: Room) -> None:
    page.add_init_script(NO_SOCKET)
    room.fill(entry("before"))
    room.visit(page)

    write(page, "by form")
    expect(page.locator("[role=log] .e-content")).to_have_text(["by form", "before"])
    room.fill(entry("after", minutes=0))
    expect(page.locator("[role=log] .e-content")).to_have_text(["after", "by form", "before"])

    line = page.locator("[role=log] .line", has_text="by form")
    line.get_by_role("button", name="Erase", exact=True).click()
    line.get_by_role("button", name="Really erase?").click()
    expect(page.locator("[role=log] .e-content")).to_have_text(["after", "before"])
    assert room.bodies() == ["before", "after"]


BARRED_AT_FIRST = (
    NO_SOCKET.replace("window.WebSocket = ", "const Broken = ")
    + """;
window.barred = true;
window.WebSocket = new Proxy(WebSocket, { construct(Real, given) {
  if (window.barred) return new Broken();
  const made = new Real(...given);
  made.addEventListener("message", ({ data }) => {
    if (String(data).startsWith("40/guestbook")) document.documentElement.dataset.greeted = "";
  });
  return made;
} });
"""
)


def test_a_socket_that_opens_after_all_hears_what_comes(page: Page, room: Room) -> None:
    page.add_init_script(BARRED_AT_FIRST)
    room.visit(page)
    page.evaluate("window.barred = false")
    expect(page.locator("html[data-greeted]")).to_have_count(1, timeout=60_000)

    room.fill(entry("for all", minutes=0))

    expect(page.locator("[role=log] .e-content")).to_have_text("for all")
    expect(page.locator(".pulse")).to_contain_text("1 here now")


def test_without_websockets_older_entries_are_fetched_too(page: Page, room: Room) -> None:
    page.add_init_script(NO_SOCKET)
    room.fill(*(entry(f"number {number}") for number in range(70)))
    room.visit(page)

    page.get_by_role("button", name="Older entries").click()

    expect(page.locator(".past .e-content")).to_have_text([f"number {n}" for n in range(19, -1, -1)])
    expect(page.get_by_role("button", name="Older entries")).to_be_hidden()


def test_without_javascript_the_form_goes_the_way_of_all_forms(new_page: NewPage, room: Room) -> None:
    page = new_page(**DESK, java_script_enabled=False)
    page.goto(f"{room.site.address}ja/guestbook/{room.slug}/")
    page.fill("[name=name]", "花")
    page.fill("[name=body]", "こんにちは")
    page.click(".send")
    while page.locator(".problem").count():
        # Sooner than a person would be: it says so, and keeps what was written.
        expect(page.locator("[name=body]")).to_have_value("こんにちは")
        page.click(".send")

    expect(page.locator(".lines .e-content")).to_have_text("こんにちは")
    assert re.search(rf"/ja/guestbook/{room.slug}/#entry-1$", page.url)
    assert room.bodies() == ["こんにちは"]


def test_the_private_link_edits_and_erases_without_javascript(new_page: NewPage, room: Room) -> None:
    hana = room.visit(new_page(**DESK))
    write(hana, "Helo")
    line = hana.locator("[role=log] .line")
    line.get_by_role("button", name="Private link").click()
    address = line.locator(".private a").get_attribute("href")
    assert address is not None

    page = new_page(**DESK, java_script_enabled=False)
    page.goto(address)
    page.fill("[name=body]", "Hello")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice")).to_have_text("Saved.")
    expect(hana.locator("[role=log] .e-content")).to_have_text("Hello")

    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(".notice")).to_have_text("Your entry has been erased.")
    expect(hana.locator("[role=log] .line")).to_have_count(0)


def test_the_private_link_erases_everything_without_javascript(new_page: NewPage, room: Room) -> None:
    hana = room.visit(new_page(**DESK))
    for body in ("One", "Two"):
        write(hana, body)
        expect(hana.locator("[role=log] .line", has_text=body)).to_have_count(1)
    line = hana.locator("[role=log] .line", has_text="One")
    line.get_by_role("button", name="Private link").click()
    address = line.locator(".private a").get_attribute("href")
    assert address is not None

    page = new_page(**DESK, java_script_enabled=False)
    page.goto(address)
    page.locator("summary").press("Enter")
    page.get_by_label("Yes, erase all of them").press("Space")
    page.get_by_role("button", name="Erase everything").press("Enter")

    expect(page.locator(".notice")).to_have_text("Everything that you wrote has been erased.")
    expect(hana.locator("[role=log] .line")).to_have_count(0)
    assert room.bodies() == []


def test_the_panel_over_the_card_is_alive_as_well(page: Page, tmp_path: Path) -> None:
    site = GuestbookSite(tmp_path)
    site.start()
    site.fill(*(entry(f"number {number}") for number in range(9)))
    page.goto(site.address)
    assert page.locator("[role=log]").count() == 0

    page.click(".card [data-panel=guestbook]")
    live(page)
    assert log(page) == [f"number {number}" for number in range(8, 3, -1)]
    write(page, "from the panel")
    expect(page.locator("[role=log] .e-content").first).to_have_text("from the panel")
    page.get_by_role("button", name="Older entries").click()
    expect(page.locator(".past .line")).to_have_count(4)
    site.close()


def test_after_a_sleep_a_dead_line_is_noticed_and_drawn_anew(page: Page, room: Room) -> None:
    lines: list[WebSocketRoute] = []
    dead: set[int] = set()

    def carry(line: WebSocketRoute) -> None:
        number = len(lines)
        lines.append(line)
        server = line.connect_to_server()
        # A line dies silently while a machine sleeps.
        server.on_message(lambda message: None if number in dead else line.send(message))

    page.route_web_socket(re.compile("socket.io"), carry)
    page.add_init_script("window.slept = 0; const now = Date.now; Date.now = () => now() + window.slept")
    room.visit(page)
    dead.add(0)
    room.fill(entry("while it slept"))

    page.evaluate("window.slept = 3600000; dispatchEvent(new Event('pageshow'))")

    expect(page.locator("[role=log] .e-content")).to_have_text("while it slept")
    expect(page.locator(".pulse")).to_have_attribute("data-state", "live")
    assert len(lines) == 2
