"""What each page's head is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from meishi.config import SiteConfig
from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.web.addresses import Addresses
from meishi.web.counterparts import Counterparts
from meishi.web.filling import Filling
from meishi.web.head import GENERATOR, TITLE_PATTERN, Crumb, Subject, page_title, social_links
from meishi.web.portraits import Portraits
from meishi.web.reads import Reads
from meishi.web.social import social_card_of
from meishi.web.targets import Target
from meishi.web.viewmodels import Head

#: Search engines show about as many letters.
_LONGEST = 160
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Heads:
    """Make the head of every page."""

    library: Library
    addresses: Addresses
    filling: Filling
    portraits: Portraits
    counterparts: Counterparts

    def head(self, target: Target, edition: Edition, page: Page | None, title: str, reads: Reads) -> Head:
        """Return the head of a page; what costs something is made when the template asks for it."""
        pattern = str(edition.language.params.get("titlePattern") or TITLE_PATTERN)
        shown = title or (page.title if page else "")
        return Head(
            title=page_title(target.kind, shown, edition.language.title, pattern),
            canonical="" if target.kind == "not_found" else self.addresses.whole(target.address),
            alternates=self.counterparts.alternates(target, page, reads),
            feeds=tuple(self._feeds(target, edition)),
            noindex=target.kind in ("not_found", "card") or bool(page and page.params.get("noindex")),
            generator=GENERATOR,
            subject=lambda: self._subject(target, edition, page, shown, reads),
        )

    def _subject(
        self, target: Target, edition: Edition, page: Page | None, title: str, reads: Reads
    ) -> Subject:
        language, params = edition.language, edition.language.params
        note = page is not None and page.is_note
        line = edition.home.description or str(params.get("description", ""))
        picture, size, alt = social_card_of(self.filling, self.portraits, target, page, reads)
        portrait = self.portraits.avatar(edition)
        return Subject(
            kind="home" if target.kind == "home" else "note" if note else "page",
            title=title,
            site_title=language.title,
            description=self._description(target, page, reads) or plain(line),
            url=self.addresses.whole(target.address),
            home_url=self.addresses.whole(edition.root),
            person=f"{self.addresses.whole('/')}#me",
            language=language.tag,
            other_languages=self._other_languages(page),
            published=page.date if page else None,
            modified=page.last_modified if page else None,
            tags=page.tags if page else (),
            picture=picture,
            picture_size=size,
            picture_alt=alt,
            author=author_of(self.library.config, params),
            same_as=social_links(params.get("social", ())),
            portrait=self.addresses.whole(portrait[0]) if portrait else "",
            trail=tuple(self._trail(target, edition, page, title)),
        )

    def _other_languages(self, page: Page | None) -> tuple[str, ...]:
        return tuple(
            self.library.config.language(other.language).tag
            for other in (self.library.translations(page) if page else ())
            if page and other.language != page.language and not other.link
        )

    def _trail(self, target: Target, edition: Edition, page: Page | None, title: str) -> Iterator[Crumb]:
        """Yield the way from the card to a note or an inner list; other pages stand right on the card."""
        section = edition.section_of(page) if page is not None and page.is_note else None
        if target.kind == "section" and target.section is not None:
            section = edition.sections.get(target.section.parent)
        if section is None:
            return
        above = []
        while section is not None:
            above.append(Crumb(section.page.title, self.addresses.whole(section.address)))
            section = edition.sections.get(section.parent)
        yield Crumb(edition.language.title, self.addresses.whole(edition.root))
        yield from reversed(above)
        yield Crumb(title, self.addresses.whole(target.address))

    def _description(self, target: Target, page: Page | None, reads: Reads) -> str:
        if page is None:
            return ""
        text = page.description or page.summary
        if not text and page.path and target.kind != "home":
            reads.note("source", page.path)
            text = shortened(self.filling.documents.of(page).plain)
        return plain(text)

    def _feeds(self, target: Target, edition: Edition) -> Iterator[tuple[str, str, str]]:
        if not self.library.config.enabled("rss"):
            return
        bases = [(edition.root, edition.language.title)]
        if target.section is not None:
            title = f"{target.section.page.title} · {edition.language.title}"
            bases.insert(0, (target.section.address, title))
        for base, title in bases:
            yield "application/atom+xml", title, self.addresses.link(f"{base}index.xml")
            yield "application/feed+json", title, self.addresses.link(f"{base}feed.json")


def author_of(config: SiteConfig, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the owner's facts: [params.author], or Hugo's older [author], or just a name."""
    found = params.get("author") or config.raw.get("author") or {}
    return found if isinstance(found, Mapping) else {"name": str(found)}


def plain(text: str) -> str:
    """Return a line that may hold a little HTML as text."""
    return Markup(text.replace("<br>", " ")).striptags() if "<" in text else text


def shortened(text: str) -> str:
    """Return the beginning of a text, whole words where it has spaces."""
    flat = _SPACE.sub(" ", text[: 4 * _LONGEST]).strip()
    if len(flat) <= _LONGEST:
        return flat
    cut = flat[: _LONGEST - 1]
    words, space, _ = cut.rpartition(" ")
    # Japanese has few spaces: the last one may be far back.
    cut = words if space and len(words) > _LONGEST * 3 // 4 else cut
    return cut.rstrip("、。,.;: ") + "…"
