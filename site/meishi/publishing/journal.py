"""The journal of a publication: JSON lines in a file, written by its process and read by the study."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

#: In this order; "build" is only there by push, "live" not with --no-wait.
Stage = Literal["look", "freeze", "compare", "commit", "push", "build", "live"]
STAGES: tuple[Stage, ...] = ("look", "freeze", "compare", "commit", "push", "build", "live")
EventKind = Literal[
    "began",  # data: via, dry_run, allow, restore, wait, author, pid
    "stage",  # a stage begins
    "progress",  # data: done, total, item
    "log",  # text
    "warning",  # text; data: path, line
    "error",  # text; data: path, line
    "plan",  # data: see planning.plan_of
    "pushed",  # data: publication (see publication.publication_of), or commit by push
    "waiting",  # text; data: seconds, hangs (see awaiting.Hangs)
    "done",  # text; data: outcome, seconds, address, publication, gates (names of the closed ones)
]
#: How a publication ended. "looked": a dry run. "hanging": pushed, but not seen live in time.
Outcome = Literal["live", "pushed", "unchanged", "looked", "refused", "failed", "cancelled", "hanging"]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal; numbers begin at 1."""

    number: int
    at: datetime
    stage: str
    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Write it as a line of JSON, without the line's end."""
        when = self.at.isoformat()
        values: dict[str, Any] = {"n": self.number, "at": when, "stage": self.stage, "kind": self.kind}
        if self.text:
            values["text"] = self.text
        if self.data:
            values["data"] = self.data
        return json.dumps(values, ensure_ascii=False)


def event_of(line: str) -> Event | None:
    """Read a line of a journal; None if it is not whole."""
    try:
        values = json.loads(line)
        return Event(
            values["n"],
            datetime.fromisoformat(values["at"]),
            values["stage"],
            values["kind"],
            values.get("text", ""),
            values.get("data", {}),
        )
    except (ValueError, KeyError, TypeError):
        return None


def read_journal(file: Path, after: int = 0) -> Iterator[Event]:
    """Yield the events of a journal that come after a number; a line that is being written is left out."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines[after:]:
        event = event_of(line)
        if event is not None:
            yield event


class Journal:
    """Write the events of one publication, every text without secrets."""

    def __init__(
        self,
        file: Path | None,
        clock: Callable[[], datetime],
        mask: Callable[[str], str],
        listeners: tuple[Callable[[Event], None], ...] = (),
    ) -> None:
        """Write to a file, if one is given, and tell listeners."""
        self._file = file
        self._clock = clock
        self._mask = mask
        self._listeners = listeners
        self._number = 0
        self._handle: int | None = None
        self.stage: str = "look"

    def write(self, kind: EventKind, text: str = "", **data: Any) -> Event:
        """Append an event."""
        self._number += 1
        event = Event(self._number, self._clock(), self.stage, kind, text, data)
        line = self._mask(event.line())
        if self._file is not None:
            if self._handle is None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            # One call a line: who reads meanwhile sees whole lines, or the beginning of the last one.
            # A full disk must not hide from who listens why the publication ends.
            with suppress(OSError):
                os.write(self._handle, line.encode("utf-8", "replace") + b"\n")
        shown = event_of(line) or event
        for listener in self._listeners:
            listener(shown)
        return shown

    def begin(self, stage: Stage, text: str = "") -> None:
        """Begin a stage."""
        self.stage = stage
        self.write("stage", text)

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
