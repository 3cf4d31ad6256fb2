"""The page of a text that is not saved yet, for the frame beside the editor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from meishi.admin.page_fields import form_values
from meishi.admin.problems import wants_json
from meishi.admin.sentences import said
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.paths import content_path
from meishi.errors import FrontMatterError, MeishiError
from meishi.web.previews import Previews


def register(blueprint: Blueprint, study: Study, _shell: Shell) -> None:
    """Add the preview."""
    previews = Previews(study.now)

    @blueprint.post("/preview/<path:name>")
    def preview(name: str) -> Response:
        """Render a text: as the page itself, or for a script with all that the editor shows of it."""
        path = content_path(name).as_posix()
        json = wants_json()
        text = str((request.get_json() if json else request.form).get("text", ""))
        if not json:
            try:
                html = previews.show(study.source.current(), path, text).html
            except MeishiError as error:
                html = render_template("admin/no_preview.html", error=error)
            return make_response(html)
        answer = _fields(text, path)
        try:
            shown = previews.show(study.source.current(), path, text)
        except MeishiError as error:
            return jsonify(answer | {"error": problem(error)})
        answer |= {"html": shown.html, "words": shown.words, "minutes": shown.minutes}
        answer |= {"address": shown.page.address, "error": None}
        answer["warnings"] = [problem(error) for error in shown.warnings]
        return jsonify(answer)


def _fields(text: str, path: str) -> dict[str, Any]:
    """Read the front matter for the form; None where it does not parse: then the text alone is right."""
    try:
        return {"fields": form_values(text, path)}
    except FrontMatterError:
        return {"fields": None}


def problem(error: MeishiError) -> dict[str, Any]:
    """Give a mistake as the editor marks it."""
    return {"line": error.line, "message": said(error.message), "hint": said(error.hint) or None}
