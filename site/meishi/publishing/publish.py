"""Publish a site, stage by stage; whatever happens, visitors have the old publication or the new one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from meishi.content.editing.desk import Desk
from meishi.errors import MeishiError, PublishError
from meishi.publishing.aliases import write_alias
from meishi.publishing.awaiting import Expected, Seen, Watch, await_live
from meishi.publishing.branch import Branch
from meishi.publishing.builds import ActionsRun, BuildState, PagesBuild
from meishi.publishing.difference import Difference
from meishi.publishing.disk import explained
from meishi.publishing.gates import Gate, closed
from meishi.publishing.git import CancelledError
from meishi.publishing.github_api import GitHub
from meishi.publishing.job import PublishOptions
from meishi.publishing.journal import Journal, Outcome
from meishi.publishing.last import LastPublication, note_pending, save_last, sources_of
from meishi.publishing.planning import Plan
from meishi.publishing.preparing import Prepared, configured, prepare
from meishi.publishing.press import Press, author_in
from meishi.publishing.publication import Publication, message_of
from meishi.publishing.stamp import HOME

#: So often at most the progress of a push is told of, in seconds.
_PAUSE = 0.1


class _AliasesWrittenError(Exception):
    """Say that the content changed under a plan."""


@dataclass
class Publisher:
    """Carry out one publication, and write down all of it."""

    press: Press
    options: PublishOptions
    journal: Journal
    _began: float = field(default_factory=time.monotonic)
    _told_at: float = 0.0

    def run(self) -> Outcome:
        """Publish; every way that it can end is written into the journal."""
        try:
            try:
                return self._run()
            except _AliasesWrittenError:
                # The pages are other ones now: all is looked at anew, and this once only.
                self.options = replace(self.options, write_aliases=False)
                return self._run()
        except CancelledError as error:
            return self._end("cancelled", str(error))
        except MeishiError as error:
            for each in getattr(error, "errors", (error,)):
                self._tell(each)
            return self._end("failed", str(error))
        except OSError as error:
            told = explained(error)
            self._tell(told)
            return self._end("failed", str(told))
        except KeyboardInterrupt:
            return self._end("cancelled", "Stopped")

    def _tell(self, error: MeishiError) -> None:
        text = error.message.rstrip(".") + "."
        shown = str(error.path).removeprefix(f"{self.press.root}/") if error.path is not None else None
        self.journal.write(
            "error", f"{text} {error.hint}" if error.hint else text, path=shown, line=error.line
        )

    def _run(self) -> Outcome:
        config = self.press.config()
        if self.options.restore:
            from meishi.publishing.restoring import restore

            return restore(self)
        if configured(config, self.options) == "push":
            from meishi.publishing.pushing import publish_by_push

            return publish_by_push(self)
        prepared = prepare(self.press, self.options, self.journal)
        ended = self.judge(prepared.plan, nothing=prepared.plan.difference.same_tree)
        if ended is not None:
            return ended
        assert prepared.built is not None
        publication = self._commit_and_push(prepared)
        built = prepared.built
        self.remember(
            prepared.branch, publication.id, built.id, sources_of(built.manifest), built.manifest.addresses
        )
        page = None if built.stamped else (built.folder / HOME).read_bytes()
        return self.wait(prepared.plan.address, Expected(built.id, page), prepared.branch, publication)

    def judge(self, plan: Plan, *, nothing: bool) -> Outcome | None:
        """Show the plan; end here if it was only looked at, if nothing changed or a gate is closed."""
        self.journal.write("plan", **plan.as_json())
        shut = closed(plan.gates)
        if self.options.dry_run:
            return self._end("looked", summary(plan), gates=shut, address=plan.address)
        if self.options.write_aliases:
            self._write_aliases(shut)
        if shut:
            names = " ".join(f"--allow {gate.name}" for gate in shut)
            text = f"Not published: {'; '.join(gate.text for gate in shut)}. To publish all the same: {names}"
            return self._end("refused", text, gates=shut, address=plan.address)
        if nothing:
            return self._end(
                "unchanged", "Nothing changed: visitors have all of it already", address=plan.address
            )
        self.press.check_stop()
        return None

    def _write_aliases(self, gates: Sequence[Gate]) -> None:
        """Give each page that was recognised the address that would vanish."""
        press = self.press
        vanishing = [each for gate in gates if gate.name == "vanished" for each in gate.findings]
        found = [each for each in vanishing if each.suggestion and "#" not in each.address]
        if not found:
            return
        desk = Desk(press.root, press.instance, clock=press.clock)
        author = self.options.author or author_in(press.git())
        for each in found:
            saved = write_alias(desk, each, author)
            self.journal.write("log", f"content/{saved.path} has the alias {each.address} now")
        raise _AliasesWrittenError

    def _commit_and_push(self, prepared: Prepared) -> Publication:
        plan, branch, built = prepared.plan, prepared.branch, prepared.built
        assert built is not None
        self.journal.begin("commit")
        message = message_of(
            self.options.message or subject_of(plan.difference), table=plan.table, build=built.id,
            source=plan.source, changes=plan.difference.counts,
        )  # fmt: skip
        commit = branch.commit_build(
            built.folder, prepared.tip, message, self.options.author or author_in(branch.git)
        )
        made = {path: (blob.id, blob.mode) for path, blob in branch.files(commit).items()}
        if made != {path: (blob.id, blob.mode) for path, blob in prepared.blobs.items()}:
            raise PublishError(
                "the commit does not hold what was built: build/ changed meanwhile, or git changes files",
                hint="Publish again",
            )
        self.journal.write("log", f"Committed {commit[:7]} with {len(made)} files")
        return self.push(branch, commit)

    def push(self, branch: Branch, commit: str) -> Publication:
        """Push a commit; from then on visitors will see it."""
        self.press.check_stop()
        self.journal.begin("push")
        note_pending(self.press.folder, commit)
        branch.push(commit, lambda what, done, total: self.progress(done, total, what))
        publication = branch.publication(commit)
        assert publication is not None
        self.journal.write("log", f"Pushed to {branch.remote.name}/{branch.name}")
        self.journal.write("pushed", publication=publication.as_json())
        return publication

    def progress(self, done: int, total: int, item: str) -> None:
        """Tell how far the stage is, but not of every one of a hundred in a moment."""
        now = time.monotonic()
        if done < total and now - self._told_at < _PAUSE:
            return
        self._told_at = now
        self.journal.write("progress", done=done, total=total, item=item)

    def remember(
        self, branch: Branch, commit: str, build: str, digests: dict[str, str], addresses: dict[str, str],
        via: str = "branch",
    ) -> None:  # fmt: skip
        """Write down what was published from here."""
        when = self.press.clock().isoformat()
        address = self.press.config().base_url
        save_last(
            self.press.folder,
            LastPublication(
                commit, build, via, branch.remote.shown, branch.name, when, address, digests, addresses
            ),
        )

    def wait(
        self,
        address: str,
        expected: Expected,
        branch: Branch,
        publication: Publication | None,
        pushed: str = "",
    ) -> Outcome:
        """Look at the public address until it shows the build."""
        config = self.press.config()
        address = self.press.environ.get("MEISHI_PUBLIC_URL") or address
        shown: dict[str, Any] = {"address": address, "publication": publication.id if publication else ""}
        if not self.options.wait or not address.startswith(("http://", "https://")):
            why = "" if self.options.wait else ", and not waited for"
            return self._end(
                "pushed", f"Pushed{why}. Whether {address or 'it'} shows it was not looked at", **shown
            )
        self.journal.begin("live", f"Waiting until {address} shows it …")
        github = GitHub.from_environment(self.press.environ)
        pages: BuildState = PagesBuild(github, branch, publication.id if publication else "")
        if pushed:
            pages = ActionsRun(github, branch, pushed)
        watch = Watch(config.publish.patience, self._told, self.press.stop)
        seen = await_live(address, expected, watch, pages.state)
        if seen.live:
            live_after = round(seen.seconds, 1)
            return self._end(
                "live", f"Live after {seen.seconds:.0f} s: {address}", live_after=live_after, **shown
            )
        if self.press.stop():
            return self._end("pushed", f"Pushed. You stopped waiting for {address} to show it", **shown)
        text = f"Pushed, but not seen live within {seen.seconds:.0f} s: {seen.detail}. {seen.hint}."
        return self._end("hanging", text, hangs=seen.hangs, detail=seen.detail, hint=seen.hint, **shown)

    def _told(self, waited: float, seen: Seen) -> None:
        building = seen.hangs == "pages_build"
        if building and self.journal.stage == "live":
            self.journal.begin("build")
        elif not building and self.journal.stage == "build":
            self.journal.begin("live")
        self.journal.write("waiting", seen.detail, seconds=round(waited, 1), hangs=seen.hangs, hint=seen.hint)

    def _end(self, outcome: Outcome, text: str, *, gates: Sequence[Gate] = (), **more: Any) -> Outcome:
        seconds = round(time.monotonic() - self._began, 1)
        names = [gate.name for gate in gates]
        self.journal.write("done", text, outcome=outcome, seconds=seconds, gates=names, **more)
        return outcome


def subject_of(difference: Difference) -> str:
    """Write the first line of a publication's commit."""
    if difference.first:
        return "Publish the site"
    added, changed, removed = difference.counts
    parts = ((added, "added"), (changed, "changed"), (removed, "removed"))
    return f"Publish: {', '.join(f'{number} {word}' for number, word in parts if number) or 'the same pages'}"


def summary(plan: Plan) -> str:
    """Say in one line what a plan would do."""
    if plan.nothing:
        return "Nothing changed"
    if plan.difference.first:
        return f"The first publication: {plan.difference.counts[0]} files"
    added, changed, removed = plan.difference.counts
    return f"{added} added, {changed} changed, {removed} removed"
