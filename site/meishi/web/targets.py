"""Every address of the public site. Live views, freezing, the sitemap and the checks share this one table."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from meishi.content.library import Library
from meishi.content.models import Edition, Page, Section, Tag
from meishi.errors import ContentError

#: The rows of Hugo's build table.
PAGES = "Pages"
PAGINATORS = "Paginator pages"
NON_PAGES = "Non-page files"
STATIC = "Static files"
IMAGES = "Processed images"
ALIASES = "Aliases"
SITEMAPS = "Sitemaps"

NOT_FOUND = "/404.html"


class Target(NamedTuple):
    """One address and what answers there; `file` is set where the bytes are simply that file's."""

    address: str
    kind: str
    language: str = ""
    row: str = PAGES
    page: Page | None = None
    section: Section | None = None
    tag: Tag | None = None
    number: int = 1
    file: Path | None = None
    to: str = ""
    source: str = ""
    #: The guestbook's room that is shown here.
    room: str = ""


def pages_of(items: int, size: int) -> int:
    """Count the pages of a list; an empty list has one."""
    return max(1, -(-items // size))


def page_targets(library: Library) -> Iterator[Target]:
    """Yield the targets that content makes, language by language."""
    for edition in library.editions.values():
        yield from _edition_targets(library, edition)
    yield from _alias_targets(library)


def _edition_targets(library: Library, edition: Edition) -> Iterator[Target]:
    config, code, root = library.config, edition.language.code, edition.root
    if config.enabled("home"):
        yield Target(root, "home", code, page=edition.home, source=edition.home.path)
    if config.enabled("page"):
        for page in (*edition.pages, *edition.unlisted):
            if not page.link:
                yield Target(page.address, "page", code, page=page, source=page.path)
    if config.enabled("section"):
        for section in edition.sections.values():
            size = pages_of(len(section.pages), config.page_size)
            for number in range(1, size + 1):
                address = section.address if number == 1 else f"{section.address}page/{number}/"
                row = PAGES if number == 1 else PAGINATORS
                yield Target(address, "section", code, row, section.page, section, number=number,
                             source=section.page.path)  # fmt: skip
    if edition.tags and config.enabled("taxonomy"):
        yield Target(f"{root}tags/", "tags", code)
    if config.enabled("term"):
        for tag in edition.tags.values():
            for number in range(1, pages_of(len(tag.pages), config.page_size) + 1):
                address = tag.address if number == 1 else f"{tag.address}page/{number}/"
                row = PAGES if number == 1 else PAGINATORS
                yield Target(address, "tag", code, row, tag=tag, number=number)
    if config.enabled("rss"):
        for base, fed in _fed(library, edition):
            yield Target(f"{base}index.xml", "atom", code, NON_PAGES, section=fed)
            yield Target(f"{base}feed.json", "jsonfeed", code, NON_PAGES, section=fed)
    yield Target(f"{root}card/", "card", code)
    yield Target(f"{root}contact.vcf", "vcard", code, NON_PAGES)


def _fed(library: Library, edition: Edition) -> Iterator[tuple[str, Section | None]]:
    """Yield the bases of an edition's feeds: the whole language, then each section."""
    if library.config.enabled("home"):
        yield edition.root, None
    if library.config.enabled("section"):
        for section in edition.sections.values():
            yield section.address, section


def _alias_targets(library: Library) -> Iterator[Target]:
    for page in library.pages:
        for alias in () if page.link else page.aliases:
            address = _alias_address(page.address, alias)
            if address != page.address:
                yield Target(
                    address, "alias", page.language, ALIASES, page, to=page.address, source=page.path
                )


def _alias_address(page: str, alias: str) -> str:
    """Return where an alias lies: from the site's root, or without a slash beside its page, as in Hugo."""
    plain = unicodedata.normalize("NFC", unquote(alias))
    beside = posixpath.dirname(page.rstrip("/"))
    address = posixpath.normpath(posixpath.join("/", beside, plain))
    return address if address.endswith(".html") else f"{address.rstrip('/')}/"


def site_targets(library: Library) -> Iterator[Target]:
    """Yield the targets that the site has once."""
    config = library.config
    if config.enabled("404"):
        yield Target(NOT_FOUND, "not_found", config.default_language)
    home = library.editions[config.default_language]
    if home.root != "/" and config.enabled("home"):
        yield Target("/", "alias", config.default_language, ALIASES, to=home.root)
    if config.enabled("sitemap"):
        several = len(library.editions) > 1
        if several:
            for edition in library.editions.values():
                address = f"/{edition.language.code}/sitemap.xml"
                yield Target(address, "sitemap", edition.language.code, SITEMAPS)
        kind = "sitemap_index" if several else "sitemap"
        yield Target("/sitemap.xml", kind, config.default_language, SITEMAPS)
    if config.enable_robots and config.enabled("robotstxt"):
        yield Target("/robots.txt", "robots", config.default_language, NON_PAGES)
    yield Target("/.nojekyll", "nojekyll", config.default_language, NON_PAGES)
    if config.host and not config.host.endswith(("github.io", "localhost")) and not _numeric(config.host):
        yield Target("/CNAME", "cname", config.default_language, NON_PAGES)


def _numeric(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _rank(target: Target) -> int:
    """Order what claims one address: a page of the owner's wins, then a file, then what Meishi makes."""
    return 2 if target.source else 1 if target.file is not None else 0


def table_of(targets: Iterator[Target]) -> Mapping[str, Target]:
    """Index targets by address; two pages at one address are an error that names both."""
    table: dict[str, Target] = {}
    for target in targets:
        other = table.get(target.address)
        if other is None:
            table[target.address] = target
        elif target.source and other.source:
            raise ContentError(
                f"the address {target.address} is also that of content/{other.source}",
                path=f"content/{target.source}",
                hint="Give one of them another name, `slug`, `url` or alias",
            )
        elif _rank(target) > _rank(other):
            table[target.address] = target
    return table
