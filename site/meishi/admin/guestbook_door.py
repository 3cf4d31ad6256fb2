"""The guestbook as the study reaches it, and the owner as the guestbook knows them: by session alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flask import abort

from meishi.admin.cookies import SESSION, names
from meishi.admin.study import Study
from meishi.errors import MeishiError

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook


def guestbook_of(study: Study) -> Guestbook:
    """Return the guestbook; where it is off, its pages are not there."""
    found = study.guestbook()
    if found is None:
        abort(404)
    return found


def open_guestbook(study: Study) -> Guestbook | None:
    """Return the guestbook for the frame of other pages: they stand without it, whatever is wrong with it."""
    try:
        return study.guestbook()
    except MeishiError:
        return None


def owner_of_cookies(study: Study) -> Callable[[Mapping[str, str]], bool]:
    """Return what tells from a handshake's cookies whether the owner's session opens it."""

    def is_owner(cookies: Mapping[str, str]) -> bool:
        return any(study.sessions.find(cookies.get(name)) is not None for name in names(SESSION))

    return is_owner
