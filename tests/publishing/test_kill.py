"""kill -9 at any moment: build/ is wholly the old one or wholly the new one, and the next build is right."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import tiny_site
from meishi.publishing.stamp import without_stamp
from tiny_site import make, snapshot, write

PROGRAM = Path(tiny_site.__file__)
FREEZE = Path(__file__).resolve().parents[2] / "freeze.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")

# Forks a process for each build, with everything imported already. It dies by itself at the asked call or
# return of a function, of Python's or of C, counted from the beginning or from within Swap.commit.
NURSERY = """
import json, os, signal, sys
from pathlib import Path
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from meishi.publishing.swap import Swap
from tiny_site import app_factory
import meishi.publishing.freeze, flask


def build(root, text, commit, last, told):
    (root / "content/about.md").write_text(text)
    (root / "content/extra.md").write_text("Extra\\n")
    count = -1 if commit else 0

    def watch(frame, event, argument):
        nonlocal count
        if count >= 0 or (event == "call" and frame.f_code is Swap.commit.__code__):
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(None if last is None else watch)
    code = run(FreezeOptions(root, root / "build"), app_factory, Quiet(sys.stderr), os.environ, 0.0)
    sys.setprofile(None)
    os.write(told, str(count).encode())
    return code


for line in sys.stdin:
    asked = json.loads(line)
    read, told = os.pipe()
    child = os.fork()
    if not child:
        os._exit(build(Path(asked["root"]), asked["text"], asked["commit"], asked["last"], told))
    os.close(told)
    print(child, flush=True)
    sys.stdin.readline()  # until then its number belongs to nobody else
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([status, int(os.read(read, 20) or 0)]), flush=True)
    os.close(read)
"""
NEVER = -1


class Nursery:
    """Make processes that build, and that die when they are told to."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROGRAM.parent,
        )

    def build(
        self, site: Path, text: str, last: int | None, *, commit: bool = False, seconds: float | None = None
    ) -> tuple[int, int]:
        """Begin a build of `text`, and end it; return its code and the calls that were counted."""
        asked = {"root": str(site), "text": f"{text}\n", "commit": commit, "last": last}
        child = int(self._told(json.dumps(asked)))
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        code, count = json.loads(self._told(""))
        return code, count

    def _told(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self) -> None:
        """End the process that makes the others."""
        self._process.communicate()


@pytest.fixture
def nursery() -> Any:
    found = Nursery()
    yield found
    found.close()


def moments(nursery: Nursery, site: Path) -> list[dict[str, Any]]:
    """Spread the ends over a whole build and, closer together, over its last and most dangerous steps."""
    found: list[dict[str, Any]] = []
    for commit, number in ((False, 90), (True, 70)):
        nursery.build(site, "About it", NEVER)
        code, calls = nursery.build(site, "About that", NEVER, commit=commit)
        assert code == 0
        assert calls > number
        found += [{"last": 1 + calls * place // number, "commit": commit} for place in range(number)]
    began = time.perf_counter()
    nursery.build(site, "About time", None)
    length = time.perf_counter() - began
    # In the midst of C code, too; how far these come depends on the machine.
    found += [{"last": None, "seconds": length * place / 20} for place in range(20)]
    random.Random(7).shuffle(found)
    return found


def test_a_kill_at_any_moment_leaves_one_whole_build(tmp_path: Path, nursery: Nursery) -> None:
    site = make(tmp_path / "site")
    whole = build_anew(tmp_path / "whole", "About 000")
    outcomes = {"old": 0, "new": 0, "none": 0}
    for number, moment in enumerate(moments(nursery, make(tmp_path / "measured"))):
        before = snapshot(site / "build") if (site / "build").exists() else {}
        text = f"About {number:03}"
        code, _ = nursery.build(site, text, **moment)
        assert code in (0, -signal.SIGKILL)
        after = snapshot(site / "build") if (site / "build").exists() else {}
        beside = {path.name for path in site.iterdir()}
        assert beside <= {".cache", "build", "config.toml", "content", "static", "templates"}
        if after == before:
            outcomes["old" if before else "none"] += 1
            assert code != 0
        else:
            assert after == {name: data.replace(b"About 000", text.encode()) for name, data in whole.items()}
            outcomes["new"] += 1
        if number % 30 == 29:
            write(site, {"content/about.md": f"About {number} again\n"})
            assert freeze(site) == 0
            again = build_anew(tmp_path / f"again{number}", f"About {number} again")
            assert snapshot(site / "build") == again
    assert outcomes["old"] > 5, outcomes
    assert outcomes["new"] > 5, outcomes


def test_a_kill_of_the_real_program_and_its_copies_leaves_one_whole_build(tmp_path: Path) -> None:
    """So many notes that copies of the process help: MEISHI_KILL_ROUNDS says how often it is killed."""
    rounds = int(os.environ.get("MEISHI_KILL_ROUNDS", "8"))
    notes = {f"content/notes/n{number:03}.md": f"# {number}\n\nSome *text*.\n" for number in range(170)}

    def named(number: int) -> None:
        # The title stands on every page.
        config = (
            f'baseURL = "https://example.org/"\ntitle = "Round {number:04}"\n[params]\nsocialCards = false\n'
        )
        write(tmp_path, {"config.toml": config})

    def begun() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(FREEZE), "--source", str(tmp_path), "--quiet"])

    write(tmp_path, notes)
    named(0)
    began = time.perf_counter()
    assert begun().wait() == 0
    length = time.perf_counter() - began
    whole = rounds_in(tmp_path / "build", 0)
    chance = random.Random(11)
    last = 0
    for number in range(1, rounds + 1):
        named(number)
        # Sometimes as on a machine without a cache, or after the first build: other copies help then.
        lost = chance.choice([".cache", ".cache/freeze-*/spare", "", "", ""])
        for folder in tmp_path.glob(lost) if lost else ():
            shutil.rmtree(folder)
        victim = begun()
        time.sleep(chance.random() * length)
        victim.kill()
        code = victim.wait()
        found = {each for each in range(last, number + 1) if rounds_in(tmp_path / "build", each) == whole}
        assert found in ({last}, {number}), f"{number}: {code}"
        assert code == -signal.SIGKILL or found == {number}
        last = found.pop()
    named(rounds + 1)
    assert begun().wait() == 0
    assert rounds_in(tmp_path / "build", rounds + 1) == whole
    beside = {path.name for path in tmp_path.iterdir()}
    assert beside == {".cache", "build", "config.toml", "content"}


def rounds_in(build: Path, number: int) -> dict[str, bytes]:
    """Return the build without the title that names a round and without the build's own id."""
    title = f"Round {number:04}".encode()
    return {
        name: without_stamp(data).replace(title, b"Round") if name.endswith(".html") else b""
        for name, data in snapshot(build).items()
    }


def freeze(site: Path) -> int:
    """Build in a process of its own."""
    return subprocess.run(
        [sys.executable, str(PROGRAM), "--source", str(site), "--quiet"], check=False
    ).returncode


def build_here(root: Path) -> None:
    """Build without a process of its own."""
    import io

    from meishi.publishing.command import run
    from meishi.publishing.options import FreezeOptions
    from meishi.publishing.progress import Quiet

    progress = Quiet(io.StringIO())
    assert run(FreezeOptions(root, root / "build"), tiny_site.app_factory, progress, os.environ, 0) == 0


def build_anew(root: Path, title: str) -> dict[str, bytes]:
    """Return what a site with this title for /about/ looks like when it is built from nothing."""
    if not (root / "build").exists():
        make(root)
        write(root, {"content/about.md": f"{title}\n", "content/extra.md": "Extra\n"})
        build_here(root)
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


# Stops at the asked step, says so, and goes no further until it is interrupted.
STEPS = """
import os, signal, sys
from pathlib import Path
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from meishi.publishing.swap import Swap
from tiny_site import app_factory

root, asked = Path(sys.argv[1]), sys.argv[2]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it


def at(step):
    if step == asked:
        print(step, flush=True)
        sys.stdin.readline()


class Steps(Quiet):
    def step(self, name, **more): at(name)
    def start(self, total): at("render")
    def made(self, address): at("file")
    def done(self, table, rows, **more): at("done")


exchange = Swap._exchange
Swap._exchange = lambda swap: (exchange(swap), at("exchanged"))
sys.exit(run(FreezeOptions(root, root / "build"), app_factory, Steps(sys.stderr), os.environ, 0.0))
"""


@pytest.mark.parametrize("step", ["read", "render", "file", "check", "swap", "exchanged", "done"])
def test_an_interrupted_process_says_so_and_leaves_a_whole_build(tmp_path: Path, step: str) -> None:
    site = make(tmp_path / "site")
    build_anew(site, "About")
    before = snapshot(site / "build")
    write(site, {"content/about.md": "About me\n"})
    victim = subprocess.Popen(
        [sys.executable, "-c", STEPS, str(site), step],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROGRAM.parent,
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == f"{step}\n"
    victim.send_signal(signal.SIGINT)
    _, errors = victim.communicate()

    assert victim.returncode == 130
    after = snapshot(site / "build")
    if step in ("exchanged", "done"):
        assert errors == "Stopped. build is the new build already.\n"
        assert b"About me" in after["about/index.html"]
    else:
        assert errors == "Stopped. build is as it was.\n"
        assert after == before
    build_here(site)
    assert snapshot(site / "build") == build_anew(tmp_path / "anew", "About me")
