"""Build the site for a publication, and tell its journal how it goes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meishi.errors import BrokenOutputError, MeishiError, PublishError
from meishi.publishing.command import build
from meishi.publishing.journal import Journal
from meishi.publishing.manifest import Manifest, Note, Output, load
from meishi.publishing.options import FreezeOptions
from meishi.publishing.press import Press
from meishi.publishing.stamp import HOME, build_id, stamp_of
from meishi.publishing.state import swap_for

#: So often at most a file is told of: 1,000 pages are made in less than a second.
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Built:
    """A build: its folder, its record, its id; `stamped` tells whether its home page bears the id."""

    folder: Path
    manifest: Manifest
    id: str
    stamped: bool

    def about(self) -> dict[str, tuple[str, str]]:
        """Return the content file and the table's row of each path."""
        outputs = (
            (path, fields if isinstance(fields, Output) else Output(*fields))
            for path, fields in self.manifest.outputs.items()
        )
        return {path: (output.source, output.row) for path, output in outputs}


class BrokenLinksError(PublishError):
    """Hold the broken links of a build that was not made."""

    def __init__(self, errors: tuple[MeishiError, ...]) -> None:
        super().__init__("links of the site are broken")
        self.errors = errors


class _Telling:
    """Pass the progress of a build on to the journal, and let the owner stop it."""

    def __init__(self, journal: Journal, press: Press) -> None:
        self._journal = journal
        self._press = press
        self._total = self._done = 0
        self._told = 0.0

    def step(self, name: str, **more: Any) -> None:
        """Tell of a build that another process makes."""
        self._press.check_stop()
        if name == "wait":
            self._journal.write("log", "Another build is running; waiting for it …")

    def start(self, total: int) -> None:
        """Tell how many files will be made."""
        self._total = total
        self._journal.write("progress", done=0, total=total, item="")

    def made(self, address: str) -> None:
        """Tell of a file, but not of every one of a hundred in a moment."""
        self._press.check_stop()
        self._done += 1
        now = time.monotonic()
        if self._done >= self._total or now - self._told >= _PAUSE:
            self._told = now
            self._journal.write("progress", done=self._done, total=self._total, item=address)

    def problem(self, kind: str, note: Note) -> None:
        """Tell what is wrong."""
        message, path, line = note
        self._journal.write("error" if kind == "error" else "warning", message, path=path, line=line)

    def done(self, table: str, rows: Mapping[str, Mapping[str, int]], **more: Any) -> None:
        """Tell the table, if it is news."""
        if not more["made"] and not more["removed"]:
            self._journal.write("log", "The build is current")
            return
        news = f"Made {more['made']} of {more['files']} files in {more['ms']} ms"
        self._journal.write("log", f"{table}\n\n{news}")


def build_site(press: Press, journal: Journal, *, broken: bool) -> Built:
    """Build into build/; raises BrokenLinksError if nothing else is wrong than links."""
    folder = press.root / "build"
    options = FreezeOptions(source=press.root, destination=folder, broken=broken)
    try:
        build(options, press.app_factory, _Telling(journal, press), press.environ, time.perf_counter())
    except MeishiError as error:
        errors: tuple[MeishiError, ...] = getattr(error, "errors", ())
        if errors and all(isinstance(each, BrokenOutputError) for each in errors):
            raise BrokenLinksError(errors) from error
        raise
    manifest = load(swap_for(options).record)
    if manifest is None:
        raise PublishError("the build's record cannot be read", hint="Publish again")
    try:
        found = stamp_of((folder / HOME).read_bytes())
    except OSError:
        found = ""
    outputs = {path: Output(*fields) for path, fields in manifest.outputs.items()}
    return Built(folder, manifest, found or build_id(outputs), bool(found))
