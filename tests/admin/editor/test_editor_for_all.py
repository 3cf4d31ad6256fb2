"""The editor by keys, with a screen reader, on a phone, without its bundle, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from desk_of_the_owner import FILES, Editor, OpenEditor, content
from playwright.sync_api import expect
from visitors import PASSWORD, Visitor, study_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
# Names of all controls, and no id twice: the first things that axe looks for.
NAMELESS = """() => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible";
  const name = (one) => one.getAttribute("aria-label") || one.labels?.[0]?.textContent.trim() || one.title
    || one.textContent.trim() || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent;
  const kinds = "button, a[href], input, select, textarea, iframe, [role=tab]";
  const controls = [...document.querySelectorAll(kinds)].filter((one) => one.type !== "hidden" && shown(one));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return [
    ...controls.filter((one) => !name(one)).map((one) => one.outerHTML),
    ...ids.filter((id, at) => ids.indexOf(id) !== at),
    ...[...document.querySelectorAll("[aria-controls], [aria-labelledby]")]
      .flatMap((one) => (one.getAttribute("aria-controls") ?? one.getAttribute("aria-labelledby")).split(" "))
      .filter((id) => !document.getElementById(id)),
  ];
}"""


@pytest.mark.parametrize("path", ["/admin/edit/about.md", "/admin/history/about.md"])
def test_everything_has_a_name(edit: OpenEditor, path: str) -> None:
    editor = edit()
    if path.startswith("/admin/history"):
        editor.to_end().type("More.").save().wait_state("saved")
        editor.page.goto(f"{editor.address}{path}")
        assert editor.page.evaluate(NAMELESS) == []
        assert editor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return
    for view in ("preview", "fields", "beside-ja"):
        editor.show(view)
        pane = editor.page.locator(f"#pane-{view.partition('-')[0]}")
        expect(pane).to_be_visible()
        if view == "beside-ja":
            expect(pane).to_contain_text("日本語")
        assert editor.page.evaluate(NAMELESS) == []
        assert editor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_reaches_everything(wide: OpenEditor) -> None:
    page = wide().page
    page.locator(".skip").focus()
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => { const e = document.activeElement;"
                " return e.getAttribute('aria-label') || e.textContent.trim() })()"
            )
        )
        if page.evaluate("document.activeElement.matches('.cm-content')"):
            break
    order = [name for name in seen if name in ("Save", "Preview", "Heading")]
    assert order == ["Save", "Heading", "Preview"] or order == ["Save", "Preview", "Heading"]
    assert page.evaluate("document.activeElement.matches('.cm-content')")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.cm-content')")


def test_what_differs_is_shown_in_the_owners_language(edit: OpenEditor) -> None:
    editor = edit("long.md", locale="ja-JP")
    editor.to_end().type("Not saved.")
    context = editor.page.context
    fresh = context.new_page()
    expect(editor.page.locator("[data-state-text]")).to_have_attribute("data-kind", "unsaved")
    editor.page.close()
    Editor(fresh, editor.address).open("/admin/edit/long.md")

    expect(fresh.locator("#recovery .cm-collapsedLines").first).to_have_text(re.compile(r"変更のない \d+ 行"))


def test_a_tap_does_not_zoom_on_a_phone(study_address: str, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True)
    editor = Editor(page, study_address).sign_in("/admin/edit/about.md")
    sizes = (
        "[...document.querySelectorAll('input, textarea, select, .cm-content')]"
        ".filter((one) => one.getClientRects().length)"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(page.evaluate(sizes)) >= 16
    editor.show("fields")
    assert min(page.evaluate(sizes)) >= 16


@pytest.fixture
def without_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave CodeMirror out, as an install without the npm registry does."""
    real = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: path.name != "codemirror.js" and real(path))


@pytest.mark.usefixtures("without_bundle")
def test_without_the_bundle_all_but_the_colours_works(edit: OpenEditor, site: Path) -> None:
    editor = edit()
    page = editor.page
    expect(page.get_by_text("this is a plain text area")).to_be_visible()
    page.locator("#text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nword")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Bold", exact=True).click()
    expect(page.locator("#text")).to_have_value(re.compile(r"\*\*word\*\*$"))
    editor.show("preview").wait_preview("word")
    editor.show("fields")
    page.get_by_label("Title", exact=True).fill("Plain")
    expect(page.locator("#text")).to_have_value(re.compile("title: Plain"))
    editor.save().wait_state("saved")

    wanted = FILES["content/about.md"].replace("About #", "Plain #")
    assert content(site, "about.md") == f"{wanted}\n**word**"


def test_without_scripts_the_form_saves_and_shows(
    study_address: str, new_page: Callable[..., Page], site: Path
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{study_address}/admin/sign-in?next=/admin/edit/windows.md")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/windows.md")
    page.locator("#text").fill('+++\ntitle = "Windows"\n+++\n\nOne.\nTwo.\n')
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_text("Two.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    assert content(site, "windows.md") == '+++\r\ntitle = "Windows"\r\n+++\r\n\r\nOne.\r\nTwo.\r\n'


def test_without_scripts_a_clash_is_settled_by_a_form(owner: Visitor, site: Path) -> None:
    study = study_of(owner.client.application)
    opened = study.desk.open(PurePosixPath("about.md"))
    theirs = opened.text.replace("Two.", "Theirs.")
    (site / "content/about.md").write_text(theirs, encoding="utf-8")
    mine = opened.text.replace("Two.", "Mine.").replace("\n", "\r\n")

    response = owner.post("/admin/edit/about.md", {"text": mine, "base": opened.version})
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Mine." in page
    assert "<mark>Theirs</mark>." in page
    assert content(site, "about.md") == theirs

    version = re.search(r'name="settles" value="(\w+)"', page)
    part = re.search(r'name="(part-\d+)"', page)
    assert version
    assert part
    answer = {"text": mine, "base": opened.version, "settles": version[1], part[1]: "both"}
    assert owner.post("/admin/edit/about.md", answer).status_code == 303
    assert content(site, "about.md") == opened.text.replace("Two.", "Mine.\nTheirs.")
