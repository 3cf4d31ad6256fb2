"""The front matter as a form, in step with the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_of_the_owner import FILES, OpenEditor, content

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
    assert page.locator("#other-colour").input_value() == "red"

    editor.to_line_after("weight: 10").type("5")
    page.wait_for_function("() => document.querySelector('#field-weight').value === '105'")
    page.get_by_label("Remove walks").click()
    page.locator(".cm-line", has_text="tags: [散歩]").wait_for()
    page.locator("#other-colour").fill("blue")
    page.locator(".cm-line", has_text="colour: 'blue'").wait_for()


def test_saving_waits_for_what_is_typed_in_the_form(wide: OpenEditor, site: Path) -> None:
    editor = wide()
    editor.show("fields")
    editor.page.get_by_label("Title", exact=True).fill("At once")
    editor.save().wait_state("saved")
    editor.page.wait_for_function("() => document.querySelector('h1').textContent === 'At once'")

    assert "title: At once # the first panel\n" in content(site, "about.md")


def test_a_wrong_value_is_said_beside_its_field(wide: OpenEditor) -> None:
    editor = wide()
    editor.show("fields")
    editor.page.get_by_label("Order").fill("many")
    editor.page.get_by_text("weight must be a whole number, not 'many'").wait_for()

    assert "weight: 10" in editor.text


def test_broken_front_matter_opens_as_text_and_its_line_is_marked(edit: OpenEditor, site: Path) -> None:
    editor = edit("broken.md")
    editor.page.locator("[data-problem]:not([hidden])").first.wait_for()
    assert "Line 4" in editor.page.locator("[data-problem]").first.inner_text()
    assert editor.page.locator(".cm-lintRange-error").count() >= 1
    editor.show("fields")
    assert editor.page.get_by_label("Title", exact=True).is_disabled()

    if editor.page.locator("#tab-write").is_visible():
        editor.show("write")
    editor.to_line_after("tags: [one").type("]")
    editor.page.locator("[data-problem]").first.wait_for(state="hidden")
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
    sent.clear()
    method = editor.input_method()
    for stage in ("わ", "わた", "わたs", "わたし"):
        editor.compose(method, stage)
        editor.page.wait_for_timeout(200)
    assert sent == []

    method.send("Input.insertText", {"text": "私"})
    editor.page.locator(".cm-line", has_text="title: 私").wait_for()
    assert len(sent) == 1
