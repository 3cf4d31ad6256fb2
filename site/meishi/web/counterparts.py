"""The same page in the other languages: for the language switch, for hreflang, and for sitemaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.web.addresses import Addresses
from meishi.web.reads import Reads
from meishi.web.targets import Target
from meishi.web.viewmodels import LanguageLink

#: hreflang and whole address.
Alternate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Find where a page is in each language."""

    library: Library
    addresses: Addresses

    def switch(self, target: Target, page: Page | None, reads: Reads) -> tuple[LanguageLink, ...]:
        """Link to the page in every language, to the card of those that do not have it."""
        found = []
        for code, edition in self.library.editions.items():
            address = self._address(target, page, edition, reads)
            language = edition.language
            found.append(
                LanguageLink(
                    code=code,
                    tag=language.tag,
                    name=language.name,
                    url=self.addresses.link(edition.root if address is None else address),
                    current=code == target.language,
                    exists=address is not None,
                )
            )
        return tuple(found)

    def alternates(self, target: Target, page: Page | None, reads: Reads) -> tuple[Alternate, ...]:
        """List the page in every language that has it; x-default is the default language's."""
        if len(self.library.editions) < 2 or target.number > 1 or target.kind == "not_found":
            return ()
        found = []
        for code, edition in self.library.editions.items():
            address = self._address(target, page, edition, reads)
            if address is not None:
                found.append((code, edition.language.tag, self.addresses.whole(address)))
        if len(found) < 2:
            return ()
        default = self.library.config.default_language
        general = [("x-default", url) for code, _, url in found if code == default]
        return (*((tag, url) for _, tag, url in found), *general)

    def _address(self, target: Target, page: Page | None, edition: Edition, reads: Reads) -> str | None:
        """Return where the page is in one language, None if it is not."""
        code = edition.language.code
        if code == target.language:
            return target.address
        if target.kind == "card":
            return f"{edition.root}card/"
        if target.kind == "tags":
            reads.note("edition", code)
            return f"{edition.root}tags/" if edition.tags else None
        if target.kind == "tag" and target.tag is not None:
            reads.note("tag", code, target.tag.slug)
            other = edition.tags.get(target.tag.slug)
            return other.address if other else None
        own = self.library.editions[target.language].root
        if target.room and not target.room.startswith("/"):
            return edition.root + target.address.removeprefix(own)
        if page is None:
            return None
        if page.address == f"{own}guestbook/" and self.library.config.guestbook.enabled:
            return f"{edition.root}guestbook/"
        reads.note("family", page.kind, page.key)
        return _published(self.library.translations(page), code)


def _published(family: Iterable[Page], code: str) -> str | None:
    # A page with `link` leads elsewhere: it has a place in the menu, and no address.
    return next((page.address for page in family if page.language == code and not page.link), None)
