"""How a publication stands, as its page shows it: the stages, the log, and what became of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from meishi.admin.publishing_words import STAGES, ending, explanation, hanging, tone
from meishi.admin.study import Study
from meishi.publishing.job import JobState
from meishi.publishing.journal import Event
from meishi.publishing.options import FreezeOptions
from meishi.publishing.state import look as look_at
from meishi.publishing.state import swap_for

#: So many lines of the log are shown; the journal has them all.
LOG = 400


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as the page lists it."""

    name: str
    title: str
    standing: Literal["done", "current", "waiting", "broken"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or a warning that a job told."""

    kind: str
    text: str
    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """All that a job's page shows beside its plan."""

    steps: tuple[Step, ...]
    log: tuple[str, ...]
    problems: tuple[Problem, ...]
    title: str
    explanation: str
    tone: str
    address: str
    publication: str
    hangs: str
    detail: str

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that stopped it."""
        return tuple(each for each in self.problems if each.kind == "error")


def course_of(study: Study, state: JobState | None) -> Course | None:
    """Read a job's journal for its page."""
    if state is None:
        return None
    events = list(study.jobs.events(state.id))
    done: Mapping[str, Any] = next((event.data for event in reversed(events) if event.kind == "done"), {})
    waiting: Mapping[str, Any] = next((one.data for one in reversed(events) if one.kind == "waiting"), {})
    hangs = str(done.get("hangs") or waiting.get("hangs") or "")
    means = hanging(hangs) if state.outcome == "hanging" else explanation(state.outcome)
    return Course(
        steps=tuple(_steps(state, events)),
        log=tuple(_log(events))[-LOG:],
        problems=tuple(_problems(events)),
        title=ending(state.outcome, round(float(done.get("live_after", done.get("seconds", 0))))),
        explanation=means,
        tone=tone(state.outcome),
        address=str(done.get("address") or (state.plan.address if state.plan else "")),
        publication=_publication(done, events),
        hangs=hangs if state.outcome == "hanging" else "",
        detail=str(done.get("detail") or ""),
    )


def newest_look(study: Study) -> JobState | None:
    """Return the newest job if it ended as a look at what would change, however that went."""
    newest = study.jobs.latest()
    state = study.jobs.state(newest) if newest else None
    if state is None or state.running:
        return None
    refused = state.outcome == "refused" and state.plan is not None
    return state if (state.dry_run or refused) and not state.restore else None


def _steps(state: JobState, events: list[Event]) -> Iterable[Step]:
    names = _names(state, events)
    reached = names.index(state.stage) if state.stage in names else 0
    whole = state.outcome in ("live", "pushed", "unchanged", "looked")
    for number, name in enumerate(names):
        standing: Literal["done", "current", "waiting", "broken"] = "waiting"
        if number < reached or (whole and number == reached):
            standing = "done"
        elif number == reached:
            standing = "current" if state.running else "broken"
        yield Step(name, str(STAGES[name]), standing)


def _names(state: JobState, events: list[Event]) -> list[str]:
    """List the stages that this job goes through."""
    began = next((event.data for event in events if event.kind == "began"), {})
    via = began.get("via") or (state.plan.via if state.plan else "branch")
    names = list(STAGES)
    if state.restore:
        names.remove("freeze")
    if state.dry_run:
        return names[: names.index("compare") + 1]
    if via != "push" and not any(event.stage == "build" for event in events):
        names.remove("build")
    if began.get("wait") is False:
        names.remove("live")
    return names


def _log(events: list[Event]) -> Iterable[str]:
    for event in events:
        if event.text and event.kind not in ("progress", "waiting"):
            yield event.text


def _problems(events: list[Event]) -> Iterable[Problem]:
    for event in events:
        if event.kind in ("error", "warning"):
            line = event.data.get("line")
            yield Problem(event.kind, event.text, str(event.data.get("path") or ""), line)


def _publication(done: Mapping[str, Any], events: list[Event]) -> str:
    """Return the commit of what was published."""
    pushed: Mapping[str, Any] = next((one.data for one in reversed(events) if one.kind == "pushed"), {})
    for found in (done.get("publication"), pushed.get("publication")):
        if found:
            return str(found["id"] if isinstance(found, Mapping) else found)
    return ""


def remember_look(study: Study, job: str, mark: str) -> None:
    """Write down what a job looks at, to know later whether that has changed; who joins it adds nothing."""
    # On a full disk it is not written, and who comes next looks again.
    with suppress(OSError), study.jobs.seen(job).open("x", encoding="utf-8") as file:
        file.write(mark)


def still_true(study: Study, look: JobState) -> bool:
    """Tell whether nothing has changed in the site since a look, so that publishing would do what it says."""
    try:
        then = study.jobs.seen(look.id).read_text(encoding="utf-8")
    except OSError:
        return False
    return then == mark_of(study)


def mark_of(study: Study) -> str:
    """Return a digest of all that a build is made from, and of when pages appear or expire."""
    options = FreezeOptions(source=study.root, destination=study.root / "build")
    files = look_at(options, swap_for(options), os.environ).sources.digests()
    mark = blake2b(digest_size=16)
    for name in sorted(files):
        mark.update(f"{name}\0{files[name]}\n".encode("utf-8", "surrogateescape"))
    mark.update(str(study.source.current().library.valid_until).encode())
    return mark.hexdigest()
