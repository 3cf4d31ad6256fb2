"""All that `flask check` finds, kept for as long as the content stays the same."""

from __future__ import annotations

from threading import Lock

from meishi.admin.study import Study
from meishi.content.library import Library
from meishi.web.checks.findings import Finding
from meishi.web.checks.site import check_site
from meishi.web.folders import Folders


class SiteCheck:
    """Check the site once for each reading of the content: that may take seconds for a large one."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = Lock()
        self._known: tuple[Library, list[Finding]] | None = None

    def known(self) -> list[Finding] | None:
        """Return what was found in the content as it is now, None if nobody looked yet."""
        known, library = self._known, self._study.source.current().library
        return known[1] if known is not None and known[0] is library else None

    def findings(self) -> list[Finding]:
        """Look for everything that is wrong or doubtful, the worst first."""
        with self._lock:
            found = self.known()
            if found is None:
                library = self._study.source.current().library
                study, config = self._study, library.config
                _pages, found = check_site(config, Folders(study.root, study.home, config.theme), study.now())
                found.sort(key=lambda one: ("error", "warning", "note").index(one.level))
                self._known = library, found
        return found
