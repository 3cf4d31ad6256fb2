"""What content is made of: pages, sections, tags, and the site in each language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from meishi.config import Language

Kind = Literal["home", "section", "page"]


class Page(NamedTuple):
    """A content file: what its front matter says, and its text.

    Dates are aware. `path` is relative to content/, with slashes. `key` joins translations.
    `address` is where the page is published, from the site's root, unquoted.
    """

    path: str
    language: str
    key: str
    kind: Kind
    section: str
    address: str
    title: str
    link_title: str
    description: str
    summary: str
    date: datetime | None
    last_modified: datetime | None
    publish_date: datetime | None
    expiry_date: datetime | None
    draft: bool
    weight: int
    slug: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    image: str
    image_alt: str
    link: str
    params: Mapping[str, Any]
    digest: str
    bundle: str
    resources: tuple[str, ...]
    dated: bool = True
    #: Hugo's `build: {list: never}`: published at its address, but in no menu, list or feed.
    listed: bool = True
    #: Hugo's `build: {render: never}` or `headless`: not published at all.
    rendered: bool = True
    menus: Mapping[str, Mapping[str, Any]] = {}

    @property
    def id(self) -> str:
        """Name the page as a panel: the fragment of `/#about`."""
        return self.slug

    @property
    def is_note(self) -> bool:
        """Tell a page of a section from a panel of the card."""
        return self.kind == "page" and bool(self.section)


def sort_key(page: Page) -> tuple[bool, int, float, str, str]:
    """Order pages by weight (none comes last), then the newest, then title."""
    return (
        page.weight == 0,
        page.weight,
        -page.date.timestamp() if page.date else 0.0,
        page.link_title.casefold(),
        page.path,
    )


class Tag(NamedTuple):
    """A word that pages share."""

    name: str
    slug: str
    address: str
    pages: tuple[Page, ...]


class Section(NamedTuple):
    """A folder of pages with a list of its own; `page` is its _index.md, or stands in for it."""

    page: Page
    pages: tuple[Page, ...]
    parent: str = ""

    @property
    def address(self) -> str:
        """Where the list is published."""
        return self.page.address


class Entry(NamedTuple):
    """One entry of the card's menu: a panel, a section's panel, or a link elsewhere."""

    page: Page
    title: str
    borrowed: bool

    @property
    def id(self) -> str:
        """Name the panel in the page's fragment."""
        return self.page.id


class Edition(NamedTuple):
    """The site in one language."""

    language: Language
    root: str
    home: Page
    menu: tuple[Entry, ...]
    pages: tuple[Page, ...]
    sections: Mapping[str, Section]
    tags: Mapping[str, Tag]
    unlisted: tuple[Page, ...] = ()

    def section_of(self, page: Page) -> Section | None:
        """Return the innermost section that holds a page."""
        folder = page.section
        while folder and folder not in self.sections:
            folder = folder.rpartition("/")[0]
        return self.sections.get(folder)
