"""The progress of a publication as server-sent events, read from its journal: a restart loses nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

from flask import Response, request

from meishi.live.progress import LONGEST, LOOK, news
from meishi.publishing.job import Jobs

#: Seconds between signs of life.
_HEARTBEAT = 2.0


def stream(jobs: Jobs, job: str, now: Callable[[], float] = time.monotonic) -> Response:
    """Send the events of a job that the browser has not had yet, until the job has ended."""
    sent = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    after = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    response = Response(_events(jobs, job, after, now), mimetype="text/event-stream")
    # nginx would keep events back, and so would eventlet, until there are 4 KB of them.
    response.headers["X-Accel-Buffering"] = "no"
    request.environ["eventlet.minimum_write_chunk_size"] = 1
    return response


def _events(jobs: Jobs, job: str, after: int, now: Callable[[], float]) -> Iterator[str]:
    yield "retry: 1000\n\n"
    began = said = now()
    while True:
        state = jobs.state(job)
        for told in news(jobs.events(job, after)):
            yield f"id: {told['number']}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
            after, said = told["number"], now()
        if state is None or not state.running:
            # What was written between the two looks is above; nothing comes after it.
            yield "event: end\ndata: {}\n\n"
            return
        if now() - began > LONGEST:
            return  # the browser asks for the rest: no thread is held for ever
        if now() - said > _HEARTBEAT:
            yield ": still here\n\n"
            said = now()
        time.sleep(LOOK)
