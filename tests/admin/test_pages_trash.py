"""Deleting, and the way back."""

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


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def delete(owner: Visitor, path: str, what: str = "all") -> str:
    """Delete a page and return the list that follows."""
    response = owner.post("/admin/pages/delete", {"path": path, "what": what})
    assert response.status_code == 303
    return owner.get(response.headers["Location"]).get_data(as_text=True)


def undo(owner: Visitor, page: str) -> None:
    ids = [str(field.attributes["value"]) for field in LexborHTMLParser(page).css(".undo input[name=id]")]
    fields = {"csrf_token": owner.token, "id": ids}
    owner.client.post("/admin/pages/restore", data=fields, base_url="http://localhost/")


def test_a_deleted_page_comes_back_byte_for_byte(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    page = delete(owner, "about.md")

    assert owner.get("/about/").status_code == 404
    assert not (study.root / "content/about.ja.md").exists()
    undo(owner, page)
    assert state(study.root) == before
    assert owner.get("/ja/about/").status_code == 200


def test_a_bundle_goes_with_its_pictures(owner: Visitor, study: Study) -> None:
    before = state(study.root)
    assert "hills.svg" in owner.get("/admin/pages/delete?path=notes/trip/index.md").get_data(as_text=True)

    page = delete(owner, "notes/trip/index.md")

    assert not (study.root / "content/notes/trip").exists()
    undo(owner, page)
    assert state(study.root) == before


def test_one_language_may_go_alone(owner: Visitor, study: Study) -> None:
    delete(owner, "about.md", "ja")

    assert (study.root / "content/about.md").exists()
    assert not (study.root / "content/about.ja.md").exists()


def test_a_section_goes_alone_or_with_its_pages(owner: Visitor, study: Study) -> None:
    before = state(study.root)
    page = delete(owner, "notes/_index.md")
    assert (study.root / "content/notes/rain.md").exists()
    undo(owner, page)

    page = delete(owner, "notes/_index.md", "folder")
    assert not (study.root / "content/notes").exists()
    undo(owner, page)
    assert state(study.root) == before


def test_who_links_to_a_page_is_said_before(owner: Visitor) -> None:
    page = LexborHTMLParser(owner.get("/admin/pages/delete?path=notes/trip/index.md").get_data(as_text=True))

    assert [link.text() for link in page.css(".links a")] == ["Work"]
    assert "2 links lead here" in page.text()


def test_a_taken_name_asks_for_another(owner: Visitor, study: Study) -> None:
    delete(owner, "work.md")
    (study.root / "content/work.md").write_text("---\ntitle: Other\n---\n")
    item = study.desk.trash()[0].id

    answer = owner.post("/admin/pages/restore", {"id": item})

    page = LexborHTMLParser(answer.get_data(as_text=True))
    field, problem = page.css_first("#to"), page.css_first("#problem")
    assert answer.status_code == 422
    assert field is not None
    assert field.attributes["value"] == "work.md"
    assert problem is not None
    assert "a file of that name already" in problem.text()
    assert owner.post("/admin/pages/restore", {"id": item, "to": "work-2.md"}).status_code == 303
    assert (study.root / "content/work-2.md").read_text() == FILES["content/work.md"]


def test_erasing_is_for_good(owner: Visitor, study: Study) -> None:
    delete(owner, "work.md")
    delete(owner, "plan.md")
    first = study.desk.trash()[0]

    owner.post("/admin/pages/erase", {"id": first.id})
    assert first.id not in [item.id for item in study.desk.trash()]
    assert len(study.desk.trash()) == 1
    owner.post("/admin/pages/erase")
    assert study.desk.trash() == []
    assert "The trash is empty" in owner.get("/admin/pages/trash").get_data(as_text=True)


@pytest.mark.parametrize("what", ["", "xx", "folder"])
def test_nothing_else_is_deleted(owner: Visitor, study: Study, what: str) -> None:
    before = state(study.root)

    assert owner.post("/admin/pages/delete", {"path": "about.md", "what": what}).status_code == 400
    assert state(study.root) == before


def test_what_is_not_in_the_trash_cannot_come_back(owner: Visitor) -> None:
    answer = owner.post("/admin/pages/restore", {"id": "../../../etc"})

    assert answer.status_code == 422
    assert "no longer in the trash" in answer.get_data(as_text=True)
