"""Who is kept out of the guestbook, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from meishi.admin.guestbook_answers import record_of
from meishi.admin.guestbook_deeds import answered, back
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_query import day
from meishi.admin.guestbook_words import BAN_KINDS
from meishi.admin.identity import time_zone
from meishi.admin.language import _, lazy_gettext
from meishi.admin.problems import wants_json
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.guestbook.models import Record, Wanted

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: How long a ban may last, in days; 0 is for good.
LENGTHS = (
    (1, lazy_gettext("A day")),
    (7, lazy_gettext("A week")),
    (30, lazy_gettext("A month")),
    (365, lazy_gettext("A year")),
    (0, lazy_gettext("For good")),
)
_USUAL = 7


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the bans."""
    _add_list(blueprint, study, shell)

    @blueprint.get("/guestbook/ban")
    def guestbook_ban() -> Response:
        """Ask how long the author of an entry is kept out."""
        found = guestbook_of(study)
        return _form(found, record_of(found, request.args.get("entry", "")))

    @blueprint.post("/guestbook/ban")
    def guestbook_ban_author() -> Response:
        """Keep the author of an entry out."""
        found = guestbook_of(study)
        record = record_of(found, request.form.get("entry", ""))
        kind = request.form.get("kind", "author")
        until, wrong = _until(study)
        if kind not in BAN_KINDS or record.entry.owner:
            abort(400)
        if wrong:
            if wants_json():
                return answered(shell, wrong, status=422)
            return _form(found, record, problem=wrong)
        note = request.form.get("note", "").strip()[:200]
        if request.form.get("hide"):
            wanted = Wanted(author=record.author, states=("shown", "held"))
            found.hide([one.ref for one in found.every(wanted)])
        found.ban(record.ref, kind=kind, until=until, note=note)
        return answered(shell, _("Banned."), count=1)


def _add_list(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/guestbook/bans")
    def guestbook_bans() -> Response:
        """List the bans."""
        found = guestbook_of(study)
        return page("guestbook_bans.html", found, bans=found.bans())

    @blueprint.post("/guestbook/bans/<int:id>/end")
    def guestbook_unban(id: int) -> Response:  # noqa: A002
        """End a ban."""
        guestbook_of(study).unban(id)
        return answered(shell, _("The ban is lifted."), count=1)


def _until(study: Study) -> tuple[datetime | None, str]:
    """Return when the ban that the form asks for ends, None for good; or what is wrong with it."""
    length = request.form.get("length", str(_USUAL))
    now = study.now()
    if length == "date":
        chosen = day(request.form.get("date", ""))
        if chosen is None:
            return None, _("Choose the day on which the ban ends.")
        end = datetime.combine(chosen + timedelta(days=1), time(), ZoneInfo(time_zone(study))).astimezone(UTC)
        return end, "" if end > now else _("That day is over.")
    known = {str(days): days for days, _label in LENGTHS}
    if length not in known:
        abort(400)
    days = known[length]
    return (now + timedelta(days=days) if days else None), ""


def _form(guestbook: Guestbook, record: Record, *, problem: str = "") -> Response:
    wanted = Wanted(author=record.author, states=("shown", "held"))
    return page(
        "guestbook_ban_form.html" if request.args.get("part") else "guestbook_ban.html",
        guestbook,
        status=422 if problem else 200,
        record=record,
        lengths=LENGTHS,
        usual=_USUAL,
        others=guestbook.search(wanted, limit=1).total,
        back=back(),
        problem=problem,
    )
