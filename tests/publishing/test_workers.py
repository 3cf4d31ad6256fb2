"""Markdown rendered in other processes is the same as rendered here, and nothing hangs."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal

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
