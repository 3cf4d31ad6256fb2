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


#: The site on a disk of its own, of which so many KB are left; then published, given room, published again.
SMALL_DISK = """
set -e
site=$1 copy=$2 left=$3 told=$4; shift 4
cp -a "$site/." "$copy"
mount -t tmpfs -o size=24m none "$site"
cp -a "$copy/." "$site"
cd "$site"
free=$(df -k --output=avail . | tail -n 1)
dd if=/dev/zero of=instance/ballast bs=1024 count=$((free - left)) status=none
"$@" >"$told/full.out" 2>"$told/full.err" || echo $? >"$told/full.code"
rm instance/ballast
"$@" >"$told/roomy.out" 2>"$told/roomy.err" || echo $? >"$told/roomy.code"
"""


def on_a_small_disk(site: GitSite, folder: Path, left: int) -> tuple[Run, Run]:
    """Publish on a real disk of which so many KB are left, and once more when there is room."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", str(folder)]
    try:
        subprocess.run(probe, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("a disk cannot be mounted here")
    copy, told = folder / "copy", folder / "told"
    copy.mkdir()
    told.mkdir()
    (site.root / "instance").mkdir(exist_ok=True)
    places = [str(site.root), str(copy), str(left), str(told)]
    subprocess.run(
        ["unshare", "--mount", "sh", "-c", SMALL_DISK, "sh", *places, *site.command("--no-wait")],
        env=site.environ, check=True, timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip

    def run(name: str) -> Run:
        code = told / f"{name}.code"
        out, err = (told / f"{name}.{stream}" for stream in ("out", "err"))
        return Run(int(code.read_text()) if code.exists() else 0, out.read_text(), err.read_text())

    return run("full"), run("roomy")


@pytest.mark.parametrize("left", [0, 800])
def test_a_disk_that_is_really_full_leaves_the_old_publication(
    published: GitSite, tmp_path_factory: pytest.TempPathFactory, left: int
) -> None:
    before = published.tip()
    published.write({"content/about.md": LONG})

    full, roomy = on_a_small_disk(published, tmp_path_factory.mktemp("disk"), left)
    told = full.out + full.err
    assert full.code == 1, told
    assert "disk is full" in told, told
    assert "room" in told, told
    assert "Traceback" not in told
    # The second run saw what the first had left of the branch, and put its own commit upon it.
    assert (roomy.code, roomy.outcome) == (0, "pushed"), (roomy.out, roomy.err)
    assert published.git("rev-parse", f"{published.tip()}^", at=published.remote) == before
    assert "maps of lakes" in published.shown("about/index.html")


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
