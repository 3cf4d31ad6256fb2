"""The guestbook's settings: the table [guestbook] of config.toml, checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from meishi.config.languages import Language
from meishi.config.params import Params
from meishi.config.values import Reader, Table

#: How new entries are met. `hold-first` holds those of authors of whom nothing is shown yet.
MODES = ("open", "hold-first", "hold-links", "hold-all", "read-only")
#: What the owner is told of.
NOTICES = ("held", "all", "none")
LOBBY = "lobby"
#: Every key of [guestbook], and of the tables in it.
KEYS = {
    "": ("bodyLength", "enable", "keepAddressDays", "keepDays", "keepHeldDays", "limits", "mode",
         "nameLength", "notices", "openRooms", "origins", "owner", "pages", "rooms", "server", "slow",
         "words"),
    "limits": ("address", "author", "connections", "connectionsPerAddress", "room", "socket"),
    "notices": ("about", "feed", "mail", "mailFrom"),
    "rooms": ("mode", "slow", "slug", "title"),
}  # fmt: skip

_SLUG = re.compile(r"[^\W_](?:[\w-]{0,58}[^\W_])?")
_RATE = re.compile(r"(\d{1,6}) per (second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds."""

    count: int
    seconds: float


class LimitSettings(NamedTuple):
    """How much is taken, from each and from all."""

    author: Rate = Rate(6, 60)
    address: Rate = Rate(20, 60)
    room: Rate = Rate(300, 60)
    socket: Rate = Rate(6, 1)
    connections: int = 5000
    connections_per_address: int = 20


class NoticeSettings(NamedTuple):
    """How the owner is told of new entries; servers stand in the environment."""

    about: str = "all"
    mail: str = ""
    mail_from: str = ""
    feed: bool = True


class RoomSettings(NamedTuple):
    """A room that the owner named. `titles` is by language; "" stands for those without their own."""

    slug: str
    titles: Mapping[str, str] = {}
    mode: str = ""
    slow: int | None = None

    def title(self, language: str) -> str:
        """Return the room's title in a language, "" where it has none."""
        return self.titles.get(language) or self.titles.get("", "")


class GuestbookSettings(NamedTuple):
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


def read_guestbook(top: Reader, reserved: Sequence[str]) -> GuestbookSettings:
    """Read the table [guestbook]; `reserved` are the owner's names."""
    own = top.inside("guestbook")
    _check_names(own, "")
    base = GuestbookSettings()
    return GuestbookSettings(
        enabled=own.flag("enable", default=bool(own.names())),
        server=_address(own, "server", own.text("server"), path=True),
        owner=own.text("owner") or next(iter(reserved), ""),
        rooms=_rooms(own),
        open_rooms=own.flag("openRooms"),
        pages=own.flag("pages"),
        mode=_choice(own, "mode", MODES, base.mode),
        slow=own.number("slow", default=0),
        words=tuple(word for word in map(str.strip, own.texts("words")) if word),
        name_length=own.number("nameLength", default=base.name_length, least=1),
        body_length=own.number("bodyLength", default=base.body_length, least=1),
        keep_days=own.number("keepDays", default=base.keep_days),
        keep_held_days=own.number("keepHeldDays", default=base.keep_held_days),
        keep_address_days=own.number("keepAddressDays", default=base.keep_address_days),
        origins=tuple(_address(own, "origins", origin, path=False) for origin in own.texts("origins")),
        limits=_limits(own),
        notices=_notices(own),
        reserved=tuple(dict.fromkeys(name for name in (own.text("owner"), *reserved) if name)),
    )


def owner_names(top: Reader, params: Params, languages: Sequence[Language]) -> tuple[str, ...]:
    """List the names under which visitors know the owner: the author's, then the site's."""
    found: list[str] = []
    for table in (params, *(language.params for language in languages)):
        author = table.get("author") or top.any("author") or ""
        fields = ("name", "name_alt", "nickname")
        found += [author] if isinstance(author, str) else [str(author.get(key) or "") for key in fields]
    found += [top.text("title"), *(language.title for language in languages)]
    return tuple(dict.fromkeys(name for name in found if name))


def slug_of(text: str) -> str:
    """Return a room's slug as it is compared: "" for what can be none."""
    slug = unicodedata.normalize("NFC", text).casefold()
    return slug if _SLUG.fullmatch(slug) else ""


def _check_names(reader: Reader, table: str) -> None:
    known = {key.lower(): key for key in KEYS[table]}
    for name in reader.names():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {known[near[0]]}?" if near else f"It knows {', '.join(KEYS[table])}"
            raise reader.error(name, f"{name} is no setting of the guestbook", hint)


def _choice(reader: Reader, key: str, choices: Sequence[str], default: str) -> str:
    value = reader.text(key, default=default)
    if value not in choices and value != default:
        raise reader.error(key, f"{key} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _address(reader: Reader, key: str, value: str, *, path: bool) -> str:
    """Return a server's address without its last slash, or say what is wrong with it."""
    if not value:
        return ""
    try:
        parts = urlsplit(value.rstrip("/"))
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (path or not parts.path)
        whole = whole and not (parts.query or parts.fragment or parts.username or set(value) & set(" ?#\\*"))
        _ = parts.port
    except ValueError:
        whole = False
    if not whole:
        hint = 'Write it like "https://guestbook.example.com"'
        hint += "" if path else ", without a path"
        raise reader.error(key, f"guestbook.{key} has no whole address: {value!r}", hint)
    return value.rstrip("/")


def _rooms(own: Reader) -> tuple[RoomSettings, ...]:
    found: dict[str, RoomSettings] = {}
    for place, reader in enumerate(own.tables("rooms"), start=1):
        _check_names(reader, "rooms")
        written = reader.text("slug")
        slug = slug_of(written)
        if not slug:
            hint = 'Write letters, digits and hyphens, as in slug = "tea"'
            blamed = "slug" in reader
            raise (reader if blamed else own).error(
                "slug" if blamed else f"rooms[{place}]", f"{written!r} is no room's slug", hint
            )
        if slug in found:
            raise reader.error("slug", f"there are two rooms with the slug {slug!r}")
        slow = reader.number("slow", default=0) if "slow" in reader else None
        found[slug] = RoomSettings(slug, _titles(reader), _choice(reader, "mode", MODES, ""), slow)
    lobby = found.pop(LOBBY, RoomSettings(LOBBY))
    return (lobby, *found.values())


def _titles(reader: Reader) -> Table:
    value: Any = reader.any("title")
    if value is None or isinstance(value, str):
        return {"": value} if value else {}
    if not isinstance(value, dict) or not all(isinstance(title, str) for title in value.values()):
        hint = 'Write `title = "Tea"`, or `title = { en = "Tea", ja = "お茶" }`'
        raise reader.error("title", f"title must be a text, or one for each language, not {value!r}", hint)
    return {code.lower(): title for code, title in value.items()}


def _limits(own: Reader) -> LimitSettings:
    table = own.inside("limits")
    _check_names(table, "limits")
    base = LimitSettings()
    return LimitSettings(
        author=_rate(table, "author", base.author),
        address=_rate(table, "address", base.address),
        room=_rate(table, "room", base.room),
        socket=_rate(table, "socket", base.socket),
        connections=table.number("connections", default=base.connections, least=1),
        connections_per_address=table.number(
            "connectionsPerAddress", default=base.connections_per_address, least=1
        ),
    )


def _rate(table: Reader, key: str, default: Rate) -> Rate:
    value = table.text(key)
    if not value:
        return default
    match = _RATE.fullmatch(value.strip().lower())
    if not match or not int(match[1]):
        raise table.error(
            key, f"limits.{key} is no limit: {value!r}", f'Write it like {key} = "6 per minute"'
        )
    return Rate(int(match[1]), _SECONDS[match[2]])


def _notices(own: Reader) -> NoticeSettings:
    table = own.inside("notices")
    _check_names(table, "notices")
    base = NoticeSettings()
    for key in ("mail", "mailFrom"):
        address = table.text(key)
        if address and (address.count("@") != 1 or set(address) & set(" ,;<>\r\n")):
            raise table.error(key, f"notices.{key} is no mail address: {address!r}")
    return NoticeSettings(
        about=_choice(table, "about", NOTICES, base.about),
        mail=table.text("mail"),
        mail_from=table.text("mailFrom"),
        feed=table.flag("feed", default=base.feed),
    )
