"""The editor: one page's text, its fields, and what happens to them on the way to the disk."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin.authorship import owner_of
from meishi.admin.clashes import clash_answer, clash_form, parts_of, settled
from meishi.admin.language import _, lazy_gettext
from meishi.admin.page_fields import INPUTS, change
from meishi.admin.problems import wants_json
from meishi.admin.sentences import explained, said
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.desk import Opened, Saved
from meishi.content.editing.errors import ClashError, GoneError
from meishi.content.editing.pagemerge import merge_page
from meishi.content.editing.paths import content_path
from meishi.errors import MeishiError

GROUPS = (
    ("page", lazy_gettext("Page")),
    ("time", lazy_gettext("When it is shown")),
    ("place", lazy_gettext("Where it is found")),
)


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the editor and what its scripts ask for."""
    _add_page(blueprint, study, shell)
    _add_journal(blueprint, study)

    @blueprint.get("/current/<path:name>")
    def current(name: str) -> Response:
        """Tell whether the file is still the version that the editor has; its text if it is not."""
        try:
            opened = study.desk.open(content_path(name), request.args.get("version", ""))
        except GoneError:
            return jsonify(version="", gone=True)
        known = opened.version == request.args.get("version")
        return jsonify(version=opened.version) if known else jsonify(version=opened.version, text=opened.text)

    @blueprint.post("/merge/<path:name>")
    def merge(name: str) -> Response:
        """Merge three texts that the editor has, without touching the file."""
        asked = _json()
        sides = [str(asked.get(side, "")) for side in ("base", "mine", "theirs")]
        merged = merge_page(content_path(name), *sides)
        if merged.clashes:
            return jsonify(clash=clash_form(merged.pieces))
        return jsonify(text=merged.text)

    @blueprint.post("/fields/<path:name>")
    def fields(name: str) -> Response:
        """Write changed fields of the form into a text, without touching the file."""
        path, asked = content_path(name).as_posix(), _json()
        return jsonify(text=change(str(asked.get("text", "")), path, asked.get("changes", [])))


def _add_page(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/edit/<path:name>")
    def edit(name: str) -> BaseResponse:
        """Open a page's text."""
        path = content_path(name)
        return make_response(_page(study, path, _open(study, path)))

    @blueprint.post("/edit/<path:name>")
    def save(name: str) -> BaseResponse:
        """Save a text that began as a version of the file; an empty version makes a new file."""
        path = content_path(name)
        sent = _json() if request.is_json else request.form.to_dict()
        text, base = str(sent.get("text", "")), str(sent.get("base", ""))
        if not request.is_json:
            # Forms send every line end as two characters; the desk knows how the file's were.
            text = text.replace("\r\n", "\n")
            text, base = settled(study.desk, path, request.form) or (text, base)
        try:
            saved = _save(study, path, text, base)
        except ClashError as error:
            study.desk.open(path)  # remembers theirs: what settles the clash begins with it
            if wants_json():
                return clash_answer(error)
            opened = Opened(path, text, base)
            return make_response(_page(study, path, opened, clash=error), 409)
        except MeishiError as error:
            if wants_json():
                raise
            return make_response(_page(study, path, Opened(path, text, base), problem=error), 422)
        study.source.changed()
        if isinstance(sent.get("tab"), str):
            study.desk.journal.drop(path, sent["tab"], int(sent.get("seq") or 0))
        if wants_json():
            return jsonify(_answer(saved))
        if saved.notice:
            shell.notify("warning", explained(saved.notice))
        shell.notify(
            "good", _("Saved, together with what changed elsewhere.") if saved.merged else _("Saved.")
        )
        return redirect(url_for("admin.edit", name=name), 303)


def _add_journal(blueprint: Blueprint, study: Study) -> None:
    @blueprint.post("/journal/<path:name>")
    def journal(name: str) -> Response:
        """Keep what was typed, or forget it."""
        path, asked = content_path(name), _json()
        tab, seq = str(asked.get("tab", "")), int(asked.get("seq", 0))
        if asked.get("drop"):
            study.desk.journal.drop(path, tab, seq)
            return jsonify(seq=seq)
        newest = study.desk.journal.put(
            path, tab, str(asked.get("base", "")), seq, str(asked.get("text", ""))
        )
        return jsonify(seq=newest)


def _open(study: Study, path: PurePosixPath) -> Opened:
    try:
        return study.desk.open(path)
    except GoneError:
        if "new" not in request.args and not study.desk.journal.drafts(path):
            abort(404)
        return Opened(path, "", "")


def _save(study: Study, path: PurePosixPath, text: str, base: str) -> Saved:
    author = owner_of(study.source)
    if not base:
        return study.desk.create(path, text, author)
    return study.desk.save(path, text, base, author)


def _page(
    study: Study,
    path: PurePosixPath,
    opened: Opened,
    *,
    clash: ClashError | None = None,
    problem: MeishiError | None = None,
) -> str:
    library = study.source.current().library
    page = library.by_path.get(path.as_posix())
    drafts = [
        {
            "tab": draft.tab, "base": draft.base, "seq": draft.seq, "when": draft.when.isoformat(),
            "text": draft.text, "began": study.desk.text_of(path, draft.base),
        }
        for draft in study.desk.drafts(path)
    ]  # fmt: skip
    return render_template(
        "admin/editor.html",
        path=path.as_posix(),
        opened=opened,
        page=page,
        translations=[other for other in library.translations(page) if other.path != page.path]
        if page
        else [],
        tag=library.config.language(page.language).tag if page else library.config.default_language,
        tags=_tags(study, page.language if page else library.config.default_language),
        drafts=drafts,
        inputs=INPUTS,
        groups=GROUPS,
        clash=clash,
        parts=parts_of(clash.merged.pieces) if clash else [],
        problem=problem,
        bundled=(study.home / "static" / "dist" / "admin" / "codemirror.js").is_file(),
    )


def _tags(study: Study, language: str) -> list[str]:
    edition = study.source.current().library.editions.get(language)
    return [tag.name for tag in edition.tags.values()] if edition else []


def _answer(saved: Saved) -> dict[str, Any]:
    found = saved.notice
    notice = {"message": said(found.message), "hint": said(found.hint)} if found else None
    return {
        "version": saved.version, "text": saved.text, "merged": saved.merged,
        "commit": saved.commit, "notice": notice,
    }  # fmt: skip


def _json() -> dict[str, Any]:
    asked = request.get_json()
    if not isinstance(asked, dict):
        abort(400)
    return asked
