"""From a changed word to what visitors see, and back to what they saw before, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from publish_site import PublishSite, ended, pressed
from visitors import PASSWORD, Visitor, study_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PATIENCE = 120_000
# What axe looks for first: controls without a name, an id twice, names that lead nowhere.
UNSOUND = """() => {
  const controls = "button, input:not([type=hidden]), select, a, iframe, progress";
  const shown = [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility());
  const named = (one) => one.getAttribute("aria-label") || one.labels?.[0]?.textContent.trim() || one.title
    || one.textContent.trim();
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const levels = [...document.querySelectorAll("main :is(h1, h2, h3)")].map((one) => +one.tagName[1]);
  return [
    ...shown.filter((one) => !named(one)).map((one) => one.outerHTML),
    ...ids.filter((id, at) => ids.indexOf(id) !== at),
    ...[...document.querySelectorAll("[aria-labelledby]")].map((one) => one.getAttribute("aria-labelledby"))
      .filter((id) => !document.getElementById(id)),
    ...levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1).map((level) => `gap at h${level}`),
    ...(document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : []),
  ];
}"""


@pytest.fixture
def study_app(publish_app: Flask) -> Flask:
    return publish_app


def sound(page: Page) -> None:
    assert page.evaluate(UNSOUND) == []


def wait_for_plan(page: Page) -> None:
    page.locator("#publish-form button").first.wait_for(timeout=PATIENCE)
    page.wait_for_load_state()  # with its shortcuts


def wait_for_live(page: Page) -> None:
    page.locator("[data-outcome=live]").wait_for(timeout=PATIENCE)


def test_edit_publish_see_restore_and_see_the_old(
    owner_page: Callable[..., Page], publish_site: PublishSite, publish_app: Flask, width: int
) -> None:
    from playwright.sync_api import expect

    page = owner_page("/admin/edit/about.md", width=width)
    public = page.context.new_page()
    page.locator("form[data-ready]").wait_for()
    page.locator("#text, .cm-content").locator("visible=true").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" They hang in kitchens.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-publish]")).not_to_have_attribute("hidden", "", timeout=30_000)
    if width < 1000:
        page.get_by_role("button", name="More about this page").click()
        page.locator("#editor-more").get_by_role("link", name="Publish", exact=True).click()
    else:
        page.locator("[data-publish]").click()
    wait_for_plan(page)
    sound(page)
    assert publish_site.tip == ""
    page.get_by_role("button", name="Publish now").click()
    wait_for_live(page)
    sound(page)
    public.goto(f"{publish_site.address}about/")
    assert public.get_by_text("They hang in kitchens.").is_visible()

    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    study_of(publish_app).source.changed()
    page.get_by_role("link", name="Publish", exact=True).last.click()
    wait_for_plan(page)
    page.get_by_role("link", name="/about/", exact=True).click()
    page.get_by_role("heading", name="/about/").wait_for()
    sound(page)
    if width < 1000:
        page.get_by_text("Published now", exact=True).first.click()
    old = page.frame_locator("iframe[title='Published now']")
    old.get_by_text("They hang in kitchens.").wait_for()
    if width < 1000:
        page.get_by_text("After publishing", exact=True).first.click()
    page.frame_locator("iframe[title='After publishing']").get_by_text("I draw maps of lakes.").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    wait_for_plan(page)
    publish_site.branch.frozen = publish_site.tip  # what visitors see lags behind, as on the real web
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("[data-stage=live]")).to_have_attribute("data-standing", "current", timeout=PATIENCE)
    expect(page.locator("[data-item]")).to_have_text("it still serves an older build", timeout=PATIENCE)
    sound(page)
    publish_site.branch.frozen = ""
    wait_for_live(page)
    public.reload()
    public.get_by_text("I draw maps of lakes.").wait_for()

    page.get_by_role("link", name="Earlier publications").click()
    expect(page.locator(".versions li")).to_have_count(2)
    page.locator(".versions a").last.click()
    sound(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open it").click()
    opened.value.get_by_text("One card").or_(
        opened.value.get_by_role("heading", name="Ichi")
    ).first.wait_for()
    opened.value.get_by_role("link", name="About").first.click()
    opened.value.get_by_text("They hang in kitchens.").locator("visible=true").first.wait_for()
    assert "/admin/publications/" in opened.value.url
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Restore it").click()
    wait_for_live(page)
    public.reload()
    public.get_by_text("They hang in kitchens.").wait_for()


def test_by_keys_alone_an_alias_opens_a_gate(
    owner_page: Callable[..., Page], publish_site: PublishSite, publish_app: Flask
) -> None:
    from playwright.sync_api import expect

    owner = Visitor(publish_app)
    owner.sign_in()
    pressed(owner, "/admin/publish/")
    (publish_site.root / "content/work.md").rename(publish_site.root / "content/craft.md")
    study_of(publish_app).source.changed()
    page = owner_page("/admin/", width=390)
    page.locator(".actions").get_by_role("link", name="Publish").focus()
    page.keyboard.press("Enter")
    wait_for_plan(page)
    sound(page)
    before = publish_site.tip
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.querySelector('[name=allow]').validity.valueMissing")
    page.locator("[name=allow]").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Lead it to craft.md"
    page.keyboard.press("Enter")
    expect(page.locator(".gate")).to_have_count(0, timeout=PATIENCE)
    wait_for_plan(page)
    assert page.locator(".gate").count() == 0
    assert "/work/" in (publish_site.root / "content/craft.md").read_text()
    assert publish_site.tip == before
    page.keyboard.press("Control+Enter")
    wait_for_live(page)


def test_without_scripts_it_is_published_and_watched_by_reloading(
    study_address: str, new_page: Callable[..., Page], publish_site: PublishSite
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 760})
    page.goto(f"{study_address}/admin/sign-in?next=/admin/publish/")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="See what would change").click()
    wait_for_plan(page)
    page.get_by_role("button", name="Publish now").click()
    wait_for_live(page)

    assert publish_site.tip


def test_it_is_cancelled_by_its_button(
    owner_page: Callable[..., Page], publish_site: PublishSite, publish_app: Flask
) -> None:
    hook = publish_site.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nwhile :; do sleep 0.1; done\n")
    hook.chmod(0o755)
    page = owner_page("/admin/publish/")
    wait_for_plan(page)
    page.get_by_role("button", name="Publish now").click()
    page.locator("[data-stage=push][data-standing=current]").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Cancel").click()
    page.locator("[data-outcome=cancelled]").wait_for(timeout=PATIENCE)

    assert ended(publish_app).outcome == "cancelled"
    assert publish_site.tip == ""
