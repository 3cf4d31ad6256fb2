"""The site's settings, by form and as text: checked as the site checks them before anything is written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin import settings_fields
from meishi.admin.authorship import owner_of
from meishi.admin.clashes import parts_of, settled
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _, lazy_gettext
from meishi.admin.settings_check import check_settings
from meishi.admin.settings_desk import settings_desk, settings_path
from meishi.admin.settings_groups import GROUPS
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.desk import Desk
from meishi.content.editing.errors import ClashError
from meishi.content.editing.pagemerge import merge_page
from meishi.errors import ConfigError, MeishiError
from meishi.web.icons import Icons

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".svg", ".gif")


@dataclass(frozen=True, slots=True)
class Draft:
    """Settings that the owner has in the browser: the text, and the version that it began as."""

    text: str
    base: str


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the settings."""
    shell.add("settings", lazy_gettext("Settings"), order=60, key="s")
    icons = Icons(study.home / "static" / "dist")
    _add_form(blueprint, study, shell)
    _add_text(blueprint, study, shell)

    @blueprint.get("/settings/icons")
    def settings_icons() -> str:
        """List the icons whose names have a word."""
        names = icons.search(request.args.get("q", ""))
        return render_template("admin/_partials/icons.html", names=names, installed=icons.installed)


def _add_form(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/settings/")
    def settings() -> Response:
        """Show the settings as a form; as text, if they cannot be read."""
        path = settings_path(study)
        opened = settings_desk(study).open(path)
        try:
            return make_response(_form_page(study, Draft(opened.text, opened.version)))
        except ConfigError as error:
            return make_response(_text_page(study, Draft(opened.text, opened.version), problem=error))

    @blueprint.post("/settings/")
    def save_settings() -> Response:
        """Write what was changed in the form."""
        desk, path = settings_desk(study), settings_path(study)
        opened = desk.open(path)
        base = request.form.get("base", opened.version)
        began = desk.text_of(path, base)
        if began is None:
            base, began = opened.version, opened.text
        try:
            text = settings_fields.changed(began, request.form)
        except MeishiError as error:
            return make_response(_form_page(study, Draft(began, base), problem=error), 422)
        draft = Draft(text, base)
        try:
            return _saved(study, shell, desk, draft, "admin.settings")
        except ClashError as error:
            return make_response(_text_page(study, draft, clash=error), 409)
        except MeishiError as error:
            return make_response(_form_page(study, draft, problem=error, stored=began), 422)


def _add_text(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/settings/text")
    def settings_text() -> str:
        """Show the settings as the text that they are."""
        opened = settings_desk(study).open(settings_path(study))
        draft = Draft(opened.text, opened.version)
        return _text_page(study, draft, problem=_problem(study, opened.text))

    @blueprint.post("/settings/text")
    def save_settings_text() -> Response:
        """Save the text, if it can be read."""
        desk, path = settings_desk(study), settings_path(study)
        if "text" not in request.form:
            abort(400)
        text = request.form["text"].replace("\r\n", "\n")
        base = request.form.get("base", "")
        draft = Draft(*(settled(desk, path, request.form) or (text, base)))
        try:
            return _saved(study, shell, desk, draft, "admin.settings_text")
        except ClashError as error:
            return make_response(_text_page(study, draft, clash=error), 409)
        except MeishiError as error:
            return make_response(_text_page(study, draft, problem=error), 422)


def _saved(study: Study, shell: Shell, desk: Desk, draft: Draft, back: str) -> Response:
    """Check settings together with what else changed meanwhile, then save them."""
    path = settings_path(study)
    there = desk.open(path)
    text, base, merged = draft.text, draft.base, False
    began = desk.text_of(path, base) if there.version != base else None
    if began is not None:
        merge = merge_page(path, began, text, there.text)
        if not merge.clashes:
            text, base, merged = merge.text, there.version, text != merge.text
    check_settings(study, text)
    saved = desk.save(path, text, base, owner_of(study.source))
    study.source.changed()
    tell_notice(shell, saved)
    done = _("Saved, together with what changed elsewhere.") if merged or saved.merged else _("Saved.")
    shell.notify("good", done)
    return redirect(url_for(back), 303)


def _problem(study: Study, text: str) -> MeishiError | None:
    try:
        check_settings(study, text)
    except MeishiError as error:
        return error
    return None


def _form_page(
    study: Study, draft: Draft, *, problem: MeishiError | None = None, stored: str | None = None
) -> str:
    """Render the form; with `stored`, the file still has that text, and the draft was not saved."""
    name = settings_path(study)
    try:
        values: dict[str, Any] = tomllib.loads(draft.text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _problem(study, draft.text) or ConfigError("not valid TOML", path=name) from error
    statics = study.source.current().folders.static_files()
    return render_template(
        "admin/settings.html",
        name=name.as_posix(),
        base=draft.base,
        values=values,
        problem=problem,
        blank=settings_fields.Row("", dict.fromkeys(("name", "icon", "link", "weight"), "")),
        unsaved=stored is not None,
        groups=GROUPS,
        shown=settings_fields.shown,
        social=settings_fields.rows(values, "params.social", settings_fields.SOCIAL),
        menu=settings_fields.rows(values, settings_fields.menu_key(values), settings_fields.MENU),
        languages=settings_fields.languages(values),
        default_language=str(settings_fields.found(values, "defaultContentLanguage") or "en"),
        zones=sorted(available_timezones()),
        pictures=sorted(one.removeprefix("/") for one in statics if one.lower().endswith(_PICTURES)),
    )


def _text_page(
    study: Study, draft: Draft, *, problem: MeishiError | None = None, clash: ClashError | None = None
) -> str:
    return render_template(
        "admin/settings_text.html",
        name=settings_path(study).as_posix(),
        text=draft.text,
        base=draft.base,
        problem=problem,
        clash=clash,
        parts=parts_of(clash.merged.pieces) if clash else [],
    )
