"""Markdown rendered in other processes is the same as rendered here, and nothing hangs."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from meishi.content.cache import Job
from meishi.content.documents import MarkdownSettings
from meishi.content.markdown import render
from meishi.publishing import workers
from meishi.publishing.workers import MarkdownPool, processes_for

SETTINGS = MarkdownSettings()


def jobs(number: int) -> list[Job]:
    return [Job(f"key{n}", f"# Page {n}\n\nText {n}.\n", SETTINGS, 1) for n in range(number)]


@pytest.fixture(params=["fork", "spawn"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    way = str(request.param)
    if way not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {way} here")
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context(way))
    return way


def test_each_text_comes_back_as_if_rendered_here(way: str) -> None:
    work = jobs(40)
    pool = MarkdownPool(work, 2)
    try:
        for job in reversed(work):
            blob = pool.take(job.key)
            assert blob is not None
            assert pickle.loads(blob) == render(job.source, SETTINGS, first_line=1)
        assert pool.take("unknown") is None
    finally:
        pool.stop()


def test_a_text_that_cannot_be_rendered_is_left_to_the_caller() -> None:
    work = [*jobs(3), Job("bad", "{{< nowhere", SETTINGS, 1)]
    pool = MarkdownPool(work, 1)
    try:
        assert pool.take("bad") is None
        assert pool.take("key1") is not None
    finally:
        pool.stop()


def test_a_killed_worker_costs_time_and_nothing_else() -> None:
    work = jobs(400)
    pool = MarkdownPool(work, 1)
    try:
        (process,) = pool._processes
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        for job in work:
            blob = pool.take(job.key)
            assert blob is None or pickle.loads(blob).plain
    finally:
        pool.stop()


def test_stopping_early_leaves_no_process() -> None:
    pool = MarkdownPool(jobs(400), 2)
    pool.stop()
    assert not any(process.is_alive() for process in pool._processes)


@pytest.mark.parametrize(
    ("texts", "cores", "processes"),
    [(0, 8, 0), (59, 8, 0), (60, 1, 0), (60, 2, 1), (1000, 2, 1), (60, 8, 1), (1000, 8, 6), (99999, 64, 8)],
)
def test_as_many_processes_help_as_are_worth_it(texts: int, cores: int, processes: int) -> None:
    assert processes_for(texts, cores) == processes


# Starts helpers that have more to say than anybody listens to, or that wait for ever, and says who they are.
HELPED = {
    "pool": """
from meishi.content.cache import Job
from meishi.content.documents import MarkdownSettings
from meishi.publishing.workers import MarkdownPool
texts = [Job(f"key{n}", f"# Page {n}\\n\\n" + "Text. " * 5000, MarkdownSettings(), 1) for n in range(60)]
pool = MarkdownPool(texts, 2)
while pool._next.value < len(texts):
    pass
found = [process.pid for process in pool._processes]
""",
    "forks": """
import time
from meishi.publishing.forking import Fork
forks = [Fork(lambda: time.sleep(3600)) for _ in range(3)]
found = [fork._pid for fork in forks]
""",
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", HELPED)
def test_helpers_end_with_a_killed_parent(kind: str) -> None:
    code = f"{HELPED[kind]}\nprint(*found, flush=True)\nimport sys; sys.stdin.read()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        helpers = [int(word) for word in parent.stdout.readline().split()]
        assert len(helpers) > 1
        assert all(map(runs, helpers))
        parent.kill()
    deadline = time.monotonic() + 60
    while any(map(runs, helpers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = [helper for helper in helpers if runs(helper)]
    for helper in left:
        os.kill(helper, signal.SIGKILL)
    assert not left


def runs(process: int) -> bool:
    """Tell whether a process is there and not only waiting to be taken note of."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
