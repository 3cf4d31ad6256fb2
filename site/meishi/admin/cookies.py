"""The study's cookies: not for scripts, not across sites, and over HTTPS only where there is HTTPS."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

SESSION = "meishi_session"
#: Ties the forms before signing in to one browser.
VISIT = "meishi_visit"
#: Marks a browser that the owner has signed in with.
DEVICE = "meishi_device"
LANGUAGE = "meishi_language"


def read(name: str) -> str | None:
    """Return a cookie of this request."""
    return request.cookies.get(_full(name))


def give(response: Response, name: str, value: str, seconds: float | None = None) -> None:
    """Set a cookie, for so many seconds or until the browser closes."""
    response.set_cookie(
        _full(name),
        value,
        max_age=None if seconds is None else int(seconds),
        path=request.script_root or "/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def take(response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(
        _full(name),
        path=request.script_root or "/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def names(name: str) -> tuple[str, str]:
    """List what a cookie is called over HTTPS and over HTTP, for those who see cookies but no request."""
    return f"__Host-{name}", name


def _full(name: str) -> str:
    # With __Host-, browsers let no neighbouring host and no plain HTTP set the cookie.
    return f"__Host-{name}" if request.is_secure and not request.script_root else name
