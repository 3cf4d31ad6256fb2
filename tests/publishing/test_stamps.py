"""Changes are found by content; files that surely did not change are not read again."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from meishi.errors import FreezeError
from meishi.publishing import sources
from meishi.publishing.addresses import file_of, files_of
from meishi.publishing.sources import Root, circumstances, digest_of, scan

OLD = time.time_ns() - 3600 * 10**9


def aged(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, ns=(OLD, OLD))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Root:
    aged(tmp_path / "content/a.md", "a")
    aged(tmp_path / "content/notes/b.md", "b")
    return Root("site/content", str(tmp_path / "content"))


def test_every_file_is_found_with_its_hash(root: Root) -> None:
    found = scan([root], {})
    assert found.digests() == {
        "site/content/a.md": digest_of(f"{root.path}/a.md"),
        "site/content/notes/b.md": digest_of(f"{root.path}/notes/b.md"),
    }
    assert found.reread == 2


def test_a_file_alone_can_be_a_root(tmp_path: Path) -> None:
    aged(tmp_path / "config.toml", "x")
    assert list(scan([Root("site/config.toml", str(tmp_path / "config.toml"))], {}).stamps) == [
        "site/config.toml"
    ]
    assert scan([Root("none", str(tmp_path / "none"))], {}).stamps == {}


def test_what_surely_did_not_change_is_not_read_again(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    # Their status changed a moment ago; pretend that it was long ago.
    monkeypatch.setattr(sources, "RACY_NS", -(10**12))
    first = scan([root], {})
    again = scan([root], first.stamps)
    assert (again.stamps, again.reread) == (first.stamps, 0)


def test_a_file_written_a_moment_before_is_read_again(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    # A moment is two seconds; pretend that it is longer than this test may take.
    assert sources.RACY_NS == 2 * 10**9
    monkeypatch.setattr(sources, "RACY_NS", 10**12)
    first = scan([root], {})
    assert scan([root], first.stamps).reread == 2


def test_another_content_of_the_same_size_and_time_is_found(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "RACY_NS", -(10**12))
    first = scan([root], {})
    time.sleep(0.02)
    aged(Path(root.path) / "a.md", "A")
    assert scan([root], first.stamps).digests() != first.digests()


def test_links_that_go_round_end(root: Root) -> None:
    (Path(root.path) / "notes/up").symlink_to(root.path)
    (Path(root.path) / "notes/there").symlink_to(Path(root.path) / "notes")
    assert len(scan([root], {}).stamps) < 10


def test_options_libraries_and_the_date_are_circumstances() -> None:
    same = circumstances(["a"], {})
    assert circumstances(["a"], {"HOME": "x"}) == same
    assert circumstances(["b"], {}) != same
    assert circumstances(["a"], {"SOURCE_DATE_EPOCH": "1"}) != same


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/about/", "about/index.html"),
        ("/404.html", "404.html"),
        ("/日本/", "日本/index.html"),
    ],
)
def test_an_address_has_its_file(address: str, path: str) -> None:
    assert file_of(address) == path


@pytest.mark.parametrize(
    "address",
    [
        "about/",
        "/../x",
        "/a/../b",
        "/a//b",
        "/a\\b",
        "/a:b/",
        "/con/",
        "/x/NUL.txt",
        "/LPT1/",
        "/a./",
        "/a /",
        "/?/",
        "/" + "x" * 256 + "/",
        "/a\nb/",
        "/./",
    ],
)
def test_an_address_that_no_file_can_have_everywhere_is_refused(address: str) -> None:
    with pytest.raises(FreezeError):
        file_of(address)


def test_names_that_only_look_reserved_are_fine() -> None:
    for address in ("/console/", "/com10/", "/nul-set/", "/.well-known/x", "/a.b/", "/icon/"):
        assert file_of(address)


def test_clashes_name_both() -> None:
    _, errors = files_of(["/a/", "/A/", "/b", "/b/", "/c/index.html", "/c/"])
    assert [error.message.split(" ")[:3] for error in errors] == [
        ["/a/", "and", "/A/"],
        ["/c/index.html", "and", "/c/"],
        ["/b", "and", "/b/"],
    ]
