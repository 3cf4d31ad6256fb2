"""The owner's account: password, passkeys, and the browsers that are signed in."""

from __future__ import annotations

import re

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin import cookies, csrf
from meishi.admin.entrance import begun, known_device, password_error, place
from meishi.admin.language import _, lazy_gettext, ngettext
from meishi.admin.passkeys import PasskeyError
from meishi.admin.passwords import MINIMUM
from meishi.admin.shell import Shell
from meishi.admin.study import Study

_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Vivaldi", "Vivaldi"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the account's pages."""
    shell.add("account", lazy_gettext("Account"), order=90, key="a")

    def page(*, problem: str | None = None, status: int = 200) -> tuple[str, int]:
        shown = render_template(
            "admin/account.html",
            minimum=MINIMUM,
            problem=problem,
            passkeys=study.passkeys.all(),
            place=place(),
            sessions=study.sessions.all(),
            own=g.session,
            browser=browser_name,
        )
        return shown, status

    @blueprint.get("/account/")
    def account() -> tuple[str, int]:
        """Show the account."""
        return page()

    @blueprint.post("/account/password")
    def change_password() -> Response | tuple[str, int]:
        """Take a new password; every other browser is signed out."""
        problem = refused(study, request.form.get("current", ""))
        password, again = request.form.get("password", ""), request.form.get("again", "")
        problem = problem or password_error(study, password, again)
        if problem:
            return page(problem=problem, status=422)
        study.owner.set_password(password)
        ended = study.sessions.end_all(but=g.session.id)
        response = begun(study, "password", redirect(url_for("admin.account"), 303))
        return _with_notice(response, ended)

    def _with_notice(response: Response, ended: int) -> Response:
        newest = study.sessions.all()[0]
        text = _("The password is changed.")
        if ended:
            text += " " + _others_left(ended)
        study.sessions.leave_notice(newest.id, "good", text)
        return response

    @blueprint.post("/account/passkeys/request")
    def passkey_registration() -> Response:
        """Ask the browser for a new passkey, once the password is right."""
        sent = request.get_json(silent=True)
        password = sent.get("password") if isinstance(sent, dict) else None
        if problem := refused(study, password if isinstance(password, str) else ""):
            raise PasskeyError(problem)
        handle = study.owner.handle
        return jsonify(study.passkeys.registration(place(), csrf.holder(study), handle, shell.title))

    @blueprint.post("/account/passkeys")
    def passkey_register() -> Response:
        """Keep the passkey that the browser made."""
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict) or not isinstance(sent.get("credential"), dict):
            raise PasskeyError(_("The browser sent no passkey."))
        name = sent.get("name")
        named = name if isinstance(name, str) and name.strip() else browser_name(request.user_agent.string)
        study.passkeys.register(place(), csrf.holder(study), sent["credential"], named)
        shell.notify("good", _("The passkey is added. You can sign in with it from now on."))
        return jsonify(go=url_for("admin.account"))

    @blueprint.post("/account/passkeys/<id>/remove")
    def remove_passkey(id: str) -> Response:  # noqa: A002
        """Forget a passkey."""
        study.passkeys.remove(id)
        shell.notify("good", _("The passkey is removed."))
        return redirect(url_for("admin.account"), 303)

    @blueprint.post("/account/sessions/<id>/end")
    def end_session(id: str) -> Response:  # noqa: A002
        """Sign one browser out."""
        study.sessions.end(id)
        if id == g.session.id:
            return _left()
        shell.notify("good", _("That browser is signed out."))
        return redirect(url_for("admin.account"), 303)

    @blueprint.post("/account/sessions/end")
    def end_everywhere() -> Response:
        """Sign every browser out, this one too unless it asks to stay."""
        if request.form.get("stay"):
            ended = study.sessions.end_all(but=g.session.id)
            shell.notify("good", _others_left(ended))
            return redirect(url_for("admin.account"), 303)
        study.sessions.end_all()
        return _left()


def refused(study: Study, password: str) -> str | None:
    """Say why the password that confirms a step is not accepted."""
    buckets = study.throttle.buckets(request.remote_addr, known_device(study))
    if wait := study.throttle.attempt(buckets):
        return ngettext(
            "Too many attempts. Try again in one second.",
            "Too many attempts. Try again in %(num)s seconds.",
            wait,
        )
    if not study.owner.knows(password):
        return _("The current password is not right.")
    study.throttle.succeeded(buckets)
    return None


def browser_name(agent: str) -> str:
    """Name a browser and its system: "Firefox · Windows"."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or _("An unknown browser")


def _others_left(number: int) -> str:
    return ngettext("One other browser is signed out.", "%(num)s other browsers are signed out.", number)


def _left() -> Response:
    response = redirect(url_for("admin.sign_in"), 303)
    cookies.take(response, cookies.SESSION)
    return response
