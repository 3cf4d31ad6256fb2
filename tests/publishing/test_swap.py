"""A folder is replaced as a whole, whatever happens."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from meishi.publishing import swap as swap_module
from meishi.publishing.swap import Swap, exchange, remove_tree


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def publish(swap: Swap, files: dict[str, str], record: bytes = b"") -> None:
    staging = swap.begin()
    for path in list(staging.iterdir()):
        remove_tree(path) if path.is_dir() else path.unlink()
    for name, text in files.items():
        (staging / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).write_text(text)
    swap.commit(record)


@pytest.fixture
def swap(tmp_path: Path) -> Swap:
    return Swap(tmp_path / "build", tmp_path / ".cache" / "freeze")


@pytest.fixture(params=["exchange", "two renames"])
def means(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "two renames":
        monkeypatch.setattr(swap_module, "exchange", lambda one, other: False)
    return str(request.param)


def test_the_first_build_makes_the_destination(swap: Swap) -> None:
    publish(swap, {"index.html": "one"}, b"record one")
    assert tree(swap.destination) == {"index.html": "one"}
    assert swap.record.read_bytes() == b"record one"


def test_a_later_build_replaces_all_of_it_and_keeps_the_old_one_as_spare(swap: Swap, means: str) -> None:
    publish(swap, {"index.html": "one", "gone/index.html": "x"})
    publish(swap, {"index.html": "two", "new/index.html": "y"}, b"two")
    assert tree(swap.destination) == {"index.html": "two", "new/index.html": "y"}
    assert tree(swap.staging) == {"index.html": "one", "gone/index.html": "x"}
    assert sorted(p.name for p in swap.destination.parent.iterdir()) == [".cache", "build"]


def test_nothing_is_to_be_recovered_after_a_whole_build(swap: Swap, means: str) -> None:
    publish(swap, {"index.html": "one"})
    publish(swap, {"index.html": "two"})
    assert not swap.recover()


def test_a_kill_before_the_swap_leaves_the_old_build(swap: Swap) -> None:
    publish(swap, {"index.html": "one"}, b"one")
    (swap.begin() / "half.html").write_text("half")
    again = Swap(swap.destination, swap.workshop)
    assert again.recover()
    assert tree(swap.destination) == {"index.html": "one"}
    assert swap.record.read_bytes() == b"one"


@pytest.mark.parametrize("step", range(8))
def test_a_kill_at_any_rename_leaves_one_whole_build_after_recovery(
    swap: Swap, means: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(swap, {"index.html": "one"}, b"one")
    calls = iter(range(100))

    def counted(function: object) -> object:
        def call(*arguments: object) -> object:
            if next(calls) == step:
                raise SystemExit("killed")
            return function(*arguments)  # type: ignore[operator]

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", counted(os.rename))
        patch.setattr(os, "replace", counted(os.replace))
        patch.setattr(swap_module, "exchange", counted(swap_module.exchange))
        with contextlib.suppress(SystemExit):
            publish(swap, {"index.html": "two"}, b"two")
    Swap(swap.destination, swap.workshop).recover()
    published = tree(swap.destination)["index.html"]
    assert tree(swap.destination) == {"index.html": published}
    assert swap.record.read_bytes().decode() == published
    assert not (swap.workshop / "old").exists()
    publish(swap, {"index.html": "three"}, b"three")
    assert tree(swap.destination) == {"index.html": "three"}


def test_the_exchange_is_one_step_where_the_system_has_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("no exchange on this system or file system")
    assert (tmp_path / "a" / "file").read_text() == "b"
    assert (tmp_path / "b" / "file").read_text() == "a"


def test_removing_a_tree_never_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("keep")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "precious")
    (tmp_path / "top").symlink_to(tmp_path / "precious")
    remove_tree(tmp_path / "tree")
    remove_tree(tmp_path / "top")
    assert tree(tmp_path / "precious") == {"file": "keep"}
