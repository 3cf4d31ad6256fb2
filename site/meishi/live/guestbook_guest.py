"""A guest: one connection to the guestbook, with all that its events need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meishi.guestbook.models import Signing, Visitor
from meishi.live.budgets import Budget
from meishi.live.lines import Line

#: The protocol that is spoken; a browser with an older page may say another number.
VERSION = 1
#: Rooms that one connection may be in.
ROOMS = 10
_TOKEN = re.compile(r"[\w-]{16,128}", re.ASCII)
_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
_LANGUAGES = ("en", "ja")


class BadRequestError(Exception):
    """Refuse an event whose data is not as the protocol says."""


@dataclass(slots=True)
class Guest:
    """One connection that has joined the namespace."""

    sid: str
    #: Engine.IO's side of the connection.
    socket: Any
    line: Line
    budget: Budget
    author: str = ""
    #: By what the author is known here; "" for one who has never signed.
    key: str = ""
    owner: bool = False
    language: str = "en"
    rooms: set[str] = field(default_factory=set)
    strikes: int = 0

    def visitor(self, address: str) -> Visitor:
        """Return who asks, as the guestbook wants to know it."""
        return Visitor(author=self.author, address=address, language=self.language, owner=self.owner)


def author_token(auth: Any) -> str:
    """Return the browser's secret token from what it said on connecting, "" if it has none."""
    token = auth.get("author") if isinstance(auth, Mapping) else None
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else ""


def text(data: Mapping[str, Any], name: str, most: int = 20_000) -> str:
    """Return a text, "" where there is none."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise BadRequestError(name)
    return value


def number(data: Mapping[str, Any], name: str) -> int:
    """Return a whole number, 0 where there is none."""
    value = data.get(name)
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise BadRequestError(name)
    return value


def entry_id(data: Mapping[str, Any]) -> str:
    """Return the id that a browser made for an entry."""
    value = text(data, "id", 64)
    if not _ID.fullmatch(value):
        raise BadRequestError("id")
    return value


def language(data: Mapping[str, Any], standard: str = "en") -> str:
    """Return the language in which a visitor wants to be spoken to."""
    value = data.get("lang")
    code = value[:2].lower() if isinstance(value, str) else ""
    return code if code in _LANGUAGES else standard


def signing(data: Mapping[str, Any], visitor: Visitor, *, scripted: bool = True) -> Signing:
    """Return the entry that somebody wants to write."""
    return Signing(
        room=text(data, "room", 300),
        id=entry_id(data),
        name=text(data, "name", 1000),
        body=text(data, "body"),
        visitor=visitor,
        link=text(data, "link", 2000),
        page=text(data, "page", 1000),
        to=text(data, "to", 64),
        ticket=text(data, "ticket", 1000),
        trap=text(data, "trap", 1000),
        proof=text(data, "proof", 4000),
        scripted=scripted,
    )
