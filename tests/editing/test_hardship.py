"""Full disks, closed folders, several writers, and kill -9: each scene is a program of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these scenes need fork and signals")


def play(scene: str, folder: Path, *numbers: int, before: list[str] | None = None) -> None:
    """Run a scene; every failure tells its story on stderr."""
    command = [sys.executable, str(HERE / "hardship.py"), scene, str(folder), *map(str, numbers)]
    done = subprocess.run(
        [*(before or []), *command], capture_output=True, text=True, check=False, timeout=1800, cwd=HERE
    )
    assert (done.stdout, done.returncode) == ("ok\n", 0), done.stderr[-4000:]


@pytest.fixture
def small_disk(tmp_path: Path, lacking: Callable[[str], NoReturn]) -> Callable[[str], list[str]]:
    """Make a command prefix that mounts a small file system at tmp_path/disk, in a namespace of its own."""
    (tmp_path / "disk").mkdir()
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here: only Linux can mount a small disk for one process")
    flags = ["-m"] if os.geteuid() == 0 else ["-rm"]

    def prefix(after: str = "true") -> list[str]:
        mount = f'mount -t tmpfs -o size=1m tmpfs "{tmp_path}/disk" && {after} && exec "$@"'
        return [unshare, *flags, "sh", "-c", mount, "sh"]

    if subprocess.run([*prefix(), "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    return prefix


def test_on_a_full_disk_nothing_is_lost_and_nothing_is_half_written(
    tmp_path: Path, small_disk: Callable[..., list[str]]
) -> None:
    play("disk_full", tmp_path / "disk", before=small_disk())


def test_a_write_that_fails_in_the_middle_leaves_no_trace(tmp_path: Path) -> None:
    play("file_limit", tmp_path)


def test_a_closed_folder_or_file_is_named_and_left_alone() -> None:
    # Not in tmp_path, which is closed to the user that root turns into here.
    with TemporaryDirectory() as folder:
        play("closed", Path(folder))


def test_a_read_only_disk_is_named(tmp_path: Path, small_disk: Callable[..., list[str]]) -> None:
    disk = tmp_path / "disk"
    fill = f'mkdir -p "{disk}/site/content" && echo x > "{disk}/site/content/about.md"'
    play("read_only", disk, before=small_disk(f'{fill} && mount -o remount,ro "{disk}"'))


def test_processes_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    play("writers", tmp_path, 4, 60)


def test_another_program_that_saves_at_once_loses_nothing(tmp_path: Path) -> None:
    play("outsider", tmp_path, 200)


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    play("killed", tmp_path, 200)


def test_kill_9_around_a_commit_loses_nothing_and_leaves_a_sound_repository(
    tmp_path: Path, need: Callable[..., str]
) -> None:
    need("git")
    play("killed_committing", tmp_path, 25)
