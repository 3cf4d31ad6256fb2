"""What `flask` says when the site itself cannot be read: one line, and no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MakeSite = Callable[..., Path]


def flask(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1"} | {"FLASK_APP": "app.py"}
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", [["check"], ["list", "all"], ["new", "x.md"]])
def test_broken_settings_are_told_in_one_line(make_site: MakeSite, project: Path, command: list[str]) -> None:
    root = make_site({"config.toml": 'title = "x"\nenableRobotsTXT = "yes"\n'})
    shutil.copy(project / "app.py", root)

    done = flask(root, *command)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    # `flask check` has it among its findings; for the others it is the reason why they end.
    told = [line for line in (done.stdout + done.stderr).splitlines() if "config.toml:2: " in line]
    assert len(told) == 1
    assert "enableRobotsTXT must be true or false, not 'yes'. Write `enableRobotsTXT = true`" in told[0]


def test_broken_content_does_not_keep_commands_from_running(make_site: MakeSite, project: Path) -> None:
    root = make_site({"content/a.md": "---\ndraft: 5\n---\n"})
    shutil.copy(project / "app.py", root)

    assert flask(root, "new", "b.md").stdout == "content/b.md\n"
    done = flask(root, "check")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        1,
        "content/a.md:2: error: draft must be true or false, not 5. Write `draft: true`.",
    )
