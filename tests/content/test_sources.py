"""Which files below content/ are pages, in which language, and which belong to them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from meishi.content.sources import Places, Sources, scan
from meishi.errors import ContentError

PLACES = Places(languages=("en", "ja"), default="en", disabled=("fr",))


def found(root: Path, *paths: str, places: Places = PLACES) -> Sources:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x", encoding="utf-8")
    return scan(root, places)


@pytest.mark.parametrize(
    ("path", "language", "key", "kind", "folder", "name"),
    [
        ("about.md", "en", "about", "page", "", "about"),
        ("about.ja.md", "ja", "about", "page", "", "about"),
        ("about.JA.md", "ja", "about", "page", "", "about"),
        ("about.en.md", "en", "about", "page", "", "about"),
        ("v1.2.md", "en", "v1.2", "page", "", "v1.2"),
        ("v1.2.ja.md", "ja", "v1.2", "page", "", "v1.2"),
        ("about.de.md", "en", "about.de", "page", "", "about.de"),
        ("ja.md", "en", "ja", "page", "", "ja"),
        ("about.markdown", "en", "about", "page", "", "about"),
        ("ABOUT.MD", "en", "ABOUT", "page", "", "ABOUT"),
        ("_index.md", "en", "", "home", "", "_index"),
        ("index.ja.md", "ja", "", "home", "", "index"),
        ("notes/_index.ja.md", "ja", "notes", "section", "notes", "_index"),
        ("notes/a.md", "en", "notes/a", "page", "notes", "a"),
        ("notes/trip/index.ja.md", "ja", "notes/trip", "bundle", "notes/trip", "index"),
        ("自己紹介.ja.md", "ja", "自己紹介", "page", "", "自己紹介"),
    ],
)
def test_a_pages_name_says_its_language_and_kind(
    tmp_path: Path, path: str, language: str, key: str, kind: str, folder: str, name: str
) -> None:
    (page,) = found(tmp_path, path).pages

    assert (page.path, page.language, page.key, page.kind) == (path, language, key, kind)
    assert (page.folder, page.name) == (folder, name)


def test_other_files_are_kept_apart_from_pages(tmp_path: Path) -> None:
    sources = found(tmp_path, "about.md", "photo.jpg", "notes/trip/photo.ja.jpg", "cv.pdf")

    assert [page.path for page in sources.pages] == ["about.md"]
    assert list(sources.files) == ["cv.pdf", "photo.jpg", "notes/trip/photo.ja.jpg"]


def test_hidden_backup_and_snapshot_files_are_not_read(tmp_path: Path) -> None:
    sources = found(
        tmp_path,
        ".hidden.md",
        ".git/a.md",
        "about.md~",
        "about.md.swp",
        "x.tmp",
        ".DS_Store",
        "guestbook.json",
    )

    assert (sources.pages, dict(sources.files)) == ((), {})


def test_markdown_in_a_bundle_belongs_to_its_page(tmp_path: Path) -> None:
    sources = found(
        tmp_path,
        "notes/trip/index.md",
        "notes/trip/more.md",
        "notes/trip/deep/index.md",
        "notes/trip/index.ja.md",
        "notes/trips.md",
    )

    assert [page.path for page in sources.pages] == [
        "notes/trips.md",
        "notes/trip/index.ja.md",
        "notes/trip/index.md",
    ]
    assert sources.inside_bundles == ("notes/trip/deep/index.md", "notes/trip/more.md")


def test_pages_of_a_language_that_is_turned_off_are_not_read(tmp_path: Path) -> None:
    places = Places(("en",), "en", disabled=("fr",), folders=(("fr", "fr"),))

    sources = found(tmp_path, "about.fr.md", "fr/notes.md", "fr/photo.jpg", "about.md", places=places)

    assert [page.path for page in sources.pages] == ["about.md"]
    assert dict(sources.files) == {}


def test_a_language_may_have_a_folder_of_its_own(tmp_path: Path) -> None:
    places = Places(("en", "ja"), "en", folders=(("ja", "ja"),))

    sources = found(tmp_path, "notes/a.md", "ja/notes/a.md", "ja/trip/index.md", places=places)

    pages = {page.path: page for page in sources.pages}
    assert (pages["ja/notes/a.md"].language, pages["notes/a.md"].language) == ("ja", "en")
    assert pages["ja/notes/a.md"].key == pages["notes/a.md"].key == "notes/a"
    assert (pages["ja/trip/index.md"].folder, pages["ja/trip/index.md"].bundle) == ("trip", "ja/trip")


def test_names_in_decomposed_letters_meet_their_translations(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "がらす.ja.md")

    pages = found(tmp_path, decomposed, "がらす.md").pages

    assert {page.key for page in pages} == {"がらす"}
    assert decomposed in {page.path for page in pages}


def test_a_digest_changes_with_the_content_alone(tmp_path: Path) -> None:
    before = found(tmp_path, "a.md", "b.md").pages

    os.utime(tmp_path / "a.md", (1, 1))
    assert scan(tmp_path, PLACES).pages == before
    assert before[0].digest == before[1].digest
    (tmp_path / "a.md").write_text("y", encoding="utf-8")
    assert scan(tmp_path, PLACES).pages[0].digest != before[0].digest


def test_a_file_that_vanishes_while_content_is_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")

    sources = found(tmp_path, "about.md")

    assert [page.path for page in sources.pages] == ["about.md"]
    assert dict(sources.files) == {}


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    def refuse(path: str) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "about.md").write_text("x", encoding="utf-8")

    with pytest.raises(
        ContentError, match=r"content/about\.md: the file cannot be read \(Permission denied\)"
    ):
        scan(tmp_path, PLACES, refuse)


def test_no_content_at_all_is_an_empty_site(tmp_path: Path) -> None:
    assert scan(tmp_path / "content", PLACES).pages == ()
