"""`flask list`: Hugo's columns, one line a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
MakeSite = Callable[..., Path]

FILES = {
    "content/about.md": "---\ntitle: About, me\nweight: 1\n---\n",
    "content/draft.md": "---\ndraft: true\ndate: 2026-01-02\nslug: d\n---\n",
    "content/notes/future.md": "---\ndate: 2027-01-01\n---\n",
    "content/notes/old.md": "---\ndate: 2020-01-01T10:00:00+09:00\nexpiryDate: 2021-01-01\n---\n",
    "content/notes/trip/index.md": "---\ndate: 2026-01-03\npublishDate: 2026-01-04\n---\n",
    "content/notes/_index.md": "---\ntitle: 覚え書き\n---\n",
}


def rows(done: Result) -> list[dict[str, str]]:
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.output)))


def test_the_columns_and_values_are_hugos(flask: Run, make_site: MakeSite) -> None:
    done = flask(make_site(FILES), "list", "all")

    assert done.output.splitlines()[0] == (
        "path,slug,title,date,expiryDate,publishDate,draft,permalink,kind,section"
    )
    assert 'content/about.md,,"About, me",0001-01-01T00:00:00Z' in done.output
    by_path = {row["path"]: row for row in rows(done)}
    assert by_path["content/draft.md"] == {
        "path": "content/draft.md",
        "slug": "d",
        "title": "Draft",
        "date": "2026-01-02T00:00:00Z",
        "expiryDate": "0001-01-01T00:00:00Z",
        "publishDate": "2026-01-02T00:00:00Z",
        "draft": "true",
        "permalink": "https://www.example.com/d/",
        "kind": "page",
        "section": "",
    }
    old = by_path["content/notes/old.md"]
    assert (old["date"], old["expiryDate"]) == ("2020-01-01T10:00:00+09:00", "2021-01-01T00:00:00Z")
    trip = by_path["content/notes/trip/index.md"]
    assert (trip["publishDate"], trip["section"]) == ("2026-01-04T00:00:00Z", "notes")
    index = by_path["content/notes/_index.md"]
    assert (index["kind"], index["section"], index["title"]) == ("section", "notes", "覚え書き")
    assert (by_path["content/_index.md"]["kind"], by_path["content/_index.md"]["section"]) == ("home", "")


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("all", {"_index", "about", "draft", "future", "old", "index", "notes/_index"}),
        ("drafts", {"draft"}),
        ("future", {"future"}),
        ("expired", {"old"}),
        ("published", {"_index", "about", "index", "notes/_index"}),
    ],
)
def test_each_list_has_its_pages(flask: Run, make_site: MakeSite, which: str, names: set[str]) -> None:
    found = {row["path"] for row in rows(flask(make_site(FILES), "list", which))}

    assert {
        path.removeprefix("content/").removesuffix(".md").replace("notes/trip/", "") for path in found
    } == {f"notes/{name}" if name in ("future", "old") else name for name in names}


def test_addresses_stand_below_the_base_path(flask: Run, make_site: MakeSite) -> None:
    root = make_site({"config.toml": 'baseURL = "https://ichi.example/web/"', "content/私.md": ""})

    found = {row["path"]: row["permalink"] for row in rows(flask(root, "list", "all"))}
    assert found["content/私.md"] == "https://ichi.example/web/%E7%A7%81/"


def test_a_broken_file_is_told_in_one_line(flask: Run, make_site: MakeSite) -> None:
    done = flask(make_site({"content/x.md": "---\ndraft: 5\n---\n"}), "list", "all")

    assert done.exit_code == 1
    assert done.output.startswith("Error: content/x.md:2: draft must be true or false, not 5.")


def test_help_names_every_list(flask: Run, make_site: MakeSite) -> None:
    text = flask(make_site(), "list", "--help").output

    assert all(name in text for name in ("all", "drafts", "future", "expired", "published"))
    assert "flask list all > pages.csv" in text
