"""Publishing: what visitors will see change, the gates before it, the way it goes, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin import publications, publishing_sides
from meishi.admin.authorship import owner_of
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _, lazy_gettext
from meishi.admin.publications import PastTrees, comparable
from meishi.admin.publishing_changes import shelves, written_to
from meishi.admin.publishing_events import stream
from meishi.admin.publishing_state import course_of, mark_of, newest_look, remember_look, still_true
from meishi.admin.publishing_words import gate_words, hanging, hangs_at_the_domain
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.publishing.aliases import write_alias
from meishi.publishing.awaiting import look
from meishi.publishing.difference import Change
from meishi.publishing.gates import GATES, Finding
from meishi.publishing.job import JobState, PublishOptions
from meishi.publishing.stamp import stamp_of

_JUST_NOW = timedelta(seconds=10)


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the pages of publishing."""
    shell.add("publish", lazy_gettext("Publish"), order=50, key="u", also="publications")
    _add_before(blueprint, study, shell)
    _add_jobs(blueprint, study, shell)
    trees = PastTrees(study.root)
    publishing_sides.register(blueprint, study, trees)
    publications.register(blueprint, study, trees)


def _add_before(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/publish/")
    def publish() -> Response | str:
        """Show what publishing would change."""
        running = study.jobs.current()
        if running is not None:
            return redirect(url_for("admin.publish_job", job=running), 303)
        newest = newest_look(study)
        fresh = newest is not None and still_true(study, newest)
        return render_template(
            "admin/publish.html",
            look=newest,
            fresh=fresh,
            begin=_wants_look(study, newest, fresh=fresh),
            words=gate_words,
            course=course_of(study, newest),
            compare=_compare,
            shelves=shelves(newest.plan.difference, written_to(study)) if newest and newest.plan else (),
            pages=sorted(study.source.current().library.by_path),
        )

    @blueprint.post("/publish/look")
    def look_before_publishing() -> Response:
        """Find out what publishing would change; nothing changes for visitors."""
        return _begun(study, PublishOptions(dry_run=True, allow=_allowed()))

    @blueprint.post("/publish/")
    def begin_publishing() -> Response:
        """Publish; gates that the owner named are let pass."""
        return _begun(study, PublishOptions(allow=_allowed()))

    @blueprint.post("/publish/alias")
    def add_alias() -> Response:
        """Give a page the address that would vanish, as an alias."""
        newest = newest_look(study)
        address, to = request.form.get("address", ""), request.form.get("to", "")
        finding = _vanishing(newest, address)
        if finding is None:
            abort(404)
        saved = write_alias(study.desk, finding, owner_of(study.source), to)
        study.source.changed()
        tell_notice(shell, saved)
        shell.notify("good", _("%(path)s has the alias %(address)s now.", path=saved.path, address=address))
        return _begun(study, PublishOptions(dry_run=True))


def _add_jobs(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/publish/<job>/")
    def publish_job(job: str) -> Response | str:
        """Show how a publication goes, or how it ended."""
        state = study.jobs.state(job)
        if state is None:
            abort(404)
        if not state.running and state.dry_run and state.outcome == "looked":
            return redirect(url_for("admin.publish"), 303)
        course = course_of(study, state)
        name = "publish_running" if state.running else "publish_ended"
        return render_template(
            f"admin/{name}.html",
            state=state,
            course=course,
            words=gate_words,
            nowhere=_nowhere,
            shelves=shelves(state.plan.difference) if state.plan else (),
            at_the_domain=hangs_at_the_domain,
        )

    @blueprint.post("/publish/<job>/ask")
    def ask_whether_live(job: str) -> Response:
        """Look once more whether the public address serves a publication that was not seen in time."""
        state = study.jobs.state(job)
        course = course_of(study, state)
        if state is None or course is None or state.plan is None or not course.address:
            abort(404)
        found = look(course.address, f"{state.plan.build}-{study.random(4).hex()}", timeout=10)
        if found.page is not None and stamp_of(found.page) == state.plan.build:
            shell.notify("good", _("Visitors see it now: the public address serves this build."))
        else:
            shell.notify("warning", hanging(found.hangs or "cache"))
        return redirect(url_for("admin.publish_job", job=job), 303)

    @blueprint.get("/publish/<job>/events")
    def publish_events(job: str) -> Response:
        """Send the progress of a publication as it comes."""
        if study.jobs.state(job) is None:
            abort(404)
        return stream(study.jobs, job)

    @blueprint.post("/publish/<job>/cancel")
    def cancel_publishing(job: str) -> Response:
        """Ask a publication to stop."""
        if study.jobs.state(job) is None:
            abort(404)
        study.jobs.cancel(job)
        return redirect(url_for("admin.publish_job", job=job), 303)


def _compare(change: Change) -> str:
    return url_for("admin.compare_new", address=change.address) if comparable(change) else ""


def _nowhere(change: Change) -> str:  # noqa: ARG001
    return ""


def _wants_look(study: Study, look: JobState | None, *, fresh: bool) -> bool:
    """Tell whether to look at once: who opens this page wants to know.

    A look that failed is not repeated, nor one that has just been made, whatever else changes all the time.
    """
    if look is None:
        return True
    just_now = look.ended is not None and study.now() - look.ended < _JUST_NOW
    return look.plan is not None and not fresh and not just_now


def _allowed() -> tuple[str, ...]:
    """Return the gates that the owner lets pass."""
    return tuple(name for name in GATES if name in request.form.getlist("allow"))


def _begun(study: Study, options: PublishOptions) -> Response:
    """Start a job, or join the one that runs."""
    mark = mark_of(study)
    job = study.jobs.start(replace(options, author=owner_of(study.source)))
    remember_look(study, job, mark)
    return redirect(url_for("admin.publish_job", job=job), 303)


def _vanishing(look: JobState | None, address: str) -> Finding | None:
    gates = look.plan.gates if look is not None and look.plan is not None else ()
    findings = (finding for gate in gates if gate.name == "vanished" for finding in gate.findings)
    return next((finding for finding in findings if finding.address == address), None)
