"""The study's first page: how the site stands, and what waits for its owner."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from meishi.admin.guestbook_tally import guestbook_tally
from meishi.admin.language import _, lazy_gettext
from meishi.admin.page_families import Family, Member
from meishi.admin.page_freshness import Lag
from meishi.admin.page_list import View
from meishi.admin.page_states import State
from meishi.admin.recent import Recent
from meishi.admin.shell import Shell
from meishi.admin.site_check import SiteCheck
from meishi.admin.study import Study
from meishi.web.checks.findings import Finding

#: So many pages are named in each tally.
NAMED = 5
#: With less room than this on the disk the owner is warned.
LITTLE_ROOM = 500_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """A page that waits for something."""

    family: Family
    member: Member
    state: State
    lag: Lag | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The pages in one state: how many, and the first of them."""

    title: str
    url: str
    count: int
    items: tuple[Item, ...]


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the dashboard."""
    shell.add("dashboard", lazy_gettext("Dashboard"), order=10, key="d")
    recent, check = Recent(study.root), SiteCheck(study)

    @blueprint.get("/")
    def dashboard() -> str:
        """Show how the site stands."""
        view = study.pages.view(study.source.current().library, study.now())
        errors = [Finding.of(error) for error in study.source.errors]
        gone = view.baseline.gone(view.library) if view.baseline else ()
        return render_template(
            "admin/dashboard.html",
            view=view,
            tallies=[tally for tally in _tallies(view) if tally.count],
            gone=gone,
            unpublished=_unpublished(view) + len(gone),
            publishing=study.jobs.current(),
            unsaved=study.desk.drafts()[:NAMED],
            recent=recent.edits(view.library),
            findings=check.known(),
            errors=errors,
            room=_room(study),
            guestbook=guestbook_tally(study),
        )

    @blueprint.get("/check")
    def check_pages() -> str:
        """Show all that is wrong or doubtful about the site."""
        name = "dashboard_findings.html" if request.args.get("part") else "dashboard_check.html"
        return render_template(f"admin/{name}", findings=check.findings())


def _tallies(view: View) -> Iterator[Tally]:
    members = [(family, member) for family in view.families.all() for member in family.members]
    items = [Item(family, member, view.state(member)) for family, member in members]

    def state(name: str) -> str:
        return url_for("admin.pages", state=name)

    def of(*standings: str) -> Sequence[Item]:
        return [item for item in items if item.state.standing in standings]

    changed = [item for item in items if item.state.change]
    yield _tally(_("Not published yet"), state("changed"), changed)
    yield _tally(_("Drafts"), state("draft"), of("draft"))
    soon = sorted(of("scheduled"), key=lambda item: (item.state.until is None, item.state.until))
    yield _tally(_("Scheduled"), state("scheduled"), soon)
    yield _tally(_("Expired"), state("expired"), of("expired"))
    behind = [
        Item(family, member, view.state(member), lag)
        for family in view.families.all()
        for code, lag in view.freshness.lags(family).items()
        if (member := family.member(code)) is not None
    ]
    yield _tally(_("Translations that are behind"), state("untranslated"), behind)
    missing = [
        Item(family, family.members[0], view.state(family.members[0]))
        for family in view.families.all()
        if family.is_panel and any(family.member(code) is None for code in view.languages)
    ]
    yield _tally(_("Panels without translation"), state("untranslated"), missing)


def _unpublished(view: View) -> int:
    """Count the pages that are not published as they are here."""
    members = (member for family in view.families.all() for member in family.members)
    return sum(bool(view.state(member).change) for member in members)


def _tally(title: str, url: str, items: Sequence[Item]) -> Tally:
    return Tally(title, url, len(items), tuple(items[:NAMED]))


def _room(study: Study) -> int | None:
    """Return how many bytes are free on the disk when that is little."""
    try:
        free = shutil.disk_usage(study.root).free
    except OSError:
        return None
    return free if free < LITTLE_ROOM else None
