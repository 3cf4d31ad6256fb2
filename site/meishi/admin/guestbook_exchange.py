"""Entries out of the guestbook as a file, and entries of a file into it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin.guestbook_deeds import answered
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_words import STATE_NAMES
from meishi.admin.language import _, ngettext
from meishi.admin.problems import wants_json
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.errors import MeishiError
from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.exchange import LARGEST, csv_lines, json_lines, read_entries
from meishi.guestbook.models import Wanted
from meishi.guestbook.unread import mark_read

_EXPORTED = ("shown", "held", "hidden")
_TYPES = {"json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add export and import."""

    @blueprint.get("/guestbook/exchange")
    def guestbook_exchange() -> Response:
        """Offer both."""
        return _page(study)

    @blueprint.get("/guestbook/entries.<kind>")
    def guestbook_export(kind: str) -> Response:
        """Send the entries as a file; nothing changes by it."""
        found = guestbook_of(study)
        if kind not in _TYPES:
            abort(404)
        asked = request.args.getlist("state")
        states = tuple(state for state in _EXPORTED if state in asked) or _EXPORTED
        records = found.every(Wanted(room=request.args.get("room", "")[:200], states=states))
        lines = json_lines(records, study.now()) if kind == "json" else csv_lines(records)
        answer = Response(stream_with_context(lines), content_type=_TYPES[kind])
        name = f"guestbook-{study.now():%Y-%m-%d}.{kind}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    @blueprint.post("/guestbook/exchange")
    def guestbook_import() -> BaseResponse:
        """Take the entries of a file; those that are here already stay as they are."""
        found = guestbook_of(study)
        file = request.files.get("file")
        if file is None or not file.filename:
            return _page(study, problem=GuestbookError(_("Choose a file first.")))
        try:
            records = read_entries(file.read(LARGEST + 1), file.filename, study.now())
            done = found.take_in(records)
            mark_read(found)  # what the owner brings is no news to them
        except GuestbookError as error:
            if wants_json():
                raise
            return _page(study, problem=error)
        text = ngettext("One entry is new.", "%(num)s entries are new.", done.added)
        if done.same:
            text += " " + ngettext("One was here already.", "%(num)s were here already.", done.same)
        if done.refused:
            text += " " + ngettext("One was not taken.", "%(num)s were not taken.", done.refused)
        return answered(shell, text, kind="warning" if done.refused else "good", count=done.added)


def _page(study: Study, *, problem: MeishiError | None = None) -> Response:
    found = guestbook_of(study)
    counts = found.tally().states
    return page(
        "guestbook_exchange.html",
        found,
        status=422 if problem else 200,
        states=[(state, STATE_NAMES[state], counts.get(state, 0)) for state in _EXPORTED],
        problem=problem,
    )
