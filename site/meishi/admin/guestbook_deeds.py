"""What the owner does with entries: approve, hide, hold, erase, one or many at once, and take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, abort, jsonify, redirect, request
from werkzeug.wrappers import Response

from meishi.admin.entrance import safe_onward
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_query import read_query, refs
from meishi.admin.guestbook_words import done, undone
from meishi.admin.identity import time_zone
from meishi.admin.language import _, ngettext
from meishi.admin.problems import wants_json
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.guestbook.models import Deed, Ref, Wanted

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: So many entries are changed in one step of the database.
_AT_ONCE = 5000


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add what can be done with entries."""
    _add_deeds(blueprint, study, shell)
    _add_erasing(blueprint, study, shell)


def ways(guestbook: Guestbook) -> Mapping[str, Callable[[Sequence[Ref]], Deed]]:
    """Map the names of the buttons to what they do."""
    return {
        "approve": guestbook.approve,
        "hide": guestbook.hide,
        "hold": guestbook.hold,
        "erase": guestbook.bin,
    }


def _add_deeds(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.post("/guestbook/do")
    def guestbook_do() -> Response:
        """Do what a button says: with its own entry, with the chosen ones, or with all that is found."""
        found = guestbook_of(study)
        for name, way in ways(found).items():
            if name in request.form:
                chosen = _chosen(study, found, request.form[name])
                if not chosen:
                    return answered(shell, _("No entry was chosen."), kind="warning")
                deed = way(chosen)
                return answered(shell, done(deed), count=len(deed.before))
        abort(400)

    @blueprint.post("/guestbook/undo")
    def guestbook_undo() -> Response:
        """Take back what was done."""
        found = guestbook_of(study)
        given = request.form.get("deed", "")
        if not (given.isascii() and given.isdigit() and len(given) < 16):
            abort(400)
        deed = found.undo(int(given))
        return answered(shell, undone(deed), count=len(deed.before))


def _add_erasing(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/guestbook/author/<key>")
    def guestbook_author(key: str) -> Response:
        """Ask before everything of an author is erased for good."""
        found = guestbook_of(study)
        return page(
            "guestbook_author.html", found, key=key, count=found.search(Wanted(author=key), limit=1).total
        )

    @blueprint.post("/guestbook/author/<key>")
    def guestbook_erase_author(key: str) -> Response:
        """Erase everything of an author for good, as they asked for."""
        count = guestbook_of(study).erase_author(key)
        text = ngettext("One entry erased for good.", "%(num)s entries erased for good.", count)
        return answered(shell, text, count=count)


def _chosen(study: Study, guestbook: Guestbook, value: str) -> list[Ref]:
    """Return the entries that a button is about: its value names one, else the form's boxes or its search."""
    if value not in ("chosen", "found"):
        return refs([value])
    if value == "chosen":
        return refs(request.form.getlist("pick"))
    query = read_query(request.form)
    every = guestbook.every(query.wanted(time_zone(study))) if query.is_narrow else iter(())
    return [record.ref for record, _number in zip(every, range(_AT_ONCE), strict=False)]


def answered(shell: Shell, text: str, *, kind: str = "good", count: int = 0, status: int = 200) -> Response:
    """Tell a script what was done, or go back to where the form stood and tell it there."""
    if wants_json():
        answer = jsonify(message=text, count=count)
        answer.status_code = status
        return answer
    shell.notify(kind, text)
    return redirect(request.script_root + back(), 303)


def back() -> str:
    """Return where a form stood: a page of the guestbook, below the site's base path."""
    given = request.values.get("back", "").removeprefix(request.script_root)
    onward = safe_onward(given)
    return onward if onward.startswith("/admin/guestbook/") else "/admin/guestbook/"
