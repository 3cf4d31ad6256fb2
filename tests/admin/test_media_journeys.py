"""Pictures, settings and backup as the owner uses them: in Chromium, wide and narrow."""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect
from visitors import study_of

from picture_files import encoded, exif, photograph

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PHOTO = encoded(photograph(300, 200), "JPEG", exif=exif(6))
# Drop or paste files as an operating system does.
GIVE = """([selector, kind, files]) => {
  const given = new DataTransfer();
  for (const [name, type, data] of files)
    given.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type }));
  const place = document.querySelector(selector), box = place.getBoundingClientRect();
  const common = { bubbles: true, cancelable: true };
  place.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...common, clipboardData: given })
    : new DragEvent("drop", { ...common, dataTransfer: given,
        clientX: box.left + 80, clientY: box.bottom - 5 }));
}"""
# What axe looks for first: controls without a name, an id twice.
NAMELESS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, a")]
  .filter((one) => one.checkVisibility() && !(one.getAttribute("aria-label") || one.textContent.trim()
    || one.labels?.length || one.querySelector("img[alt]"))).map((one) => one.outerHTML)"""
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at) }"""


def give(page: Page, selector: str, kind: str, *files: tuple[str, str, bytes]) -> None:
    page.evaluate(GIVE, [selector, kind, [[n, t, base64.b64encode(d).decode()] for n, t, d in files]])


def sound(page: Page) -> None:
    """Hold a page to its width and to names for all that can be used."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TWICE) == []


@pytest.fixture
def root(study_app: Flask) -> Path:
    return study_of(study_app).root


def test_several_pictures_are_dropped_looked_at_renamed_deleted_and_back(
    owner_page: Callable[..., Page], root: Path, width: int
) -> None:
    page = owner_page("/admin/media/", width=width)
    sound(page)

    give(
        page, "main", "drop",
        ("海 1.JPG", "image/jpeg", PHOTO), ("notes.html", "text/html", b"<b>"),
        ("cv.pdf", "application/pdf", b"%PDF-1.7"),
    )  # fmt: skip
    expect(page.locator(".gallery li")).to_have_count(2)
    expect(page.locator(".uploads .error")).to_have_text(re.compile("^files of this kind are not taken"))
    assert (root / "static/images/海-1.jpg").is_file()
    sound(page)

    page.get_by_role("searchbox").fill("海")
    page.locator(".gallery li", has_text="cv.pdf").wait_for(state="detached")
    page.locator(".gallery a").click()
    page.get_by_role("heading", name="海-1.jpg").wait_for()
    sound(page)
    page.get_by_role("textbox", name="Name").fill("umi.jpg")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("heading", name="umi.jpg").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("umi.jpg is in the trash.").wait_for()
    assert not (root / "static/images/umi.jpg").exists()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("umi.jpg is back.").wait_for()
    assert (root / "static/images/umi.jpg").is_file()


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_comes_into_the_text_with_words(
    owner_page: Callable[..., Page], root: Path, width: int, kind: str
) -> None:
    (root / "content/trip").mkdir()
    (root / "content/trip/index.md").write_text("---\ntitle: Trip\n---\n\nBefore.\n", encoding="utf-8")
    page = owner_page("/admin/edit/trip/index.md", width=width)
    page.locator("[data-ready]").wait_for(state="attached")

    give(page, ".cm-content, #text:not([hidden])", kind, ("photo.jpg", "image/jpeg", PHOTO))
    page.locator("[data-bring-insert]:enabled").wait_for()
    expect(page.locator("#bring-0")).to_be_focused()
    sound(page)
    page.keyboard.type("A [boat]")
    page.keyboard.press("Enter")
    page.locator("#bring").wait_for(state="hidden")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state-text]")).to_have_attribute("data-kind", "saved")

    text = (root / "content/trip/index.md").read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Trip\n---\n")
    assert "![A \\[boat\\]](photo.jpg)" in text
    assert (root / "content/trip/photo.jpg").is_file()


def test_a_picture_that_is_not_wanted_after_all_goes_again(
    owner_page: Callable[..., Page], root: Path
) -> None:
    page = owner_page("/admin/edit/_index.md")
    page.locator("[data-ready]").wait_for(state="attached")
    before = (root / "content/_index.md").read_bytes()

    give(page, ".cm-content, #text:not([hidden])", "paste", ("image.png", "image/jpeg", PHOTO))
    page.locator("[data-bring-insert]:enabled").wait_for()
    assert (root / "static/images/picture.jpg").is_file()
    with page.expect_response(lambda answer: "/media/delete/" in answer.url):
        page.keyboard.press("Escape")

    assert not (root / "static/images/picture.jpg").exists()
    assert (root / "content/_index.md").read_bytes() == before


def test_settings_are_changed_with_colour_and_icon(
    owner_page: Callable[..., Page], root: Path, width: int
) -> None:
    page = owner_page("/admin/settings/", width=width)
    sound(page)

    page.get_by_label("Accent").fill("#1f6f8b")
    assert page.locator("[data-try]").evaluate("(one) => one.style.getPropertyValue('--try')") == "#1f6f8b"
    page.locator("#social-name-1").fill("Code")
    page.locator("[data-pick=social-icon-1]").click()
    page.locator("#icon-words").fill("github")
    # Where no icons are installed, that is said, and the name is typed.
    expect(page.locator("[data-icon-grid]").locator("[data-icon=github], .soft").first).to_be_visible()
    if page.locator("[data-icon=github]").count():
        page.locator("[data-icon=github]").click()
    else:
        page.keyboard.press("Escape")
        page.locator("#social-icon-1").fill("github")
    expect(page.locator("#social-icon-1")).to_have_value("github")
    page.locator("#social-link-1").fill("https://github.com/ichi")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()

    text = (root / "config.toml").read_text(encoding="utf-8")
    assert 'accent = "#1f6f8b"' in text
    assert '[[params.social]]\nname = "Code"\nicon = "github"\nlink = "https://github.com/ichi"' in text


def test_a_broken_line_is_found_from_its_message(owner_page: Callable[..., Page], width: int) -> None:
    page = owner_page("/admin/settings/text", width=width)
    sound(page)
    area = page.locator("#text")
    area.fill(area.input_value() + "oops\n")
    page.keyboard.press("Control+s")

    page.get_by_role("button", name="Go to line 4").click()

    page.wait_for_function("() => document.getSelection().toString() === 'oops'")


def test_the_backup_is_one_press(owner_page: Callable[..., Page], width: int, tmp_path: Path) -> None:
    page = owner_page("/admin/settings/backup", width=width)
    sound(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the backup").click()
    waiting.value.save_as(tmp_path / "got.zip")

    assert "content/_index.md" in zipfile.ZipFile(tmp_path / "got.zip").namelist()
