"""Publications in processes of their own: joined, watched, cancelled, killed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forge import Forge, forge_on
from git_sites import GitSite

from meishi.content.editing.git import Author
from meishi.errors import PublishError
from meishi.publishing.job import Jobs, PublishOptions, fold
from meishi.publishing.journal import Event, Journal, event_of, read_journal
from meishi.publishing.masking import Mask

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def jobs(published: GitSite, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Know the jobs of a published site, whose processes get the site's environment."""
    for name in os.environ:
        if name.startswith(("GIT_", "GITHUB_", "MEISHI_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, published.environ[name])
    return Jobs(published.root, published.root / "instance", lambda: datetime.now(UTC))


@pytest.fixture
def forge(published: GitSite) -> Iterator[Forge]:
    """Serve the site's remote so that a push can be held up."""
    projects = published.remote.parent / "projects"
    (projects / "ichi").mkdir(parents=True)
    place = projects / "ichi" / "web.git"
    shutil.move(published.remote, place)
    published.remote = place
    with forge_on(projects) as forge:
        published.git("remote", "set-url", "origin", f"{forge.url}/ichi/web.git")
        yield forge


def edit(site: GitSite, text: str) -> None:
    site.write({"content/about.md": f"---\ntitle: About\nweight: 1\n---\n\nI draw {text}.\n"})


def ended(jobs: Jobs, job: str) -> str:
    """Wait for the end of a job; return its outcome."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        state = jobs.state(job)
        if state is not None and state.outcome and not jobs.current():
            return state.outcome
        time.sleep(0.05)
    raise AssertionError(jobs.state(job))


def let_git_end(site: GitSite) -> None:
    """Wait until no git works in the checkout or its remote: one may outlive the process that was killed."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("this system has no /proc to look into")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        places = set()
        for link in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                places.add(link.readlink())
        if places.isdisjoint({site.root, site.remote}):
            return
        time.sleep(0.05)
    raise AssertionError("git still works")


def test_a_job_publishes_by_itself_and_its_journal_tells_all(published: GitSite, jobs: Jobs) -> None:
    edit(published, "lakes")
    job = jobs.start(PublishOptions(wait=False, author=Author("Ni", "ni@example.com"), message="Lakes"))

    assert ended(jobs, job) == "pushed"
    state = jobs.state(job)
    assert state is not None
    assert state.plan is not None
    assert ("changed", "/about/") in {(each.kind, each.address) for each in state.plan.difference.changes}
    assert (state.author, state.running, state.ended is not None) == ("Ni", False, True)
    assert published.git("log", "-1", "--format=%an %s", "gh-pages", at=published.remote) == "Ni Lakes"
    events = list(jobs.events(job))
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert [event.number for event in jobs.events(job, after=5)] == list(range(6, len(events) + 1))
    assert jobs.latest() == job


def test_a_second_press_joins_the_first(published: GitSite, jobs: Jobs, forge: Forge) -> None:
    forge.held = threading.Event()
    edit(published, "lakes")
    first = jobs.start(PublishOptions(wait=False))
    assert forge.pushing.wait(120)

    assert jobs.start(PublishOptions(wait=False)) == first
    assert jobs.current() == first
    # The command joins it, too, and ends as it does.
    command = published.start("--no-wait")
    assert command.stdout is not None
    assert command.stdout.readline()  # it follows the first one's journal
    forge.held.set()
    out, err = command.communicate(timeout=120)
    assert command.returncode == 0, (out, err)
    assert json.loads(out.splitlines()[-1])["data"]["outcome"] == "pushed"
    assert ended(jobs, first) == "pushed"
    assert published.git("rev-list", "--count", "gh-pages", at=published.remote) == "2"


def test_cancelling_stops_it_before_visitors_see_anything(
    published: GitSite, jobs: Jobs, forge: Forge
) -> None:
    forge.held = threading.Event()
    before = published.tip()
    edit(published, "lakes")
    job = jobs.start(PublishOptions(wait=False))
    assert forge.pushing.wait(120)
    jobs.cancel(job)

    assert ended(jobs, job) == "cancelled"
    assert published.tip() == before
    forge.held.set()


def test_a_process_that_died_is_told_as_interrupted_and_the_next_one_starts(
    published: GitSite, jobs: Jobs, forge: Forge
) -> None:
    forge.held = threading.Event()
    edit(published, "lakes")
    job = jobs.start(PublishOptions(wait=False))
    assert forge.pushing.wait(120)
    began = next(event for event in jobs.events(job) if event.kind == "began")
    os.kill(began.data["pid"], signal.SIGKILL)

    assert ended(jobs, job) == "interrupted"
    forge.held.set()
    let_git_end(published)
    forge.held = None
    second = jobs.start(PublishOptions(wait=False))
    assert second != job
    assert ended(jobs, second) in {"pushed", "unchanged"}
    assert "lakes" in published.shown("about/index.html")


@pytest.mark.parametrize("stage", ["look", "freeze", "compare", "commit", "push"])
def test_kill_at_any_stage_leaves_the_old_or_the_new_publication(published: GitSite, stage: str) -> None:
    before = published.tip()
    edit(published, f"what is killed while it does {stage}")
    process = published.start("--no-wait")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["stage"] == stage and json.loads(line)["kind"] == "stage":
            break
    process.kill()
    process.communicate(timeout=120)
    let_git_end(published)
    tip = published.tip()
    assert tip == before or published.git("rev-parse", f"{tip}^", at=published.remote) == before

    run = published.publish("--no-wait")
    assert run.outcome in {"pushed", "unchanged"}, (run.out, run.err)
    assert stage in published.shown("about/index.html")
    assert published.git("for-each-ref", "refs/heads/meishi-publishing") == ""
    # No third one: the killed publication is either there or not.
    assert published.git("rev-list", "--count", "gh-pages", at=published.remote) == "2"


def test_two_commands_at_once_make_one_publication(published: GitSite) -> None:
    edit(published, "twice")
    processes = [published.start("--no-wait") for _ in range(2)]
    for process in processes:
        process.communicate(timeout=240)

    assert [process.returncode for process in processes] == [0, 0]
    assert published.git("rev-list", "--count", "gh-pages", at=published.remote) == "2"


def test_a_journal_is_read_while_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "job.jsonl"
    journal = Journal(file, lambda: NOW, Mask(["sesame-sesame"]))
    journal.write("log", "open sesame-sesame")
    journal.begin("freeze")
    journal.write("progress", done=1, total=2, item="/私/")
    with file.open("a", encoding="utf-8") as half:
        half.write('{"n": 4, "at": "2026-')

    assert [(event.number, event.stage, event.kind) for event in read_journal(file)] == [
        (1, "look", "log"), (2, "freeze", "stage"), (3, "freeze", "progress"),
    ]  # fmt: skip
    assert "sesame" not in file.read_text(encoding="utf-8").replace("open ", "")
    state = fold("x", read_journal(file), running=True)
    assert (state.stage, state.done, state.total, state.item, state.last) == ("freeze", 1, 2, "/私/", 3)


def test_an_event_survives_its_line() -> None:
    event = Event(3, NOW, "push", "log", "“a” \n b", {"x": [1, "私"]})

    assert event_of(event.line()) == event
    assert event_of(event.line()[:-3]) is None


def test_old_journals_are_forgotten(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, tmp_path / "instance", lambda: datetime.now(UTC))
    for _ in range(53):
        _, handle = jobs.claim()
        assert handle is not None
        os.close(handle)

    assert len(jobs.list()) <= 51


@pytest.mark.parametrize("start", [False, True], ids=["the name", "the process"])
def test_one_that_cannot_begin_lets_the_lock_go(tmp_path: Path, start: bool) -> None:
    jobs = Jobs(tmp_path, tmp_path / "instance", lambda: NOW)
    in_the_way = jobs.folder / "current.tmp"  # as a full disk would be
    if start:
        jobs = Jobs(tmp_path / "gone", tmp_path / "instance", lambda: NOW)
    else:
        in_the_way.mkdir(parents=True)

    with pytest.raises(PublishError):
        jobs.start(PublishOptions())
    if not start:
        in_the_way.rmdir()
    job, handle = jobs.claim()
    assert job
    assert handle is not None
    os.close(handle)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "x", "20261125T120000-abcdef/.."])
def test_only_names_of_jobs_are_looked_up(tmp_path: Path, name: str) -> None:
    jobs = Jobs(tmp_path, tmp_path / "instance", lambda: NOW)

    assert jobs.state(name) is None
    assert list(jobs.events(name)) == []
