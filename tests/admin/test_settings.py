"""The settings, by form and as text: checked first, and never more changed than was meant."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from visitors import PASSWORD, Clock, Visitor, study_of
from werkzeug.datastructures import MultiDict

from meishi.factory import create_app

CONFIG = """\
# The site. Keep this note.
baseURL = "https://www.example.com/"
title = 'Ichi'   # mine

[languages.en]
languageName = "English"
weight = 1
[languages.ja]
languageName = "日本語"
weight = 2
description = "一枚"

[params]
# accent = "#1f6f8b"
unknown = [1, 2]

[[params.social]]
medium = "GitHub"
icon = "github"
link = "https://github.com/ichi"
rel = "me noopener"

# the second
[[params.social]]
name = "Blog"
link = "https://blog.example.com/"

[[menus.main]]
name = "Blog"
url = "https://blog.example.com/"
weight = 30
"""


class Fields(HTMLParser):
    """Read what a browser would send of the settings form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiDict[str, str] = MultiDict()
        self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "data-settings" in got
        if not self._inside:
            return
        if tag == "input" and got.get("name") and (got.get("type") != "checkbox" or "checked" in got):
            self.fields.add(got["name"], got.get("value", ""))
        if tag == "select":
            self._select = got["name"]
            self.fields.add(self._select, "")
        if tag == "option" and self._select and "selected" in got:
            self.fields.setlist(self._select, [got.get("value", "")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


@pytest.fixture
def root(make_site: Callable[..., Path]) -> Path:
    return make_site({"config.toml": CONFIG, "content/about.md": "---\ntitle: About\n---\nHi\n"})


@pytest.fixture
def app(root: Path, clock: Clock) -> Flask:
    app = create_app(root, now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    return app


@pytest.fixture
def owner(app: Flask) -> Visitor:
    found = Visitor(app)
    found.sign_in()
    return found


def form(owner: Visitor) -> MultiDict[str, str]:
    reader = Fields()
    reader.feed(owner.get("/admin/settings/").get_data(as_text=True))
    return reader.fields


def send(owner: Visitor, fields: MultiDict[str, str], path: str = "/admin/settings/") -> Any:
    return owner.client.post(
        path, data=fields, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}, base_url="http://localhost/"
    )


def config(root: Path) -> str:
    return (root / "config.toml").read_text(encoding="utf-8")


def test_saving_the_form_unchanged_writes_nothing(owner: Visitor, root: Path) -> None:
    before = (root / "config.toml").stat().st_mtime_ns

    assert send(owner, form(owner)).status_code == 303

    assert config(root) == CONFIG
    assert (root / "config.toml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("title", "Ichi Taro", "title = 'Ichi'   # mine", "title = 'Ichi Taro'   # mine"),
        ("language-ja-description", "二枚", 'description = "一枚"', 'description = "二枚"'),
        ("language-en-weight", "3", "weight = 1", "weight = 3"),
    ],
)
def test_one_field_changes_one_line(
    owner: Visitor, root: Path, key: str, value: str, old: str, new: str
) -> None:
    fields = form(owner)
    fields.setlist(key, [value])

    assert send(owner, fields).status_code == 303

    assert config(root) == CONFIG.replace(old, new, 1)


def test_a_new_setting_stands_where_its_note_was(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    fields["params.accent"] = "#1f6f8b"
    fields["params.author.name"] = "一郎"
    fields["timeZone"] = "Asia/Tokyo"

    assert send(owner, fields).status_code == 303

    read = tomllib.loads(config(root))
    assert (read["params"]["accent"], read["timeZone"]) == ("#1f6f8b", "Asia/Tokyo")
    assert read["params"]["author"] == {"name": "一郎"}
    assert "Keep this note." in config(root)
    kept = [line for line in CONFIG.splitlines() if line and "accent" not in line]
    assert [line for line in kept if line not in config(root).splitlines()] == []


def test_links_keep_what_the_form_does_not_know(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    fields.setlist("social-name", ["Code", "Blog", "Mail"])
    fields.setlist("social-icon", ["github", "", "envelope"])
    fields.setlist(
        "social-link", ["https://github.com/ichi", "https://blog.example.com/", "mailto:i@example.com"]
    )
    fields.setlist("social-at", ["0", "1", ""])

    assert send(owner, fields).status_code == 303

    assert tomllib.loads(config(root))["params"]["social"] == [
        {"medium": "Code", "icon": "github", "link": "https://github.com/ichi", "rel": "me noopener"},
        {"name": "Blog", "link": "https://blog.example.com/"},
        {"name": "Mail", "icon": "envelope", "link": "mailto:i@example.com"},
    ]
    assert "# the second" in config(root)


def test_links_change_their_order_and_go(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    for name in ("name", "icon", "link", "at"):
        values = fields.getlist(f"social-{name}")
        fields.setlist(f"social-{name}", [values[1], values[0]])
    send(owner, fields)
    assert [row["link"][8:12] for row in tomllib.loads(config(root))["params"]["social"]] == ["blog", "gith"]

    fields = form(owner)
    for name in ("name", "icon", "link", "at"):
        fields.setlist(f"social-{name}", [])
    send(owner, fields)
    assert "social" not in tomllib.loads(config(root))["params"]


def test_menu_entries_lead_to_pages_or_addresses(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    fields.setlist("menu-at", ["0", ""])
    fields.setlist("menu-name", ["Blog", "Start"])
    fields.setlist("menu-link", ["https://blog.example.com/", "/about"])
    fields.setlist("menu-weight", ["5", "1"])

    assert send(owner, fields).status_code == 303

    assert tomllib.loads(config(root))["menus"]["main"] == [
        {"name": "Blog", "url": "https://blog.example.com/", "weight": 5},
        {"name": "Start", "pageRef": "/about", "weight": 1},
    ]


def test_a_language_is_added(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    fields["new-language-code"], fields["new-language-name"] = "fr", "Français"

    assert send(owner, fields).status_code == 303

    assert tomllib.loads(config(root))["languages"]["fr"] == {"languageName": "Français", "weight": 3}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("baseURL", "example", "baseURL must be a whole address"),
        ("timeZone", "Mars/Base", "there is no time zone"),
        ("params.accent", "red; } body {", "accent"),
        ("language-en-weight", "first", "must be a whole number"),
        ("new-language-code", "日本", "is not a language code"),
        ("menu-link", "/nowhere", "the menu names the page nowhere"),
    ],
)
def test_what_the_site_would_refuse_is_not_written(
    owner: Visitor, root: Path, key: str, value: str, reason: str
) -> None:
    fields = form(owner)
    fields.setlist(key, [value])

    response = send(owner, fields)

    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert reason in page
    assert config(root) == CONFIG
    # What was typed is still in the form, to be put right.
    reader = Fields()
    reader.feed(page)
    assert value in reader.fields.getlist(key) or key == "new-language-code"


def test_a_change_elsewhere_is_kept(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    (root / "config.toml").write_text(CONFIG.replace("weight = 30", "weight = 31"), encoding="utf-8")
    fields["title"] = "Ni"

    assert send(owner, fields).status_code == 303

    assert "weight = 31" in config(root)
    assert "title = 'Ni'" in config(root)


def test_the_same_line_changed_elsewhere_is_shown_and_settled(owner: Visitor, root: Path) -> None:
    fields = form(owner)
    theirs = CONFIG.replace("title = 'Ichi'", "title = 'Theirs'")
    (root / "config.toml").write_text(theirs, encoding="utf-8")
    fields["title"] = "Mine"

    response = send(owner, fields)
    assert response.status_code == 409
    page = response.get_data(as_text=True)
    assert "Mine" in page
    assert "Theirs" in page
    assert config(root) == theirs

    settles = page.split('name="settles" value="')[1].split('"')[0]
    part = page.split('name="part-')[1].split('"')[0]
    mine = CONFIG.replace("title = 'Ichi'", "title = 'Mine'")
    data = MultiDict(
        {
            "csrf_token": owner.token, "base": fields["base"], "settles": settles,
            "text": mine.replace("\n", "\r\n"), f"part-{part}": "mine",
        }
    )  # fmt: skip
    assert send(owner, data, "/admin/settings/text").status_code == 303
    assert "title = 'Mine'" in config(root)


def text_form(owner: Visitor, text: str) -> MultiDict[str, str]:
    page = owner.get("/admin/settings/text").get_data(as_text=True)
    base = page.split('name="base" value="')[1].split('"')[0]
    return MultiDict({"csrf_token": owner.token, "base": base, "text": text.replace("\n", "\r\n")})


def test_the_text_is_saved_as_it_was_typed(owner: Visitor, root: Path) -> None:
    text = CONFIG + '\n# more\n[params.extra]\nx = "y"\n'

    assert send(owner, text_form(owner, text), "/admin/settings/text").status_code == 303

    assert (root / "config.toml").read_bytes() == text.encode()


def test_a_broken_text_is_not_written_and_the_line_is_named(owner: Visitor, root: Path) -> None:
    response = send(owner, text_form(owner, CONFIG + "x = = 1\n"), "/admin/settings/text")

    page = response.get_data(as_text=True)
    line = CONFIG.count("\n") + 1
    assert response.status_code == 422
    assert f"config.toml:{line}" in page
    assert f'data-number="{line}"' in page
    assert "x = = 1" in page
    assert config(root) == CONFIG


def test_a_file_that_was_broken_outside_opens_as_text_with_its_line(owner: Visitor, root: Path) -> None:
    owner.get("/admin/settings/")
    broken = CONFIG.replace("weight = 2", "weight = ")
    (root / "config.toml").write_text(broken, encoding="utf-8")

    response = owner.get("/admin/settings/")

    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "<textarea" in page
    assert f"config.toml:{broken.splitlines().index('weight = ') + 1}" in page
    assert send(owner, text_form(owner, CONFIG), "/admin/settings/text").status_code == 303
    assert config(root) == CONFIG


def test_line_ends_and_a_mark_stay(owner: Visitor, root: Path) -> None:
    (root / "config.toml").write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    fields = form(owner)
    fields["title"] = "Ni"

    assert send(owner, fields).status_code == 303

    expected = CONFIG.replace("'Ichi'", "'Ni'").replace("\n", "\r\n").encode()
    assert (root / "config.toml").read_bytes() == b"\xef\xbb\xbf" + expected


def test_icons_are_found_by_name(owner: Visitor) -> None:
    page = owner.get("/admin/settings/icons?q=mastod").get_data(as_text=True)

    if "not installed" not in page:
        assert 'data-icon="mastodon"' in page
