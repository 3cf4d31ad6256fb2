"""Tell people in a terminal, or another program, how a publication goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TextIO

from meishi.publishing.difference import Change
from meishi.publishing.gates import Gate
from meishi.publishing.job import Jobs
from meishi.publishing.journal import Event
from meishi.publishing.planning import Plan, plan_of

Teller = Callable[[Event], None]
_STAGES = {
    "look": "Looking at what is published …",
    "freeze": "Freezing …",
    "compare": "Comparing …",
    "commit": "Committing …",
    "push": "Pushing …",
    "build": "Waiting for the build …",
}
_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
_COLOURS = {"added": "green", "changed": "", "removed": "red"}
#: More changes than this are counted, not listed.
_LISTED = 40


class Lines:
    """Write each event as a line of JSON."""

    def __init__(self, out: TextIO) -> None:
        """Write to `out`."""
        self._out = out

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._out.write(event.line() + "\n")
        self._out.flush()


class Terminal:
    """Write what people want to read; a line that moves, where there is a terminal."""

    def __init__(self, out: TextIO, errors: TextIO, *, quiet: bool = False) -> None:
        """Write to `out`, what is wrong to `errors`."""
        self._out = out
        self._errors = errors
        self._quiet = quiet
        self._live = out.isatty() and not quiet
        self._open = False

    def __call__(self, event: Event) -> None:
        """Write an event, if it is of interest."""
        write = getattr(self, f"_{event.kind}", None)
        if write is not None:
            write(event)
        self._out.flush()

    def _stage(self, event: Event) -> None:
        self._say(event.text or _STAGES.get(event.stage, event.stage))

    def _progress(self, event: Event) -> None:
        done, total = int(event.data["done"]), int(event.data["total"])
        if self._live and total > 1:
            width = 24 * done // total
            item = str(event.data["item"])[-36:]
            self._move(f"  [{'#' * width}{'-' * (24 - width)}] {done}/{total}  {item}")

    def _waiting(self, event: Event) -> None:
        if self._live:
            self._move(f"  {event.data['seconds']:.0f} s: {event.text}")

    def _log(self, event: Event) -> None:
        self._say("\n".join(f"  {line}" for line in event.text.splitlines()))

    def _warning(self, event: Event) -> None:
        self._problem(event, "warning: ")

    def _error(self, event: Event) -> None:
        self._problem(event, "")

    def _problem(self, event: Event, kind: str) -> None:
        self._end()
        path, line = event.data.get("path"), event.data.get("line")
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        self._errors.write(f"{place}{kind}{event.text}\n")

    def _plan(self, event: Event) -> None:
        plan = plan_of(event.data)
        for line in shown_plan(plan):
            self._say(line)
        for gate in plan.gates:
            for line in shown_gate(gate):
                self._end()
                self._errors.write(line + "\n")

    def _done(self, event: Event) -> None:
        self._end()
        outcome = event.data["outcome"]
        if outcome != "failed":
            good = outcome in {"live", "pushed", "unchanged", "looked"}
            (self._out if good else self._errors).write(event.text + "\n")

    def _say(self, text: str) -> None:
        self._end()
        if not self._quiet:
            self._out.write(text + "\n")

    def _move(self, text: str) -> None:
        self._out.write(f"\r\x1b[K{text}")
        self._open = True

    def _end(self) -> None:
        if self._open:
            self._out.write("\r\x1b[K")
            self._open = False


def shown_plan(plan: Plan) -> list[str]:
    """Write a plan as lines for a terminal."""
    lines = [f"  {file}: will be committed" for file in plan.files[:_LISTED]]
    lines += [f"  goes out: {subject}" for subject in plan.commits[:_LISTED]]
    changes = plan.difference.changes
    if plan.difference.first:
        added = plan.difference.counts[0]
        return [*lines, f"  Nothing is published yet: {added} files are new"] if added else lines
    lines += [shown_change(each) for each in changes[:_LISTED]]
    if len(changes) > _LISTED:
        lines.append(f"  … and {len(changes) - _LISTED} more")
    return lines


def shown_change(change: Change) -> str:
    """Write a change as a line for a terminal."""
    sizes = {
        "added": f"{change.size} bytes",
        "removed": f"{change.old_size} bytes",
        "changed": f"{change.old_size} → {change.size} bytes",
    }
    source = f"  (content/{change.source})" if change.source else ""
    return f"  {_SIGNS[change.kind]} {change.address}  {sizes[change.kind]}{source}"


def shown_gate(gate: Gate) -> list[str]:
    """Write a gate as lines for a terminal."""
    mark = "allowed: " if gate.allowed else ""
    lines = [f"{gate.name}: {mark}{gate.text}"]
    for each in gate.findings[:_LISTED]:
        place = f"{each.source}:{each.line}: " if each.source and each.line else ""
        lines.append(f"  {place}{each.text}")
    if len(gate.findings) > _LISTED:
        lines.append(f"  … and {len(gate.findings) - _LISTED} more")
    return lines if gate.allowed else [*lines, f"  → {gate.hint}, or: --allow {gate.name}"]


def follow(jobs: Jobs, job: str, teller: Teller, sleep: Callable[[float], Any] = time.sleep) -> Event | None:
    """Tell the events of a job that another process runs, until it ends; None if it died."""
    after = 0
    while True:
        running = jobs.current() == job
        for event in jobs.events(job, after):
            after = event.number
            teller(event)
            if event.kind == "done":
                return event
        if not running:
            return None
        sleep(0.1)
