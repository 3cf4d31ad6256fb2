"""The guestbook's pages in the study, with what all of their templates use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response, render_template
from markupsafe import Markup

from meishi.admin.guestbook_query import named
from meishi.admin.guestbook_words import BAN_KINDS, REASONS, STATE_NAMES, done, room_title, short
from meishi.guestbook.texts import body_html
from meishi.web.faces import face_svg

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook


def page(template: str, guestbook: Guestbook, *, status: int = 200, **values: object) -> Response:
    """Fill a template of the study's guestbook."""
    rooms = {room.slug: room for room in guestbook.rooms()}
    shared: dict[str, object] = {
        "rooms": rooms,
        "room_title": lambda slug: room_title(rooms, slug),
        "face_svg": face_svg,
        "named": named,
        "short": short,
        "done": done,
        "kinds": BAN_KINDS,
        "reasons": REASONS,
        "state_names": STATE_NAMES,
        "body_html": lambda body: Markup(body_html(body)),  # noqa: S704, all but its own tags is escaped
    }
    return make_response(render_template(f"admin/{template}", **(shared | values)), status)
