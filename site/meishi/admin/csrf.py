"""Every change carries a token that other sites cannot know."""

from __future__ import annotations

import hmac

from flask import g, request
from markupsafe import Markup

from meishi.admin.study import Study

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
#: What browsers say of requests that our own pages make, or the owner by hand.
_OWN = (None, "same-origin", "none")


def holder(study: Study) -> str:
    """Name who a token is for: the session, or before signing in the browser's visit."""
    if g.session is not None:
        return f"session {g.session.id}"
    if g.visit is None:
        g.visit = study.random(16).hex()
        g.new_visit = True
    return f"visit {g.visit}"


def token(study: Study) -> str:
    """Return the token for forms and requests of this browser."""
    return study.secret.sign("csrf", holder(study))


def field(study: Study) -> Markup:
    """Return the token as a hidden field."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token(study))


def valid(study: Study) -> bool:
    """Tell whether this request comes from one of our own pages."""
    if request.headers.get("Sec-Fetch-Site") not in _OWN:
        return False
    if g.session is None and g.visit is None:
        return False
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    return same(given, token(study))


def same(given: str, expected: str) -> bool:
    """Compare a stranger's text with a secret one, in the same time however much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
