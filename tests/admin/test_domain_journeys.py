"""The way to a domain of one's own, as a person goes it: wide and narrow, without scripts too."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from visitors import PASSWORD, Clock

from meishi.factory import create_app
from small_internet import NameServer, good_records, serving_names

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PLACE = "/admin/publish/domain/"
# What axe looks for first: controls without a name, an id twice, and nothing wider than the window.
FAULTS = """() => {
  const found = [];
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`id twice: ${id}`);
  for (const each of document.querySelectorAll("main :is(button, a, input:not([type=hidden]), select)")) {
    const name = each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent;
    if (!name.trim()) found.push(`no name: ${each.outerHTML}`);
  }
  for (const each of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    for (const name of ["aria-describedby", "aria-labelledby"]) {
      for (const id of (each.getAttribute(name) ?? "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) found.push(`${name} leads nowhere: ${id}`);
      }
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the window");
  return found;
}"""


@pytest.fixture
def new_app(make_site: Callable[..., Path], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Make the app of a site with a remote at GitHub, on a small internet where www leads elsewhere."""
    root = make_site({"config.toml": 'baseURL = "https://ichi.github.io/web/"\ntitle = "Ichi"\n'})
    for command in (["init", "-q"], ["remote", "add", "origin", "https://github.com/ichi/web.git"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    names = NameServer(good_records())
    names.records["www.example.com"] = {"CNAME": ["old.example.net."]}
    monkeypatch.setenv("MEISHI_WEB_SERVERS", "127.0.0.1:9,127.0.0.1:9")
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with serving_names(names):
        monkeypatch.setenv("MEISHI_DNS_SERVERS", f"127.0.0.1:{names.port}")
        app = create_app(root, now=clock, reload=False)
        app.extensions["names"] = names
        yield app


def test_from_githubs_address_to_a_domain_that_is_looked_at(
    owner_page: Callable[..., Page], study_app: Flask, width: int
) -> None:
    page = owner_page(PLACE, width=width)
    assert page.evaluate(FAULTS) == []
    page.get_by_role("link", name="Use my own domain").click()
    page.get_by_label("Your domain").fill("example")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("Write it like www.example.com").wait_for()
    assert page.evaluate(FAULTS) == []

    page.get_by_label("Your domain").fill("www.example.com")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The records to enter").wait_for()
    page.get_by_label("In the form of").select_option(label="Cloudflare")
    page.get_by_text("“DNS only”").wait_for()
    assert page.get_by_role("button", name="Show").count() == 0
    row = page.get_by_role("row", name="CNAME www ichi.github.io")
    row.wait_for()
    assert page.evaluate(FAULTS) == []

    page.get_by_role("button", name="Look now").click()
    page.get_by_role("heading", name="Next step").wait_for(timeout=60_000)
    step = page.get_by_role("region", name="Next step")
    assert "www.example.com leads to old.example.net" in step.inner_text()
    assert "www.example.com. 3600 IN CNAME ichi.github.io." in step.inner_text()
    assert page.evaluate(FAULTS) == []

    # What is well is folded; a key opens it.
    caa = page.locator("summary", has_text="CAA records")
    more = caa.locator("..").get_by_text("Nothing was found that would be in the way.")
    assert not more.is_visible()
    caa.press("Enter")
    more.wait_for()

    study_app.extensions["names"].records["www.example.com"] = {"CNAME": ["ichi.github.io."]}
    page.get_by_role("button", name="Look again").click()
    page.get_by_text("www.example.com leads to ichi.github.io.", exact=True).wait_for(timeout=60_000)


def test_a_value_is_copied(owner_page: Callable[..., Page], width: int) -> None:
    page = owner_page(f"{PLACE}use", width=width, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Your domain").fill("www.example.com")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="CNAME www ichi.github.io")
    row.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == "ichi.github.io"


def test_the_way_works_without_scripts_and_in_japanese(
    study_address: str, new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(java_script_enabled=False, locale="ja-JP", viewport={"width": width, "height": 860})
    page.goto(f"{study_address}/admin/sign-in?next={PLACE}use")
    page.locator("#password").fill(PASSWORD)
    page.locator("form:has(#password) button.primary").click()
    page.get_by_label("ドメイン", exact=True).fill("日本語.jp")
    page.get_by_role("button", name="このドメインを使う").click()
    page.get_by_role("heading", name="設定するレコード").wait_for()
    page.get_by_label("入力画面").select_option(label="お名前.com")
    page.get_by_role("button", name="表示").click()
    page.get_by_role("columnheader", name="ホスト名").wait_for()

    assert page.get_by_role("button", name="コピー").count() == 0
    page.get_by_role("button", name="今すぐ確かめる").click()
    page.get_by_role("heading", name="次にすること").wait_for(timeout=60_000)
    assert "xn--wgv71a119e.jp は登録されていない" in page.locator("main").inner_text()
