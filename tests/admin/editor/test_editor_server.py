"""What the editor's scripts ask the server for."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from desk_of_the_owner import FILES, content
from visitors import Visitor, study_of

ABOUT = FILES["content/about.md"]


def previewed(owner: Visitor, name: str, text: str) -> dict[str, Any]:
    found = owner.send(f"/admin/preview/{name}", {"text": text}).get_json()
    assert isinstance(found, dict)
    return found


def test_a_preview_is_the_page_itself_but_for_the_marks_of_lines(owner: Visitor) -> None:
    shown = previewed(owner, "about.md", ABOUT)["html"]

    assert re.sub(r' data-line="\d+"', "", shown) == owner.get("/about/").get_data(as_text=True)


def test_a_preview_touches_neither_the_disk_nor_the_site(owner: Visitor, site: Path) -> None:
    before = owner.get("/about/").data

    previewed(owner, "about.md", ABOUT.replace("About", "Else").replace("Two.", "Changed."))

    assert owner.get("/about/").data == before
    assert content(site, "about.md") == ABOUT


@pytest.mark.parametrize(
    ("name", "text", "address"),
    [
        ("brand-new.md", "---\ntitle: New\n---\nBody\n", "/brand-new/"),
        ("notes/first.md", "Body\n", "/notes/first/"),
        ("notes/_index.md", "---\ntitle: Notes\n---\nBody\n", "/notes/"),
        ("_index.md", "---\ntitle: Home\n---\nBody\n", "/"),
        ("draft.md", "---\ndraft: true\n---\nBody\n", "/draft/"),
        ("later.md", "---\ndate: 2999-01-01\n---\nBody\n", "/later/"),
        ("over.md", "---\nexpiryDate: 2001-01-01\n---\nBody\n", "/over/"),
        ("away.md", "---\nlink: https://example.org/\n---\nBody\n", "/away/"),
        ("headless.md", "---\nheadless: true\n---\nBody\n", "/headless/"),
        ("moved.ja.md", "---\nslug: 引越し\n---\nBody\n", "/ja/引越し/"),
    ],
)
def test_pages_that_nobody_sees_yet_have_a_preview(
    owner: Visitor, name: str, text: str, address: str
) -> None:
    found = previewed(owner, name, text)

    assert found["error"] is None
    assert found["address"] == address
    assert "Body" in found["html"] or address == "/"


def test_a_mistake_comes_with_its_line(owner: Visitor) -> None:
    shortcode = previewed(owner, "about.md", f"{ABOUT}\n{{{{< youtube >}}}}\n")
    front = previewed(owner, "about.md", "---\ntitle: [\n---\n")

    assert shortcode["error"]["line"] == 13
    assert [row["name"] for row in shortcode["fields"]] == ["title", "weight", "colour"]
    assert front["error"]["line"] in (2, 3)
    assert front["fields"] is None


def test_doubtful_places_come_with_their_lines(owner: Visitor) -> None:
    found = previewed(owner, "about.md", f"{ABOUT}\n[away](nowhere.md)\n")

    assert [one["line"] for one in found["warnings"]] == [13]
    assert found["error"] is None


def test_a_file_of_another_kind_has_no_preview(owner: Visitor) -> None:
    assert "not a page" in previewed(owner, "picture.jpg", "")["error"]["message"]


@pytest.mark.parametrize(
    "name", ["../config.toml", "..%2fconfig.toml", "%2e%2e/config.toml", "a%5cb.md", "/etc/passwd"]
)
@pytest.mark.parametrize("place", ["edit", "preview", "journal", "fields", "merge", "history"])
def test_no_path_leads_out_of_content(owner: Visitor, site: Path, place: str, name: str) -> None:
    before = content(site, "../config.toml")

    answer = owner.send(f"/admin/{place}/{name}", {"text": "x", "base": "", "tab": "t", "seq": 1})

    assert answer.status_code in (301, 308, 404, 405, 422) or answer.get_json()["error"]
    assert content(site, "../config.toml") == before
    assert not (site / "content" / "etc").exists()


def test_a_page_that_is_not_there_is_not_found(owner: Visitor) -> None:
    assert owner.get("/admin/edit/nowhere.md").status_code == 404
    assert owner.get("/admin/edit/nowhere.md?new").status_code == 200


def test_the_journal_keeps_the_newest_and_ignores_what_comes_late(owner: Visitor) -> None:
    journal = study_of(owner.client.application).desk.journal

    def put(seq: int, text: str) -> int:
        sent = {"tab": "a", "base": "v", "seq": seq, "text": text}
        return int(owner.send("/admin/journal/about.md", sent).get_json()["seq"])

    assert (put(5, "five"), put(4, "late")) == (5, 5)
    assert [draft.text for draft in journal.drafts(PurePosixPath("about.md"))] == ["five"]
    owner.send("/admin/journal/about.md", {"tab": "a", "seq": 5, "drop": True})
    assert journal.drafts(PurePosixPath("about.md")) == []


YAML, TOML = "---\ntitle: A\nx: 1\n---\n", '+++\ntitle = "A"\n+++\n'


@pytest.mark.parametrize(
    ("text", "name", "value", "line"),
    [
        (YAML, "tags", ["a", "b c"], "tags: [a, b c]\n"),
        (YAML, "weight", "7", "weight: 7\n"),
        (YAML, "draft", True, "draft: true\n"),
        (YAML, "date", "2026-11-22", "date: 2026-11-22\n"),
        (TOML, "date", "2026-11-22", "date = 2026-11-22\n"),
        (YAML, "x", "[1, two]", "x: [1, two]\n"),
        (YAML, "x", "plain words", "x: plain words\n"),
        ("Only text.\n", "title", "T", "title: T\n"),
    ],
)
def test_fields_are_written_as_the_front_matter_wants_them(
    owner: Visitor, text: str, name: str, value: object, line: str
) -> None:
    change = {"name": name, "input": "" if name == "x" else name, "value": value}
    answer = owner.send("/admin/fields/about.md", {"text": text, "changes": [change]}).get_json()

    assert line in answer["text"]


def test_emptying_a_field_takes_its_line_out(owner: Visitor) -> None:
    sent = {"text": ABOUT, "changes": [{"name": "weight", "input": "weight", "value": ""}]}

    assert owner.send("/admin/fields/about.md", sent).get_json()["text"] == ABOUT.replace("weight: 10\n", "")


def test_a_translation_tells_how_far_it_is_behind(owner: Visitor, site: Path) -> None:
    desk = study_of(owner.client.application).desk
    version = desk.open(PurePosixPath("about.md")).version
    translation = FILES["content/about.ja.md"].replace("title:", f"translatedFrom: {version}\ntitle:")
    (site / "content/about.ja.md").write_text(translation, encoding="utf-8")
    study_of(owner.client.application).source.changed()
    page = owner.get("/admin/beside/about.ja.md?other=about.md").get_data(as_text=True)
    assert "日本語 agrees with English." in page

    (site / "content/about.md").write_text(ABOUT.replace("Two.", "Two and a half.") + "\nFour.\n")
    page = owner.get("/admin/beside/about.ja.md?other=about.md").get_data(as_text=True)
    assert "日本語 is 2 paragraphs behind English." in page
    assert page.count('<pre class="behind"') == 2
    assert "Two<mark> and a half</mark>." in page

    other = owner.get("/admin/beside/about.md?other=about.ja.md").get_data(as_text=True)
    assert "日本語 is 2 paragraphs behind English." in other
    assert "Not translated yet" in other


def test_only_a_translation_stands_beside(owner: Visitor) -> None:
    assert owner.get("/admin/beside/about.md?other=long.md").status_code == 404
    assert owner.get("/admin/beside/about.md?other=../config.toml").status_code == 404


def test_an_old_version_is_not_lost_by_restoring_another(owner: Visitor, site: Path) -> None:
    desk = study_of(owner.client.application).desk
    first = desk.open(PurePosixPath("about.md"))
    sent = {"text": f"{ABOUT}More.\n", "base": first.version}
    assert owner.send("/admin/edit/about.md", sent).status_code == 200

    def texts() -> dict[str | None, str]:
        path = PurePosixPath("about.md")
        return {desk.past(path, one.id): one.id for one in desk.versions(path)}

    owner.post("/admin/history/about.md", {"version": texts()[ABOUT]})

    assert content(site, "about.md") == ABOUT
    assert f"{ABOUT}More.\n" in texts()


def test_an_unknown_version_is_not_found(owner: Visitor) -> None:
    assert owner.get("/admin/history/about.md?version=git-x").status_code == 404
    assert owner.post("/admin/history/about.md", {"version": "nothing"}).status_code == 404
