"""A visitor's wish to sign, looked at before the database is: texts, names, tickets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meishi.guestbook.errors import UnknownRoomError
from meishi.guestbook.models import Changes, Outcome, Ref, Signing, Visitor
from meishi.guestbook.outcomes import refused, refused_text
from meishi.guestbook.parts import Parts
from meishi.guestbook.rooms import Rooms
from meishi.guestbook.scoring import likeness
from meishi.guestbook.texts import TextError, clean_body, clean_link, clean_name

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """The cleaned texts of an entry."""

    name: str = ""
    body: str = ""
    link: str | None = None


@dataclass(slots=True)
class Wish:
    """A signing with all that is known of it; `refusal` counts only if the id is not stored already."""

    signing: Signing
    ref: Ref
    author: str
    fields: Fields
    refusal: Outcome | None = None
    address: str = ""
    likeness: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Look at wishes."""

    parts: Parts
    rooms: Rooms

    def look_at(self, signing: Signing) -> Wish | Outcome:
        """Return a wish, or the outcome if it cannot be one."""
        language = signing.visitor.language
        if not is_id(signing.id):
            return refused("bad_request", language)
        try:
            ref = Ref(self.rooms.canonical(signing.room), signing.id)
        except UnknownRoomError:
            return refused("unknown_room", language)
        author = self.author(signing.visitor, ref)
        fields, refusal = self.fields(signing.name, signing.body, signing.link, signing.visitor)
        if refusal is None and not signing.visitor.owner:
            refusal = self._checked_ticket(signing)
        page = self._page(signing, ref)
        return Wish(signing, ref, author, fields, refusal, likeness=likeness(fields.body), page=page)

    def author(self, visitor: Visitor, ref: Ref) -> str:
        """Return an author's key; one who has no token is known by the entry alone."""
        token = visitor.author if len(visitor.author) <= _LONGEST_TOKEN else ""
        if visitor.owner:
            return self.parts.seals.author_key("owner")
        return self.parts.seals.author_key(f"visitor {token}" if token else f"nobody {ref.room} {ref.id}")

    def fields(self, name: str, body: str, link: str, visitor: Visitor) -> tuple[Fields, Outcome | None]:
        """Return cleaned texts, and the refusal if there is something wrong with them."""
        settings = self.parts.settings
        most = {"name": settings.name_length, "body": settings.body_length}
        try:
            fields = Fields(
                name=clean_name(name, most["name"]),
                body=clean_body(body, most["body"]),
                link=clean_link(link),
            )
        except TextError as error:
            return Fields(), refused_text(error, visitor.language, most.get(error.field, 0))
        if not visitor.owner and self.parts.rules.names.are_taken(fields.name):
            return fields, refused("name_taken", visitor.language, field="name")
        return fields, None

    def changed(self, now: Fields, changes: Changes, visitor: Visitor) -> tuple[Fields, Outcome | None]:
        """Return the texts of an entry after changes to it."""
        return self.fields(
            now.name if changes.name is None else changes.name,
            now.body if changes.body is None else changes.body,
            (now.link or "") if changes.link is None else changes.link,
            visitor,
        )

    def _page(self, signing: Signing, ref: Ref) -> str | None:
        """Return the page to which an entry is pinned: that of its room, or one that it names."""
        if ref.room.startswith("/"):
            return ref.room
        page = signing.page
        known = page.startswith("/") and len(page) <= 200 and self.parts.known_page(page)
        return page if known else None

    def _checked_ticket(self, signing: Signing) -> Outcome | None:
        now = self.parts.now()
        wait = self.parts.seals.ticket_wait(signing.ticket, now)
        if wait == 0:
            return None
        language = signing.visitor.language
        if wait is None:
            ticket = self.parts.seals.ticket(now)
            return refused("stale_ticket", language, ticket=ticket, wait=2)
        return refused("stale_ticket", language, word="young_ticket", ticket=signing.ticket, wait=wait)


def is_id(text: str) -> bool:
    """Tell whether a text may be the id of an entry: a browser's UUID, or like one."""
    return _ID.fullmatch(text) is not None
