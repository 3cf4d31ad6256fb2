"""The page behind an author's private link: edit an entry, erase it, or erase everything of one's own."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from meishi.guestbook.errors import NotYoursError
from meishi.guestbook.models import Changes, Outcome, Record, Visitor
from meishi.guestbook.service import Guestbook
from meishi.live.guestbook_guest import language
from meishi.live.guestbook_words import refusal
from meishi.live.lines import household
from meishi.live.origins import Origins
from meishi.web.guestbook_form import mine_page
from meishi.web.public import PublicSite


def answer_mine(guestbook: Guestbook, origins: Origins, site: PublicSite, token: str) -> BaseResponse:
    """Show an author's own entry, and do what its forms ask for."""
    try:
        record = guestbook.mine(token)
    except NotYoursError:
        abort(404)
    values = {"name": record.entry.name, "body": record.entry.body, "link": record.entry.link or ""}
    said, outcome, done = record.language, Outcome(ok=True), ""
    if request.method == "POST":
        if not origins.allows(request.headers.get("Origin"), request.environ):
            abort(403)
        action = request.form.get("action", "edit")
        if action == "edit":
            values |= {name: request.form[name] for name in values if name in request.form}
        outcome = _done(guestbook, record, token, action, values)
        if outcome.ok and action == "edit":
            return redirect(f"{request.path}?done=edited", code=303)
        done = {"erase": "erased", "forget": "forgotten"}[action] if outcome.ok else ""
    elif request.args.get("done") == "edited":
        done = "edited"
    if done in ("erased", "forgotten"):
        # What was there must not be shown again, not even in a field.
        record, values = record._replace(state="erased"), {}
    html = mine_page(
        site, said, record=record, values=values, error=outcome.message, field=outcome.field, done=done
    )
    answer = Response(html, status=200 if outcome.ok else 422, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    # With "no-referrer", browsers send the page's own form with the origin "null".
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _done(guestbook: Guestbook, record: Record, token: str, action: str, values: dict[str, str]) -> Outcome:
    visitor = Visitor("", household(request.remote_addr or ""), language(request.form, record.language))
    if action == "edit":
        return guestbook.edit(record.room, record.entry.id, token, Changes(**values), visitor)
    if action == "erase":
        return guestbook.erase(record.room, record.entry.id, token, visitor)
    if action == "forget" and request.form.get("sure"):
        return guestbook.forget(visitor, token)
    # Browsers do not send the form without the tick; this is for whatever else does.
    return replace(refusal("bad_request", visitor.language), field="sure")
