"""A disk that is full: visitors keep what they have, it is said, and with room again it is published."""

from __future__ import annotations

import random
import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from git_sites import GitSite, Run

from meishi.publishing.journal import Journal

#: More than a small site's files take, less than the page that is written below.
ROOM = 600_000
LONG = "---\ntitle: About\nweight: 1\n---\n\n" + "I draw maps of lakes.\n\n" * 40_000


def cramped(site: GitSite, room: int) -> Run:
    """Publish while the system refuses to let any file grow beyond so many bytes."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        site.command("--no-wait"), cwd=site.root, env=site.environ, capture_output=True, text=True,
        check=False, timeout=300, stdin=subprocess.DEVNULL, preexec_fn=limit,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def test_a_full_disk_leaves_the_old_publication_and_the_next_run_succeeds(published: GitSite) -> None:
    before, shown = published.tip(), published.published()
    published.write({"content/about.md": LONG})

    run = cramped(published, ROOM)
    assert (run.code, run.outcome) == (1, "failed"), (run.out, run.err)
    told = next(event["text"] for event in run.events if event["kind"] == "error")
    assert "disk is full" in told, run.out
    assert "Make room" in told, run.out
    assert "Traceback" not in run.err
    assert (published.tip(), published.published()) == (before, shown)

    again = published.publish("--no-wait")
    assert (again.code, again.outcome) == (0, "pushed"), (again.out, again.err)
    assert "maps of lakes" in published.shown("about/index.html")


def test_no_room_for_the_commit_leaves_the_old_publication(published: GitSite) -> None:
    (published.root / "static").mkdir(exist_ok=True)
    (published.root / "static/noise.bin").write_bytes(random.Random(1).randbytes(ROOM * 2))
    assert published.publish("--dry-run").outcome == "looked"  # built: only git has something left to write
    before = published.tip()

    run = cramped(published, ROOM)
    assert (run.code, run.outcome) == (1, "failed"), (run.out, run.err)
    assert run.events[-1]["stage"] == "commit", run.out
    assert "room" in run.done["text"], run.out
    assert published.tip() == before

    again = published.publish("--no-wait")
    assert (again.code, again.outcome) == (0, "pushed"), (again.out, again.err)
    assert "noise.bin" in published.published()


def test_a_journal_that_finds_no_room_still_tells_who_listens() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    told: list[str] = []
    journal = Journal(
        Path("/dev/full"),
        lambda: datetime.now(UTC),
        lambda text: text,
        (lambda event: told.append(event.text),),
    )
    journal.write("log", "What happened")
    journal.close()
    assert told == ["What happened"]
