"""A server in hard times, run as a program of its own: `python hardship.py SCENE FOLDER`; it prints "ok".

Disks are really full here, folders really closed, processes really killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath

from desks import ABOUT, OWNER, PAGE, git, new_checkout, new_desk, new_site, now

from meishi.content.editing.desk import Desk
from meishi.content.editing.errors import ClashError, NoSpaceError, NotWritableError, SavingError
from meishi.content.sources import digest_of

LONG = "A line of the text, 日本語.\n" * 2_000


def about(site: Path) -> Path:
    return site / "content" / "about.md"


def leftovers(site: Path) -> list[str]:
    return [file.name for file in site.rglob(".meishi-*")]


def disk_full(folder: Path) -> None:
    """`folder` is a small file system of its own."""
    site = new_site(folder / "site")
    desk = new_desk(site)
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "tab", version, 1, "typed before")
    ballast = folder / "ballast"
    refused = 0
    for room in range(0, 400_000, 4096):
        ballast.unlink(missing_ok=True)
        _fill(ballast, room)
        before = about(site).read_bytes()
        text = f"{room}\n{LONG}"
        try:
            saved = desk.save(ABOUT, text, digest_of(before), OWNER)
        except NoSpaceError:
            assert about(site).read_bytes() == before
            refused += 1
        else:
            assert about(site).read_bytes() == text.encode() == saved.text.encode()
        with suppress(NoSpaceError):
            desk.journal.put(ABOUT, "tab", version, room + 2, text)
        assert desk.drafts(ABOUT)[0].text in {
            "typed before",
            *(f"{n}\n{LONG}" for n in range(0, room + 1, 4096)),
        }
        assert desk.open(ABOUT).text, "a full disk can still be read"
        assert leftovers(site) == []
    assert refused > 3, refused
    ballast.unlink()
    saved = desk.save(ABOUT, "room again\n", desk.open(ABOUT).version, OWNER)
    assert about(site).read_text(encoding="utf-8") == "room again\n" == saved.text


def _fill(ballast: Path, room: int) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
        size = os.fstat(file.fileno()).st_size
        os.ftruncate(file.fileno(), max(0, size - room))


def file_limit(folder: Path) -> None:
    """No file may grow beyond a limit: writing fails in the middle, as on a full disk."""
    import resource

    site = new_site(folder / "site")
    desk = new_desk(site)
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "tab", version, 1, "typed before")
    logs = {log: log.stat().st_size for log in site.rglob("*.log")}
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    for act in (
        lambda: desk.save(ABOUT, LONG, version, OWNER),
        lambda: desk.create(PurePosixPath("new.md"), LONG, OWNER),
        lambda: desk.journal.put(ABOUT, "tab", version, 2, LONG),
    ):
        try:
            act()
        except NoSpaceError:
            continue
        raise AssertionError("it was not refused")
    assert about(site).read_text(encoding="utf-8") == PAGE
    assert not (site / "content" / "new.md").exists()
    assert {log: log.stat().st_size for log in logs} == logs, "what could not be written whole takes no room"
    assert [draft.text for draft in desk.drafts()] == ["typed before"]
    assert leftovers(site) == []


def closed(folder: Path) -> None:
    """Take the right to write from the folder, then from the file."""
    site = new_site(folder / "site")
    (site / "instance").mkdir()
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o777)
    if os.geteuid() == 0:
        # Once through, so that everything is imported before the rights go.
        free = new_desk(site)
        free.save(ABOUT, PAGE, free.save(ABOUT, "x", free.open(ABOUT).version, OWNER).version, OWNER)
        for place in (site, *site.rglob("*")):
            os.chown(place, 65534, 65534)
        os.setgid(65534)
        os.setuid(65534)
    desk = new_desk(site)
    version = desk.open(ABOUT).version

    def refused(act: Callable[[], object]) -> None:
        try:
            act()
        except NotWritableError:
            assert about(site).read_text(encoding="utf-8") == PAGE
            assert leftovers(site) == []
            return
        raise AssertionError("it was not refused")

    about(site).chmod(0o444)
    refused(lambda: desk.save(ABOUT, "x", version, OWNER))
    about(site).chmod(0o644)
    (site / "content").chmod(0o555)
    refused(lambda: desk.save(ABOUT, "x", version, OWNER))
    refused(lambda: desk.create(PurePosixPath("new.md"), "x", OWNER))
    refused(lambda: desk.rename(ABOUT, PurePosixPath("new.md"), OWNER))
    refused(lambda: desk.delete(ABOUT, OWNER))
    assert desk.trash() == []
    desk.journal.put(ABOUT, "tab", version, 1, "typed")
    assert [draft.text for draft in desk.drafts()] == ["typed"]
    (site / "content").chmod(0o755)
    desk.save(ABOUT, "x", version, OWNER)


def read_only(folder: Path) -> None:
    """`folder` is a file system that was made read-only."""
    site = folder / "site"
    desk = Desk(site, folder.parent / "instance", clock=now, quiet=0.0)
    version = desk.open(ABOUT).version
    try:
        desk.save(ABOUT, "x", version, OWNER)
    except NotWritableError:
        return
    raise AssertionError("it was not refused")


def writers(folder: Path, processes: int = 4, rounds: int = 60) -> None:
    """Several processes save the same page at once, each its own line, and one only reads."""
    site = new_site(folder / "site")
    about(site).write_bytes(
        "".join(f"p{number}: 0\n" for number in range(processes)).encode() + LONG.encode()
    )
    children = [_fork(partial(_count, site, number, rounds)) for number in range(processes)]
    reader = _fork(lambda: _watch(site, processes))
    results = [os.waitpid(child, 0)[1] for child in children]
    os.kill(reader, signal.SIGTERM)
    assert os.waitpid(reader, 0)[1] == 0, "the reader saw half a file"
    assert results == [0] * processes, results
    text = about(site).read_text(encoding="utf-8")
    assert text == "".join(f"p{number}: {rounds}\n" for number in range(processes)) + LONG, text[:200]
    assert leftovers(site) == []


def _count(site: Path, number: int, rounds: int) -> None:
    desk = new_desk(site)
    for count in range(rounds):
        opened = desk.open(ABOUT)
        mine = opened.text.replace(f"p{number}: {count}\n", f"p{number}: {count + 1}\n")
        assert mine != opened.text, "a save of this process was lost"
        desk.save(ABOUT, mine, opened.version, OWNER)


def _watch(site: Path, processes: int) -> None:
    done = _told_to_end()
    while not done:
        text = about(site).read_bytes().decode()
        assert text.endswith(LONG)
        assert text.count(": ") == processes


def outsider(folder: Path, rounds: int = 200) -> None:
    """Another program replaces the file without asking for our lock, while we save as fast as we can."""
    site = new_site(folder / "site")
    about(site).write_bytes(b"ours: 0\nmiddle\ntheirs: 0\n")
    ours = _fork(lambda: _save_for_ever(site))
    lost = 0
    for count in range(1, rounds + 1):
        old = f"theirs: {count - 1}\n"
        for _ in range(60_000):
            text = about(site).read_bytes().decode()
            if old in text:
                break
            time.sleep(0.002)
        else:
            lost += 1
        new = "".join(
            f"theirs: {count}\n" if line.startswith("theirs") else line for line in text.splitlines(True)
        )
        (site / "theirs.tmp").write_bytes(new.encode())
        (site / "theirs.tmp").replace(about(site))
        time.sleep(random.random() * 0.004)
    os.kill(ours, signal.SIGTERM)
    assert os.waitpid(ours, 0)[1] == 0
    assert f"theirs: {rounds}\n" in about(site).read_text(encoding="utf-8")
    assert lost == 0, f"{lost} of {rounds} changes by the other program were lost"


def _save_for_ever(site: Path) -> None:
    desk = new_desk(site)
    done = _told_to_end()
    count = 0
    while not done:
        count += 1
        opened = desk.open(ABOUT)
        first, rest = opened.text.split("\n", 1)
        try:
            desk.save(ABOUT, f"{first.split(':')[0]}: {count}\n{rest}", opened.version, OWNER)
        except ClashError:
            continue  # the other program brought an old line of ours back
        except SavingError as error:
            if "keeps writing" not in str(error):
                raise


def killed(folder: Path, rounds: int = 200, *, committing: bool = False) -> None:
    """Kill a process that types and saves, at any moment, again and again."""
    site = new_checkout(folder / "site") if committing else new_site(folder / "site")
    about(site).write_bytes(_text(0).encode())
    chance = random.Random(7)
    typed = saved = 0
    for _ in range(rounds):
        read_end, write_end = os.pipe()
        start = max(typed, saved)
        child = _fork(partial(_type_and_save, site, start, write_end, committing))
        os.close(write_end)
        told = b""
        acknowledged = chance.randrange(6)
        while told.count(b"\n") <= acknowledged:
            chunk = os.read(read_end, 65536)
            assert chunk, "the process failed by itself"
            told += chunk
        time.sleep(chance.random() * (0.1 if committing else 0.015))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while chunk := os.read(read_end, 65536):
            told += chunk
        os.close(read_end)
        for word in told.decode().split("\n")[:-1]:
            typed = max(typed, int(word[1:])) if word[0] == "J" else typed
            saved = max(saved, int(word[1:])) if word[0] == "S" else saved
        desk = new_desk(site)
        text = desk.open(ABOUT).text
        there = int(text.split("\n", 1)[0])
        assert text == _text(there), "half a file"
        assert there >= saved, f"save {saved} was acknowledged, and {there} is there"
        drafts = [one for one in desk.journal.drafts(ABOUT) if one.tab == "tab"]
        assert typed == 0 or drafts, "the journal is empty"
        if drafts:
            assert drafts[0].seq >= typed, f"entry {typed} was acknowledged, and {drafts[0].seq} is there"
            assert drafts[0].text == _text(drafts[0].seq)
    desk = new_desk(site, git=committing)
    desk.tidy()
    if committing:
        # The git that a killed process had started goes on to its end by itself.
        for _ in range(6000):
            if not (site / ".git" / "index.lock").exists():
                break
            time.sleep(0.05)
    final = desk.save(ABOUT, _text(10**9), desk.open(ABOUT).version, OWNER)
    assert about(site).read_bytes() == _text(10**9).encode()
    if committing:
        assert final.notice is None, final.notice
        assert git(site, "show", "HEAD:content/about.md") == _text(10**9)
        git(site, "fsck", "--strict")
    assert saved > rounds / 3, f"only {saved} saves in {rounds} rounds"


def _text(number: int) -> str:
    return f"{number}\n" + f"text {number}\n" * (1000 + number % 7 * 1000)


def _type_and_save(site: Path, start: int, pipe: int, committing: bool) -> None:
    desk = new_desk(site, git=committing)
    opened = desk.open(ABOUT)
    version = opened.version
    os.write(pipe, b"J0\n")
    for number in range(max(start, int(opened.text.split("\n", 1)[0])) + 1, 10**6):
        desk.journal.put(ABOUT, "tab", version, number, _text(number))
        os.write(pipe, b"J%d\n" % number)
        version = desk.save(ABOUT, _text(number), version, OWNER).version
        os.write(pipe, b"S%d\n" % number)


def _told_to_end() -> list[int]:
    """Return a list that is empty until the process is told to end."""
    done: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: done.append(1))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return done


def _fork(work: Callable[[], None]) -> int:
    # The word to end may come before the child can hear it: then it waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


SCENES: dict[str, Callable[..., None]] = {
    "disk_full": disk_full,
    "file_limit": file_limit,
    "closed": closed,
    "read_only": read_only,
    "writers": writers,
    "outsider": outsider,
    "killed": killed,
    "killed_committing": lambda folder, rounds=25: killed(folder, rounds, committing=True),
}

if __name__ == "__main__":
    SCENES[sys.argv[1]](Path(sys.argv[2]), *map(int, sys.argv[3:]))
    sys.stdout.write("ok\n")
