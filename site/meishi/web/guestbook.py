"""The guestbook's pages: which there are, and what their templates are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from meishi.config.guestbook import LOBBY, GuestbookSettings, slug_of
from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.guestbook.entries import Entry, stamp
from meishi.guestbook.texts import REL, body_html, is_web_address, link_text
from meishi.web.addresses import Addresses
from meishi.web.entries import EntrySource, Shelf
from meishi.web.faces import face_svg
from meishi.web.pageviews import PageViews
from meishi.web.reads import Reads
from meishi.web.targets import ALIASES, NON_PAGES, PAGES, PAGINATORS, Target, pages_of
from meishi.web.viewmodels import Pager

#: So many entries stand on a page, and so many in the panel over the card.
SIZE = 50
NEWEST = 5


class FormState(NamedTuple):
    """What stands in a form that was sent and comes back: its fields, and what is to be said about it."""

    name: str = ""
    body: str = ""
    link: str = ""
    id: str = ""
    ticket: str = ""
    #: What is wrong, in the visitor's language, and with which field.
    problem: str = ""
    field: str = ""
    #: What went well, or has to be known: a key of the theme's words, such as "guestbook_held".
    notice: str = ""


class EntryView(NamedTuple):
    """An entry as templates show it; `to` is the number and name of the one it answers, if it is in view."""

    id: str
    number: int
    version: int
    name: str
    link: str
    link_text: str
    html: Markup
    face: Markup
    key: str
    owner: bool
    at: datetime
    stamp: str
    edited: bool
    to: tuple[int, str] | None


class BookView(NamedTuple):
    """A room as templates show it. `action` is where its form goes, "" where there is no server."""

    room: str
    title: str
    url: str
    prefix: str
    server: str
    action: str
    shelf: Shelf
    entries: tuple[EntryView, ...]
    first: bool
    settings: GuestbookSettings
    as_of: datetime | None
    as_of_stamp: str
    back: str
    words: str
    rel: str = REL
    pager: Pager | None = None
    more_url: str = ""
    form: FormState = FormState()


@dataclass(frozen=True)
class Guestbooks:
    """Know the rooms of a site, and show them."""

    library: Library
    addresses: Addresses
    views: PageViews
    entries: EntrySource

    @property
    def settings(self) -> GuestbookSettings:
        """Return what config.toml says."""
        return self.library.config.guestbook

    def has_own(self, page: Page) -> bool:
        """Tell whether a page has a guestbook of its own at its foot."""
        if not self.settings.enabled or page.kind != "page" or page.link or self.is_lobby(page):
            return False
        own = page.params.get("guestbook")
        return bool(own) if own is not None else self.settings.pages and page.is_note

    def is_lobby(self, page: Page) -> bool:
        """Tell whether a page is the owner's introduction to the guestbook."""
        root = self.library.editions[page.language].root
        return self.settings.enabled and page.address == f"{root}guestbook/"

    def room_of(self, page: Page | None) -> str:
        """Return the room that stands below a page's text, "" for none."""
        if page is None:
            return ""
        return LOBBY if self.is_lobby(page) else page.address if self.has_own(page) else ""

    def knows(self, room: str) -> bool:
        """Tell whether there is, or may be, a room of this name."""
        if not self.settings.enabled:
            return False
        if room.startswith("/"):
            return room in self._page_rooms
        opened = self.settings.open_rooms and slug_of(room) == room
        return self.settings.room(room) is not None or opened or room in self.entries.rooms()

    def address(self, room: str, language: str, number: int = 1) -> str:
        """Return where a room's page is in a language."""
        if room.startswith("/"):
            base = room
        else:
            root = self.library.editions[language].root
            base = f"{root}guestbook/" if room == LOBBY else f"{root}guestbook/{room}/"
        return base if number == 1 else f"{base}page/{number}/"

    def targets(self) -> Iterator[Target]:
        """Yield the pages of all rooms; an introduction by the owner takes the lobby's place."""
        if not self.settings.enabled:
            return
        rooms = [room for room in self.entries.rooms() if self.knows(room)]
        for code, edition in self.library.editions.items():
            for room in rooms:
                if room.startswith("/") and self._page_rooms[room].language != code:
                    continue
                for number in range(1, pages_of(self.entries.shelf(room).count, SIZE) + 1):
                    yield self._target(room, code, number)
            lobby = self.address(LOBBY, code)
            yield Target(f"{lobby}{LOBBY}/", "alias", code, ALIASES, to=lobby)
            yield Target(f"{edition.root}guestbook-words.json", "guestbook_words", code, NON_PAGES)

    def find(self, address: str) -> Target | None:
        """Return the page of a live room that was not there when the site was read."""
        if not (self.settings.enabled and self.entries.live and address.endswith("/")):
            return None
        base, _, number = address.removesuffix("/").rpartition("/page/")
        at = int(number) if base and number.isdecimal() and len(number) < 7 else 1
        path = f"{base}/" if at > 1 else address
        found = self._room_at(path)
        if found is None:
            return None
        room, code = found
        if at > pages_of(self.entries.shelf(room).count, SIZE):
            return None
        return self._target(room, code, at)

    def target(self, room: str, language: str) -> Target | None:
        """Return the first page of a room, None if it has none of its own."""
        known = not room.startswith("/") and self.knows(room) and language in self.library.editions
        return self._target(room, language, 1) if known else None

    def book(
        self, room: str, target: Target, reads: Reads, *, prefix: str = "", number: int = 1,
        limit: int = SIZE, form: FormState | None = None,
    ) -> BookView:  # fmt: skip
        """Show a part of a room."""
        code, link = target.language, self.addresses.link
        offset = (number - 1) * SIZE
        reads.note("entries", room, offset, limit)
        shelf = self.entries.shelf(room)
        if number == 1:
            reads.note("shelf", room)
        found = self.entries.entries(room, offset, limit)
        live = self.entries.live
        server = self.addresses.base_path if live else self.settings.server
        address = self.address(room, code)
        made = shelf.made.astimezone(self._zone) if shelf.made and number == 1 else None
        return BookView(
            room=room,
            title=self.title(room, code),
            url=link(address),
            prefix=prefix,
            server=server,
            action=self._action(room) if number == 1 and (live or server) else "",
            shelf=shelf,
            entries=tuple(self._views(found)),
            first=number == 1,
            settings=self.settings,
            as_of=made,
            as_of_stamp=stamp(made) if made else "",
            back=address,
            words=link(f"{self.library.editions[code].root}guestbook-words.json"),
            pager=self.views.pager(address, number, shelf.count, SIZE) if limit == SIZE else None,
            more_url=link(address) if shelf.count > limit else "",
            form=form or FormState(ticket=shelf.ticket),
        )

    def title(self, room: str, language: str) -> str:
        """Return a room's title in a language; "" for the lobby and rooms that have only a slug."""
        own = self.settings.room(room)
        return own.title(language) if own else ""

    def view(self, entry: Entry) -> EntryView:
        """Show one entry."""
        return next(self._views([entry]))

    def _action(self, room: str) -> str:
        """Return where the form goes; another server has the same addresses, from its own root."""
        path = room if room.startswith("/") else f"/guestbook/{room}/"
        if self.entries.live:
            return self.addresses.link(path)
        return self.settings.server + self.addresses._replace(base_path="").link(path)

    def _views(self, entries: Sequence[Entry]) -> Iterator[EntryView]:
        """Show entries, the newest first."""
        numbers = {entry.id: (entry.number, entry.name) for entry in entries}
        for entry in reversed(entries):
            # A snapshot is a file: it may hold what the guestbook would not have taken.
            link = entry.link if entry.link and is_web_address(entry.link) else ""
            yield EntryView(
                id=entry.id,
                number=entry.number,
                version=entry.version,
                name=entry.name,
                link=link,
                link_text=link_text(link),
                html=Markup(body_html(entry.body)),
                face=face_svg(entry.face),
                key=entry.face,
                owner=entry.owner,
                at=entry.at.astimezone(self._zone),
                stamp=stamp(entry.at),
                edited=entry.edited is not None,
                to=numbers.get(entry.to) if entry.to else None,
            )

    def _target(self, room: str, code: str, number: int) -> Target:
        page = self._lobby_page(self.library.editions[code]) if room == LOBBY else self._page_rooms.get(room)
        row = PAGES if number == 1 else PAGINATORS
        return Target(
            self.address(room, code, number), "guestbook", code, row, page, number=number, room=room
        )

    def _room_at(self, address: str) -> tuple[str, str] | None:
        if address in self._page_rooms:
            return address, self._page_rooms[address].language
        for code, edition in self.library.editions.items():
            start = f"{edition.root}guestbook/"
            if address == start:
                return LOBBY, code
            slug = address.removeprefix(start).removesuffix("/")
            if address.startswith(start) and "/" not in slug and slug != LOBBY and self.knows(slug):
                return slug, code
        return None

    def _lobby_page(self, edition: Edition) -> Page | None:
        pages = (*edition.pages, *edition.unlisted)
        return next((page for page in pages if not page.link and self.is_lobby(page)), None)

    @cached_property
    def _page_rooms(self) -> dict[str, Page]:
        return {page.address: page for page in self.library.pages if self.has_own(page)}

    @cached_property
    def _zone(self) -> tzinfo:
        return ZoneInfo(self.library.config.time_zone)
