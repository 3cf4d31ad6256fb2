"""The site's own pictures: icons from the avatar, and a card for each page that has no picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from meishi.content.branding import Branding
from meishi.content.favicons import NAMES
from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.content.social_card import VERSION, SocialCard
from meishi.web.addresses import Addresses
from meishi.web.reads import Reads
from meishi.web.targets import Target

#: Open Graph pictures are shown at 1.91:1.
SIZE = (1200, 630)
#: Drawing a card takes 30 ms. With more notes than this they share the card of their section.
MOST_NOTES = 50
#: Below this path lie the cards.
_CARDS = "/social/"

#: The whole address of a picture, its size and its alternative text.
Picture = tuple[str, tuple[int, int], str]
NO_PICTURE: Picture = ("", (0, 0), "")


@dataclass
class Portraits:
    """Name the site's own pictures at once, and draw them when they are asked for."""

    library: Library
    files: Mapping[str, Path]
    fonts: Path
    folder: Path
    addresses: Addresses
    _cards: dict[str, SocialCard] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """List the addresses of the icons."""
        avatar = self.avatar(self._default)
        drawn = avatar is not None and avatar[1].suffix.lower() == ".svg"
        names = [*(f"/{name}" for name in NAMES), *(["/icon.svg"] if drawn else [])]
        return tuple(name for name in names if name not in self.files)

    def knows(self, address: str) -> bool:
        """Tell whether an address is one of these pictures; cards are known once a page asked for them."""
        return address in self._cards or address in self.fixed

    @staticmethod
    def stem(address: str) -> str:
        """Return the slug of the page for which a card was made, "" for any other address."""
        name = address.removeprefix(_CARDS)
        return name.split(".")[0] if name != address else ""

    def file(self, address: str) -> Path:
        """Draw a picture unless it is there already."""
        if (card := self._cards.get(address)) is not None:
            return self._branding.social_card(card)
        return self._icons[address]

    def avatar(self, edition: Edition) -> tuple[str, Path] | None:
        """Find the owner's picture: its address and its file."""
        params, home = edition.language.params, edition.home
        name = home.image or str(params.get("avatar") or params.get("logoimage") or "")
        for address in (name if name.startswith("/") else f"{edition.root}{name}", f"/{name}"):
            if name and (path := self.files.get(address)) is not None:
                return address, path
        return None

    def social_card(self, target: Target, page: Page | None, reads: Reads) -> Picture:
        """Return the card of a page; lists of tags and the like show that of the home page."""
        edition = self.library.editions[target.language]
        params = edition.language.params
        if params.get("socialCards") is False:
            return NO_PICTURE
        reads.note("home", target.language)
        shown = self._shown(edition, page, reads)
        site_title, home = edition.language.title, shown.kind == "home"
        title = shown.title or site_title
        avatar = self.avatar(edition)
        if avatar is not None:
            reads.note("file", avatar[0])
        card = SocialCard(
            title=title,
            site_title=title if home else site_title,
            description=str(edition.home.description or params.get("description", "")) if home else "",
            address=(self.library.config.host + self.addresses.base_path).removeprefix("www."),
            accent=str(params.get("accent") or "") or None,
            avatar=avatar[1] if avatar else None,
        ).cleaned()
        words = (VERSION, card.title, card.site_title, card.description, card.address, card.accent)
        mark = blake2b(repr((words, self._digest(card.avatar))).encode(), digest_size=5).hexdigest()
        address = f"{_CARDS}{shown.slug or shown.kind}.{mark}.png"
        self._cards[address] = card
        reads.need(address)
        return self.addresses.whole(address), SIZE, title

    def _shown(self, edition: Edition, page: Page | None, reads: Reads) -> Page:
        """Return the page whose card a page shows: its own, its section's, or that of the home page."""
        if page is None:
            return edition.home
        if page.is_note:
            reads.note("cards")
            if not self._each:
                section = edition.section_of(page)
                page = section.page if section else edition.home
        if page.kind == "section":
            reads.note("head", edition.language.code, page.section)
        return page

    def _digest(self, path: Path | None) -> str:
        if path is None:
            return ""
        if path not in self._digests:
            self._digests[path] = blake2b(path.read_bytes()).hexdigest()
        return self._digests[path]

    @cached_property
    def _each(self) -> bool:
        return cards_for_notes(self.library)

    @property
    def _default(self) -> Edition:
        return self.library.editions[self.library.config.default_language]

    @cached_property
    def _branding(self) -> Branding:
        return Branding(self.folder, self.fonts if self.fonts.is_dir() else None)

    @cached_property
    def _icons(self) -> Mapping[str, Path]:
        config = self.library.config
        avatar = self.avatar(self._default)
        return self._branding.favicon_set(
            avatar=avatar[1] if avatar else None,
            title=self._default.home.title or config.title,
            accent=str(config.params.get("accent") or "") or None,
        )


def cards_for_notes(library: Library) -> bool:
    """Tell whether each note has a card of its own; params.socialCards = "each" wants it for any number."""
    config = library.config
    if config.params.get("socialCards") == "each":
        return True
    return sum(page.is_note for page in library.pages) <= MOST_NOTES
