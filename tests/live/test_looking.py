"""A server without a watcher sees that files changed, whoever changed them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from meishi.factory import create_app
from meishi.live.looking import PAUSE, Looking

MakeSite = Callable[..., Path]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content/notes").mkdir(parents=True)
    (tmp_path / "config.toml").write_text('title = "One"\n')
    (tmp_path / "content/about.md").write_text("About\n")
    return tmp_path


def write(root: Path) -> None:
    (root / "content/notes/new.md").write_text("New\n")


def change(root: Path) -> None:
    (root / "content/about.md").write_text("About me\n")


def delete(root: Path) -> None:
    (root / "content/about.md").unlink()


def configure(root: Path) -> None:
    (root / "config.toml").write_text('title = "Another"\n')


def replace(root: Path) -> None:
    place = root / "content/about.tmp"
    place.write_text("Abort\n")
    place.replace(root / "content/about.md")


@pytest.mark.parametrize("deed", [write, change, delete, configure, replace])
def test_each_change_is_seen_once(root: Path, deed: Callable[[Path], None]) -> None:
    clock = Clock()
    looking = Looking(root, ["config.toml"], [root / "content", root / "none"], clock)
    assert not looking()
    deed(root)
    assert not looking()  # it has just looked
    clock.now += PAUSE
    assert looking()
    clock.now += PAUSE
    assert not looking()


def test_what_takes_long_is_done_less_often(root: Path) -> None:
    now = [0.0]

    def slow() -> float:
        now[0] += 1  # each look at the clock costs a second
        return now[0]

    looking = Looking(root, [], [root / "content"], slow)
    assert not looking()
    write(root)
    assert not any(looking() for _ in range(90))
    assert any(looking() for _ in range(30))


def test_one_process_shows_what_another_one_wrote(make_site: MakeSite) -> None:
    root = make_site({"content/about.md": "---\ntitle: About\n---\nOld words.\n"})
    visitor = create_app(root, reload=False).test_client()
    assert "Old words." in visitor.get("/about/").text
    (root / "content/about.md").write_text("---\ntitle: About\n---\nNew words.\n")
    deadline = time.monotonic() + 60
    while "New words." not in (page := visitor.get("/about/").text) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "New words." in page
