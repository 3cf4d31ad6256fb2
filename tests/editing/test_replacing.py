"""Putting a file in another's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from meishi.content.editing import files


def rename_over(temporary: Path, place: Path) -> None:
    """Do as systems do that cannot exchange two files."""
    temporary.replace(place)


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_file_that_is_not_as_expected_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr(files, "_exchange_or_replace", rename_over)
    place = tmp_path / "a.md"
    place.write_bytes(b"newer")

    assert not files.swap(place, b"mine", b"older")
    assert files.swap(place, b"mine", b"newer")
    assert place.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [place]


def test_a_new_file_does_not_replace_one_that_came_first(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "a.md"
    files.write_new(place, b"first")
    with pytest.raises(FileExistsError):
        files.write_new(place, b"second")

    assert place.read_bytes() == b"first"
    assert list(place.parent.iterdir()) == [place]


def test_a_disk_without_links_takes_new_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    place = tmp_path / "a.md"
    files.write_new(place, b"first")
    with pytest.raises(FileExistsError):
        files.write_new(place, b"second")

    assert place.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [place]
