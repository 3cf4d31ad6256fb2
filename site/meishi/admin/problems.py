"""What the study shows when something is wrong."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin.sentences import said
from meishi.errors import MeishiError


def wants_json() -> bool:
    """Tell whether a script asks, and not somebody who follows a link or sends a form."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return True
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode is not None and mode != "navigate" and not request.accept_mimetypes.accept_html


def problem_page(kind: str, status: int, error: MeishiError | None = None) -> Response:
    """Show a problem by its kind: "missing", "csrf", "error", "method", "large" or "broken"."""
    return make_response(render_template("admin/problem.html", kind=kind, error=error), status)


def problem_json(error: MeishiError, status: int = 422) -> Response:
    """Tell a script what is wrong, where, and what to do."""
    hint = said(error.hint) or None
    answer = jsonify(error="invalid", message=said(error.message), place=error.place, hint=hint)
    answer.status_code = status
    return answer


def install_problems(blueprint: Blueprint) -> None:
    """Answer for errors in any view of the study."""

    @blueprint.errorhandler(MeishiError)
    def explained(error: MeishiError) -> BaseResponse:
        return problem_json(error) if wants_json() else problem_page("error", 422, error)

    # The public site answers for every 404 of the app: here the study's own answer comes before it.
    @blueprint.errorhandler(404)
    @blueprint.errorhandler(HTTPException)
    def refused(error: HTTPException) -> BaseResponse:
        if error.response is not None:
            return Response(error.description, error.code)
        status = error.code or 500
        kinds = {404: "missing", 405: "method", 413: "large"}
        kind = kinds.get(status, "broken")
        if wants_json():
            answer = jsonify(error=kind, message=error.description)
            answer.status_code = status
            return answer
        return problem_page(kind, status)
