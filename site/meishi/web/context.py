"""What every template is given: the site, the menu, the language switch, the head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from markupsafe import Markup

from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.web.addresses import Addresses
from meishi.web.counterparts import Counterparts
from meishi.web.filling import Filling
from meishi.web.heads import Heads, author_of
from meishi.web.pageviews import PageViews
from meishi.web.reads import Reads
from meishi.web.targets import Target
from meishi.web.theme import theme_settings
from meishi.web.viewmodels import CardView, Params, SocialLink, ThemeSettings

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SiteView:
    """The site as templates see it; looking at all pages is noted, so that no rebuild misses a change."""

    library: Library
    edition: Edition
    addresses: Addresses
    views: PageViews
    reads: Reads
    theme: ThemeSettings

    @property
    def title(self) -> str:
        """Return the title in this language."""
        return self.edition.language.title

    @cached_property
    def params(self) -> Params:
        """Return config.toml's [params], this language's own on top."""
        return Params(self.edition.language.params)

    @property
    def description(self) -> str:
        """Return the site's line in this language."""
        return self.edition.home.description or str(self.edition.language.params.get("description", ""))

    @cached_property
    def author(self) -> Params:
        """Return what is known of the owner."""
        return Params(author_of(self.library.config, self.edition.language.params))

    @property
    def copyright(self) -> Markup:
        """Return the line at the foot; it may hold HTML, as in Dimension."""
        text = self.edition.language.copyright or str(self.edition.language.params.get("copyright", ""))
        return Markup(text)

    @property
    def base_url(self) -> str:
        """Return the site's whole address."""
        return self.addresses.whole("/")

    @property
    def home_url(self) -> str:
        """Return the address of this language's card."""
        return self.addresses.link(self.edition.root)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the codes of all languages."""
        return tuple(self.library.editions)

    @cached_property
    def pages(self) -> tuple[Any, ...]:
        """Return every page of this language as list items, the newest first."""
        self.reads.note("pages")
        code = self.edition.language.code
        pages = sorted(self.edition.pages, key=lambda page: page.date or _LONG_AGO, reverse=True)
        return tuple(self.views.item(page, Reads(), language=code, brief=True) for page in pages)


class Shared(NamedTuple):
    """What all pages of a language show alike, and what it was made from."""

    theme: ThemeSettings
    social: tuple[SocialLink, ...]
    card: CardView
    reads: Reads


@dataclass(frozen=True, slots=True)
class Contexts:
    """Make the values that every template gets."""

    library: Library
    addresses: Addresses
    filling: Filling
    views: PageViews
    heads: Heads
    counterparts: Counterparts
    _shared: dict[str, Shared] = field(default_factory=dict)

    def base(self, target: Target, reads: Reads, page: Page | None, title: str = "") -> dict[str, Any]:
        """Return the context of a target's template; `page` is what it shows, if it shows one."""
        edition = self.library.editions[target.language]
        shared = self.shared(edition)
        reads.names |= shared.reads.names
        reads.needs |= shared.reads.needs
        return {
            "site": SiteView(self.library, edition, self.addresses, self.views, reads, shared.theme),
            "lang": edition.language,
            "switch": self.counterparts.switch(target, page, reads),
            "nav": self.views.nav(edition, reads, page),
            "social": shared.social,
            "card": shared.card,
            "head": self.heads.head(target, edition, page, title, reads),
        }

    def shared(self, edition: Edition) -> Shared:
        """Return what all pages of a language show alike."""
        code = edition.language.code
        if code not in self._shared:
            reads = Reads()
            self._shared[code] = Shared(
                theme=theme_settings(self.filling, edition, reads),
                social=tuple(self._social(edition.language.params)),
                card=self._card(edition, reads),
                reads=reads,
            )
        return self._shared[code]

    def _social(self, params: Mapping[str, Any]) -> Iterator[SocialLink]:
        """Yield the links of [[params.social]]."""
        for row in params.get("social", ()):
            title = row.get("name") or row.get("title") or row.get("medium") or row.get("icon", "")
            url = str(row.get("link") or row.get("url") or "")
            # Dimension's lists hold bare mail addresses too.
            if "@" in url and "/" not in url and not url.startswith("mailto:"):
                url = f"mailto:{url}"
            if url.startswith("/") and not url.startswith("//"):
                url = self.addresses.link(url)
            yield SocialLink(str(title), url, str(row.get("icon", "")), str(row.get("rel", "me")))

    def _card(self, edition: Edition, reads: Reads) -> CardView:
        home, params = edition.home, edition.language.params
        reads.note("home", edition.language.code)
        title = home.title or edition.language.title
        description = home.description or str(params.get("description", ""))
        avatar = home.image or str(params.get("avatar") or params.get("logoimage") or "")
        image = ""
        if avatar:
            alt = home.image_alt or str(params.get("avatarAlt", ""))
            image = self.filling.image(
                home, avatar, alt, reads, eager=True, small=True, sizes="7rem", more={"class": "u-photo"}
            )
        return CardView(
            title=title,
            title_html=self.views.heading(title, edition.language.tag),
            description=Markup(description),
            avatar=Markup(image),
            logo=str(home.params.get("logo") or params.get("logo") or ""),
        )
