"""Signing in and out, and setting the site up."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin import cookies, csrf
from meishi.admin.identity import site_words
from meishi.admin.language import LANGUAGES, _
from meishi.admin.passkeys import PasskeyError, Place
from meishi.admin.passwords import MINIMUM, weakness
from meishi.admin.sessions import ABSOLUTE
from meishi.admin.shell import Shell
from meishi.admin.study import Study

#: Seconds for which a browser is remembered as the owner's: as long as browsers keep a cookie.
_REMEMBERED = 400 * 86_400


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the ways in and out."""

    @blueprint.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Response:
        """Ask for the password, or take it."""
        onward = safe_onward(request.values.get("next"))
        if g.session is not None and request.method == "GET":
            return redirect(request.script_root + onward, 303)
        if not study.owner.exists():
            study.doorbell.ring()
            return make_response(render_template("admin/welcome.html"))
        if request.method == "GET":
            return _sign_in_page(study, onward)
        buckets = study.throttle.buckets(request.remote_addr, known_device(study))
        if wait := study.throttle.attempt(buckets):
            return _sign_in_page(study, onward, wait=wait)
        if not study.owner.knows(request.form.get("password", "")):
            return _sign_in_page(study, onward, wrong=True)
        study.throttle.succeeded(buckets)
        return begun(study, "password", redirect(request.script_root + onward, 303))

    @blueprint.post("/sign-in/passkey/request")
    def passkey_request() -> Response:
        """Give the browser a riddle that only the owner's passkey can solve."""
        return jsonify(study.passkeys.request(place(), csrf.holder(study)))

    @blueprint.post("/sign-in/passkey")
    def passkey_sign_in() -> Response:
        """Take the passkey's answer."""
        buckets = study.throttle.buckets(request.remote_addr, known_device(study))
        buckets.pop("account", None)  # nobody can guess a passkey, so nobody can lock it
        if wait := study.throttle.attempt(buckets):
            return _too_soon(wait)
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict) or not isinstance(sent.get("credential"), dict):
            raise PasskeyError("the browser sent no passkey", hint="Try again")
        study.passkeys.check(place(), csrf.holder(study), sent["credential"])
        study.throttle.succeeded(buckets)
        onward = safe_onward(sent.get("next"))
        return begun(study, "passkey", jsonify(go=request.script_root + onward))

    @blueprint.post("/sign-out")
    def sign_out() -> Response:
        """End this browser's session."""
        study.sessions.end(g.session.id)
        response = redirect(url_for("admin.sign_in"), 303)
        cookies.take(response, cookies.SESSION)
        return response

    @blueprint.route("/set-up/<token>", methods=["GET", "POST"])
    def set_up(token: str) -> Response:
        """Let the holder of the one-time link choose the password."""
        if study.owner.exists() or not study.invitation.valid(token):
            return make_response(render_template("admin/welcome.html", stale=True), 403)
        if request.method == "GET":
            return make_response(render_template("admin/set_up.html", minimum=MINIMUM, error=None))
        error = password_error(study, request.form.get("password", ""), request.form.get("again", ""))
        if error:
            return make_response(render_template("admin/set_up.html", minimum=MINIMUM, error=error), 422)
        if not study.invitation.accept(token, request.form["password"]):
            return make_response(render_template("admin/welcome.html", stale=True), 403)
        return begun(study, "link", redirect(url_for("admin.dashboard"), 303))

    @blueprint.post("/language")
    def language() -> Response:
        """Show the study in another language."""
        response = redirect(request.script_root + safe_onward(request.form.get("next")), 303)
        if request.form.get("language") in LANGUAGES:
            cookies.give(response, cookies.LANGUAGE, request.form["language"], _REMEMBERED)
        return response

    @blueprint.get("/token")
    def token() -> Response:
        """Give a page that was open while the owner signed in again its new token."""
        return jsonify(token=csrf.token(study))

    @blueprint.get("/badges")
    def badges() -> Response:
        """Tell an open page the numbers beside the study's pages."""
        return jsonify(shell.badges)


def begun(study: Study, method: str, response: Response) -> Response:
    """Begin a session with this answer; an older one of the same browser ends."""
    if g.session is not None:
        study.sessions.end(g.session.id)
    token = study.sessions.begin(method, request.user_agent.string)
    cookies.give(response, cookies.SESSION, token, ABSOLUTE)
    cookies.take(response, cookies.VISIT)
    if known_device(study) is None:
        name = study.random(16).hex()
        mark = f"{name}.{study.secret.sign('device', name)}"
        cookies.give(response, cookies.DEVICE, mark, _REMEMBERED)
    g.new_visit = False
    return response


def known_device(study: Study) -> str | None:
    """Return the mark of a browser that the owner has signed in with."""
    name, _dot, seal = (cookies.read(cookies.DEVICE) or "").partition(".")
    return name if name and csrf.same(seal, study.secret.sign("device", name)) else None


def place() -> Place:
    """Return where the browser stands, as passkeys see it."""
    origin = f"{request.scheme}://{request.host}"
    return Place(origin, urlsplit(origin).hostname or "")


def password_error(study: Study, password: str, again: str) -> str | None:
    """Say in the owner's language why a new password is refused."""
    reason = weakness(password, site_words(study))
    if reason == "short":
        return _("The password needs at least %(count)s characters.", count=MINIMUM)
    if reason == "long":
        return _("The password is too long.")
    if reason:
        return _("This password is easy to guess. Three or four unrelated words do better.")
    return None if password == again else _("The two passwords differ.")


def safe_onward(text: object) -> str:
    """Return where to go after signing in: only ever a page of the study."""
    if isinstance(text, str) and re.fullmatch(r"/admin/[^\\\x00-\x20\x7f]*", text):
        parts = urlsplit(text)
        if not parts.scheme and not parts.netloc and ".." not in parts.path and "//" not in parts.path:
            return text
    return "/admin/"


def _sign_in_page(study: Study, onward: str, *, wrong: bool = False, wait: int = 0) -> Response:
    page = render_template(
        "admin/sign_in.html", onward=onward, wrong=wrong, wait=wait, passkeys=study.passkeys.usable(place())
    )
    response = make_response(page, 429 if wait else 403 if wrong else 200)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _too_soon(wait: int) -> Response:
    answer = jsonify(error="wait", seconds=wait)
    answer.status_code = 429
    answer.headers["Retry-After"] = str(wait)
    return answer
