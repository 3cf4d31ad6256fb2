"""Deleting pages, and bringing them back."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.authorship import owner_of
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _
from meishi.admin.page_choice import asked
from meishi.admin.page_families import Family
from meishi.admin.page_links import links_to, named_in_menu
from meishi.admin.page_list import View
from meishi.admin.page_places import files_of
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.errors import SavingError
from meishi.content.editing.paths import content_path
from meishi.content.editing.trash import Trashed
from meishi.errors import MeishiError


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add deleting and the trash."""
    _add_delete(blueprint, study, shell)

    @blueprint.get("/pages/trash")
    def trash() -> str:
        """List what was deleted."""
        return _trash_page(study)

    @blueprint.post("/pages/restore")
    def restore() -> Response:
        """Bring back what was deleted, under another name if the old one is taken."""
        identities = request.form.getlist("id")
        if not identities:
            abort(400)
        for identity in identities:
            typed = request.form.get("to", "").strip()
            try:
                to = content_path(typed) if typed else None
                tell_notice(shell, study.desk.restore(identity, owner_of(study.source), to))
            except MeishiError as error:
                study.source.changed()
                return make_response(_trash_page(study, identity, typed, error), 422)
        study.source.changed()
        shell.notify("good", _("It is back."))
        return redirect(url_for("admin.pages"), 303)

    @blueprint.post("/pages/erase")
    def erase() -> Response:
        """Delete for good: one thing, or all that is in the trash."""
        wanted = request.form.get("id")
        items = [item.id for item in study.desk.trash()]
        for identity in items if wanted is None else [one for one in items if one == wanted]:
            study.desk.erase(identity)
        shell.notify("good", _("Deleted for good."))
        return redirect(url_for("admin.trash"), 303)


def thrown(study: Study) -> list[Trashed]:
    """List what was deleted just now, by the request's `thrown`: its list of ids."""
    wanted = request.args.get("thrown", "").split(",")
    return [item for item in study.desk.trash() if item.id in wanted] if wanted != [""] else []


def _add_delete(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/pages/delete")
    def ask_delete() -> str:
        """Show what would go, and who links to it."""
        view, family = asked(study)
        return _delete_form(study, view, family, None)

    @blueprint.post("/pages/delete")
    def delete() -> Response:
        """Put a page into the trash, in one language or in all."""
        view, family = asked(study)
        wanted = request.form.get("what", "")
        try:
            paths = _paths(view, family, wanted)
            items = []
            for path in paths:
                done = study.desk.delete(path, owner_of(study.source))
                tell_notice(shell, done)
                items.append(done.item.id)
        except MeishiError as error:
            study.source.changed()
            return make_response(_delete_form(study, view, family, error), 422)
        study.source.changed()
        return redirect(url_for("admin.pages", thrown=",".join(items)), 303)


def _delete_form(study: Study, view: View, family: Family, error: MeishiError | None) -> str:
    folder = _folder(family)
    with_folder = files_of(view.library, folder) if folder and family.kind == "section" else []
    own = {member.path for member in family.members}
    extra = [path for path in files_of(view.library, folder) if path not in own] if folder else []
    links = links_to(study.source.current(), study.pages.texts, family.members)
    return render_template(
        "admin/pages_delete.html",
        view=view,
        family=family,
        row=view.row(family),
        links=links,
        error=error,
        extra=extra if family.kind == "page" else [],
        inside=[path for path in with_folder if path not in own],
        folder=folder.as_posix() if folder else "",
    )


def _folder(family: Family) -> PurePosixPath | None:
    """Return the folder that belongs to a page alone."""
    first = family.members[0]
    return PurePosixPath(first.path).parent if first.file.kind in ("bundle", "section") else None


def _paths(view: View, family: Family, wanted: str) -> list[PurePosixPath]:
    """Say which files or folders go: "all" languages, a whole "folder", or one language."""
    menu = named_in_menu(view.library, family.members)
    member = family.member(wanted)
    if menu is not None and (member is None or len(family.members) == 1):
        raise SavingError(
            f"config.toml names {menu} in its menu, and could not be read without it",
            hint="Take it out of [[menus.main]] first",
        )
    if wanted == "folder" and family.kind == "section":
        return list(dict.fromkeys(PurePosixPath(one.path).parent for one in family.own))
    if member is not None and len(family.members) > 1:
        return [content_path(member.path)]
    if wanted not in ("all", family.members[0].language):
        abort(400)
    folders = [PurePosixPath(one.path).parent for one in family.members if one.file.kind == "bundle"]
    files = [PurePosixPath(one.path) for one in family.members if one.file.kind != "bundle"]
    return [*dict.fromkeys(folders), *files]


def _trash_page(study: Study, identity: str = "", typed: str = "", error: MeishiError | None = None) -> str:
    return render_template(
        "admin/pages_trash.html", items=study.desk.trash(), identity=identity, typed=typed, error=error
    )
