"""What the theme's templates are given: plain values, ready to be written into HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Undefined
from markupsafe import Markup

from meishi.content.documents import Heading
from meishi.web.head import Subject, json_ld, open_graph

if TYPE_CHECKING:
    from meishi.content.models import Page
    from meishi.web.guestbook import BookView


class Params(dict[str, Any]):
    """The owner's own settings: any case, and what is not set is empty instead of an error."""

    def __missing__(self, key: str) -> Any:
        wanted = str(key).lower()
        for name, value in self.items():
            if name.lower() == wanted:
                return value
        return Undefined(name=key)


class LanguageLink(NamedTuple):
    """A way to the same page in another language, or to that language's card."""

    code: str
    tag: str
    name: str
    url: str
    current: bool
    exists: bool


class NavItem(NamedTuple):
    """An entry of the menu; `lang_tag` is set when it is borrowed from another language."""

    id: str
    title: str
    url: str
    kind: str
    external: bool = False
    lang_tag: str = ""
    current: bool = False


class SocialLink(NamedTuple):
    """A link to the owner elsewhere."""

    title: str
    url: str
    icon: str
    rel: str = "me"

    @property
    def name(self) -> str:
        """Return the title, as older templates call it."""
        return self.title


class Background(NamedTuple):
    """What lies behind the card: kind is "picture", "gradient" or "none"."""

    kind: str
    url: str = ""
    srcset: str = ""
    css: str = ""


class ThemeSettings(NamedTuple):
    """The look, as config.toml sets it."""

    accent: str
    background: Background
    font_body: str
    font_heading: str


@dataclass(frozen=True, slots=True)
class TagItem:
    """A tag with its address and the number of pages that have it."""

    name: str
    url: str
    counted: Callable[[], int] = field(repr=False, compare=False)

    @property
    def count(self) -> int:
        """Count the pages that have the tag."""
        return self.counted()


class PageView(NamedTuple):
    """A page as templates show it."""

    id: str
    title: str
    title_html: Markup
    url: str
    permalink: str
    kind: str
    is_note: bool
    lang_tag: str
    content: Markup
    summary: Markup
    date: datetime | None
    lastmod: datetime | None
    tags: tuple[TagItem, ...]
    toc: tuple[Heading, ...]
    minutes: int
    words: int
    image: Markup
    params: Params


class NoteItem(NamedTuple):
    """A page as one line of a list."""

    title: str
    url: str
    date: datetime | None
    summary: Markup
    tags: tuple[TagItem, ...]
    minutes: int
    lang_tag: str = ""


class SectionView(NamedTuple):
    """A section, for the pages in it."""

    title: str
    url: str


class Panel(NamedTuple):
    """A page shown over the card; a section's panel has its newest pages as `items`.

    `head_title` is the title of the browser's tab while the panel is open; `former` are names by which
    links from elsewhere may know it, from its aliases.
    """

    id: str
    head_title: str
    title: str
    title_html: Markup
    url: str
    kind: str
    lang_tag: str
    page: PageView
    source: Page
    items: tuple[NoteItem, ...] = ()
    more_url: str = ""
    book: BookView | None = None
    former: tuple[str, ...] = ()


class Pager(NamedTuple):
    """Where one page of a list stands among the others."""

    number: int
    total: int
    previous_url: str
    next_url: str
    pages: tuple[tuple[int, str, bool], ...]


class CardView(NamedTuple):
    """The card itself, for the home page and for every page's masthead."""

    title: str
    title_html: Markup
    description: Markup
    avatar: Markup
    logo: str


@dataclass(frozen=True)
class Head:
    """What a page says to machines. What costs something to make is made when a template asks for it."""

    title: str
    canonical: str
    alternates: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str, str], ...]
    noindex: bool
    generator: str
    subject: Callable[[], Subject]

    @cached_property
    def _subject(self) -> Subject:
        return self.subject()

    @property
    def description(self) -> str:
        """Return the page's description."""
        return self._subject.description

    @property
    def og(self) -> tuple[tuple[str, str], ...]:
        """List the Open Graph and Twitter properties."""
        return open_graph(self._subject) if self.canonical else ()

    @property
    def json_ld(self) -> Markup:
        """Return the page's JSON-LD, "" for pages that are not to be found."""
        return Markup("") if self.noindex else json_ld(self._subject)
