"""Renaming and moving: translations go along, old addresses and links go on working."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from page_files import FILES, state
from selectolax.lexbor import LexborHTMLParser
from visitors import Clock, Visitor

from meishi.admin.study import Study
from meishi.factory import create_app

MakeSite = Callable[..., Path]
KEEP = {"aliases": "1", "links": "1"}


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def move(owner: Visitor, path: str, name: str, **more: str) -> int:
    return owner.post("/admin/pages/move", {"path": path, "name": name, **(more or KEEP)}).status_code


def text(study: Study, path: str) -> str:
    return (study.root / "content" / path).read_text(encoding="utf-8")


def test_the_form_shows_where_a_page_is_and_keeps_its_address(owner: Visitor) -> None:
    page = LexborHTMLParser(owner.get("/admin/pages/move?path=about.ja.md").get_data(as_text=True))

    name, aliases = page.css_first("#name"), page.css_first("input[name=aliases]")
    assert name is not None
    assert name.attributes["value"] == "about"
    assert aliases is not None
    assert "checked" in aliases.attributes
    assert [link.text() for link in page.css(".links a")] == ["Rain", "Work"]


def test_translations_move_along_and_old_addresses_lead_to_the_new_ones(owner: Visitor, study: Study) -> None:
    assert move(owner, "about.md", "me") == 303

    assert not (study.root / "content/about.ja.md").exists()
    assert "aliases: [/about/]" in text(study, "me.md")
    assert owner.get("/me/").status_code == owner.get("/ja/me/").status_code == 200
    for old, new in (("/about/", "/me/"), ("/ja/about/", "/ja/me/")):
        page = owner.get(old)
        assert new in page.headers.get("Location", page.get_data(as_text=True))


def test_only_the_lines_of_links_and_aliases_change(owner: Visitor, study: Study) -> None:
    move(owner, "about.md", "who/me")

    assert text(study, "work.md") == str(FILES["content/work.md"]).replace("(about.md)", "(who/me.md)")
    assert text(study, "notes/rain.md") == str(FILES["content/notes/rain.md"]).replace(
        '"about.md"', '"who/me.md"'
    )
    assert text(study, "who/me.md").startswith("---\ntitle: About   # me\nweight: 10\n")
    assert study.source.errors == ()


def test_the_owner_hears_what_was_mended(owner: Visitor) -> None:
    response = owner.post("/admin/pages/move", {"path": "about.md", "name": "me", **KEEP})

    page = LexborHTMLParser(owner.get(response.headers["Location"]).get_data(as_text=True))
    assert [notice.text() for notice in page.css(".notices .notice")] == [
        "Moved to me.", "2 links were mended.", "2 old addresses lead to the new ones.",
    ]  # fmt: skip


def test_a_link_that_cannot_be_mended_is_named(owner: Visitor, study: Study) -> None:
    (study.root / "content/work.md").write_text("---\ntitle: Work\n---\n[about me](ab&#111;ut.md)\n")
    study.source.changed()

    response = owner.post("/admin/pages/move", {"path": "about.md", "name": "me", **KEEP})

    page = owner.get(response.headers["Location"]).get_data(as_text=True)
    assert "could not be mended by themselves: work.md:4" in page


def test_a_bundle_moves_with_its_pictures(owner: Visitor, study: Study) -> None:
    move(owner, "notes/trip/index.md", "trip")

    assert text(study, "trip/hills.svg") == FILES["content/notes/trip/hills.svg"]
    assert "[the trip](trip/index.md), [again](/notes/journey/)" in text(study, "work.md")
    assert owner.get("/journey/").status_code == 200
    assert "/notes/journey/" in text(study, "trip/index.md")


def test_an_address_that_stays_needs_no_alias(owner: Visitor, study: Study) -> None:
    move(owner, "notes/trip/index.md", "notes/walk")

    assert text(study, "notes/walk/index.md") == FILES["content/notes/trip/index.md"]


def test_a_section_moves_with_all_its_pages(owner: Visitor, study: Study) -> None:
    move(owner, "notes/_index.md", "diary")

    assert owner.get("/diary/rain/").status_code == 200
    assert "/diary/rain/" in owner.get("/notes/rain/", follow_redirects=True).request.path or (
        b"/diary/rain/" in owner.get("/notes/rain/").data
    )
    assert "(diary/trip/index.md)" in text(study, "work.md")
    assert study.source.errors == ()


def test_nothing_is_added_against_the_owners_wish(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    move(owner, "about.md", "me", aliases="", links="")

    after = state(study.root)
    assert after["content/me.md"] == before["content/about.md"]
    assert after["content/work.md"] == before["content/work.md"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("work", "content/work.md has that name already"),
        ("notes/trip/about", "the folder of one page"),
        ("../about", "it has .. as a part"),
        ("/about2", "it begins with /"),
        ("", "the name is empty"),
        ("me\\you", "it has a backslash"),
    ],
)
def test_a_place_that_cannot_be_is_refused_beside_its_field(
    owner: Visitor, study: Study, name: str, reason: str
) -> None:
    before = state(study.root)

    answer = owner.post("/admin/pages/move", {"path": "about.md", "name": name, **KEEP})

    problem = LexborHTMLParser(answer.get_data(as_text=True)).css_first("#problem")
    assert answer.status_code == 422
    assert problem is not None
    assert reason in problem.text()
    assert state(study.root) == before


def test_the_same_name_changes_nothing(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    assert move(owner, "about.md", "about.md") == 303
    assert state(study.root) == before


def test_only_capitals_may_change(owner: Visitor, study: Study) -> None:
    assert move(owner, "about.md", "About") == 303
    assert (study.root / "content/About.ja.md").exists()


def test_what_the_menu_of_the_settings_names_does_not_move(owner: Visitor, study: Study) -> None:
    menu = '\n[[menus.main]]\npageRef = "/contact"\nweight = 1\n'
    (study.root / "config.toml").write_text(str(FILES["config.toml"]) + menu)
    study.source.changed()
    before = state(study.root)

    assert move(owner, "contact.md", "write") == 422
    assert owner.post("/admin/pages/delete", {"path": "contact.md", "what": "all"}).status_code == 422
    assert state(study.root) == before


def test_pages_that_are_not_there_cannot_move(owner: Visitor) -> None:
    assert move(owner, "nothing.md", "me") == 404
    assert move(owner, "_index.md", "me") == 404
