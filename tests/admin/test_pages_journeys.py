"""The list of pages in a real browser: wide and narrow, by keys alone, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from page_files import FILES
from playwright.sync_api import Page, expect
from visitors import Clock

from meishi.admin.study import Study
from meishi.factory import create_app

pytestmark = pytest.mark.browser
MakeSite = Callable[..., Path]
OpenPage = Callable[..., Page]
LIST = "/admin/pages/"


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def begins(page: Page, *titles: str) -> None:
    """Expect these panels, below the home page, to be the first."""
    for place, title in enumerate(titles, 1):
        expect(page.locator("[data-panels] [data-title-link]").nth(place)).to_have_text(title)


def press(page: Page, key: str) -> None:
    """Press a key of a page that was opened by a key: its scripts have to be there."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def menu(study: Study) -> list[str]:
    return [entry.page.title for entry in study.source.current().library.editions["en"].menu]


def test_search_follows_the_typing(owner_page: OpenPage, width: int) -> None:
    page = owner_page(LIST, width=width)

    page.locator("#q").fill("rain")

    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("[data-found]")).to_have_text("1 page")
    expect(page).to_have_url(re.compile(r"\?q=rain$"))
    page.reload()
    expect(page.locator("#q")).to_have_value("rain")
    page.locator("#q").fill("")
    expect(page.locator("tr[data-row]")).to_have_count(10)


def test_going_back_shows_the_list_as_it_was(owner_page: OpenPage) -> None:
    page = owner_page(LIST)

    page.locator(".tabs").get_by_role("link", name="Drafts").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.go_back()

    expect(page.locator("tr[data-row]")).to_have_count(10)


def test_nothing_is_searched_while_a_word_is_composed(owner_page: OpenPage) -> None:
    page = owner_page(LIST)
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "part=list" in request.url else None)

    page.locator("#q").evaluate(
        "field => { field.value = 'わた'; field.dispatchEvent("
        "new InputEvent('input', { bubbles: true, isComposing: true })) }"
    )
    page.clock.run_for(5_000)
    assert asked == []
    page.locator("#q").evaluate(
        "field => { field.value = '私'; field.dispatchEvent(new CompositionEvent('compositionend')) }"
    )

    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_a_panel_is_dragged_to_its_place(owner_page: OpenPage, study: Study, width: int) -> None:
    page = owner_page(LIST, width=width)
    grip = page.locator("tr[data-path='contact.md'] [data-grip]")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator("tr[data-path='about.md']").bounding_box()
    assert start
    assert end

    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, end["y"] + 2, steps=25)
    with page.expect_response("**/pages/order"):
        page.mouse.up()

    begins(page, "Contact")
    expect(page.locator("[data-found]")).to_have_text("Contact is now number 1 of 5.")
    assert menu(study)[0] == "Contact"


def test_keys_alone_order_and_open(owner_page: OpenPage, study: Study) -> None:
    page = owner_page(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="About", exact=True)).to_be_focused()

    with page.expect_response("**/pages/order"):
        page.keyboard.press("Alt+ArrowDown")

    begins(page, "Work", "About")
    expect(page.get_by_role("link", name="About", exact=True)).to_be_focused()
    expect(page.locator("[data-found]")).to_have_text("About is now number 2 of 5.")
    assert menu(study)[:2] == ["Work", "About"]
    page.keyboard.press("m")
    expect(page.locator("#row-menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rename or move About")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("me")
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("Moved to me.")
    press(page, "Delete")
    expect(page.get_by_role("button", name="Put into the trash")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_contain_text("2 files are in the trash.")
    press(page, "u")
    expect(page.locator(".notices")).to_contain_text("It is back.")
    assert (study.root / "content/me.ja.md").exists()


def test_the_steps_are_buttons_too(owner_page: OpenPage, study: Study, width: int) -> None:
    page = owner_page(LIST, width=width)

    with page.expect_response("**/pages/order"):
        page.get_by_role("button", name="Move up: Work").click()

    expect(page.get_by_role("button", name="Move up: Work")).to_be_focused()
    assert menu(study)[:2] == ["Work", "About"]


def test_an_order_that_cannot_be_saved_is_taken_back(owner_page: OpenPage, study: Study) -> None:
    page = owner_page(LIST)
    page.route("**/pages/order", lambda route: route.abort())

    page.get_by_role("button", name="Move up: Work").click()

    expect(page.get_by_role("alert")).to_contain_text("The order was not saved.")
    expect(page.locator("[data-panels] [data-title-link]").nth(1)).to_have_text("About")
    assert menu(study)[0] == "About"


def test_the_shortcuts_are_listed(owner_page: OpenPage) -> None:
    page = owner_page(LIST)

    page.keyboard.press("?")

    listed = page.locator("#shortcuts")
    for label in (
        "New page",
        "Search",
        "Move the page up",
        "Next page of the list",
        "What can be done with the page",
    ):
        expect(listed).to_contain_text(label)


def test_a_new_page_is_named_after_its_title(owner_page: OpenPage, study: Study, width: int) -> None:
    page = owner_page(LIST, width=width)

    page.keyboard.press("n")
    page.locator("#title").fill("雪の 日")
    expect(page.locator("#name")).to_have_value("雪の-日")
    page.locator("#section").select_option("notes")
    page.get_by_role("button", name="Make the page").click()

    page.wait_for_url("**/admin/edit/notes/**")
    assert (study.root / "content/notes/雪の-日.md").exists()


def test_a_translation_begins_with_one_press(owner_page: OpenPage, study: Study, width: int) -> None:
    page = owner_page(LIST, width=width)

    page.get_by_role("button", name="JA: Translate, Work").click()

    page.wait_for_url("**/admin/edit/work.ja.md")
    assert (study.root / "content/work.ja.md").exists()


def test_it_works_without_scripts(owner_page: OpenPage, study: Study, width: int) -> None:
    page = owner_page(LIST, width=width, java_script_enabled=False)

    page.locator("#q").fill("work")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.goto(page.url.split("?")[0])
    with page.expect_response("**/pages/order"):
        page.get_by_role("button", name="Move up: Work").click()
    assert menu(study)[:2] == ["Work", "About"]
    page.get_by_role("link", name="More: Work").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Put into the trash").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    assert not (study.root / "content/work.md").exists()
    undo.click()
    expect(page.locator(".notices")).to_contain_text("It is back.")
    assert (study.root / "content/work.md").exists()


@pytest.mark.parametrize(
    "path", [LIST, "/admin/", "/admin/pages/actions?path=about.md", "/admin/pages/trash"]
)
def test_nothing_is_wider_than_a_phone(owner_page: OpenPage, path: str) -> None:
    page = owner_page(LIST, width=390, locale="ja-JP")
    page.goto(page.url.split("/admin/")[0] + path)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_dashboard_checks_the_site_by_itself(owner_page: OpenPage, study: Study) -> None:
    (study.root / "content/work.md").write_text("---\ntitle: Work\n---\n[x](nothing.md)\n")
    study.source.changed()

    page = owner_page("/admin/")

    expect(page.locator(".findings").first).to_contain_text("leads to no page")
