"""The list of pages, and changes that are made in it: their order, and what is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin import page_making, page_moving, page_trash
from meishi.admin.authorship import owner_of
from meishi.admin.language import _, lazy_gettext
from meishi.admin.page_choice import asked
from meishi.admin.page_freshness import source_of
from meishi.admin.page_links import links_to
from meishi.admin.page_list import FILTERS, Listing, Query, View
from meishi.admin.page_order import changes_for
from meishi.admin.problems import wants_json
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.fields import set_field
from meishi.content.editing.freshness import mark_translated
from meishi.content.editing.paths import content_path

TITLES = {
    "": lazy_gettext("All"),
    "draft": lazy_gettext("Drafts"),
    "scheduled": lazy_gettext("Scheduled"),
    "expired": lazy_gettext("Expired"),
    "changed": lazy_gettext("Unpublished"),
    "untranslated": lazy_gettext("To translate"),
    "broken": lazy_gettext("Problems"),
}


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the list and all that can be done from it."""
    shell.add("pages", lazy_gettext("Pages"), order=20, key="p")
    _add_list(blueprint, study)
    _add_changes(blueprint, study, shell)
    page_making.register(blueprint, study, shell)
    page_moving.register(blueprint, study, shell)
    page_trash.register(blueprint, study, shell)


def _add_list(blueprint: Blueprint, study: Study) -> None:
    @blueprint.get("/pages/")
    def pages() -> str:
        """List the pages."""
        view = study.pages.view(study.source.current().library, study.now())
        listing = study.pages.answer(view, _query())
        edit, actions = url_for("admin.edit", name="x")[:-1], url_for("admin.page_actions", path="")
        name = "admin/pages_list.html" if request.args.get("part") == "list" else "admin/pages.html"
        return render_template(
            name,
            view=view,
            listing=listing,
            query=listing.query,
            tabs=_tabs(listing),
            edit_url=lambda path: f"{edit}{quote(path)}",
            actions_url=lambda path: f"{actions}{quote(path)}",
            thrown=page_trash.thrown(study),
        )

    @blueprint.get("/pages/actions")
    def page_actions() -> str:
        """Show one page in all languages, and what can be done with it."""
        view, family = asked(study)
        site = study.source.current()
        return render_template(
            "admin/pages_actions.html",
            view=view,
            family=family,
            row=view.row(family),
            links=links_to(site, study.pages.texts, family.members),
        )


def _add_changes(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.post("/pages/order")
    def order_pages() -> Response:
        """Put the panels into another order: all of them by path, or one a step up or down."""
        view = study.pages.view(study.source.current().library, study.now())
        wanted, moved = _wanted_order(view)
        for change in changes_for(view.library, view.families, wanted):
            _set(study, change.path, "weight", change.weight, "Change the order of the pages")
        study.source.changed()
        if wants_json():
            return jsonify(saved=True)
        return redirect(f"{url_for('admin.pages')}#{_anchor(moved)}", 303)

    @blueprint.post("/pages/fresh")
    def mark_fresh() -> Response:
        """Say that a translation agrees with its source as it is now."""
        _view, family = asked(study)
        member = family.member(request.form.get("language", ""))
        source = source_of(family)
        if member is None or source is None or member is source:
            abort(404)
        path = PurePosixPath(member.path)
        opened = study.desk.open(path)
        text = mark_translated(opened.text, source.file.digest)
        study.desk.save(path, text, opened.version, owner_of(study.source))
        study.source.changed()
        shell.notify("good", _("The translation counts as up to date."))
        return redirect(url_for("admin.page_actions", path=family.path), 303)


def _set(study: Study, path: str, name: str, value: Any, message: str) -> None:
    place = content_path(path)
    opened = study.desk.open(place)
    text = set_field(opened.text, name, value, path)
    study.desk.save(place, text, opened.version, owner_of(study.source), message)


def _wanted_order(view: View) -> tuple[Sequence[str], str]:
    panels = [one.path for one in view.families.card.families if one.is_panel]
    if request.is_json:
        asked = request.get_json()
        order = asked.get("order") if isinstance(asked, dict) else None
        if not isinstance(order, list) or not all(isinstance(path, str) for path in order):
            abort(400)
        return [content_path(path).as_posix() for path in order], ""
    up, down = request.form.get("up"), request.form.get("down")
    path = content_path(up or down or "").as_posix()
    if path not in panels:
        abort(404)
    free = [one for one in panels if one not in view.families.fixed]
    place = free.index(path) + (-1 if up else 1) if path in free else -1
    if 0 <= place < len(free):
        panels.remove(path)
        panels.insert(panels.index(free[place]) + (0 if up else 1), path)
    return panels, path


def _query() -> Query:
    number = request.args.get("page", "1")
    state = request.args.get("state", "")
    return Query(
        words=request.args.get("q", "").strip()[:200],
        state=state if state in FILTERS else "",
        section=request.args.get("section", "")[:500],
        language=request.args.get("language", "")[:20],
        number=int(number) if number.isdecimal() and len(number) < 7 else 1,
    )


def _tabs(listing: Listing) -> list[tuple[str, str, int, bool]]:
    """List the states that some page is in: name, title, count, chosen."""
    chosen = listing.query.state
    return [
        (state, str(title), listing.counts.get(state or "all", 0), state == chosen)
        for state, title in TITLES.items()
        if not state or listing.counts.get(state) or state == chosen
    ]


def _anchor(path: str) -> str:
    return f"page-{quote(path)}"
