"""A save is shown in the open browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from developed_site import CONFIG, FILES, LONG, Develop, Developed

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(page: Page) -> Callable[[Developed, str], Page]:
    """Open a page of a site."""

    def make(site: Developed, address: str = "") -> Page:
        page.goto(site.url + address)
        return page

    return make


Open = Callable[..., "Page"]


def mark(page: Page) -> None:
    """Leave a mark that a reload takes away."""
    page.evaluate("window.mark = true")


def kept(page: Page) -> bool:
    """Tell whether the page is the one that was marked."""
    return bool(page.evaluate("window.mark === true"))


def until(condition: Callable[[], bool]) -> None:
    """Wait for what the server notices by itself."""
    waiting = threading.Event()
    for _ in range(1200):
        if condition():
            return
        waiting.wait(0.05)
    raise AssertionError("it never came to be")


def errors(page: Page) -> Any:
    return page.locator("meishi-errors li")


def about(text: str, title: str = "About") -> str:
    return f"---\ntitle: {title}\n---\n{text}\n\n{LONG}"


@pytest.mark.parametrize("way", ["save", "replace", "save_as_vim"])
def test_a_save_is_shown_however_the_editor_writes(develop: Develop, open_page: Open, way: str) -> None:
    site = develop()
    page = open_page(site, "about/")

    getattr(site, way)("content/about.md", about("Second words."))

    expect(page.locator(".prose")).to_contain_text("Second words.")


def test_the_scroll_position_stays(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site, "about/")
    page.evaluate("scrollTo({top: 1500, behavior: 'instant'})")

    site.save("content/about.md", about("Second words."))

    expect(page.locator(".prose")).to_contain_text("Second words.")
    page.wait_for_function("() => scrollY === 1500")


def test_the_open_panel_stays_open_where_it_was_read(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site)
    page.locator(".menu [data-panel=about]").click()
    expect(page).to_have_url(f"{site.url}about/")
    expect(page.locator(".panel.open")).to_have_count(1)
    page.wait_for_function("() => !document.documentElement.matches(':active-view-transition')")
    page.evaluate("document.querySelector('.panel.open').scrollTop = 700")

    site.save("content/about.md", about("Second words."))

    panel = page.locator(".panel.open")
    expect(panel).to_contain_text("Second words.")
    expect(panel).to_have_id("about")
    expect(page).to_have_url(f"{site.url}about/")
    page.wait_for_function("() => document.querySelector('.panel.open').scrollTop === 700")
    page.keyboard.press("Escape")
    expect(page.locator(".panel.open")).to_have_count(0)
    expect(page).to_have_url(site.url)


def test_a_page_that_does_not_show_the_change_is_left_alone(develop: Develop, open_page: Open) -> None:
    style = {"static/css/site.css": "body { --proof: 1 }"}
    site = develop({"content/notes/a.md": "One", "content/notes/b.md": "Two", **style})
    page = open_page(site, "work/")
    mark(page)

    site.save("content/notes/a.md", "Another")
    until(lambda: "Another" in page.request.get(f"{site.url}notes/a/").text())
    # Where this change is seen, the page has looked at the one before it, too.
    site.save("static/css/site.css", "body { --proof: 2 }")

    page.wait_for_function("() => getComputedStyle(document.body).getPropertyValue('--proof').trim() === '2'")
    assert kept(page)


def test_a_style_sheet_is_swapped_in_place(develop: Develop, open_page: Open) -> None:
    site = develop({"static/css/site.css": "body { --proof: 1 }"})
    page = open_page(site)
    mark(page)

    site.save("static/css/site.css", "body { --proof: 2 }")

    page.wait_for_function("() => getComputedStyle(document.body).getPropertyValue('--proof').trim() === '2'")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    assert kept(page)


def test_a_new_accent_colour_is_swapped_in_place(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site, "work/")
    mark(page)

    site.replace("config.toml", CONFIG.replace("#c9371f", "#123456"))

    page.wait_for_function("() => getComputedStyle(document.documentElement)"
                           ".getPropertyValue('--accent').trim() === '#123456'")  # fmt: skip
    assert kept(page)


def test_a_change_of_config_toml_is_shown(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site)

    site.save("config.toml", CONFIG.replace("Ichi", "Ni"))

    expect(page).to_have_title("Ni")


def test_broken_front_matter_is_told_over_the_last_good_page_and_heals(
    develop: Develop, open_page: Open
) -> None:
    site = develop()
    page = open_page(site, "about/")
    mark(page)

    site.save("content/about.md", "---\ntitle: [\n---\nBroken.")

    expect(errors(page)).to_contain_text(["content/about.md:"])
    expect(page.locator(".prose")).to_contain_text("First words.")
    assert kept(page)

    site.save("content/about.md", about("Healed words."))

    expect(page.locator(".prose")).to_contain_text("Healed words.")
    expect(errors(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "broken", "place"),
    [
        ("templates/_partials/leaf.html", "{% if %}", "templates/_partials/leaf.html:1"),
        ("templates/page.html", "\n\n{{ lost }}", "templates/page.html:3"),
        ("content/about.md", about("{{< lost >}}"), "content/about.md:4"),
        ("i18n/en.toml", "skip =", "i18n/en.toml"),
        ("config.toml", "title = ", "config.toml:1"),
    ],
)
def test_what_breaks_a_page_is_told_over_the_last_good_one_and_heals(
    develop: Develop, open_page: Open, name: str, broken: str, place: str
) -> None:
    site = develop()
    page = open_page(site, "about/")
    before = (site.root / name).read_text() if (site.root / name).exists() else None

    site.save(name, broken)

    expect(errors(page)).to_contain_text([place])
    expect(page.locator(".prose")).to_contain_text("First words.")

    if before is None:
        (site.root / name).unlink()
    else:
        site.save(name, before)

    expect(errors(page)).to_have_count(0)
    expect(page.locator(".prose")).to_contain_text("First words.")


def test_a_site_that_is_broken_from_the_start_shows_why_and_heals(develop: Develop, open_page: Open) -> None:
    site = develop({"config.toml": "title = "})
    page = open_page(site)
    expect(page.locator("pre")).to_contain_text("config.toml:1: not valid TOML")

    site.save("config.toml", CONFIG)

    expect(page.locator(".card h1")).to_have_text("Ichi")


def test_a_page_that_is_broken_from_the_start_does_not_take_the_others_down(
    develop: Develop, open_page: Open
) -> None:
    site = develop({"content/about.md": "---\ntitle: [\n---\n"})
    page = open_page(site, "work/")

    expect(page.locator(".prose")).to_contain_text("My work.")
    expect(errors(page)).to_contain_text(["content/about.md:"])


def test_a_new_page_appears_in_the_menu(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site)

    site.save("content/more.md", "More.")

    expect(page.locator(".menu a")).to_have_text(["About", "More", "Work"])


def test_a_page_that_is_renamed_is_gone_and_comes_back(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site, "work/")

    (site.root / "content/work.md").rename(site.root / "content/works.md")
    expect(page.locator("h1")).to_have_text("There is nothing at this address")

    (site.root / "content/works.md").rename(site.root / "content/work.md")
    expect(page.locator("h1")).to_have_text("Work")


def test_a_folder_that_was_not_there_is_seen(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site, "work/")

    site.save("templates/_partials/copyright.html", "<p>Mine alone</p>")
    expect(page.locator(".colophon")).to_contain_text("Mine alone")

    site.save("templates/_partials/copyright.html", "<p>Mine for ever</p>")
    expect(page.locator(".colophon")).to_contain_text("Mine for ever")


def test_many_quick_saves_end_with_the_last(develop: Develop, open_page: Open) -> None:
    site = develop()
    page = open_page(site, "work/")

    for number in range(60):
        site.save("content/work.md", f"---\ntitle: Work\n---\nSave {number}.")

    expect(page.locator(".prose")).to_have_text("Save 59.")


def test_two_open_pages_follow(develop: Develop, new_page: Callable[..., Page]) -> None:
    site = develop()
    pages = [new_page(), new_page()]
    for page in pages:
        page.goto(f"{site.url}work/")

    site.save("content/work.md", "---\ntitle: Work\n---\nFor both.")

    for page in pages:
        expect(page.locator(".prose")).to_have_text("For both.")


def test_the_stream_ends_when_the_page_is_closed(develop: Develop, new_page: Callable[..., Page]) -> None:
    site = develop()
    page = new_page()
    page.goto(site.url)
    until(lambda: site.reload.listeners == 1)

    page.context.close()

    until(lambda: site.reload.listeners == 0)


APP = """
from pathlib import Path
from meishi.factory import create_app

app = create_app(Path(__file__).parent)

@app.after_request
def sign(response):
    if response.mimetype == "text/html":
        response.set_data(response.get_data().replace(b"My work.", b"My first program."))
    return response
"""


def test_flask_run_starts_again_when_python_changes_and_the_page_follows(
    make_site: Callable[..., Path], page: Page
) -> None:
    root = make_site({**FILES, "app.py": APP})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "run", "--debug", "--port", str(port)]
    environment = {**os.environ, "FLASK_APP": "app.py", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            told = []
            for line in server.stdout:
                told.append(line)
                if "Running on" in line:
                    break
            page.goto(f"http://127.0.0.1:{port}/work/")
            expect(page.locator(".prose")).to_have_text("My first program.")

            (root / "app.py").write_text(APP.replace("first", "second"), encoding="utf-8")

            expect(page.locator(".prose")).to_have_text("My second program.")
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.stdout.close() if server.stdout else None
    assert f" * Ichi: en; 3 pages at http://127.0.0.1:{port}/\n" in told
