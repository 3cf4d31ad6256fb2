"""The guestbook's live room as its owner sees it: what waits, what was written, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, url_for

from meishi.admin import (
    guestbook_answers,
    guestbook_bans,
    guestbook_deeds,
    guestbook_exchange,
    guestbook_news,
    guestbook_rooms,
)
from meishi.admin.guestbook_door import guestbook_of, open_guestbook
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_query import SHOWN, STATES, Query, read_query
from meishi.admin.guestbook_words import STATE_NAMES, undoable
from meishi.admin.identity import time_zone
from meishi.admin.language import lazy_gettext, ngettext
from meishi.admin.shell import Badge, Shell
from meishi.admin.study import Study
from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.models import Found, Record, Room, Tally, Wanted
from meishi.guestbook.unread import mark_read, unread

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the queue and the newest entries, or what was sought."""

    query: Query
    rooms: Mapping[str, Room]
    tally: Tally
    waiting: tuple[Record, ...]
    found: Found


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the guestbook."""
    shell.add(
        "guestbook",
        lazy_gettext("Guestbook"),
        order=40,
        key="b",
        badge=lambda: _badge(study),
        shown=lambda: open_guestbook(study) is not None,
    )
    _add_room(blueprint, study)
    for part in (
        guestbook_deeds, guestbook_answers, guestbook_bans, guestbook_rooms, guestbook_news,
        guestbook_exchange,
    ):  # fmt: skip
        part.register(blueprint, study, shell)


def _add_room(blueprint: Blueprint, study: Study) -> None:
    @blueprint.get("/guestbook/")
    def guestbook() -> Response:
        """Show the live room; with `part`, only what changes in it."""
        found = guestbook_of(study)
        part = request.args.get("part") == "list"
        answer = _page(study, found, part=part)
        if not part:
            mark_read(found)  # who opens the room reads it; later entries are read when the page says so
        return answer

    @blueprint.get("/guestbook/pulse")
    def guestbook_pulse() -> Response:
        """Tell a page that is open whether it is still true."""
        return jsonify(pulse(guestbook_of(study)))

    @blueprint.post("/guestbook/read")
    def guestbook_read() -> Response:
        """Note that the owner has seen everything up to now."""
        found = guestbook_of(study)
        mark_read(found)
        return jsonify(pulse(found))


def pulse(guestbook: Guestbook) -> dict[str, object]:
    """Return numbers, and a state that is another one as soon as anything in the guestbook is."""
    heads = guestbook.heads()
    deed = next(iter(guestbook.deeds(limit=1)), None)
    rooms = [(slug, head.epoch, head.head, head.arrival, head.held) for slug, head in sorted(heads.items())]
    told = repr((rooms, deed and (deed.id, deed.undone)))
    return {
        "state": sha256(told.encode()).hexdigest()[:16],
        "held": sum(head.held for head in heads.values()),
        "unread": unread(guestbook, heads),
    }


def _page(study: Study, guestbook: Guestbook, *, part: bool) -> Response:
    view = _view(study, guestbook)
    deed = next(iter(guestbook.deeds(limit=1)), None)
    return page(
        "guestbook_list.html" if part else "guestbook.html",
        guestbook,
        view=view,
        query=view.query,
        pulse=pulse(guestbook),
        last=deed if deed and undoable(deed, study.now()) else None,
        now=study.now(),
        here=_address(view.query),
        address=_address,
        states=[(state, STATE_NAMES[state]) for state in STATES],
        paused=bool(view.rooms) and all(room.paused for room in view.rooms.values()),
        socket=f"{request.script_root}/socket.io",
    )


def _view(study: Study, guestbook: Guestbook) -> View:
    query = read_query(request.args)
    rooms = {room.slug: room for room in guestbook.rooms()}
    waiting: tuple[Record, ...] = ()
    wanted = Wanted(room=query.room, states=("shown",))
    if query.is_narrow:
        wanted = query.wanted(time_zone(study))
    elif not query.before:
        waiting = guestbook.queue(query.room)
    found = guestbook.search(wanted, before=query.before, limit=SHOWN)
    return View(query, rooms, guestbook.tally(query.room), waiting, found)


def _address(query: Query) -> str:
    fields: dict[str, Any] = {**query.fields, "before": query.before or None}
    return url_for("admin.guestbook", **fields)


def _badge(study: Study) -> Badge | None:
    found = open_guestbook(study)
    if found is None:
        return None
    try:
        heads = found.heads()
        number = max(unread(found, heads), sum(head.held for head in heads.values()))
    except GuestbookError:  # the database is away: its own page says so
        return None
    return Badge(number, ngettext("%(num)s new or waiting", "%(num)s new or waiting", number))
