"""Ask GitHub how its own build of what was pushed goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from meishi.errors import MeishiError
from meishi.publishing.awaiting import Hangs
from meishi.publishing.branch import Branch
from meishi.publishing.github_api import GitHub

Answer = tuple[Hangs | None, str]


class BuildState(Protocol):
    """Tell how a build goes."""

    def state(self) -> Answer:
        """Return where it hangs by what GitHub tells; nothing where it does not tell."""


@dataclass
class PagesBuild:
    """The build that GitHub makes of the published branch; it is asked for one if it began none."""

    github: GitHub
    branch: Branch
    commit: str
    _asked: bool = False

    def state(self) -> Answer:
        """Return where the build hangs by what GitHub tells; nothing where it does not tell."""
        found = _asked(self.github, self.branch, "/pages/builds/latest")
        if not isinstance(found, dict) or not self.commit:
            return None, ""
        status, commit = str(found.get("status", "")), str(found.get("commit", ""))
        if commit and commit != self.commit:
            self._ask_to_build()
            return "pages_build", "GitHub has not begun to build it"
        if status == "errored":
            error = found.get("error")
            reason = str(error.get("message") or "") if isinstance(error, dict) else ""
            return "pages_failed", f"GitHub could not build it{f': {reason}' if reason else ''}"
        if status and status != "built":
            return "pages_build", "GitHub is building it"
        return None, ""

    def _ask_to_build(self) -> None:
        """Ask for a build once: a push by a workflow's own token starts none."""
        remote = self.branch.remote
        if not self._asked:
            self._asked = True
            try:
                self.github.post(f"/repos/{remote.owner}/{remote.repository}/pages/builds")
            except MeishiError:
                return  # the owner hears that it has not begun


@dataclass
class ActionsRun:
    """The run of a workflow that a push started."""

    github: GitHub
    branch: Branch
    commit: str

    def state(self) -> Answer:
        """Return where the run hangs by what GitHub tells; nothing where it does not tell."""
        found = _asked(self.github, self.branch, f"/actions/runs?head_sha={self.commit}")
        runs = found.get("workflow_runs") if isinstance(found, dict) else None
        if not isinstance(runs, list):
            return None, ""
        if not runs:
            return "pages_build", "no workflow of GitHub Actions has begun yet (with Travis, look there)"
        failed = [run for run in runs if run.get("conclusion") in {"failure", "timed_out", "startup_failure"}]
        if failed:
            return "pages_failed", f"the workflow failed: {failed[0].get('html_url', '')}".rstrip(": ")
        if any(run.get("status") != "completed" for run in runs):
            return "pages_build", "the workflow is building it"
        return None, ""


def _asked(github: GitHub, branch: Branch, path: str) -> Any:
    """Ask about the repository; None where there is no token, or no answer."""
    remote = branch.remote
    if not remote.on_github or not github.token:
        return None
    try:
        return github.get(f"/repos/{remote.owner}/{remote.repository}{path}")
    except MeishiError:
        return None
