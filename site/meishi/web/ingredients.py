"""The present state of everything that pages are made from, each part under a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b

from meishi.content.library import Library
from meishi.content.links import Links
from meishi.content.models import Edition, Page
from meishi.errors import LinkError
from meishi.web.entries import EntrySource
from meishi.web.order import Order
from meishi.web.portraits import cards_for_notes
from meishi.web.reads import SEPARATOR

#: The digest of what is not there.
GONE = "-"


class Ingredients:
    """Name the present state of everything that pages are made from.

    A kind of ingredient is a method: `reads.note("tag", "en", "tea")` is answered by `tag("en", "tea")`.
    An incremental build makes a page again only when one of its ingredients has another digest, so what
    a page shows must be among them; and the narrower an ingredient, the fewer pages an edit touches.
    """

    def __init__(
        self,
        library: Library,
        links: Links,
        order: Order,
        file_digest: Callable[[str], str],
        entries: EntrySource,
    ) -> None:
        self._library = library
        self._entries = entries
        self._links = links
        self._order = order
        self._file_digest = file_digest
        self._known: dict[str, str] = {}
        self._metas: dict[str, str] = {}

    def digest(self, name: str) -> str:
        """Return the digest of an ingredient as it is now; what is gone has one too."""
        found = self._known.get(name)
        if found is None:
            kind, _, rest = name.partition(":")
            parts = rest.split(SEPARATOR) if rest else ()
            found = self._known[name] = str(getattr(self, kind)(*parts))
        return found

    def state(self, kind: str) -> str:
        """Digest all that the ingredients of a kind depend on together, "" where each has its own.

        As long as it stays, none of them can have changed: an edit of a text need not resolve every link.
        """
        if kind in ("link", "ref", "family"):
            return self._places
        return self._orders if kind == "around" else ""

    def source(self, path: str) -> str:
        """Digest a page: its file, and what _index.md files hand down to it."""
        page = self._library.by_path.get(path)
        return f"{page.digest}{self._meta(page)}" if page else GONE

    def meta(self, path: str) -> str:
        """Digest all of a page but its text."""
        page = self._library.by_path.get(path)
        return self._meta(page) if page else GONE

    def home(self, code: str) -> str:
        """Digest the card of a language, which need not have a file."""
        edition = self._editions.get(code)
        return _hash(meta(edition.home)) if edition else GONE

    def head(self, code: str, section: str) -> str:
        """Digest a section's title and address; it need not have a file either."""
        found = self._editions[code].sections.get(section) if code in self._editions else None
        return _hash((found.page.title, found.address)) if found else GONE

    def edition(self, code: str) -> str:
        """Digest whether a language has pages and tags at all."""
        edition = self._editions.get(code)
        return f"{bool(edition.pages)} {bool(edition.tags)}" if edition else GONE

    def file(self, address: str) -> str:
        """Digest a picture or another file by its address."""
        return self._file_digest(address)

    def link(self, path: str, destination: str) -> str:
        """Digest where a link in a page leads."""
        if (page := self._page(path)) is None:
            return GONE
        try:
            found = self._links.resolve(page, destination)
        except LinkError:
            return GONE
        return f"{found.address}\n{found.fragment}\n{found.query}"

    def ref(self, path: str, name: str, language: str) -> str:
        """Digest where a reference in a page leads."""
        if (page := self._page(path)) is None:
            return GONE
        try:
            return self._links.reference(page, name, None, language).address
        except LinkError:
            return GONE

    def menu(self, code: str) -> str:
        """Digest the menu of a language."""
        edition = self._editions.get(code)
        if edition is None:
            return GONE
        rows = [
            (entry.id, entry.title, entry.borrowed, page.address, page.link, page.kind, page.language)
            for entry in edition.menu
            for page in (entry.page,)
        ]
        return _hash(rows)

    def family(self, kind: str, key: str) -> str:
        """Digest which translations a page has, and where."""
        return _hash(self._families.get((kind, key), ()))

    def listed(self, address: str, start: str, stop: str) -> str:
        """Digest which pages a part of a list shows, and how many there are."""
        if (pages := self._lists.get(address)) is None:
            return GONE
        return _hash(([_name(page) for page in pages[int(start) : int(stop)]], len(pages)))

    def around(self, code: str, section: str, path: str) -> str:
        """Digest which pages come before and after a page of a section."""
        found = self._editions[code].sections.get(section) if code in self._editions else None
        if found is None:
            return GONE
        before, after = self._order.neighbours(found, path)
        return f"{before and before.path}\n{after and after.path}"

    def newest(self, address: str) -> str:
        """Digest which pages a feed carries, and under which title."""
        for code, edition in self._editions.items():
            section = next((one for one in edition.sections.values() if one.address == address), None)
            if section is not None or edition.root == address:
                pages = self._order.newest(edition, section)
                title = section.page.title if section else ""
                return _hash((code, title, [page.path for page in pages]))
        return GONE

    def tags(self, code: str) -> str:
        """Digest the tags of a language, and how many pages have them."""
        edition = self._editions.get(code)
        rows = [(tag.name, tag.address, len(tag.pages)) for tag in edition.tags.values()] if edition else GONE
        return _hash(rows)

    def tag(self, code: str, slug: str) -> str:
        """Digest a tag's name and address."""
        found = self._editions[code].tags.get(slug) if code in self._editions else None
        return f"{found.name}\n{found.address}" if found else GONE

    def count(self, code: str, slug: str) -> str:
        """Digest how many pages have a tag."""
        found = self._editions[code].tags.get(slug) if code in self._editions else None
        return str(len(found.pages)) if found else GONE

    def entries(self, room: str, offset: str, limit: str) -> str:
        """Digest a part of a room of the guestbook, and how many entries the room has."""
        shown = self._entries.entries(room, int(offset), int(limit))
        return _hash(([entry.as_json() for entry in shown], self._entries.shelf(room).count))

    def shelf(self, room: str) -> str:
        """Digest how a room of the guestbook stands."""
        return _hash(replace(self._entries.shelf(room), ticket=""))

    def rooms(self) -> str:
        """Digest which rooms the guestbook has."""
        return _hash(list(self._entries.rooms()))

    def cards(self) -> str:
        """Digest whether each note has a social card of its own."""
        return str(cards_for_notes(self._library))

    def addresses(self) -> str:
        """Digest what sitemaps say of all pages."""
        return _hash(
            [
                (page.address, page.language, page.kind, page.key, _stamp(page.last_modified), page.tags,
                 page.link, page.params.get("noindex"))
                for page in self._library.pages
            ]
        )  # fmt: skip

    def pages(self) -> str:
        """Digest all pages but their texts, for templates that look at everything."""
        return _hash([meta(page) for page in self._library.pages])

    @cached_property
    def _places(self) -> str:
        """Digest which pages and files there are, and where."""
        pages = [
            (page.path, page.address, page.language, page.kind, page.key, page.section, page.slug)
            for page in self._library.pages
        ]
        return _hash((pages, list(self._links.files.items())))

    @cached_property
    def _orders(self) -> str:
        """Digest in which order each section has its pages."""
        return _hash(
            [
                (edition.language.code, name, [(page.path, page.link, page.weight) for page in section.pages])
                for edition in self._editions.values()
                for name, section in edition.sections.items()
            ]
        )

    @property
    def _editions(self) -> Mapping[str, Edition]:
        return self._library.editions

    def _page(self, path: str) -> Page | None:
        """Find a page by its path; the card of a language without a file is "@ja"."""
        if path.startswith("@"):
            edition = self._editions.get(path[1:])
            return edition.home if edition else None
        return self._library.by_path.get(path)

    def _meta(self, page: Page) -> str:
        found = self._metas.get(page.path)
        if found is None:
            found = self._metas[page.path] = _hash(meta(page))
        return found

    @cached_property
    def _families(self) -> Mapping[tuple[str, str], Sequence[tuple[str, str]]]:
        found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for page in self._library.pages:
            found[page.kind, page.key].append((page.language, page.address))
        return found

    @cached_property
    def _lists(self) -> Mapping[str, Sequence[Page]]:
        found: dict[str, Sequence[Page]] = {}
        for edition in self._editions.values():
            found |= {section.address: section.pages for section in edition.sections.values()}
            found |= {tag.address: tag.pages for tag in edition.tags.values()}
        return found


def _name(page: Page) -> str:
    return page.path or page.address


def meta(page: Page) -> tuple[object, ...]:
    """Return all of a page but its text: what lists, menus and neighbours show of it."""
    return (
        page.path, page.language, page.key, page.kind, page.section, page.address, page.title,
        page.link_title, page.description, page.summary, _stamp(page.date), _stamp(page.last_modified),
        page.dated, page.weight, page.slug, page.aliases, page.tags, page.image, page.image_alt, page.link,
        page.resources, repr(page.params) if page.params else "",
    )  # fmt: skip


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _hash(value: object) -> str:
    return blake2b(repr(value).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
