"""Check a build before it is published."""

from __future__ import annotations

import contextlib
import marshal
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from meishi.errors import BrokenOutputError
from meishi.publishing.build import Build, BuildFailedError
from meishi.publishing.facts import Facts
from meishi.publishing.links import Checker, LazyIds, Problem
from meishi.publishing.manifest import Output


def check_build(build: Build, outputs: Mapping[str, Output], *, tolerant: bool = False) -> None:
    """Check the links of what changed, or of everything if something that could be linked to is gone.

    A tolerant check stops nothing: who asks for it has been told of the links.
    """
    if tolerant:
        return
    old = build.old.outputs if build.old is not None else {}
    facts = _StoredFacts(outputs)
    changed = [path for path, made in build.made.items() if path not in old or old[path][2] != made.digest]
    if old and _something_gone(old, outputs, changed, facts):
        changed = [path for path in outputs if outputs[path].facts]
    frozen = build.frozen
    checker = Checker(outputs, LazyIds(facts), frozen.base_path + "/", frozen.origin, frozen.allowed_hosts)
    problems = [
        problem
        for path in changed
        if (found := facts.get(path)) is not None
        for problem in checker.problems(path, found)
    ]
    if problems:
        sources = {path: build.targets[address].source for address, path in build.files.items()}
        content = build.source / "content"
        raise BuildFailedError([_blamed(each, sources.get(each.file, ""), content) for each in problems])


def _something_gone(
    old: Mapping[str, tuple[Any, ...]], new: Mapping[str, Output], changed: list[str], facts: _StoredFacts
) -> bool:
    if not old.keys() <= new.keys():
        return True
    for path in changed:
        if path in old and old[path][9]:
            before = Facts(*marshal.loads(old[path][9]))  # noqa: S302
            after = facts.get(path)
            if after is None or not set(before.ids) <= set(after.ids):
                return True
    return False


class _StoredFacts(dict[str, Facts]):
    """Open the facts of a file when they are asked for."""

    def __init__(self, outputs: Mapping[str, Output]) -> None:
        super().__init__()
        self._outputs = outputs

    def get(self, path: str, default: Any = None) -> Any:
        """Return the facts of the file, or None."""
        if path not in self:
            output = self._outputs.get(path)
            if output is None or not output.facts:
                return default
            self[path] = Facts(*marshal.loads(output.facts))  # noqa: S302
        return self[path]


def _blamed(problem: Problem, source: str, content: Path) -> BrokenOutputError:
    """Make an error of a problem; it names the line of the content file where the reference is found."""
    if not source:
        return BrokenOutputError(problem.message, path=f"build/{problem.file}", hint=problem.hint)
    line = None
    with contextlib.suppress(OSError):
        text = (content / source).read_text(encoding="utf-8", errors="replace")
        wanted = (problem.reference, unquote(problem.reference), problem.reference.rpartition("#")[2])
        place = next((text.find(each) for each in wanted if each and each in text), -1)
        line = text.count("\n", 0, place) + 1 if place >= 0 else None
    return BrokenOutputError(problem.message, path=f"content/{source}", line=line, hint=problem.hint)
