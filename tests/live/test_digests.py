"""Files are read again only when they changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from meishi.live.digests import Digests


def later() -> int:
    return time.time_ns() + 3_000_000_000


def test_a_file_that_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")
    digests = Digests(later)
    first = digests(file)
    read: list[Path] = []
    original = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert digests(str(file)) == first
    assert read == []


def test_a_file_of_the_same_size_and_time_is_told_apart_by_its_change_time(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")
    digests = Digests(later)
    first, stat = digests(file), file.stat()

    fresh = tmp_path / "b"
    fresh.write_bytes(b"two")
    os.utime(fresh, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    fresh.replace(file)

    assert digests(file) != first


def test_a_file_that_was_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")
    digests = Digests(lambda: file.stat().st_mtime_ns + 1_000_000_000)
    first, stat = digests(file), file.stat()

    file.write_bytes(b"two")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert digests(file) != first
