"""The front matter as a form, in step with the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_of_the_owner import FILES, OpenEditor, content
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_field_of_the_form_changes_its_line_alone(edit: OpenEditor, site: Path) -> None:
    editor = edit()
    editor.show("fields")
    editor.page.get_by_label("Title", exact=True).fill("About me")
    editor.page.locator(".surface .cm-line", has_text="title: About me # the first").wait_for(
        state="attached"
    )
    editor.save().wait_state("saved")

    assert content(site, "about.md") == FILES["content/about.md"].replace("title: About", "title: About me")


def test_form_and_text_stay_in_step(wide: OpenEditor) -> None:
    editor = wide()
    page = editor.page
    editor.show("fields")
    page.get_by_label("Tags").fill("walks, 散歩")
    page.keyboard.press("Enter")
    page.locator(".cm-line", has_text="tags: [walks, 散歩]").wait_for()
    page.get_by_label("Draft").check()
    page.locator(".cm-line", has_text="draft: true").wait_for()
    expect(page.locator("#other-colour")).to_have_value("red")

    editor.to_line_after("weight: 10").type("5")
    expect(page.locator("#field-weight")).to_have_value("105")
    page.get_by_label("Remove walks").click()
    page.locator(".cm-line", has_text="tags: [散歩]").wait_for()
    page.locator("#other-colour").fill("blue")
    page.locator(".cm-line", has_text="colour: 'blue'").wait_for()


def test_saving_waits_for_what_is_typed_in_the_form(wide: OpenEditor, site: Path) -> None:
    editor = wide()
    editor.show("fields")
    editor.page.get_by_label("Title", exact=True).fill("At once")
    # "Saved" stands there from before, until the save begins: the file is what tells.
    editor.save().until(lambda: "title: At once # the first panel\n" in content(site, "about.md"))
    editor.wait_state("saved")
    expect(editor.page.locator("h1")).to_have_text("At once")


def test_a_wrong_value_is_said_beside_its_field(wide: OpenEditor) -> None:
    editor = wide()
    editor.show("fields")
    editor.page.get_by_label("Order").fill("many")
    editor.page.get_by_text("weight must be a whole number, not 'many'").wait_for()

    assert "weight: 10" in editor.text


def test_broken_front_matter_opens_as_text_and_its_line_is_marked(edit: OpenEditor, site: Path) -> None:
    editor = edit("broken.md")
    expect(editor.page.locator("[data-problem]").first).to_contain_text("Line 4")
    expect(editor.page.locator(".cm-lintRange-error").first).to_be_attached()
    editor.show("fields")
    expect(editor.page.locator("[data-fields-broken]")).to_be_visible()
    expect(editor.page.get_by_label("Title", exact=True)).to_be_disabled()

    if editor.page.locator("#tab-write").is_visible():
        editor.show("write")
    editor.to_line_after("tags: [one").type("]")
    expect(editor.page.locator("[data-problem]").first).to_be_hidden()
    editor.show("fields")
    editor.page.get_by_label("Remove one").wait_for()
    editor.save().wait_state("saved")
    assert "tags: [one]\n" in content(site, "broken.md")


def test_a_field_waits_for_the_input_method(wide: OpenEditor) -> None:
    editor = wide("about.ja.md")
    editor.show("fields")
    sent = editor.watch("/admin/fields/")
    editor.page.get_by_label("Title", exact=True).fill("")
    editor.page.locator(".cm-line", has_text="title:").wait_for(state="detached")
    editor.page.clock.install()
    sent.clear()
    method = editor.input_method()
    for stage in ("わ", "わた", "わたs", "わたし"):
        editor.compose(method, stage)
        editor.pass_time()
    assert sent == []

    method.send("Input.insertText", {"text": "私"})
    editor.page.locator(".cm-line", has_text="title: 私").wait_for()
    assert len(sent) == 1
