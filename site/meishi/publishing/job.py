"""Publications that run in processes of their own: start one, join one, watch it, cancel it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from meishi.content.editing.git import Author
from meishi.publishing.journal import Event
from meishi.publishing.planning import Plan, Via


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


class Jobs:
    """The publications of one site; their journals lie in instance/publishing/."""

    def __init__(self, root: Path, instance: Path, clock: Callable[[], datetime]) -> None:
        """Know the jobs of the site at `root`."""
        self.folder = instance / "publishing"
        self._root = root
        self._clock = clock

    def start(self, options: PublishOptions) -> str:
        """Start a publication in a process of its own, or join the one that runs; return its id."""
        raise NotImplementedError

    def current(self) -> str | None:
        """Return the id of the job that runs."""
        raise NotImplementedError

    def latest(self) -> str | None:
        """Return the id of the last job, running or not."""
        raise NotImplementedError

    def list(self) -> Sequence[str]:
        """Return the ids of all jobs whose journals are kept, newest first."""
        raise NotImplementedError

    def state(self, job: str) -> JobState | None:
        """Say how a job stands; None if there is no such job."""
        raise NotImplementedError

    def events(self, job: str, after: int = 0) -> Iterator[Event]:
        """Yield the events of a job's journal that come after a number."""
        raise NotImplementedError

    def cancel(self, job: str) -> None:
        """Ask a job to stop; it does at its next step, and not any more once the push is through."""
        raise NotImplementedError
