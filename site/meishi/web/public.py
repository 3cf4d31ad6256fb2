"""The public site: one reading of the content, and an answer for each of its addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from markupsafe import Markup

from meishi.content.images import Pictures
from meishi.content.library import Library
from meishi.content.links import Links
from meishi.content.models import Page
from meishi.content.slots import ShortcodeSlot
from meishi.content.texts import Documents, DocumentStore
from meishi.errors import ImageError, MeishiError
from meishi.guestbook.entries import Entry
from meishi.web.addresses import Addresses, ascii_origin
from meishi.web.answers import Answer, Answers
from meishi.web.assets import SOCKET_CLIENT, Assets
from meishi.web.context import Contexts
from meishi.web.counterparts import Counterparts
from meishi.web.entries import SNAPSHOT, EntrySource, SnapshotEntries
from meishi.web.feeds import Feeds
from meishi.web.filling import Filling
from meishi.web.folders import Folders
from meishi.web.guestbook import FormState, Guestbooks
from meishi.web.heads import Heads
from meishi.web.icons import Icons
from meishi.web.ingredients import Ingredients
from meishi.web.order import Order
from meishi.web.pageviews import PageViews
from meishi.web.portraits import Portraits
from meishi.web.reads import SEPARATOR, Reads
from meishi.web.rendering import make_theme
from meishi.web.strings import LazyStrings
from meishi.web.targets import (
    IMAGES,
    NON_PAGES,
    STATIC,
    Target,
    page_targets,
    site_targets,
    table_of,
)
from meishi.web.theme import settings_css

__all__ = ["Folders", "PublicSite", "Rendered"]


@dataclass(slots=True)
class Rendered:
    """An answer with the names of what it was made from and the files it needs."""

    answer: Answer
    reads: Reads


@dataclass(slots=True)
class Notices:
    """Mistakes that do not stop a live site, each once."""

    found: dict[str, MeishiError] = field(default_factory=dict)

    def __call__(self, error: MeishiError) -> None:
        """Keep an error."""
        self.found.setdefault(str(error), error)


class PublicSite:
    """Answer for every public address of one reading of the content."""

    def __init__(
        self,
        library: Library,
        folders: Folders,
        *,
        base_path: str = "",
        origin: str | None = None,
        store: DocumentStore | None = None,
        pictures: Pictures | None = None,
        strict: bool = False,
        file_digest: Callable[[Path], str] | None = None,
        entries: EntrySource | None = None,
    ) -> None:
        config = library.config
        self._entries = entries or SnapshotEntries(library.sources.root, config.guestbook)
        self.library = library
        self.folders = folders
        self.notices = Notices()
        imaging = config.imaging
        self.pictures = pictures or Pictures(
            folders.cache / "pictures", widths=imaging.widths, quality=imaging.quality
        )
        self._file_digest = file_digest or _digest_of
        self.addresses = Addresses(ascii_origin(config.origin if origin is None else origin), base_path)
        client = folders.meishi / "static" / SOCKET_CLIENT if config.guestbook.enabled else None
        self.assets = Assets(folders.of("static"), settings_css(config), client)
        self.links = Links.of(library)
        self.documents = Documents(library, folders.shortcodes(), store)
        self._static = folders.static_files()
        self._files = self._static | {
            address: library.sources.root / path for path, address in self.links.files.items()
        }
        self.filling = Filling(
            links=self.links,
            documents=self.documents,
            pictures=self.pictures,
            addresses=self.addresses,
            files=self._files,
            hashed=self.assets.hashed,
            shortcode=self._shortcode,
            warn=self.notices,
            strict=strict,
        )
        order = Order()
        self._ingredients = Ingredients(library, self.links, order, self._digest_at, self._entries)
        dist = folders.meishi / "static" / "dist"
        self._portraits = Portraits(
            library, self._files, dist / "fonts", folders.cache / "portraits", self.addresses
        )
        self._answers = self._answers_with(order, Icons(dist))
        self._books = self._answers.books
        self._rendered: dict[str, Reads] = {}

    def _answers_with(self, order: Order, icons: Icons) -> Answers:
        library, addresses, filling = self.library, self.addresses, self.filling
        counterparts = Counterparts(library, addresses)
        views = PageViews(library, filling, addresses, order)
        heads = Heads(library, addresses, filling, self._portraits, counterparts)
        return Answers(
            library=library,
            addresses=addresses,
            contexts=Contexts(library, addresses, filling, views, heads, counterparts),
            feeds=Feeds(library, filling, addresses, counterparts, order),
            theme=make_theme(
                self.folders.of("templates"),
                self._asset_link,
                icons,
                addresses.link,
                self.folders.cache / "templates",
            ),
            strings=LazyStrings(
                self.folders.strings, {one.code: one.tag for one in library.config.languages}
            ),
            targets=self.targets,
            books=Guestbooks(library, addresses, views, self._entries),
        )

    def targets(self) -> Mapping[str, Target]:
        """Map every address that exists whatever the pages say to its target."""
        return self._table

    @cached_property
    def _table(self) -> Mapping[str, Target]:
        return table_of(self._all_targets())

    def target(self, address: str) -> Target | None:
        """Find what answers at an address, made-on-demand files among them."""
        return self.targets().get(address) or self.made(address) or self._books.find(address)

    def has_guestbook(self, address: str) -> bool:
        """Tell whether the page at an address has a guestbook of its own."""
        return address.startswith("/") and self._books.knows(address)

    def room_target(self, room: str, language: str) -> Target | None:
        """Find the page that shows a room of the guestbook in a language."""
        if room.startswith("/"):
            return self.targets().get(room) if self.has_guestbook(room) else None
        found = self._books.target(room, language)
        return found and (self.targets().get(found.address) or found)

    def form_page(self, target: Target, form: FormState) -> Answer:
        """Render the page of a room with a form that was sent and comes back."""
        return self._answers.form_page(target, form)

    def mine_page(self, language: str, room: str, entry: Entry, state: str, form: FormState) -> Answer:
        """Render the page behind the private link to an entry; its form posts to its own address."""
        shown = self._books.address(room, language)
        target = Target(f"{shown}mine/", "mine", language, to=shown)
        return self._answers.mine(target, entry, state, form)

    def mark(self, address: str) -> str:
        """Return what changes when live entries on a page do; "" for pages without them."""
        found = self._rendered.get(address)
        if found is None or not self._entries.live:
            return ""
        names = (name.partition(":") for name in found.names)
        rooms = {rest.partition(SEPARATOR)[0] for kind, _, rest in names if kind in ("entries", "shelf")}
        return " ".join(self._entries.mark(room) for room in sorted(rooms))

    def made(self, address: str) -> Target | None:
        """Find a file that is made when a page asks for it: a smaller picture, a card for other sites."""
        if self._portraits.knows(address) or self._is_card(address):
            return Target(address, "portrait", row=IMAGES)
        variant = self.pictures.find(address, self._originals)
        if variant is not None:
            return Target(address, "variant", row=IMAGES)
        return None

    def _is_card(self, address: str) -> bool:
        """Render the pages that may want a social card, as this one may be of a page not yet rendered."""
        stem = self._portraits.stem(address)
        if stem:
            for target in self.targets().values():
                if target.kind in ("home", "page", "section") and target.page and target.page.slug == stem:
                    self.render(target)
        return bool(stem) and self._portraits.knows(address)

    def file(self, target: Target) -> Path | None:
        """Return the file whose bytes a target is, making it if need be; None for rendered ones."""
        if target.kind == "portrait":
            return self._portraits.file(target.address)
        if target.kind == "variant":
            variant = self.pictures.find(target.address, self._originals)
            assert variant is not None
            return self.pictures.file(variant)
        if target.kind == "picture":
            assert target.file is not None
            try:
                return self.pictures.file(self.pictures.original(target.file, target.address))
            except ImageError as error:
                self.notices(error)
        return target.file

    def prepare(self, addresses: Sequence[str]) -> None:
        """Render the texts of pages."""
        for address in addresses:
            target = self._table.get(address)
            if target is not None and target.kind == "page" and target.page is not None:
                with suppress(MeishiError):  # told where the page is rendered
                    self.documents.of(target.page)

    def render(self, target: Target) -> Rendered:
        """Answer for a rendered target."""
        if target.kind == "asset":
            asset = self.assets.all()[target.address]
            return Rendered(Answer(asset.body, asset.mime), Reads())
        reads = Reads()
        answer = self._answers.answer(target, reads)
        self._rendered[target.address] = reads
        return Rendered(answer, reads)

    def reads(self, address: str) -> frozenset[str]:
        """Return the ingredients of an address that was rendered."""
        found = self._rendered.get(address)
        return frozenset(found.names) if found else frozenset()

    def needs(self, address: str) -> tuple[str, ...]:
        """Return the addresses of made files that a rendered page refers to."""
        found = self._rendered.get(address)
        return tuple(found.needs) if found else ()

    def state(self, kind: str) -> str:
        """Return a digest of all that the ingredients of a kind depend on together, or ""."""
        return self._ingredients.state(kind)

    def digest(self, name: str) -> str:
        """Return the digest of an ingredient as it is now."""
        return self._ingredients.digest(name)

    @property
    def warnings(self) -> Sequence[MeishiError]:
        """List the mistakes met so far that did not stop anything."""
        return (*self.library.errors, *self.notices.found.values())

    def _all_targets(self) -> Iterator[Target]:
        yield from page_targets(self.library)
        yield from site_targets(self.library)
        yield from self._books.targets()
        for path, address in self.links.files.items():
            if path == SNAPSHOT:
                continue
            kind = "picture" if _is_picture(path) else "file"
            source = self.library.sources.root / path
            yield Target(address, kind, row=NON_PAGES, file=source, source=path)
        for address, file in self._static.items():
            kind = "picture" if _is_picture(address) else "file"
            yield Target(address, kind, row=STATIC, file=file)
        for address in self.assets.all():
            yield Target(address, "asset", row=STATIC)
        for address in self._portraits.fixed:
            yield Target(address, "portrait", row=IMAGES)

    def _originals(self, stem: str) -> Sequence[tuple[Path, str]]:
        return self._pictures_by_stem.get(stem, ())

    @cached_property
    def _pictures_by_stem(self) -> Mapping[str, Sequence[tuple[Path, str]]]:
        found: defaultdict[str, list[tuple[Path, str]]] = defaultdict(list)
        for address, path in self._files.items():
            if _is_picture(address):
                found[address.rpartition(".")[0]].append((path, address))
        return found

    def _digest_at(self, address: str) -> str:
        path = self._files.get(address)
        return self._file_digest(path) if path is not None and path.is_file() else "-"

    def _asset_link(self, name: str) -> str:
        return self.addresses.link(self.assets.asset(name).address)

    def _shortcode(self, slot: ShortcodeSlot, inner: Markup, page: Page, reads: Reads) -> str:
        return self._answers.shortcode(slot, inner, page, reads)


def _digest_of(path: Path) -> str:
    return blake2b(path.read_bytes()).hexdigest()


def _is_picture(path: str) -> bool:
    return path.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"))
