"""kill -9 at any moment: build/ is wholly the old one or wholly the new one, and the next build is right."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tiny_site
from tiny_site import make, snapshot, write

ROUNDS = 200
PROGRAM = Path(tiny_site.__file__)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")

# Freezes until it is killed, with everything imported already, so that every moment of a build is hit.
LOOP = """
import io, itertools, os, sys, time
from pathlib import Path
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from tiny_site import app_factory
import meishi.publishing.freeze, flask
root = Path(sys.argv[1])
print("ready", flush=True)
text = sys.stdin.readline()
(root / "content/about.md").write_text(text)
(root / "content/extra.md").write_text("Extra\\n")
sys.exit(run(FreezeOptions(root, root / "build"), app_factory, Quiet(sys.stderr), os.environ, 0.0))
"""


class Victims:
    """Keep a process ready that freezes as soon as it is told to."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self._next = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", LOOP, str(self.site)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROGRAM.parent,
        )

    def freeze(self, text: str, seconds: float) -> bool:
        """Begin a build of `text`, and kill it after so long; True if it was done before."""
        victim, self._next = self._next, self._start()
        assert victim.stdin is not None
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        victim.stdin.write(text + "\n")
        victim.stdin.flush()
        time.sleep(seconds)
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        return victim.returncode == 0

    def close(self) -> None:
        """End the process that waits."""
        self._next.kill()
        self._next.communicate()


def test_a_kill_at_a_random_moment_leaves_one_whole_build(tmp_path: Path) -> None:
    site = make(tmp_path / "site")
    chance = random.Random(7)
    victims = Victims(site)
    outcomes = {"old": 0, "new": 0, "none": 0}
    longest = 0.05
    try:
        for number in range(ROUNDS):
            before = snapshot(site / "build") if (site / "build").exists() else {}
            text = f"About {number}"
            finished = victims.freeze(text, chance.uniform(0, longest))
            if finished:
                longest *= 0.9  # aim at the build, not at what comes after it
            else:
                longest = min(longest * 1.05, 0.5)
            after = snapshot(site / "build") if (site / "build").exists() else {}
            beside = sorted(path.name for path in site.iterdir())
            assert set(beside) <= {".cache", "build", "config.toml", "content", "static", "templates"}
            if after == before:
                outcomes["old" if before else "none"] += 1
            else:
                assert after["about/index.html"].count(text.encode()) == 1
                assert after == build_anew(tmp_path / f"new{number}", text)
                outcomes["new"] += 1
            if number % 20 == 19:
                write(site, {"content/about.md": f"About {number} again\n"})
                assert freeze(site) == 0
                assert snapshot(site / "build") == build_anew(
                    tmp_path / f"again{number}", f"About {number} again"
                )
    finally:
        victims.close()
    assert outcomes["old"] > ROUNDS // 10, outcomes
    assert outcomes["new"] > ROUNDS // 10, outcomes


def freeze(site: Path) -> int:
    """Build in a process of its own."""
    return subprocess.run(
        [sys.executable, str(PROGRAM), "--source", str(site), "--quiet"], check=False
    ).returncode


def build_anew(root: Path, title: str) -> dict[str, bytes]:
    """Return what a site with this title for /about/ looks like when it is built from nothing."""
    import io
    import os

    from meishi.publishing.command import run
    from meishi.publishing.options import FreezeOptions
    from meishi.publishing.progress import Quiet

    if not (root / "build").exists():
        make(root)
        write(root, {"content/about.md": f"{title}\n", "content/extra.md": "Extra\n"})
        problems = io.StringIO()
        assert (
            run(FreezeOptions(root, root / "build"), tiny_site.app_factory, Quiet(problems), os.environ, 0)
            == 0
        )
    return snapshot(root / "build")


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    site = make(tmp_path / "site")
    builds = [
        subprocess.Popen([sys.executable, str(PROGRAM), "-s", str(site)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    outputs = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0, 0, 0]
    made = [line for output in outputs for line in output.splitlines() if " in build" in line]
    assert sorted(made) == ["Made 10 of 10 files in build", *["Nothing changed in build"] * 3]


def test_an_interrupted_process_says_so_and_leaves_a_whole_build(tmp_path: Path) -> None:
    site = make(tmp_path / "site")
    assert freeze(site) == 0
    before = snapshot(site / "build")
    codes = set()
    for number in range(10):
        victim = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(site)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROGRAM.parent,
        )
        assert victim.stdin is not None
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        victim.stdin.write(f"About {number}\n")
        victim.stdin.flush()
        time.sleep(0.004 * number)
        victim.send_signal(signal.SIGINT)
        _, errors = victim.communicate()
        codes.add(victim.returncode)
        after = snapshot(site / "build")
        if victim.returncode == 130:
            unchanged = after == before
            assert errors == f"Stopped. build is {'as it was' if unchanged else 'the new build already'}.\n"
        assert after == before or f"About {number}".encode() in after["about/index.html"]
        before = after
    assert 130 in codes, codes
