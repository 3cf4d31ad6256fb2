"""The site's own page beside the text."""

from __future__ import annotations

import pytest
from desk_of_the_owner import OpenEditor
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_mistake_stands_over_the_last_good_preview(wide: OpenEditor) -> None:
    editor = wide().wait_preview("Three.")
    editor.to_end().type("\n{{< nothing >}}")

    problem = editor.page.locator("[data-preview-problem]")
    expect(problem).to_contain_text("Line 13: the shortcode nothing is not known")
    expect(problem).to_be_visible()
    expect(editor.frame.get_by_text("Three.")).to_be_visible()


def test_a_new_block_brings_the_style_sheet_it_needs(wide: OpenEditor) -> None:
    editor = wide().wait_preview("Three.")
    expect(editor.frame.locator("link[href*=rich]")).to_have_count(0)
    editor.to_end().type("\n| a | b |\n| - | - |\n| 1 | 2 |")
    editor.frame.locator("table td").first.wait_for()

    expect(editor.frame.locator("link[href*=rich]")).to_have_count(1)


def test_typing_touches_only_its_own_block_of_the_preview(wide: OpenEditor) -> None:
    editor = wide().wait_preview("Three.")
    editor.frame.get_by_text("One.").evaluate(
        "(one) => { one.mark = 'kept'; one.ownerDocument.body.mark = 'kept' }"
    )
    editor.to_line_after("Two.").type(" and a half")
    editor.wait_preview("Two. and a half")

    assert (
        editor.frame.get_by_text("One.").evaluate("(one) => one.mark + one.ownerDocument.body.mark")
        == "keptkept"
    )


def test_the_preview_follows_the_text_and_the_text_the_preview(wide: OpenEditor) -> None:
    editor = wide("long.md").wait_preview("Paragraph 120 ")
    page = editor.page
    page.locator(".surface .cm-scroller").hover()
    page.mouse.wheel(0, 2400)
    frame = next(one for one in page.frames if one.name == "preview")
    frame.wait_for_function("() => scrollY > 800")

    def stand_together() -> bool:
        near = frame.evaluate(
            "[...document.querySelectorAll('[data-line]')]"
            ".find((one) => one.getBoundingClientRect().top >= 0).dataset.line"
        )
        top = page.evaluate(
            "[...document.querySelectorAll('.cm-lineNumbers .cm-gutterElement')]"
            ".find((one) => one.getBoundingClientRect().top"
            " > document.querySelector('.cm-scroller').getBoundingClientRect().top)"
            ".textContent"
        )
        return abs(int(near) - int(top)) <= 6

    editor.until(stand_together)

    page.locator("[data-frame]").hover()
    page.mouse.wheel(0, 3000)
    page.wait_for_function("() => document.querySelector('.cm-scroller').scrollTop > 3000")


def test_a_click_in_the_preview_leads_to_its_source(edit: OpenEditor) -> None:
    editor = edit("long.md")
    editor.show("preview").wait_preview("Paragraph 40 ")
    editor.frame.get_by_text("Paragraph 40 ").click()
    editor.page.locator(".surface .cm-activeLine", has_text="Paragraph 40 ").wait_for()

    expect(editor.page.locator(".surface .cm-content")).to_be_visible()


def test_no_link_of_the_preview_leads_away(wide: OpenEditor) -> None:
    editor = wide().wait_preview("Three.")
    editor.frame.get_by_role("link", name="Ichi").first.click()
    editor.to_end().type("\nStill here.")

    editor.wait_preview("Still here.")
