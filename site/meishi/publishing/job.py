"""Publications that run in processes of their own: start one, join one, watch it, cancel it."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from meishi.content.editing.git import Author
from meishi.errors import PublishError
from meishi.publishing.disk import explained
from meishi.publishing.journal import Event, event_of, read_journal
from meishi.publishing.lock import try_lock
from meishi.publishing.masking import Mask
from meishi.publishing.planning import Plan, Via, plan_of

_ID = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{6}")
#: So many journals are kept.
_KEEP = 50


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the one who publishes chose; `via` None is what config.toml says."""

    via: Via | None = None
    allow: tuple[str, ...] = ()
    dry_run: bool = False
    wait: bool = True
    restore: str = ""  # the publication to bring back
    author: Author | None = None
    message: str = ""
    write_aliases: bool = False  # where a page was recognised, let its old address lead to it

    def arguments(self) -> list[str]:
        """Spell the options as the command line does."""
        flags = [*(["--dry-run"] if self.dry_run else []), *([] if self.wait else ["--no-wait"])]
        flags += ["--write-aliases"] if self.write_aliases else []
        values = [("--via", self.via), ("--restore", self.restore), ("--message", self.message)]
        if self.author is not None:
            values.append(("--author", f"{self.author.name} <{self.author.email}>"))
        values += [("--allow", name) for name in self.allow]
        return [*flags, *(f"{name}={value}" for name, value in values if value)]


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands, by its journal."""

    id: str
    began: datetime | None
    ended: datetime | None
    running: bool
    stage: str
    done: int  # files of the stage
    total: int
    item: str
    outcome: str  # see journal.Outcome; "interrupted" when its process died; "" while it runs
    text: str  # the last thing that it said to people
    plan: Plan | None
    dry_run: bool
    restore: str
    author: str
    last: int  # number of the last event


@dataclass(frozen=True, slots=True)
class Jobs:
    """The publications of one site; their journals lie in instance/publishing/."""

    root: Path
    instance: Path
    clock: Callable[[], datetime]

    @property
    def folder(self) -> Path:
        """Return where the journals lie."""
        return self.instance / "publishing"

    def journal(self, job: str) -> Path:
        """Return the file of a job's journal."""
        return self.folder / f"{job}.jsonl"

    def start(self, options: PublishOptions) -> str:
        """Start a publication in a process of its own, or join the one that runs; return its id."""
        job, handle = self.claim()
        if handle is None:
            return job
        command = [
            sys.executable, "-m", "meishi.freezing", "publish", "--source", str(self.root), "--instance",
            str(self.instance), "--job", job, "--json", "--quiet", *options.arguments(),
        ]  # fmt: skip
        inherit = os.name == "posix"
        if inherit:
            command += ["--lock", str(handle)]
        try:
            with (self.folder / f"{job}.err").open("wb") as errors:
                process = subprocess.Popen(
                    command, cwd=self.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=errors, pass_fds=(handle,) if inherit else (), start_new_session=inherit,
                )  # fmt: skip
        except OSError as error:
            raise explained(error) from error
        finally:
            # The lock lives on with the process that inherited it.
            os.close(handle)
        # Somebody has to hear of its end, or it stays in the system's table of processes.
        threading.Thread(target=process.wait, name=f"publishing {job}", daemon=True).start()
        return job

    def claim(self) -> tuple[str, int | None]:
        """Take the lock for a new job: its id and the lock's handle; or the id of the job that has it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for _ in range(200):
                handle = take_lock(self.folder / "lock")
                if handle is not None:
                    return self._named_anew(handle), handle
                running = self._named()
                if running and self.journal(running).exists() and not _ended(self.journal(running)):
                    return running, None
                time.sleep(0.02)  # who has the lock is about to say so, or only looked whether it is free
        except OSError as error:
            raise explained(error) from error
        raise PublishError("another publication holds the lock and does not tell its name", hint="Try again")

    def _named_anew(self, handle: int) -> str:
        """Give a job that has the lock its name, and write it where others look; failing, let the lock go."""
        job = f"{self.clock():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        fresh = self.folder / "current.tmp"
        try:
            self.journal(job).touch()
            fresh.write_text(job, encoding="utf-8")
            os.replace(fresh, self.folder / "current")  # noqa: PTH105
            self._tidy()
        except OSError:
            os.close(handle)
            self.journal(job).unlink(missing_ok=True)
            raise
        return job

    def current(self) -> str | None:
        """Return the id of the job that runs."""
        job = self._named()
        return job if job and is_locked(self.folder / "lock") and not _ended(self.journal(job)) else None

    def latest(self) -> str | None:
        """Return the id of the last job, running or not."""
        return next(iter(self.list()), None)

    def list(self) -> Sequence[str]:
        """Return the ids of all jobs whose journals are kept, newest first."""
        return sorted((file.stem for file in self.folder.glob("*.jsonl")), reverse=True)

    def state(self, job: str) -> JobState | None:
        """Say how a job stands; None if there is no such job."""
        if not _ID.fullmatch(job) or not self.journal(job).exists():
            return None
        running = self.current() == job
        state = fold(job, self.events(job), running=running)
        if not running and not state.outcome:
            # It may have ended between the two looks.
            state = fold(job, self.events(job), running=False)
        if not running and not state.outcome:
            return replace(state, outcome="interrupted", text=self._last_words(job) or state.text)
        return state

    def events(self, job: str, after: int = 0) -> Iterator[Event]:
        """Yield the events of a job's journal that come after a number."""
        return read_journal(self.journal(job), after) if _ID.fullmatch(job) else iter(())

    def cancel(self, job: str) -> None:
        """Ask a job to stop; it does at its next step, and not any more once the push is through."""
        if _ID.fullmatch(job) and self.journal(job).exists():
            self.cancel_file(job).touch()

    def cancel_file(self, job: str) -> Path:
        """Return the file that asks a job to stop."""
        return self.folder / f"{job}.cancel"

    def seen(self, job: str) -> Path:
        """Return the file in which the study notes what the site was like when a job began."""
        return self.folder / f"{job}.seen"

    def _named(self) -> str:
        try:
            return (self.folder / "current").read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def _last_words(self, job: str) -> str:
        """Return the last line that a process that died wrote."""
        try:
            lines = (self.folder / f"{job}.err").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return Mask.of_environment(os.environ)(lines[-1]) if lines else ""

    def _tidy(self) -> None:
        """Forget all but the last jobs."""
        for job in self.list()[_KEEP:]:
            for ending in (".jsonl", ".err", ".cancel", ".seen"):
                (self.folder / f"{job}{ending}").unlink(missing_ok=True)


def take_lock(path: Path) -> int | None:
    """Take the lock at `path` if nobody has it; it dies with the processes that have the handle."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if try_lock(handle):
        return handle
    os.close(handle)
    return None


def is_locked(path: Path) -> bool:
    """Tell whether some process has the lock."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(handle, shared=True)
    finally:
        os.close(handle)


def _ended(journal: Path) -> bool:
    """Tell whether a journal says that its job is over."""
    try:
        with journal.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 8192))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:
        return False
    event = event_of(last.decode("utf-8", "replace"))
    return event is not None and event.kind == "done"


def fold(job: str, events: Iterable[Event], *, running: bool) -> JobState:
    """Fold the events of a journal into how the job stands."""
    state = JobState(job, None, None, running, "look", 0, 0, "", "", "", None, False, "", "", 0)
    for event in events:
        state = replace(state, last=event.number, stage=event.stage)
        data = event.data
        if event.kind == "began":
            state = replace(
                state, began=event.at, dry_run=bool(data.get("dry_run")),
                restore=str(data.get("restore", "")), author=str(data.get("author", "")),
            )  # fmt: skip
        elif event.kind == "stage":
            state = replace(state, done=0, total=0, item="", text=event.text or state.text)
        elif event.kind == "progress":
            state = replace(state, done=data["done"], total=data["total"], item=data["item"])
        elif event.kind == "plan":
            state = replace(state, plan=plan_of(data))
        elif event.kind == "done":
            state = replace(state, ended=event.at, outcome=data["outcome"], text=event.text, running=False)
        elif event.text:
            state = replace(state, text=event.text)
    return state
