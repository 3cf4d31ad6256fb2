"""Gather what visitors sign: the first at once, those of the next moments together in one transaction."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

from meishi.errors import MeishiError
from meishi.guestbook.models import Outcome, Signing

#: Seconds in which entries gather when it is busy.
WINDOW = 0.02
#: Entries of one transaction; a database keeps its rooms locked no longer than these take.
MOST = 500
#: Entries that may wait; beyond, writers are asked to try again rather than kept waiting.
QUEUE = 5000

Store = Callable[[Sequence[Signing]], Sequence[Outcome]]
Done = Callable[[Outcome], None]


class Batcher:
    """Store entries in the order in which they came, and tell each writer what became of theirs.

    Entries that come while one transaction is under way, or within WINDOW of its beginning, share the next
    one. So a quiet room is quick, and a busy one costs few commits.
    """

    def __init__(
        self,
        store: Store,
        busy: Callable[[Signing], Outcome],
        now: Callable[[], float],
        sleep: Callable[[float], None],
        log: logging.Logger,
    ) -> None:
        self._store = store
        self._busy = busy
        self._now = now
        self._sleep = sleep
        self._logger = log
        self._waiting: deque[tuple[Signing, Done]] = deque()
        self._some = threading.Event()
        self._stopping = False
        self._done = threading.Event()
        #: What is called when a transaction's writers have been told.
        self.after: Callable[[], None] = lambda: None

    def add(self, signing: Signing, done: Done) -> None:
        """Take an entry in; `done` is called when it is stored, or cannot be."""
        if self._stopping or len(self._waiting) >= QUEUE:
            done(self._busy(signing))
            return
        self._waiting.append((signing, done))
        self._some.set()

    def run(self) -> None:
        """Store what comes, until it is stopped and nothing waits."""
        began = self._now() - WINDOW
        while not (self._stopping and not self._waiting):
            self._some.wait()
            rest = began + WINDOW - self._now()
            if rest > 0 and not self._stopping:
                self._sleep(rest)
            self._some.clear()
            if self._waiting:
                began = self._now()
            while batch := [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]:
                self._flush(batch)
                self.after()
                if self._now() - began > WINDOW:
                    break
            if self._waiting:
                self._some.set()
        self._done.set()

    def stop(self, patience: float) -> bool:
        """Store what waits, take nothing more, and tell whether all was done in so many seconds."""
        self._stopping = True
        self._some.set()
        return self._done.wait(patience)

    def _flush(self, batch: list[tuple[Signing, Done]]) -> None:
        for (signing, done), outcome in zip(batch, self._outcomes([item[0] for item in batch]), strict=True):
            try:
                done(outcome)
            except Exception:
                self._logger.exception("guestbook: a writer could not be told of %s", signing.id)

    def _outcomes(self, signings: list[Signing]) -> Sequence[Outcome]:
        try:
            return self._store(signings)
        except MeishiError as error:
            self._logger.error("%s", error)
        except Exception:
            self._logger.exception("guestbook: %s entries could not be stored", len(signings))
            if len(signings) > 1:
                # One of them may be to blame: the others must not suffer for it.
                return [self._outcomes([signing])[0] for signing in signings]
        return [self._busy(signing) for signing in signings]
