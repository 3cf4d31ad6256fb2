"""The cache remembers; damaged, old or shared, it never makes a build wrong."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from meishi.content import cache as cache_module
from meishi.content.cache import DocumentCache
from meishi.content.documents import Document, MarkdownSettings
from meishi.content.markdown import render
from meishi.content.pages import blank_page
from meishi.publishing.forking import Fork

DOCUMENT = render("# One\n\nText with [a link](about.md).\n", MarkdownSettings())
PAGE = blank_page("en", "/one/", "One", "one")


def filled(path: Path, version: str = "1", documents: Mapping[str, Document] | None = None) -> DocumentCache:
    cache = DocumentCache(path, version)
    for key, document in (documents or {"one": DOCUMENT}).items():
        cache.put(key, document)
    cache.keep_page("digest", PAGE)
    cache.save()
    cache.close()
    return DocumentCache(path, version)


def test_what_was_put_in_comes_out_in_the_next_run(tmp_path: Path) -> None:
    cache = filled(tmp_path / "c.sqlite")
    assert cache.get("one") == DOCUMENT
    assert cache.get("two") is None
    assert cache.page("digest") == PAGE
    assert cache.page("other") is None
    assert cache.missing(["two", "one", "two", "three"]) == ["two", "three"]
    cache.close()


def test_it_is_there_before_it_is_saved(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path / "c.sqlite")
    cache.put("one", DOCUMENT)
    cache.keep_page("digest", PAGE)
    assert cache.get("one") == DOCUMENT
    assert cache.page("digest") == PAGE
    assert cache.missing(["one"]) == []
    cache.close()


def test_another_version_of_the_code_starts_anew(tmp_path: Path) -> None:
    filled(tmp_path / "c.sqlite", "1").close()
    cache = DocumentCache(tmp_path / "c.sqlite", "2")
    assert cache.get("one") is None
    assert cache.page("digest") is None
    cache.close()


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"SQLite format 3\0 and then nonsense" * 99])
def test_a_damaged_file_starts_anew(tmp_path: Path, damage: bytes) -> None:
    filled(tmp_path / "c.sqlite").close()
    (tmp_path / "c.sqlite").write_bytes(damage)
    cache = DocumentCache(tmp_path / "c.sqlite", "1")
    assert cache.get("one") is None
    assert cache.page("digest") is None
    cache.put("one", DOCUMENT)
    cache.save()
    cache.close()
    cache = DocumentCache(tmp_path / "c.sqlite", "1")
    assert cache.get("one") == DOCUMENT
    cache.close()


def test_damage_in_the_middle_of_the_file_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    filled(path, documents={f"key{number}": DOCUMENT for number in range(200)}).close()
    data = bytearray(path.read_bytes())
    for place in range(4096, len(data), 97):
        data[place] ^= 0x55
    path.write_bytes(data)
    cache = DocumentCache(path, "1")
    for number in range(200):
        assert cache.get(f"key{number}") in (None, DOCUMENT)
    cache.missing(["key1"])
    cache.page("digest")
    cache.put("new", DOCUMENT)
    cache.save()
    cache.close()


def test_a_damaged_row_counts_as_absent(tmp_path: Path) -> None:
    filled(tmp_path / "c.sqlite").close()
    with sqlite3.connect(tmp_path / "c.sqlite") as connection:
        connection.execute("UPDATE documents SET document = ?", (b"not a pickle",))
        connection.execute("UPDATE pages SET value = ?", (b"\x80",))
    connection.close()
    cache = DocumentCache(tmp_path / "c.sqlite", "1")
    assert cache.get("one") is None
    assert cache.page("digest") is None
    cache.close()


def test_two_processes_may_use_it_at_once(tmp_path: Path) -> None:
    first, second = DocumentCache(tmp_path / "c.sqlite"), DocumentCache(tmp_path / "c.sqlite")
    first.put("one", DOCUMENT)
    second.put("two", DOCUMENT)
    first.save()
    second.save()
    assert first.get("two") == second.get("one") == DOCUMENT
    first.close()
    second.close()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").mkdir()
    cache = DocumentCache(tmp_path / "c.sqlite")
    assert cache.get("one") is None
    cache.put("one", DOCUMENT)
    cache.save()
    assert cache.get("one") == DOCUMENT
    cache.close()


def test_what_no_page_uses_any_more_is_dropped_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_SPARE_ROWS", 5)
    path = tmp_path / "c.sqlite"
    filled(path, documents={f"old{number}": DOCUMENT for number in range(10)}).close()
    cache = DocumentCache(path, "1")
    cache.missing(["old1", "new"])
    cache.put("new", DOCUMENT)
    cache.save()
    assert cache.missing(["old1", "new", "old2"]) == ["old2"]
    cache.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
def test_what_a_copy_of_the_process_saves_is_found_without_asking_the_copy(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path / "c.sqlite")
    cache.keep_page("digest", PAGE)
    assert cache.missing(["one", "two", "three"]) == ["one", "two", "three"]
    cache.put("one", DOCUMENT)

    def work() -> tuple[bool, list[str], dict[str, bytes]]:
        cache.after_fork()
        saved = cache.save_pages()
        cache.put("two", DOCUMENT)
        return saved, *cache.hand_over({"one"})

    saved, stored, rest = Fork(work).result()
    assert (saved, stored, rest) == (True, ["two"], {})
    cache.learn(stored, pages=saved)
    assert cache.get("two") == DOCUMENT
    assert cache.get("three") is None
    cache.save()
    cache.close()
    after = DocumentCache(tmp_path / "c.sqlite")
    assert after.missing(["one", "two"]) == []
    assert after.page("digest") == PAGE
    after.close()


def test_a_copy_hands_over_what_it_cannot_save(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").mkdir()
    cache = DocumentCache(tmp_path / "c.sqlite")
    cache.put("one", DOCUMENT)
    cache.put("two", DOCUMENT)
    assert not cache.save_pages()
    stored, rest = cache.hand_over({"one"})
    assert (stored, list(rest)) == ([], ["two"])
    other = DocumentCache(tmp_path / "d.sqlite")
    other.add(rest)
    assert other.get("two") == DOCUMENT
    other.close()


def test_workers_are_asked_for_what_is_not_there(tmp_path: Path) -> None:
    import pickle

    cache = filled(tmp_path / "c.sqlite")
    asked: list[str] = []

    def source(key: str) -> bytes | None:
        asked.append(key)
        return pickle.dumps(DOCUMENT) if key == "two" else None

    cache.source = source
    assert cache.get("one") == DOCUMENT
    assert cache.get("two") == DOCUMENT
    assert cache.get("three") is None
    assert asked == ["two", "three"]
    cache.save()
    assert cache.missing(["two"]) == []
    cache.close()


def test_pages_stay_however_many_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "_APART", 4)
    path = tmp_path / "c.sqlite"
    for number in range(12):
        cache = DocumentCache(path)
        assert [cache.page(f"digest{n}") for n in range(number)] == [PAGE] * number
        assert cache.page(f"digest{number}") is None
        cache.keep_page(f"digest{number}", PAGE)
        assert cache.page(f"digest{number}") == PAGE
        cache.save()
        cache.close()


def test_pages_that_no_file_makes_any_more_is_dropped_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_APART", 2)
    monkeypatch.setattr(cache_module, "_SPARE_ROWS", 3)
    path = tmp_path / "c.sqlite"
    for number in range(30):
        cache = DocumentCache(path)
        cache.keep_page(f"digest{number}", PAGE)
        cache.save()
        cache.close()
    cache = DocumentCache(path)
    kept = [number for number in range(30) if cache.page(f"digest{number}") is not None]
    assert kept[-1] == 29
    assert len(kept) < 10
    cache.close()
