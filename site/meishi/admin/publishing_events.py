"""The progress of a publication as server-sent events, read from its journal: a restart loses nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest

from flask import Response, request

from meishi.publishing.job import Jobs
from meishi.publishing.journal import Event

#: Seconds between looks at the journal, and between signs of life.
_LOOK, _HEARTBEAT = 0.25, 2.0
#: A stream ends after so many seconds, and the browser asks for the rest: no thread is held for ever.
_LONGEST = 120.0


def stream(jobs: Jobs, job: str, now: Callable[[], float] = time.monotonic) -> Response:
    """Send the events of a job that the browser has not had yet, until the job has ended."""
    sent = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    after = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    response = Response(_events(jobs, job, after, now), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep them back
    return response


def _events(jobs: Jobs, job: str, after: int, now: Callable[[], float]) -> Iterator[str]:
    yield "retry: 1000\n\n"
    began = said = now()
    while True:
        state = jobs.state(job)
        found = list(jobs.events(job, after))
        for event in _thinned(found):
            yield _line(event)
            after, said = event.number, now()
        if state is None or not state.running:
            # What was written between the two looks is above; nothing comes after it.
            yield "event: end\ndata: {}\n\n"
            return
        if now() - began > _LONGEST:
            return
        if now() - said > _HEARTBEAT:
            yield ": still here\n\n"
            said = now()
        time.sleep(_LOOK)


def _thinned(events: list[Event]) -> Iterator[Event]:
    """Leave out progress that newer progress overtakes: a thousand files need no thousand events."""
    for event, following in zip_longest(events, events[1:]):
        if event.kind != "progress" or following is None or following.kind != "progress":
            yield event


def _line(event: Event) -> str:
    values = {"stage": event.stage, "kind": event.kind, "text": event.text, **event.data}
    shown = {name: values.get(name) for name in ("stage", "kind", "text", "done", "total", "item")}
    return f"id: {event.number}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"
