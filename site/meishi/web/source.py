"""The site as it is now: read again when something changed, the last good pages where it is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import RLock

from meishi.errors import MeishiError
from meishi.web.answers import Answer
from meishi.web.public import PublicSite
from meishi.web.targets import Target

#: So many pages are kept as they were last shown.
KEPT = 512


class CurrentSite:
    """Keep the newest good reading of a site, and the last good answer of its pages.

    While there has never been a good reading, `current` raises what is wrong. `outside` tells whether files
    changed of which nobody else tells.
    """

    def __init__(
        self,
        read: Callable[[PublicSite | None], PublicSite],
        now: Callable[[], datetime],
        outside: Callable[[], bool] = lambda: False,
    ) -> None:
        self._read = read
        self._outside = outside
        self._now = now
        self._lock = RLock()
        self._changed = True
        self._site: PublicSite | None = None
        self._error: MeishiError | None = None
        self._kept: dict[str, tuple[PublicSite, Answer, str]] = {}
        self._broken: dict[str, MeishiError] = {}

    def current(self) -> PublicSite:
        """Return the site, read again first if a file or the clock changed it."""
        # The first visitors wait for the first reading; later ones are shown the old site meanwhile.
        if self._site is None or self._is_old():
            with self._lock:
                if self._is_old():
                    self._refresh()
        if self._site is None:
            assert self._error is not None
            raise self._error
        return self._site

    def changed(self) -> None:
        """Say that something on disk changed."""
        self._changed = True

    def answer(self, site: PublicSite, target: Target) -> Answer:
        """Render a target; if that fails, answer as when it was last shown."""
        kept = self._kept.get(target.address)
        try:
            if kept is not None and kept[0] is site and kept[2] == self._mark(site, target):
                return kept[1]
            answer = site.render(target).answer
            mark = self._mark(site, target)
        except MeishiError as error:
            with self._lock:
                self._broken[target.address] = error
            if kept is None:
                raise
            return kept[1]
        with self._lock:
            self._kept.pop(target.address, None)
            self._kept[target.address] = site, answer, mark
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return answer

    def _mark(self, site: PublicSite, target: Target) -> str:
        """Return what changes when a page with live entries has to be made again; their forms age, too."""
        mark = site.mark(target.address)
        return f"{mark} {self._now():%d%H}" if mark else ""

    @property
    def errors(self) -> tuple[MeishiError, ...]:
        """List what is broken at the moment: the pages shown are then the last good ones."""
        with self._lock:
            found = [*([self._error] if self._error else []), *self._broken.values()]
            found += self._site.warnings if self._site else ()
        return tuple({str(error): error for error in found}.values())

    def _is_old(self) -> bool:
        if self._outside():
            self._changed = True
        until = self._site.library.valid_until if self._site else None
        return self._changed or (until is not None and self._now() >= until)

    def _refresh(self) -> None:
        # Whatever changes from here on is seen by the next reading.
        self._changed = False
        try:
            self._site = self._read(self._site)
            self._error = None
            self._broken = {}
        except MeishiError as error:
            self._error = error
