"""The one door of the study: no admin path without a session, no change without a token."""

from __future__ import annotations

from flask import Flask, Response, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin import cookies, csrf
from meishi.admin.problems import problem_page, wants_json
from meishi.admin.sessions import Session
from meishi.admin.study import Study

#: What answers without a session; everything else below /admin/ does not.
OPEN = frozenset(
    {
        "admin.sign_in",
        "admin.set_up",
        "admin.language",
        "admin.asset",
        "admin.passkey_request",
        "admin.passkey_sign_in",
        "admin.guestbook_feed",  # its address is a secret of its own: feed readers cannot sign in
    }
)
_SAFE = ("GET", "HEAD", "OPTIONS")
#: Bytes that a stranger may send, and that the owner may send in a form's fields.
_STRANGER = 64 * 1024
_OWNER_FIELDS = 32 * 1024 * 1024


def install_guard(app: Flask, study: Study) -> None:
    """Put the door in front of an app."""

    @app.before_request
    def check() -> BaseResponse | None:
        if not _concerns_admin():
            return None
        g.visit, g.new_visit = cookies.read(cookies.VISIT), False
        g.session = study.sessions.find(cookies.read(cookies.SESSION))
        if g.session is None:
            request.max_content_length = _STRANGER
        else:
            request.max_form_memory_size = _OWNER_FIELDS
        opened = request.endpoint in OPEN
        if g.session is None and not opened:
            return _refused()
        if request.method not in _SAFE and not csrf.valid(study):
            return _suspicious()
        return None

    @app.after_request
    def keep_private(response: Response) -> Response:
        if _concerns_admin() and request.endpoint != "admin.asset":
            response.headers["Cache-Control"] = "no-store"
            if g.get("new_visit"):
                cookies.give(response, cookies.VISIT, g.visit)
        return response


def session() -> Session:
    """Return the session of this request; the guard has seen to it that there is one."""
    assert isinstance(g.session, Session)
    return g.session


def _concerns_admin() -> bool:
    path = request.path
    return path == "/admin" or path.startswith("/admin/") or "admin" in request.blueprints


def _refused() -> BaseResponse:
    """Show the way in; a script gets a status, a link comes back here after signing in."""
    onward = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    way = url_for("admin.sign_in", next=onward if onward not in (None, "/admin", "/admin/") else None)
    if wants_json() or request.method == "OPTIONS":
        answer = jsonify(error="signed-out", sign_in=way)
        answer.status_code = 401
        return answer
    return redirect(way, code=303)


def _suspicious() -> BaseResponse:
    if wants_json():
        answer = jsonify(error="csrf", token=url_for("admin.token"))
        answer.status_code = 403
        return answer
    return problem_page("csrf", 403)
