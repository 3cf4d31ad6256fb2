"""Writing and saving: what was changed is changed, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_of_the_owner import FILES, OpenEditor, content
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_write_look_and_save(edit: OpenEditor, site: Path) -> None:
    editor = edit()
    before = content(site, "about.md")
    assert editor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    editor.to_end().type("\nFour **strong** words.")
    editor.show("preview").wait_preview("strong")
    expect(editor.frame.locator(".prose strong")).to_have_text("strong")
    assert content(site, "about.md") == before

    editor.save().wait_state("saved")
    assert content(site, "about.md") == f"{before}\nFour **strong** words."


def test_the_site_shows_a_save_at_once(wide: OpenEditor) -> None:
    editor = wide()
    editor.to_end().type("\nFour.").save().wait_state("saved")

    page = editor.page.context.new_page()
    page.goto(f"{editor.address}/about/")
    expect(page.get_by_text("Four.")).to_be_visible()


def test_a_save_without_a_change_writes_nothing(wide: OpenEditor, site: Path) -> None:
    editor = wide()
    stamp = (site / "content/about.md").stat().st_mtime_ns
    editor.to_end().type("x")
    editor.page.keyboard.press("Backspace")
    with editor.page.expect_response("**/admin/edit/about.md"):
        editor.save()

    assert (site / "content/about.md").stat().st_mtime_ns == stamp


def test_line_ends_stay_as_they_were(wide: OpenEditor, site: Path) -> None:
    editor = wide("windows.md")
    editor.to_end().type("Two.").save().wait_state("saved")

    assert content(site, "windows.md") == '+++\r\ntitle = "Windows"\r\n+++\r\n\r\nOne.\r\nTwo.'


def test_an_input_method_is_left_alone(edit: OpenEditor, site: Path) -> None:
    editor = edit("about.ja.md").wait_preview("二。")
    editor.page.clock.install()
    editor.to_end().pass_time()
    sent = editor.watch("/admin/preview/", "/admin/journal/", "/admin/edit/")
    method = editor.input_method()
    for stage in ("k", "か", "かn", "かん", "かんじ", "漢字"):
        editor.compose(method, stage)
        editor.pass_time()
    for key in ("Enter", "s"):
        # The keys that an input method takes arrive with this code.
        editor.page.evaluate(
            "(key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            " { key, keyCode: 229, isComposing: true, ctrlKey: key === 's',"
            " bubbles: true, cancelable: true }))",
            key,
        )
    editor.pass_time()
    assert [one["url"] for one in sent] == []

    with editor.page.expect_request("**/admin/journal/**"):
        method.send("Input.insertText", {"text": "漢字"})
    editor.wait_preview("漢字").save().wait_state("saved")
    assert all("かん" not in one["text"] for one in sent)
    assert content(site, "about.ja.md") == FILES["content/about.ja.md"] + "漢字"


def test_the_toolbar_marks_up_and_takes_back(wide: OpenEditor) -> None:
    editor = wide()
    editor.to_end().type("\nword")
    for tool, made, again in (
        ("Bold", "**word**", 1),
        ("Italic", "*word*", 1),
        ("Code", "`word`", 1),
        ("List", "- word", 1),
        ("Numbered list", "1. word", 1),
        ("Quotation", "> word", 1),
        ("Heading", "## word", 3),
    ):
        editor.page.keyboard.press("Control+End")
        editor.page.keyboard.press("Control+Shift+ArrowLeft")
        button = editor.page.get_by_role("button", name=tool, exact=True)
        button.click()
        editor.wait_end(f"\n{made}")
        for _ in range(again):
            button.click()
        editor.wait_end("\nword")


def test_links_pictures_tables_and_shortcodes_are_put_in(wide: OpenEditor) -> None:
    editor = wide()
    page = editor.page
    editor.to_end()
    page.keyboard.press("Control+k")
    page.get_by_label("Text", exact=True).fill("The other")
    page.get_by_label("Address", exact=True).nth(1).fill("about.ja.md")
    page.keyboard.press("Enter")
    page.locator(".cm-line", has_text="[The other](about.ja.md)").wait_for()
    page.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_label("What the picture shows").fill("A hill [far]")
    page.get_by_role("dialog").get_by_label("Address").fill("my hill.jpg")
    page.get_by_role("button", name="Insert").click()
    page.locator(".cm-line", has_text=r"![A hill \[far\]](<my hill.jpg>)").wait_for()
    page.get_by_role("button", name="Table", exact=True).click()
    page.get_by_role("button", name="Shortcode", exact=True).click()
    page.get_by_label("Shortcode").last.select_option("details")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Insert").click()
    page.locator(".cm-line", has_text="{{< /details >}}").wait_for()

    editor.until(lambda: "| --- | --- | --- |" in editor.text)
    editor.wait_preview("Column 1")


def test_shortcuts_go_by_the_key_and_not_by_its_sign(wide: OpenEditor) -> None:
    editor = wide()
    editor.to_end().type("\nword")
    # On a Japanese keyboard ⇧8 is a bracket, and on a Mac ⌥T a cross.
    for code, key, shift, alt in (("Digit8", "(", True, False), ("KeyT", "†", False, True)):
        editor.page.evaluate(
            "(keys) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            " { ...keys, ctrlKey: true, bubbles: true, cancelable: true }))",
            {"code": code, "key": key, "shiftKey": shift, "altKey": alt},
        )

    editor.until(lambda: "\n- word\n\n| Column 1 |" in editor.text)


def test_find_and_replace(wide: OpenEditor) -> None:
    editor = wide()
    editor.to_end()
    editor.page.keyboard.press("Control+f")
    editor.page.get_by_role("textbox", name="Find").fill("o")
    editor.page.get_by_role("textbox", name="Replace").fill("0")
    editor.page.get_by_role("button", name="replace all").click()

    editor.until(lambda: "0ne.\n\nTw0." in editor.text)


def test_words_are_counted_as_the_site_counts_them(wide: OpenEditor) -> None:
    expect(wide().page.locator("[data-counts]")).to_contain_text("3 words")
    expect(wide("about.ja.md").page.locator("[data-counts]")).to_contain_text("2 characters")
