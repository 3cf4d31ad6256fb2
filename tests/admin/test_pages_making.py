"""New pages, copies and translations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from flask import Flask
from page_files import FILES, state
from selectolax.lexbor import LexborHTMLParser
from visitors import Clock, Visitor

from meishi.admin.study import Study
from meishi.factory import create_app

MakeSite = Callable[..., Path]


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def text(study: Study, path: str) -> str:
    return (study.root / "content" / path).read_text(encoding="utf-8")


def test_a_title_is_enough(owner: Visitor, study: Study) -> None:
    response = owner.post("/admin/pages/new", {"title": "My first day"})

    assert response.headers["Location"] == "/admin/edit/my-first-day.md"
    assert 'title: "My first day"' in text(study, "my-first-day.md")


def test_a_section_has_its_own_archetype(owner: Visitor, study: Study) -> None:
    owner.post("/admin/pages/new", {"title": "雪", "section": "notes", "language": "ja"})

    assert "tags: [note]" in text(study, "notes/雪.ja.md")
    assert "date: 2026-11-22T18:00:00+09:00" in text(study, "notes/雪.ja.md")


def test_a_page_may_have_a_folder_for_its_pictures(owner: Visitor, study: Study) -> None:
    response = owner.post("/admin/pages/new", {"title": "Hills", "section": "notes", "folder": "1"})

    assert response.headers["Location"] == "/admin/edit/notes/hills/index.md"
    assert (study.root / "content/notes/hills/index.md").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("about", "has that name already"),
        ("ABOUT", "has that name already"),
        ("notes/trip", "content/notes/trip/index.md has that name already"),
        ("notes/trip/inner", "the folder of one page"),
        ("../out", "it has .. as a part"),
        ("fine: day", "has one of the signs"),
        ("fresh.ja", "ends with the language .ja"),
        ("notes/_index", "the name of a folder"),
        ("con", "Windows keeps the name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_beside_its_field(
    owner: Visitor, study: Study, name: str, reason: str
) -> None:
    before = state(study.root)

    answer = owner.post("/admin/pages/new", {"title": "A “fine” day", "name": name})

    page = LexborHTMLParser(answer.get_data(as_text=True))
    field = page.css_first("#name")
    assert answer.status_code == 422
    assert field is not None
    assert field.attributes["aria-invalid"] == "true"
    assert "problem" in str(field.attributes["aria-describedby"])
    problem, title = page.css_first("#problem"), page.css_first("input#title")
    assert problem is not None
    assert reason in problem.text()
    assert title is not None
    assert title.attributes["value"] == "A “fine” day"
    assert state(study.root) == before


def test_a_copy_is_a_draft_with_an_address_of_its_own(owner: Visitor, study: Study) -> None:
    response = owner.post("/admin/pages/duplicate", {"path": "notes/trip/index.md", "name": "notes/walk"})

    assert response.headers["Location"] == "/admin/edit/notes/walk/index.md"
    copy = text(study, "notes/walk/index.md")
    assert "draft: true" in copy
    assert "title: A trip (copy)" in copy
    assert "slug" not in copy
    assert "aliases" not in copy
    assert text(study, "notes/walk/hills.svg") == FILES["content/notes/trip/hills.svg"]
    assert text(study, "notes/trip/index.md") == FILES["content/notes/trip/index.md"]


def test_a_copy_has_all_languages(owner: Visitor, study: Study) -> None:
    owner.post("/admin/pages/duplicate", {"path": "about.ja.md", "name": "me"})

    assert "I am Ichi" in text(study, "me.md")
    assert "一です" in text(study, "me.ja.md")


def test_a_free_name_is_proposed(owner: Visitor) -> None:
    owner.post("/admin/pages/duplicate", {"path": "about.md", "name": "about-copy"})

    page = LexborHTMLParser(owner.get("/admin/pages/duplicate?path=about.md").get_data(as_text=True))
    field = page.css_first("#name")
    assert field is not None
    assert field.attributes["value"] == "about-copy-2"


def test_a_translation_begins_as_a_copy_that_knows_its_source(owner: Visitor, study: Study) -> None:
    version = study.desk.open(PurePosixPath("work.md")).version

    response = owner.post("/admin/pages/translate", {"translate": "ja work.md"})

    assert response.headers["Location"] == "/admin/edit/work.ja.md"
    made = text(study, "work.ja.md")
    assert f'translatedFrom: "{version}"' in made
    assert "draft: true" in made
    assert "See [me](about.md)" in made
    assert owner.get("/ja/work/").status_code == 404


def test_a_translation_of_a_bundle_lies_in_its_folder(owner: Visitor, study: Study) -> None:
    owner.post("/admin/pages/translate", {"translate": "ja notes/trip/index.md"})

    assert "aliases" not in text(study, "notes/trip/index.ja.md")


def test_what_is_translated_already_is_opened(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    response = owner.post("/admin/pages/translate", {"translate": "ja about.md"})

    assert response.headers["Location"] == "/admin/edit/about.ja.md"
    assert state(study.root) == before


@pytest.mark.parametrize("asked", ["", "ja", "xx about.md", "ja nothing.md", "ja ../config.toml"])
def test_nothing_else_is_translated(owner: Visitor, study: Study, asked: str) -> None:
    before = state(study.root)

    assert owner.post("/admin/pages/translate", {"translate": asked}).status_code in (404, 422)
    assert state(study.root) == before


def test_languages_with_folders_of_their_own_keep_them(make_site: MakeSite, clock: Clock) -> None:
    from visitors import PASSWORD, study_of

    config = (
        'baseURL = "https://example.com/"\n[languages.en]\nweight = 1\ncontentDir = "content/english"\n'
        '[languages.ja]\nweight = 2\ncontentDir = "content/japanese"\n'
    )
    files = {"config.toml": config, "content/english/about.md": "---\ntitle: About\n---\n"}
    app = create_app(make_site(files, name="two"), now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    owner = Visitor(app)
    owner.sign_in()

    owner.post("/admin/pages/translate", {"translate": "ja english/about.md"})
    owner.post("/admin/pages/move", {"path": "english/about.md", "name": "me"})

    found = sorted(file.name for file in (study_of(app).root / "content").rglob("*.md"))
    assert found == ["_index.md", "me.md", "me.md"]
