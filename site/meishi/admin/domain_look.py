"""Let the domain doctor look, in a process of its own, and keep what it found."""

from __future__ import annotations

import json
import subprocess
import sys

from meishi.admin.study import Study
from meishi.errors import PublishError
from meishi.publishing.domain.report import Report, report_of

#: The doctor's own patience ends long before.
_PATIENCE = 90


def look(study: Study) -> Report:
    """Look at the domain; raises PublishError where even that failed."""
    command = [sys.executable, "-m", "meishi.publishing.domain.process", str(study.root)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PublishError("the look at the domain did not end in time", hint="Look again") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it failed"]
        raise PublishError(f"the domain could not be looked at: {lines[-1]}")
    report = report_of(json.loads(done.stdout))
    file = study.server.instance / "domain.json"
    part = file.with_suffix(".part")
    file.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(done.stdout, encoding="utf-8")
    part.replace(file)
    return report


def last_look(study: Study) -> Report | None:
    """Return what was found at the last look, None if there was none that can be read."""
    try:
        return report_of(json.loads((study.server.instance / "domain.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
