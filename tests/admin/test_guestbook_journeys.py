"""The owner in the live room, as a person goes it: by keys, by thumb, without scripts, while others write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from guestbook_site import FILES, PAYLOAD, filled, written
from playwright.sync_api import Locator, Page, expect
from visitors import Clock, study_of

from meishi.factory import create_app
from meishi.guestbook.models import Signing
from meishi.guestbook.models import Visitor as Guest
from meishi.guestbook.service import Guestbook

pytestmark = pytest.mark.browser
MakeSite = Callable[..., Path]
OpenPage = Callable[..., Page]
DESK = "/admin/guestbook/"
#: Two cores that run the whole suite are slow.
PATIENCE = 30_000
# What axe looks for first: controls without a name, an id twice.
NAMELESS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, a")]
  .filter((one) => one.checkVisibility() && !(one.getAttribute("aria-label") || one.textContent.trim()
    || one.labels?.length)).map((one) => one.outerHTML)"""
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at) }"""


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


@pytest.fixture
def book(study_app: Flask) -> Iterator[Guestbook]:
    found = study_of(study_app).guestbook()
    assert found is not None
    yield found
    study_app.extensions["meishi.guestbook"].stop()


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


def sound(page: Page) -> None:
    """Hold a page to its width and to names for all that can be used."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TWICE) == []


def entry(page: Page, name: str) -> Locator:
    return page.locator(".entry").filter(has=page.locator(".name", has_text=name))


def current(page: Page) -> Locator:
    return page.locator(".entry.current .name")


def test_a_queue_is_worked_off_by_keys_alone(owner_page: OpenPage, book: Guestbook, width: int) -> None:
    names = ("Ame", "Kaze", "Yuki", "Tsuki")
    filled(
        book,
        [
            written(name, name=name, state="held", minutes=number, author=f"{number}b" * 16)
            for number, name in enumerate(names)
        ],
    )
    page = owner_page(DESK, width=width)
    sound(page)
    expect(current(page)).to_have_text("Ame")

    page.keyboard.press("a")
    expect(entry(page, "Ame")).to_have_class("entry shown")
    expect(page.locator("[data-said]")).to_have_text("One entry approved.")
    expect(current(page)).to_have_text("Kaze")
    page.keyboard.press("h")
    expect(page.locator("[data-undo]")).to_contain_text("One entry hidden.")
    expect(entry(page, "Kaze")).to_have_count(0)
    expect(current(page)).to_have_text("Yuki")

    page.keyboard.press("u")
    expect(entry(page, "Kaze")).to_have_count(1)
    expect(page.locator("[data-undo]")).not_to_contain_text("One entry hidden.")
    page.keyboard.press("j")
    expect(current(page)).to_have_text("Tsuki")
    page.keyboard.press("e")
    expect(page.locator("[data-undo]")).to_contain_text("One entry erased.")
    expect(entry(page, "Tsuki")).to_have_count(0)
    assert [record.entry.name for record in book.queue()] == ["Kaze", "Yuki"]


def test_banning_and_answering_by_keys(owner_page: OpenPage, book: Guestbook, width: int) -> None:
    filled(
        book,
        [
            written("rude", name="Vic", state="held", author="b2" * 16),
            written("kind", name="Hana", state="held", minutes=1),
        ],
    )
    page = owner_page(DESK, width=width)
    expect(current(page)).to_have_text("Vic")
    page.keyboard.press("b")
    dialog = page.get_by_role("dialog", name="Guestbook")
    expect(dialog.get_by_role("button", name="Ban")).to_be_focused()
    sound(page)
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(entry(page, "Vic")).to_have_count(0)
    assert [ban.kind for ban in book.bans()] == ["author"]

    expect(page.locator(".entry")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(dialog.get_by_label("Your answer")).to_be_focused()
    sound(page)
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_visible()
    page.keyboard.type("Thank you, Hana!")
    page.keyboard.press("Control+Enter")
    expect(dialog).not_to_be_visible()
    expect(page.locator(".entry.shown")).to_have_count(2)
    assert [(found.body, found.owner) for found in book.shown("lobby")][-1] == ("Thank you, Hana!", True)


def sign(book: Guestbook, clock: Clock, name: str, body: str, id: str) -> None:  # noqa: A002
    ticket = book.ticket()
    clock.pass_seconds(5)
    guest = Guest(f"{id:t<32}", "198.51.100.7")
    outcome = book.sign([Signing("lobby", f"entry-{id}", name, body, guest, ticket=ticket)])[0]
    assert outcome.ok, outcome


def test_what_visitors_write_appears_by_itself_and_moves_nothing(
    owner_page: OpenPage, book: Guestbook, clock: Clock
) -> None:
    filled(book, [written(f"old{number}", name=f"Old {number}", minutes=number) for number in range(30)])
    page = owner_page(DESK)
    expect(page.locator(".entry")).to_have_count(30)
    page.locator(".entry").nth(20).scroll_into_view_if_needed()
    name = page.locator(".entry").nth(20).locator(".name").inner_text()
    before = entry(page, name).bounding_box()
    assert before is not None
    sign(book, clock, "Vic", "Just now", "vic")

    expect(entry(page, "Vic")).to_have_count(1)
    after = entry(page, name).bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    expect(page.locator("nav .unread .hush")).to_have_text("1 entry waits")


def test_the_number_in_the_menu_follows_on_every_page(
    owner_page: OpenPage, book: Guestbook, clock: Clock
) -> None:
    page = owner_page("/admin/account/")
    badge = page.locator("nav [data-unread-badge=b]")
    expect(badge).to_be_hidden()
    sign(book, clock, "Vic", "Just now", "vic")

    page.evaluate("dispatchEvent(new Event('focus'))")  # back from another window

    expect(badge).to_be_visible()
    expect(badge).to_have_text("11 new or waiting")  # what is seen, and what is read out
    assert badge.get_attribute("title") == "1 new or waiting"


def test_visitors_see_that_the_owner_is_here(
    owner_page: OpenPage, new_page: OpenPage, study_address: str, book: Guestbook
) -> None:
    visitor = new_page(viewport={"width": 390, "height": 844})
    visitor.goto(f"{study_address}/guestbook/")
    pulse = visitor.locator(".pulse")
    expect(pulse).to_have_attribute("data-state", "live")
    expect(pulse).to_contain_text("1 here now")
    expect(pulse).not_to_contain_text("owner")

    page = owner_page(DESK)
    expect(pulse).to_contain_text("1 here now · The owner is here")
    expect(page.locator("[data-live-text]")).to_have_text("Live · 1 here")

    page.close()
    expect(pulse).not_to_contain_text("owner")
    expect(pulse).to_contain_text("1 here now")


def test_a_choice_survives_what_comes_and_is_done_at_once(
    owner_page: OpenPage, book: Guestbook, clock: Clock
) -> None:
    filled(
        book, [written(f"n{number}", name=f"N{number}", state="held", minutes=number) for number in range(3)]
    )
    page = owner_page(DESK)
    expect(page.locator("[data-bulk]")).not_to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("Choose the entry of N2").check()
    expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
    sign(book, clock, "Vic", "Just now", "vic")
    expect(entry(page, "Vic")).to_have_count(1)
    expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
    page.locator("[data-bulk]").get_by_role("button", name="Approve").click()

    expect(page.locator(".entry.shown")).to_have_count(2)
    assert [record.entry.name for record in book.queue()] == ["N1", "Vic"]


def test_search_follows_the_typing(owner_page: OpenPage, book: Guestbook) -> None:
    filled(book, [written("rain", "Rain on the roof", name="Ame"), written("wind", "Only wind", name="Kaze")])
    page = owner_page(DESK)
    page.keyboard.press("/")
    page.keyboard.type("roof")

    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator("#found-title")).to_have_text("1 entry found")
    page.reload()
    expect(page.locator("#q")).to_have_value("roof")
    expect(page.locator(".entry")).to_have_count(1)


def test_everything_works_without_scripts(owner_page: OpenPage, book: Guestbook, width: int) -> None:
    filled(
        book, [written("one", name="Ame", state="held"), written("two", name="Kaze", state="held", minutes=1)]
    )
    page = owner_page(DESK, width=width, java_script_enabled=False)
    page.get_by_role("button", name="Approve: Ame").click()
    expect(page.locator("[data-undo]")).to_contain_text("One entry approved.")
    page.get_by_role("button", name="Undo").click()
    expect(entry(page, "Ame")).to_have_class("entry held")

    page.get_by_label("Choose the entry of Ame").check()
    page.get_by_label("Choose the entry of Kaze").check()
    page.locator("[data-bulk]").get_by_role("button", name="Approve").click()
    expect(page.locator(".entry.shown")).to_have_count(2)
    page.get_by_role("link", name="Answer: Kaze").click()
    page.get_by_label("Your answer").fill("Welcome!")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".entry.shown")).to_have_count(3)
    page.get_by_role("link", name="Ban: Ame").click()
    page.get_by_label("For good").check()
    page.get_by_role("button", name="Ban").click()
    expect(page.locator(".notices")).to_have_text("Banned.")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("The guestbook rests")).to_be_visible()


def test_nothing_that_a_visitor_wrote_runs(owner_page: OpenPage, book: Guestbook) -> None:
    filled(
        book,
        [
            written("one", PAYLOAD, name=PAYLOAD[:40], state="held", language='"><script>'),
            written("two", f"`{PAYLOAD}` https://x.example/?<script>", name="x" * 40, minutes=1),
        ],
    )
    page = owner_page(DESK)
    expect(page.locator(".entry")).to_have_count(2)
    page.keyboard.press("r")
    expect(page.locator("#desk-dialog textarea")).to_be_focused()
    # The focus is back in the same turn: the next key goes to the room, not to the closed field.
    closed = "() => (document.getElementById('desk-dialog').close(), document.activeElement.dataset.key)"
    assert page.evaluate(closed) == "r"
    page.keyboard.press("b")
    expect(page.locator("#desk-dialog form.ban")).to_be_visible()

    assert "owned" not in page.title()
    assert page.locator("main img, #desk-dialog img").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator("#desk-dialog")).not_to_be_visible()
    expect(page.locator(".current [data-key=b]")).to_be_focused()


def test_a_page_that_was_signed_out_leads_to_the_door(
    owner_page: OpenPage, book: Guestbook, study_app: Flask
) -> None:
    filled(book, [written("one", state="held")])
    page = owner_page(DESK)
    expect(current(page)).to_have_text("Hana")
    study_of(study_app).sessions.end_all()
    page.keyboard.press("a")

    page.wait_for_url("**/admin/sign-in**", timeout=PATIENCE)
    assert [record.state for record in book.queue()] == ["held"]


@pytest.mark.parametrize("path", ["rooms", "bans", "notices", "exchange", "write"])
def test_the_other_pages_fit_and_name_their_controls(
    owner_page: OpenPage, book: Guestbook, path: str, width: int
) -> None:
    filled(book, [written("one")])
    book.ban_author("a1" * 16, note="x" * 150)
    page = owner_page(f"{DESK}{path}", width=width)

    expect(page.locator("h1")).to_be_visible()
    sound(page)
