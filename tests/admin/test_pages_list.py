"""The list of pages: everything in its place, with its translations and its state."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from flask import Flask
from page_files import FILES
from selectolax.lexbor import LexborHTMLParser, LexborNode
from visitors import Clock, Visitor, study_of

from meishi.admin.study import Study
from meishi.content.editing.freshness import mark_translated
from meishi.factory import create_app
from meishi.freezing import main as freeze

MakeSite = Callable[..., Path]


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def rows(owner: Visitor, query: str = "") -> dict[str, LexborNode]:
    page = LexborHTMLParser(owner.get(f"/admin/pages/{query}").get_data(as_text=True))
    return {str(row.attributes["data-path"]): row for row in page.css("tr[data-row]")}


def words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def change(study: Study, path: str, text: str) -> None:
    (study.root / "content" / path).write_text(text, encoding="utf-8")
    study.source.changed()


def test_panels_come_in_the_menus_order_and_notes_under_their_section(owner: Visitor) -> None:
    assert list(rows(owner)) == [
        "_index.md", "about.md", "work.md", "notes/_index.md", "contact.md", "plan.md",
        "notes/soon.md", "notes/trip/index.md", "notes/rain.md", "notes/gone.md",
    ]  # fmt: skip


def test_each_language_has_its_column(owner: Visitor) -> None:
    about, work = rows(owner)["about.md"], rows(owner)["work.md"]

    assert [mark.attributes.get("href") for mark in about.css(".mark")] == [
        "/admin/edit/about.md", "/admin/edit/about.ja.md",
    ]  # fmt: skip
    assert work.css(".mark")[1].attributes["value"] == "ja work.md"


def test_states_are_said_in_words(owner: Visitor) -> None:
    found = {path: words(row.css(".states")[0]) for path, row in rows(owner).items()}

    assert found["plan.md"] == "Draft"
    assert found["notes/soon.md"] == "Scheduled in 3 hours"
    assert found["notes/gone.md"] == "Expired 3 weeks ago"
    assert found["about.md"] == ""


def test_a_scheduled_page_appears_by_itself(owner: Visitor, clock: Clock) -> None:
    assert owner.get("/notes/soon/").status_code == 404

    clock.pass_seconds(3 * 3600)

    assert owner.get("/notes/soon/").status_code == 200
    assert words(rows(owner)["notes/soon.md"].css(".states")[0]) == ""


def test_a_page_that_is_shown_before_its_time_is_scheduled_until_then(
    owner: Visitor, study: Study, clock: Clock
) -> None:
    (study.root / "config.toml").write_text("buildFuture = true\n" + str(FILES["config.toml"]))
    study.source.changed()
    assert list(rows(owner, "?state=scheduled")) == ["notes/soon.md"]

    clock.pass_seconds(3 * 3600)

    assert list(rows(owner, "?state=scheduled")) == []


def test_a_page_expires_by_itself(owner: Visitor, study: Study, clock: Clock) -> None:
    change(study, "work.md", "---\ntitle: Work\nexpiryDate: 2026-11-22T10:00:00Z\n---\nBusy.\n")
    assert owner.get("/work/").status_code == 200
    assert words(rows(owner)["work.md"].css(".states")[0]) == "Expires in 1 hour"

    clock.pass_seconds(3600)

    assert owner.get("/work/").status_code == 404
    assert "Expired" in words(rows(owner)["work.md"].css(".states")[0])


def test_a_file_that_cannot_be_read_stands_in_the_list(owner: Visitor, study: Study) -> None:
    change(study, "notes/broken.md", "---\ntitle: [\n---\n")

    assert words(rows(owner)["notes/broken.md"].css(".states")[0]) == "Cannot be read"
    assert list(rows(owner, "?state=broken")) == ["notes/broken.md"]
    assert "not valid YAML" in owner.get("/admin/pages/actions?path=notes/broken.md").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rain", ["notes/rain.md"]),
        ("q=RAIN+tokyo", ["notes/rain.md"]),
        ("q=weather", ["notes/rain.md"]),
        ("q=一です", ["about.md"]),
        ("q=notes/trip", ["work.md", "notes/trip/index.md"]),
        ("q=nothing+of+the+kind", []),
        ("state=draft", ["plan.md"]),
        ("state=scheduled", ["notes/soon.md"]),
        ("state=expired", ["notes/gone.md"]),
        ("language=ja", ["about.md", "contact.md"]),
        ("state=untranslated&section=.", ["_index.md", "work.md", "notes/_index.md", "plan.md"]),
        ("state=draft&language=ja", []),
        ("section=notes&q=bye", ["notes/gone.md"]),
    ],
)
def test_the_list_can_be_narrowed(owner: Visitor, query: str, found: list[str]) -> None:
    assert list(rows(owner, f"?{query}")) == found
    assert list(rows(owner, f"?{query}&part=list")) == found


def test_strange_queries_do_no_harm(owner: Visitor) -> None:
    for query in ("page=99", "page=-1", "page=²", "state=x", "section=../..", "language=xx", "q=%00%ff"):
        assert owner.get(f"/admin/pages/?{query}").status_code == 200, query


def test_a_translation_that_is_behind_says_by_how_much(owner: Visitor, study: Study) -> None:
    version = study.desk.open(PurePosixPath("about.md")).version
    change(study, "about.ja.md", mark_translated(str(FILES["content/about.ja.md"]), version))
    assert "behind" not in words(rows(owner)["about.md"])

    change(study, "about.md", str(FILES["content/about.md"]) + "\nNew.\n\nNewer.\n")

    assert "2 paragraphs behind" in words(rows(owner)["about.md"])
    assert "about.md" in rows(owner, "?state=untranslated")

    owner.post("/admin/pages/fresh", {"path": "about.md", "language": "ja"})
    assert "behind" not in words(rows(owner)["about.md"])


def test_another_weight_puts_no_translation_behind(owner: Visitor, study: Study) -> None:
    version = study.desk.open(PurePosixPath("about.md")).version
    change(study, "about.ja.md", mark_translated(str(FILES["content/about.ja.md"]), version))

    change(study, "about.md", str(FILES["content/about.md"]).replace("10", "11"))

    assert "behind" not in words(rows(owner)["about.md"])


def test_without_a_build_nothing_is_said_about_changes(owner: Visitor) -> None:
    assert "Unpublished" not in words(
        LexborHTMLParser(owner.get("/admin/pages/").get_data(as_text=True)).css(".tabs")[0]
    )


def test_changes_since_the_last_build_are_shown(
    owner: Visitor, study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(clock().timestamp())))
    assert freeze(["--source", str(study.root), "--quiet"]) == 0
    assert list(rows(owner, "?state=changed")) == []

    change(study, "about.md", "---\ntitle: About\nweight: 10\n---\nNew words.\n")
    change(study, "fresh.md", "---\ntitle: Fresh\n---\nHi.\n")
    change(study, "notes/trip/hills.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="9"/>')
    change(study, "contact.md", "+++\ntitle = 'Contact'\ndraft = true\n+++\n")

    found = {path: words(row.css(".states")[0]) for path, row in rows(owner, "?state=changed").items()}
    assert found == {
        "about.md": "EN Changed",
        "contact.md": "EN Draft Still published",
        "fresh.md": "New",
        "notes/trip/index.md": "Changed",
    }


def test_where_ci_builds_git_says_what_was_pushed(
    owner: Visitor, study: Study, tmp_path: Path, need: Callable[..., str]
) -> None:
    git = need("git")
    with (study.root / "config.toml").open("a") as config:
        config.write('\n[publish]\nvia = "push"\n')
    study.source.changed()

    def run(*arguments: str) -> None:
        identity = ("-c", "user.name=Ichi", "-c", "user.email=ichi@example.com")
        subprocess.run([git, "-C", str(study.root), *identity, *arguments], check=True, capture_output=True)

    subprocess.run([git, "init", "-q", "--bare", str(tmp_path / "far")], check=True)
    far = f"remote add origin {tmp_path / 'far'}"
    first = ("init -q -b main", "add config.toml content", "commit -q -m First", far)
    for step in (*first, "push -q -u origin main"):
        run(*step.split(" "))
    change(study, "about.md", "---\ntitle: About\nweight: 10\n---\nNew words.\n")
    change(study, "私.md", "---\ntitle: 私\n---\nHi.\n")

    found = {path: words(row.css(".states")[0]) for path, row in rows(owner, "?state=changed").items()}
    assert found == {"about.md": "EN Changed", "私.md": "New"}


def test_a_long_list_shows_the_first_of_each_section_and_the_rest_page_by_page(
    owner: Visitor, study: Study
) -> None:
    for number in range(230):
        (study.root / f"content/notes/n{number}.md").write_text(f"---\ntitle: N {number}\n---\n")
    study.source.changed()

    page = owner.get("/admin/pages/").get_data(as_text=True)
    assert len(rows(owner)) < 30
    assert "Show 222 more" in page
    seen = [path for number in (1, 2, 3) for path in rows(owner, f"?section=notes&page={number}")]
    assert len(seen) == len(set(seen)) == 234


def test_the_list_reads_no_file_again(owner: Visitor, study: Study) -> None:
    before = owner.get("/admin/pages/?q=rain").get_data(as_text=True)
    for file in (study.root / "content").rglob("*.md"):
        file.unlink()

    after = owner.get("/admin/pages/?q=rain").get_data(as_text=True)
    token = re.compile(r"[0-9a-f]{40,}")
    assert token.sub("", after) == token.sub("", before)


def test_the_list_speaks_japanese(owner: Visitor) -> None:
    page = owner.get("/admin/pages/", headers={"Accept-Language": "ja"}).get_data(as_text=True)

    assert "公開予定 <time" in page
    assert "3 時間後" in page


def test_nobody_else_sees_or_changes_anything(study_app: Flask, visitor: Visitor) -> None:
    assert visitor.get("/admin/pages/").status_code == 303
    for path in ("order", "new", "duplicate", "translate", "move", "delete", "restore", "erase", "fresh"):
        assert visitor.post(f"/admin/pages/{path}", {"path": "about.md"}).status_code in (303, 401)
    assert (study_of(study_app).root / "content/about.md").read_text() == FILES["content/about.md"]


def test_changes_need_the_token(owner: Visitor, study: Study) -> None:
    answer = owner.client.post(
        "/admin/pages/delete", data={"path": "about.md", "what": "all"}, base_url="http://localhost/"
    )

    assert answer.status_code == 403
    assert (study.root / "content/about.md").exists()
