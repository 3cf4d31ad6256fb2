"""Names that become paths."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from desks import OWNER, new_desk, new_site
from hypothesis import given
from hypothesis import strategies as st

from meishi.content.editing.errors import PathError
from meishi.content.editing.paths import content_path, inside

BAD = [
    "",
    " ",
    "/",
    "..",
    "../x.md",
    "a/../b.md",
    "a/./b.md",
    "./a.md",
    "/etc/passwd",
    "//host/share",
    "C:\\x.md",
    "C:x.md",
    "c:/x.md",
    "a\\b.md",
    "..\\x.md",
    "a\x00.md",
    "a\n.md",
    "a\tb.md",
    "a\x7f.md",
    "a\u2028b.md",
    "a\u202eb.md",
    "\ufeffa.md",
    "a\ud800.md",
    ".git/config",
    ".hidden.md",
    "a/.b/c.md",
    "a//b.md",
    "a/",
    "a.md.",
    "a.md ",
    " a.md",
    "a /b.md",
    "con",
    "CON.md",
    "notes/nul.md",
    "Aux.ja.md",
    "com1.md",
    "LPT9.x.md",
    "com².md",
    "conin$",
    "a<b.md",
    'a"b.md',
    "a|b.md",
    "a?.md",
    "a*.md",
    "a:b.md",
    "a.md:stream",
    "x" * 256,
    "日" * 86,
    "a/" * 500 + "b.md",
    "a.md~",
    "a.swp",
    "a.tmp",
    "\u3000a.md",
]
GOOD = [
    "about.md",
    "about.ja.md",
    "notes/_index.md",
    "日本語/旅 日記.md",
    "a.b.c.md",
    "content.md",
    "コン.md",
    "console.md",
]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_name_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(PathError) as refused:
        content_path(name)
    assert str(refused.value).isprintable()
    assert refused.value.hint


@pytest.mark.parametrize("name", BAD)
def test_a_bad_name_writes_nothing_wherever_it_is_used(tmp_path: Path, name: str) -> None:
    """Also where a path was made without the check."""
    site = new_site(tmp_path / "site")
    desk = new_desk(site)
    before = sorted(tmp_path.rglob("*"))
    path = PurePosixPath(name)
    for act in (
        lambda: desk.create(path, "x", OWNER),
        lambda: desk.open(path),
        lambda: desk.rename(PurePosixPath("about.md"), path, OWNER),
        lambda: desk.delete(path, OWNER),
    ):
        if content_name_is_fine(path):
            continue  # PurePosixPath itself put it right: "a/./b.md" is "a/b.md"
        with pytest.raises(PathError):
            act()
    found = [file for file in tmp_path.rglob("*") if "instance" not in file.parts]
    assert sorted(found) == before


def content_name_is_fine(path: PurePosixPath) -> bool:
    try:
        content_path(path.as_posix())
    except PathError:
        return False
    return True


@pytest.mark.parametrize("name", GOOD)
def test_a_good_name_passes(name: str) -> None:
    assert content_path(name).as_posix() == name


def test_letters_taken_apart_are_put_together() -> None:
    assert content_path(unicodedata.normalize("NFD", "ガイド.md")).as_posix() == "ガイド.md"


@given(st.text(max_size=20))
def test_whatever_passes_stays_inside(name: str) -> None:
    root = Path("/nowhere/content")
    try:
        place = inside(root, content_path(name))
    except PathError:
        return
    assert root in place.parents


def test_a_file_with_letters_taken_apart_is_found_under_its_name(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "ガイド.md")
    (tmp_path / apart).write_text("x", encoding="utf-8")

    assert inside(tmp_path, content_path("ガイド.md")).read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(
    ("there", "wanted"), [("About.md", "about.md"), ("Notes/a.md", "notes/b.md"), ("Ärzte.md", "ärzte.md")]
)
def test_names_that_differ_only_in_capitals_are_refused(tmp_path: Path, there: str, wanted: str) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("x", encoding="utf-8")

    with pytest.raises(PathError, match="capitals"):
        inside(tmp_path, content_path(wanted))


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("no links here")


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site")
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    link(site / "content" / "file.md", tmp_path / "secret.md")
    link(site / "content" / "folder", tmp_path / "outside")
    link(site / "content" / "far", Path("../../outside"))
    link(site / "content" / "dangling.md", tmp_path / "not-there.md")
    desk = new_desk(site)

    for name in ("file.md", "folder/x.md", "far/x.md", "dangling.md"):
        with pytest.raises(PathError, match="out of"):
            desk.create(PurePosixPath(name), "x", OWNER)
        with pytest.raises(PathError, match="out of"):
            desk.delete(PurePosixPath(name), OWNER)
    assert (tmp_path / "secret.md").read_text(encoding="utf-8") == "secret"
    assert list((tmp_path / "outside").iterdir()) == []
    assert not (tmp_path / "not-there.md").exists()


def test_a_link_within_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site")
    link(site / "content" / "me.md", Path("about.md"))
    desk = new_desk(site)
    opened = desk.open(PurePosixPath("me.md"))
    desk.save(PurePosixPath("me.md"), "new\n", opened.version, OWNER)

    assert (site / "content" / "me.md").is_symlink()
    assert (site / "content" / "about.md").read_text(encoding="utf-8") == "new\n"


def test_a_content_folder_that_is_a_link_itself_works(tmp_path: Path) -> None:
    real = new_site(tmp_path / "real")
    (tmp_path / "site").mkdir()
    link(tmp_path / "site" / "content", real / "content")

    assert new_desk(tmp_path / "site").open(PurePosixPath("about.md")).text


def test_a_file_is_no_folder_and_a_folder_no_file(tmp_path: Path) -> None:
    desk = new_desk(new_site(tmp_path / "site"))
    with pytest.raises(PathError, match="not a folder"):
        desk.create(PurePosixPath("about.md/x.md"), "x", OWNER)
    desk.create(PurePosixPath("notes/x.md"), "x", OWNER)
    with pytest.raises(PathError, match="folder"):
        desk.open(PurePosixPath("notes"))


@pytest.mark.skipif(os.name == "nt", reason="no named pipes")
def test_a_pipe_does_not_hang_the_server(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site")
    os.mkfifo(site / "content" / "pipe.md")
    with pytest.raises(PathError, match="file"):
        new_desk(site).open(PurePosixPath("pipe.md"))
