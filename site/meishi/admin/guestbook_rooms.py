"""The guestbook's rooms: how each one meets new entries, how slow it is, and whether it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from meishi.admin.guestbook_deeds import answered
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_words import MODE_NAMES
from meishi.admin.language import _
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.config.guestbook import MODES

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: Seconds that a room may ask between two entries of one author: a day.
_SLOWEST = 86_400


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the rooms."""

    @blueprint.get("/guestbook/rooms")
    def guestbook_rooms() -> Response:
        """Show the rooms and their rules."""
        found = guestbook_of(study)
        return page(
            "guestbook_rooms.html",
            found,
            modes=[(mode, MODE_NAMES[mode]) for mode in MODES],
            configured=lambda slug: _configured(found, slug),
            paused=all(room.paused for room in found.rooms()),
            now=study.now(),
        )

    @blueprint.post("/guestbook/rooms")
    def guestbook_set_room() -> Response:
        """Give a room its rules, or those of config.toml again."""
        found = guestbook_of(study)
        room = found.room(request.form.get("room", ""))
        mode, slow = request.form.get("mode", ""), request.form.get("slow", "").strip()
        if mode not in ("", *MODES):
            abort(400)
        if slow and not (slow.isascii() and slow.isdigit() and int(slow[:9]) <= _SLOWEST):
            text = _("Seconds between two entries are a number from 0 to %(most)s.", most=_SLOWEST)
            return answered(shell, text, kind="error", status=422)
        usual_mode, usual_slow = _configured(found, room.slug)
        # What config.toml says needs no saying: then a change there counts.
        found.set_mode(
            room.slug,
            "" if mode == usual_mode else mode,
            slow=None if not slow or int(slow) == usual_slow else int(slow),
        )
        return answered(shell, _("The room's rules are changed."), count=1)

    @blueprint.post("/guestbook/pause")
    def guestbook_pause() -> Response:
        """Let a room rest, or all of them, or wake them."""
        found = guestbook_of(study)
        paused = request.form.get("paused") == "1"
        slug = request.form.get("room", "")
        found.pause(slug, paused)
        text = _("Nobody can write until you resume.") if paused else _("Visitors can write again.")
        return answered(shell, text, count=1)


def _configured(guestbook: Guestbook, slug: str) -> tuple[str, int]:
    """Return the mode and slowness that config.toml gives a room."""
    settings = guestbook.settings
    room = settings.room(slug)
    mode = room.mode if room and room.mode else settings.mode
    slow = room.slow if room and room.slow is not None else settings.slow
    return mode, slow
