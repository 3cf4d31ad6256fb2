"""The guestbook's settings: the table [guestbook] of config.toml, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: How new entries are met. `hold-first` holds those of authors of whom nothing is shown yet.
MODES = ("open", "hold-first", "hold-links", "hold-all", "read-only")
#: What the owner is told of.
NOTICES = ("held", "all", "none")
LOBBY = "lobby"

_SLUG = re.compile(r"[^\W_](?:[\w-]{0,58}[^\W_])?")
_RATE = re.compile(r"(\d{1,6}) per (second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """How much is taken, from each and from all."""

    author: Rate = Rate(6, 60)
    address: Rate = Rate(20, 60)
    room: Rate = Rate(300, 60)
    socket: Rate = Rate(60, 10)
    connections: int = 5000
    connections_per_address: int = 20


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """How the owner is told of new entries; passwords stand in the environment."""

    about: str = "held"
    mail: str = ""
    mail_from: str = ""
    webhook: str = ""
    feed: bool = True


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """A room that the owner named. `titles` is by language; "" stands for those without their own."""

    slug: str
    titles: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    slow: int | None = None

    def title(self, language: str) -> str:
        """Return the room's title in a language, "" where it has none."""
        return self.titles.get(language) or self.titles.get("", "")


@dataclass(frozen=True, slots=True)
class GuestbookSettings:
    """Everything [guestbook] says. The first of `rooms` is always the lobby."""

    enabled: bool = False
    server: str = ""
    owner: str = ""
    rooms: tuple[RoomSettings, ...] = (RoomSettings(LOBBY),)
    open_rooms: bool = False
    pages: bool = False
    mode: str = "hold-first"
    slow: int = 0
    words: tuple[str, ...] = ()
    name_length: int = 40
    body_length: int = 2000
    keep_days: int = 0
    keep_held_days: int = 60
    keep_address_days: int = 7
    origins: tuple[str, ...] = ()
    limits: LimitSettings = LimitSettings()
    notices: NoticeSettings = NoticeSettings()
    #: Names that nobody but the owner may sign with.
    reserved: tuple[str, ...] = ()

    def room(self, slug: str) -> RoomSettings | None:
        """Return what config.toml says of a room, None if it does not name it."""
        return next((room for room in self.rooms if room.slug == slug), None)
