"""The guestbook's own words for its owner: states, reasons, modes, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from meishi.admin.language import _, chosen, lazy_gettext, ngettext
from meishi.guestbook.models import Deed, Room

#: So long after it a deed can be taken back.
UNDO = timedelta(hours=1)

STATE_NAMES: Mapping[str, str] = {
    "held": lazy_gettext("Waiting"),
    "shown": lazy_gettext("Shown"),
    "hidden": lazy_gettext("Hidden"),
    "binned": lazy_gettext("Erased just now"),
    "erased": lazy_gettext("Erased"),
}
#: Why an entry waits.
REASONS: Mapping[str, str] = {
    "trap": lazy_gettext("filled a field that people do not see"),
    "words": lazy_gettext("has a word of your list"),
    "repeated": lazy_gettext("was written before"),
    "links": lazy_gettext("has links"),
    "shouting": lazy_gettext("shouts"),
    "first": lazy_gettext("first entry of this author"),
    "mode": lazy_gettext("the room holds everything"),
    "unproven": lazy_gettext("gave no proof of work"),
}
MODE_NAMES: Mapping[str, str] = {
    "open": lazy_gettext("Everything is shown at once"),
    "hold-first": lazy_gettext("Hold those who write for the first time"),
    "hold-links": lazy_gettext("Hold entries with links"),
    "hold-all": lazy_gettext("Hold everything"),
    "read-only": lazy_gettext("Read only"),
}
BAN_KINDS: Mapping[str, str] = {
    "author": lazy_gettext("This author's browser"),
    "address": lazy_gettext("This address on the network"),
}


def done(deed: Deed) -> str:
    """Say what a deed did."""
    number = len(deed.before)
    if deed.what == "ban":
        return _("Banned.")
    if not number:
        return _("Nothing was changed.")
    return {
        "approve": lambda: ngettext("One entry approved.", "%(num)s entries approved.", number),
        "hide": lambda: ngettext("One entry hidden.", "%(num)s entries hidden.", number),
        "hold": lambda: ngettext("One entry waits again.", "%(num)s entries wait again.", number),
        "bin": lambda: ngettext("One entry erased.", "%(num)s entries erased.", number),
    }.get(deed.what, lambda: deed.what)()


def undone(deed: Deed) -> str:
    """Say what taking a deed back did."""
    number = len(deed.before)
    if not number:
        return _("Undone.")
    return ngettext("Undone: one entry is as it was.", "Undone: %(num)s entries are as they were.", number)


def undoable(deed: Deed, now: datetime) -> bool:
    """Tell whether a deed can still be taken back."""
    return not deed.undone and bool(deed.before or deed.ban) and now - deed.at < UNDO


def room_title(rooms: Mapping[str, Room], slug: str) -> str:
    """Return a room's title in the owner's language, its slug where it has none."""
    room = rooms.get(slug)
    return (room.title(chosen()) if room else "") or (_("Lobby") if slug == "lobby" else slug)


def short(key: str) -> str:
    """Return the beginning of an author's key: enough to tell two of them apart."""
    return key[:6]
