"""Who links to a page: found before it is renamed or deleted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meishi.admin.page_families import Member
from meishi.admin.page_texts import PageTexts
from meishi.config import Params
from meishi.content.library import Library
from meishi.content.models import Page
from meishi.content.slots import LinkSlot
from meishi.errors import MeishiError
from meishi.web.public import PublicSite


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written in a page, and the page that it leads to."""

    page: Page
    line: int
    written: str
    to: Page
    by_file: bool


def links_to(site: PublicSite, texts: PageTexts, members: Iterable[Member]) -> list[Link]:
    """List the links that lead from other pages to these."""
    library = site.library
    targets = {member.path: member.page for member in members if member.page}
    addresses = {page.address: page for page in targets.values()}
    addresses |= {alias: page for page in targets.values() for alias in page.aliases}
    names = {name for page in targets.values() for name in _names(page)}
    if not names:
        return []
    found: list[Link] = []
    for path in texts.mentioning(library, names):
        page = library.by_path.get(path)
        if page is not None and path not in targets:
            found += _links_in(site, page, targets, addresses)
    return found


def _names(page: Page) -> Iterator[str]:
    """Yield words without which nobody can write a link to a page."""
    if page.kind == "home":
        return
    folder, _, name = page.path.rpartition("/")
    yield posixpath.basename(folder) if name.startswith(("index.", "_index.")) else name.partition(".")[0]
    yield page.slug
    for address in (page.address, *page.aliases):
        yield posixpath.basename(address.rstrip("/"))


def _links_in(
    site: PublicSite, page: Page, targets: Mapping[str, Page], addresses: Mapping[str, Page]
) -> Iterator[Link]:
    try:
        slots = site.documents.of(page).slots
    except (MeishiError, OSError):
        return
    for slot in slots:
        if not isinstance(slot, LinkSlot) or slot.destination.startswith("#"):
            continue
        try:
            if slot.kind in ("ref", "relref"):
                end = site.links.reference(page, slot.destination, slot.line, slot.language)
            else:
                end = site.links.resolve(page, slot.destination, slot.line)
        except MeishiError:
            continue
        to = targets.get(end.page.path) if end.page else addresses.get(end.address)
        if to is not None:
            yield Link(page, slot.line, slot.destination, to, end.page is not None)


def named_in_menu(library: Library, members: Iterable[Member]) -> str | None:
    """Return how config.toml's menu names one of these pages, or None: without the page it cannot be read."""
    config = library.config
    rows: list[Any] = _rows(config.menus)
    for language in config.languages:
        rows += _rows(language.menus)
    keys = {key for member in members for key in (member.file.key, member.path) if key}
    for row in rows:
        reference = str(Params(row).get("pageRef") or "").strip("/")
        if reference.removesuffix(".md").removesuffix("/_index").removesuffix("/index") in keys:
            return reference
    return None


def _rows(menus: Mapping[str, Any]) -> list[Any]:
    found = Params(menus).get("main", [])
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
