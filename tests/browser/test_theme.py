"""The theme in a real browser: panels, keys, languages, colours, narrow screens and paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from meishi.factory import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NewPage = Callable[..., "Page"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PAGES = ("", "about/", "features/", "notes/", "notes/everything/", "notes/ink-and-mist/", "tags/", "card/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the starter site once for all tests here; the address ends in a slash."""
    import threading

    root = tmp_path_factory.mktemp("starter")
    shutil.copy(ROOT / "config.toml", root)
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copytree(ROOT / "static" / "images", root / "static" / "images")
    app = create_app(root, now=lambda: datetime(2026, 12, 1, tzinfo=UTC), reload=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


def opened(page: Page, name: str) -> None:
    """Expect this panel, and no other, to be open."""
    expect(page.locator(".panel.open")).to_have_count(1)
    expect(page.locator(".panel.open")).to_have_id(name)


def closed(page: Page) -> None:
    """Expect the bare card."""
    expect(page.locator(".panel.open")).to_have_count(0)
    expect(page.locator(".card")).to_be_visible()


def settled(page: Page) -> None:
    """Wait until no turn is drawn any more."""
    page.wait_for_function("() => !document.documentElement.matches(':active-view-transition')")
    page.wait_for_function("() => document.getAnimations().length === 0")


def still_open(page: Page, name: str, following: str) -> None:
    """Expect a panel to have stayed open: from it, and not from the bare card, an arrow leads on."""
    opened(page, name)
    page.keyboard.press("ArrowRight")
    opened(page, following)


def open_about(page: Page, site: str) -> None:
    """Open the first panel from the menu."""
    page.goto(site)
    page.click(".card [data-panel=about]")
    opened(page, "about")


def test_a_menu_link_opens_its_panel_and_shows_the_panels_own_address(page: Page, site: str) -> None:
    open_about(page, site)
    expect(page).to_have_url(f"{site}about/")
    expect(page).to_have_title("About · Meishi")


def test_the_address_of_a_panel_is_a_page_of_its_own(page: Page, site: str) -> None:
    open_about(page, site)
    page.reload()
    expect(page.locator("h1")).to_have_text("About")
    expect(page.locator(".panel")).to_have_count(0)


def test_a_deep_link_opens_the_panel_over_the_card(page: Page, site: str) -> None:
    page.goto(f"{site}#about")
    opened(page, "about")
    expect(page).to_have_url(f"{site}about/")


def by_escape(page: Page) -> None:
    page.keyboard.press("Escape")


def by_the_button(page: Page) -> None:
    page.click(".panel.open .close")


def by_a_click_outside(page: Page) -> None:
    settled(page)  # while a turn is drawn, a press is the visitor's haste and closes nothing
    page.mouse.click(20, 400)


def by_back(page: Page) -> None:
    page.go_back()


@pytest.mark.parametrize("close", [by_escape, by_the_button, by_a_click_outside, by_back])
def test_every_way_out_closes_and_gives_focus_and_address_back(
    page: Page, site: str, close: Callable[[Page], None]
) -> None:
    open_about(page, site)
    close(page)
    closed(page)
    expect(page.locator(".card [data-panel=about]")).to_be_focused()
    expect(page).to_have_url(site)
    expect(page).to_have_title("Meishi")


def test_a_panel_from_a_deep_link_closes_to_the_card(page: Page, site: str) -> None:
    page.goto(f"{site}#about")
    opened(page, "about")
    page.keyboard.press("Escape")
    closed(page)
    expect(page).to_have_url(site)


def test_closing_leaves_no_steps_in_the_history(page: Page, site: str) -> None:
    page.goto("about:blank")
    open_about(page, site)
    page.keyboard.press("ArrowRight")
    opened(page, "features")
    page.keyboard.press("Escape")
    closed(page)
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_forward_opens_the_panel_again(page: Page, site: str) -> None:
    open_about(page, site)
    page.go_back()
    closed(page)
    page.go_forward()
    opened(page, "about")


def test_an_open_panel_is_a_modal_dialog_named_by_its_title(page: Page, site: str) -> None:
    open_about(page, site)
    expect(page.get_by_role("dialog", name="About")).to_be_focused()
    expect(page.locator(".panel.open")).to_have_attribute("aria-modal", "true")
    assert page.locator("[data-behind]").evaluate_all("all => all.map((one) => one.inert)").count(False) == 0


def test_a_closed_panel_is_no_dialog_and_nothing_is_inert(page: Page, site: str) -> None:
    open_about(page, site)
    page.keyboard.press("Escape")
    closed(page)
    expect(page.locator("[role=dialog], [aria-modal]")).to_have_count(0)
    expect(page.locator("[inert]")).to_have_count(0)


def test_tab_stays_within_the_open_panel(page: Page, site: str) -> None:
    open_about(page, site)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("() => !document.activeElement.closest('[data-behind]')")


def test_arrow_keys_step_through_the_panels_and_stop_at_the_ends(page: Page, site: str) -> None:
    page.goto(site)
    for name in ("about", "features", "yours", "notes", "guestbook", "contact", "contact"):
        page.keyboard.press("ArrowRight")
        opened(page, name)
    page.keyboard.press("ArrowLeft")
    opened(page, "guestbook")
    page.go_back()
    closed(page)


def test_arrow_keys_are_left_alone_where_something_scrolls_sideways_or_is_typed(
    page: Page, site: str
) -> None:
    open_about(page, site)
    page.evaluate(
        """() => {
        document.querySelector('#about .prose').innerHTML =
            '<input id="typed"><div id="wide" tabindex="0"><p></p></div>';
        Object.assign(document.querySelector('#wide').style, { overflowX: 'auto', width: '9rem' });
        Object.assign(document.querySelector('#wide p').style, { width: '90rem', height: '2rem' });
        }"""
    )
    for name in ("#typed", "#wide"):
        page.focus(name)
        page.keyboard.press("ArrowRight")
    # Had one of these keys turned the panel, this one would turn it once more.
    page.focus("#about")
    page.keyboard.press("ArrowRight")
    opened(page, "features")


def test_a_link_in_the_text_opens_the_panel_that_it_names(page: Page, site: str) -> None:
    page.goto(f"{site}#contact")
    page.evaluate(
        """() => document.querySelector('#contact .prose').insertAdjacentHTML('beforeend',
        '<a id="across" href="/about/">About</a>')"""
    )
    page.click("#across")
    opened(page, "about")
    page.go_back()
    opened(page, "contact")


def test_selecting_text_out_of_the_panel_does_not_close_it(page: Page, site: str) -> None:
    open_about(page, site)
    settled(page)
    box = page.locator(".panel.open .prose p").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(10, 700)
    page.mouse.up()
    still_open(page, "about", "features")


def test_a_double_click_in_the_menu_leaves_the_panel_open(page: Page, site: str) -> None:
    page.goto(site)
    page.dblclick(".card [data-panel=about]")
    still_open(page, "about", "features")


def test_a_panel_that_was_passed_by_a_modified_click_stays_a_link(page: Page, site: str) -> None:
    page.goto(site)
    with page.context.expect_page() as fresh:
        page.click(".card [data-panel=about]", modifiers=["ControlOrMeta"])
    expect(fresh.value).to_have_url(re.compile("/about/$"))
    closed(page)


def test_without_script_the_menu_leads_to_pages_that_work(new_page: NewPage, site: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site)
    page.click(".card [data-panel=about]")
    expect(page.locator("h1")).to_have_text("About")
    page.click(".brand")
    expect(page.locator(".card")).to_be_visible()


def test_without_script_a_deep_link_opens_the_panel_and_the_cross_closes_it(
    new_page: NewPage, site: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}#about")
    expect(page.locator("#about")).to_be_visible()
    expect(page.locator(".card")).not_to_be_visible()
    page.click("#about .close")
    expect(page.locator("#about")).not_to_be_visible()
    expect(page.locator(".card")).to_be_visible()


def test_the_language_switch_leads_to_the_same_page(page: Page, site: str) -> None:
    page.goto(f"{site}notes/everything/")
    page.click(".languages [lang=ja]")
    expect(page).to_have_url(f"{site}ja/notes/everything/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.click(".languages [lang=en]")
    expect(page).to_have_url(f"{site}notes/everything/")


def test_a_short_japanese_name_stands_upright(page: Page, site: str) -> None:
    page.goto(f"{site}ja/")
    mode = "element => getComputedStyle(element).writingMode"
    assert page.locator(".card .identity").evaluate(mode) == "vertical-rl"
    page.goto(site)
    assert page.locator(".card .identity").evaluate(mode) == "horizontal-tb"


@pytest.mark.parametrize("language", ["", "ja/"])
def test_nothing_is_wider_than_a_phone(new_page: NewPage, site: str, language: str) -> None:
    page = new_page(**PHONE)
    for name in PAGES:
        page.goto(f"{site}{language}{name}")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, name
    page.goto(f"{site}{language}")
    page.click(".card [data-panel=features]")
    opened(page, "features")
    wide = "panel => panel.scrollWidth > panel.clientWidth"
    assert not page.locator(".panel.open").evaluate(wide)


def test_zooming_is_allowed(page: Page, site: str) -> None:
    page.goto(site)
    viewport = page.locator("meta[name=viewport]").get_attribute("content") or ""
    assert not re.search(r"user-scalable|maximum-scale", viewport)


def test_reduced_motion_means_none(new_page: NewPage, site: str) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(site)
    page.evaluate(
        "() => { const was = document.startViewTransition; window.turns = 0;"
        " document.startViewTransition = (...given) => { turns++; return was.apply(document, given) } }"
    )
    page.click(".card [data-panel=about]")
    opened(page, "about")
    assert page.evaluate("() => window.turns") == 0
    assert page.evaluate("() => document.getAnimations().length") == 0


def test_the_switch_of_colours_is_remembered(new_page: NewPage, site: str) -> None:
    page = new_page(color_scheme="light")
    page.goto(site)
    paper = "() => getComputedStyle(document.querySelector('.card, .sheet')).backgroundColor"
    settled(page)
    light = page.evaluate(paper)
    switch = page.locator("[data-scheme-switch]")
    for scheme in ("light", "dark"):
        switch.click()
        expect(page.locator("html")).to_have_attribute("data-scheme", scheme)
    settled(page)
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(f"{site}about/")
    settled(page)
    assert page.evaluate(paper) == dark
    expect(switch).to_have_accessible_name(re.compile("dark"))
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-scheme", "auto")
    settled(page)
    assert page.evaluate(paper) == light


def test_the_colours_follow_the_device(new_page: NewPage, site: str) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        page = new_page(color_scheme=scheme)
        page.goto(site)
        colours.add(page.evaluate("() => getComputedStyle(document.querySelector('.card')).backgroundColor"))
    assert len(colours) == 2


def sizes_in_mm(pdf: bytes) -> list[tuple[int, int]]:
    """Read the sizes of a document's pages."""
    boxes: list[Any] = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes]


@pytest.mark.parametrize("language", ["", "ja/"])
def test_the_business_card_prints_two_sides_of_91_by_55_mm(page: Page, site: str, language: str) -> None:
    page.goto(f"{site}{language}card/")
    assert sizes_in_mm(page.pdf(prefer_css_page_size=True)) == [(91, 55), (91, 55)]


def test_the_home_page_prints_every_panel(page: Page, site: str) -> None:
    page.goto(site)
    page.emulate_media(media="print")
    for panel in page.locator(".panel").all():
        expect(panel).to_be_visible()
    expect(page.locator(".tools")).not_to_be_visible()
    after = page.locator("#contact .social a").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://github.com/" in after


def test_paper_is_white_even_at_night(new_page: NewPage, site: str) -> None:
    page = new_page(color_scheme="dark")
    page.goto(site)
    page.emulate_media(media="print")
    ink = page.locator(".card h1").evaluate("title => getComputedStyle(title).color")
    assert ink == "rgb(17, 17, 17)"


def test_the_first_view_fits_the_first_round_trip(new_page: NewPage, site: str) -> None:
    import gzip

    for language in ("", "ja/"):
        page = new_page()
        answers: list[Any] = []
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        page.goto(f"{site}{language}", wait_until="networkidle")
        bodies = [answer.body() for answer in answers if not is_picture(answer)]
        assert len(bodies) <= 5
        assert sum(len(gzip.compress(body, 6)) for body in bodies) <= 14_000


def is_picture(answer: Any) -> bool:
    """Tell whether an answer is a picture."""
    return str(answer.headers.get("content-type", "")).startswith("image/")
