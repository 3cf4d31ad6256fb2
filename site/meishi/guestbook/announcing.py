"""Tell listeners what was stored: after the commit, in the order of the log, one thread at a time."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable

from meishi.guestbook.models import Announcement

Listener = Callable[[Announcement], None]

_log = logging.getLogger(__name__)


class Announcer:
    """Keep announcements in order; who finds nobody announcing, announces for all."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: deque[Announcement] = deque()
        self._telling = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a listener from now on; return what ends that."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def put(self, announcements: Iterable[Announcement]) -> None:
        """Queue announcements; called in the order of the log, while others wait to write."""
        if self._listeners:
            self._waiting.extend(announcements)

    def tell(self) -> None:
        """Tell what waits, unless another thread is just doing so."""
        while self._waiting and self._telling.acquire(blocking=False):
            try:
                while self._waiting:
                    announcement = self._waiting.popleft()
                    for listener in tuple(self._listeners):
                        self._call(listener, announcement)
            finally:
                self._telling.release()

    def _call(self, listener: Listener, announcement: Announcement) -> None:
        try:
            listener(announcement)
        except Exception:  # noqa: BLE001
            # The entry is stored: a listener that fails must not turn that into "try again".
            _log.exception("a listener of the guestbook failed")
