"""Programs that write a file in place, piece by piece, are waited for: half a page is no page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desks import ABOUT, OWNER, PAGE, new_desk, new_site

from meishi.content.editing.desk import Desk
from meishi.content.editing.errors import GoneError

THEIRS = PAGE.replace("First paragraph.", "First paragraph, by another program.")
HALF = THEIRS[: THEIRS.index("program")]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return new_site(tmp_path / "site")


@pytest.fixture
def desk(site: Path) -> Desk:
    # As long as a slow machine may stop the writer between two pieces.
    return new_desk(site, quiet=1.5)


@contextmanager
def in_two_pieces(file: Path) -> Iterator[None]:
    """Begin to write the file in place; the rest comes while the block runs."""
    waiting = threading.Event()
    opened = file.open("w", encoding="utf-8")
    opened.write(HALF)
    opened.flush()

    def rest() -> None:
        waiting.wait(0.3)
        opened.write(THEIRS[len(HALF) :])
        opened.close()

    writer = threading.Thread(target=rest)
    writer.start()
    try:
        yield
    finally:
        waiting.set()
        writer.join()


def test_a_save_waits_for_the_other_half(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    with in_two_pieces(site / "content" / "about.md"):
        saved = desk.save(ABOUT, opened.text + "\nMine.\n", opened.version, OWNER)

    assert saved.merged
    assert saved.text == THEIRS + "\nMine.\n" == (site / "content" / "about.md").read_text(encoding="utf-8")


def test_what_the_editor_asks_for_is_the_whole_page(site: Path, desk: Desk) -> None:
    version = desk.open(ABOUT).version
    with in_two_pieces(site / "content" / "about.md"):
        assert desk.open(ABOUT, version).text == THEIRS


def test_a_file_that_is_taken_away_for_a_moment_is_not_gone(site: Path, desk: Desk) -> None:
    file = site / "content" / "about.md"
    version = desk.open(ABOUT).version
    file.unlink()
    back = threading.Timer(0.3, file.write_text, [THEIRS])
    back.start()

    assert desk.open(ABOUT, version).text == THEIRS
    file.unlink()
    with pytest.raises(GoneError):
        desk.open(ABOUT, version)


def test_the_desks_own_saves_and_old_changes_are_not_waited_for(
    site: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.open(ABOUT)
    desk.save(ABOUT, first.text + "\nMine.\n", first.version, OWNER)
    monkeypatch.setattr("time.sleep", lambda _seconds: pytest.fail("it waited"))

    assert desk.open(ABOUT, first.version).text == PAGE + "\nMine.\n"


def test_a_program_that_never_ends_writing_is_not_waited_for_without_end(site: Path) -> None:
    desk = new_desk(site, quiet=1.55)
    version = desk.open(ABOUT).version
    done, began = threading.Event(), threading.Event()

    def write_on() -> None:
        number = 0
        while not done.wait(0.005):
            number += 1
            (site / "content" / "about.md").write_text(f"{number}\n", encoding="utf-8")
            began.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    began.wait()
    try:
        assert desk.open(ABOUT, version).version != version
    finally:
        done.set()
        writer.join()
