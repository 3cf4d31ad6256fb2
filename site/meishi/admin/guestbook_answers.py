"""The owner writes in the guestbook: an answer, an entry, or another wording of one of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from meishi.admin.guestbook_deeds import answered, back
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_query import refs
from meishi.admin.language import _
from meishi.admin.problems import wants_json
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.config.guestbook import LOBBY
from meishi.guestbook.models import Changes, Outcome, Record, Ref, Wanted

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add what the owner writes."""

    @blueprint.get("/guestbook/write")
    def guestbook_write() -> Response:
        """Show the form for an entry, or for the answer to one."""
        found = guestbook_of(study)
        name = request.args.get("to", "")
        return _form(found, record_of(found, name) if name else None, "write")

    @blueprint.post("/guestbook/write")
    def guestbook_send() -> Response:
        """Write as the owner; an entry that waits is approved by being answered."""
        found = guestbook_of(study)
        name = request.form.get("to", "")
        to = record_of(found, name) if name else None
        room = to.room if to else request.form.get("room", LOBBY)
        body = request.form.get("body", "").replace("\r\n", "\n")
        if to is not None and to.state != "shown" and body.strip():
            found.approve([to.ref])
        outcome = found.answer(room, body, to=to.entry.id if to else "", id=request.form.get("id", ""))
        return _outcome(found, shell, outcome, to, "write", _("Your entry is shown."))

    @blueprint.get("/guestbook/rewrite")
    def guestbook_rewrite() -> Response:
        """Show the form for another wording."""
        found = guestbook_of(study)
        return _form(found, _own(found, request.args.get("entry", "")), "rewrite")

    @blueprint.post("/guestbook/rewrite")
    def guestbook_reword() -> Response:
        """Change an entry of the owner's own."""
        found = guestbook_of(study)
        record = _own(found, request.form.get("entry", ""))
        body = request.form.get("body", "").replace("\r\n", "\n")
        outcome = found.rewrite(record.ref, Changes(body=body))
        return _outcome(found, shell, outcome, record, "rewrite", _("Your entry is changed."))


def record_of(guestbook: Guestbook, name: str) -> Record:
    """Return the entry that a form names; an unknown one is answered with 404."""
    found: list[Ref] = refs([name])
    records = guestbook.search(Wanted(refs=tuple(found)), limit=1).records if found else ()
    if not records:
        abort(404)
    return records[0]


def _own(guestbook: Guestbook, name: str) -> Record:
    record = record_of(guestbook, name)
    if not record.entry.owner:
        abort(404)  # nobody puts words into a visitor's mouth
    return record


def _form(
    guestbook: Guestbook, record: Record | None, what: str, *, problem: str = "", body: str | None = None
) -> Response:
    text = body if body is not None else record.entry.body if record and what == "rewrite" else ""
    return page(
        "guestbook_write_form.html" if request.args.get("part") else "guestbook_write.html",
        guestbook,
        status=422 if problem else 200,
        what=what,
        record=record,
        room=request.values.get("room", LOBBY),
        back=back(),
        problem=problem,
        body=text,
        longest=guestbook.settings.body_length,
    )


def _outcome(
    guestbook: Guestbook, shell: Shell, outcome: Outcome, record: Record | None, what: str, good: str
) -> Response:
    if outcome.ok:
        return answered(shell, good, count=1)
    if wants_json():
        return answered(shell, outcome.message, status=422)
    return _form(guestbook, record, what, problem=outcome.message, body=request.form.get("body", ""))
