"""The namespace /publishing: the owner's page follows a publication, told what is written in its journal.

The journal stays the truth: a page says how far it has read, here as with server-sent events, and goes on
from there after a lost connection or a restarted server.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socketio import Namespace
from socketio.exceptions import ConnectionRefusedError as RefusedError
from werkzeug.http import parse_cookie

from meishi.live.gate import LINE
from meishi.live.lines import Line
from meishi.live.origins import same_site
from meishi.live.progress import LONGEST, LOOK, news

if TYPE_CHECKING:
    from meishi.publishing.job import Jobs

NAME = "/publishing"


@dataclass(slots=True)
class _Follower:
    sid: str
    line: Line
    job: str
    after: int
    until: float


class ProgressNamespace(Namespace):  # type: ignore[misc]
    """Let the owner's pages in, and tell each what its publication has written since."""

    def __init__(
        self,
        jobs: Jobs,
        is_owner: Callable[[Mapping[str, str]], bool],
        start: Callable[[Callable[[], None]], Any],
        sleep: Callable[[float], Any],
        now: Callable[[], float],
        log: logging.Logger,
    ) -> None:
        """`start` runs something in the background; `sleep` lets others run meanwhile."""
        super().__init__(NAME)
        self._jobs = jobs
        self._is_owner = is_owner
        self._start, self._sleep, self._now = start, sleep, now
        self._logger = log
        self._lock = threading.Lock()
        self._followers: dict[str, _Follower] = {}
        self._following = False

    def trigger_event(self, event: str, *args: Any) -> None:
        """Handle what Socket.IO hands over; a page has nothing to say but what it follows."""
        if event == "connect":
            self._connect(*args)
        elif event == "disconnect":
            self._forget(args[0])

    def gone(self, line: Line) -> None:
        """Forget a connection that has ended, even one that left while it was being let in."""
        for follower in self._all():
            if follower.line is line:
                self._forget(follower.sid)
                if self.server.manager.eio_sid_from_sid(follower.sid, NAME):
                    self.server.manager.disconnect(follower.sid, NAME, ignore_queue=True)

    def _connect(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        if not (same_site(environ) and self._is_owner(parse_cookie(dict(environ)))):
            raise RefusedError("not_yours")
        auth = auth if isinstance(auth, Mapping) else {}
        job, after = auth.get("job"), auth.get("after")
        if not isinstance(job, str) or not isinstance(after, int) or self._jobs.state(job) is None:
            raise RefusedError("bad_request")
        line = environ[LINE]
        line.greeted, line.sid = True, self.server.manager.eio_sid_from_sid(sid, NAME)
        with self._lock:
            self._followers[sid] = _Follower(sid, line, job, max(0, after), self._now() + LONGEST)
            begin, self._following = not self._following, True
        if begin:
            self._start(self._follow)

    def _forget(self, sid: str) -> None:
        with self._lock:
            self._followers.pop(sid, None)

    def _all(self) -> list[_Follower]:
        with self._lock:
            return list(self._followers.values())

    def _follow(self) -> None:
        """Look at the journals for as long as anybody follows one."""
        while True:
            for follower in self._all():
                try:
                    self._tell(follower)
                except Exception:
                    # It comes back with the number of what it has read.
                    self._logger.exception("publishing: a page could not be told how it goes")
                    follower.line.cut()
            self._sleep(LOOK)
            with self._lock:
                if not self._followers:
                    self._following = False
                    return

    def _tell(self, follower: _Follower) -> None:
        # In this order: of one that has ended, all that it wrote is there to be read.
        running = self._jobs.current() == follower.job
        for told in news(self._jobs.events(follower.job, follower.after)):
            self.emit("progress", told, to=follower.sid)
            follower.after = told["number"]
        if not running:
            self.emit("end", {}, to=follower.sid)
            self._forget(follower.sid)
        elif self._now() > follower.until:
            follower.line.cut()  # it comes back at once if its session still opens the study
