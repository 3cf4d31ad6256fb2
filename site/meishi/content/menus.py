"""The card's menu: every panel, what pages ask for by `menus`, and [[menus.main]] of config.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from meishi.config import Params, SiteConfig
from meishi.content.models import Entry, Page, sort_key
from meishi.content.pages import blank_page, slugify
from meishi.errors import ConfigError

#: The menu that is the card's; Hugo's themes call it so.
MAIN = "main"


def menu_of(
    config: SiteConfig,
    language: str,
    panels: Iterable[Page],
    others: Sequence[Page],
    elsewhere: Iterable[Page],
) -> tuple[Entry, ...]:
    """Return a language's menu; `elsewhere` are pages that may be named but are not shown here."""
    entries = [_asked_for(page) for page in panels]
    entries += [_asked_for(page) for page in others if MAIN in page.menus]
    for row in _rows(config, config.language(language).menus):
        _join(config, language, entries, row, others, elsewhere)
    return tuple(sorted(entries, key=lambda entry: sort_key(entry.page)))


def _asked_for(page: Page) -> Entry:
    """Make a page's entry under the name and weight that its front matter wants in the menu."""
    own = Params(page.menus.get(MAIN, {}))
    return _renamed(Entry(page, page.link_title, borrowed=False), own)


def _renamed(entry: Entry, row: Mapping[str, Any]) -> Entry:
    weight = row.get("weight") or entry.page.weight
    title = str(row.get("name") or entry.title)
    return entry._replace(page=entry.page._replace(weight=weight), title=title)


def _rows(config: SiteConfig, menus: Mapping[str, Any]) -> list[Params]:
    rows = Params(menus).get(MAIN, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _error(
            config, "menus.main must be a list of tables", f"[menus.{MAIN}", "[[menus.main]] each time"
        )
    for row in rows:
        weight = row.get("weight", 0)
        if not isinstance(weight, int) or isinstance(weight, bool):
            raise _error(
                config, f"a menu entry's weight must be a whole number, not {weight!r}", "weight", ""
            )
    return rows


def _join(
    config: SiteConfig,
    language: str,
    entries: list[Entry],
    row: Params,
    others: Sequence[Page],
    elsewhere: Iterable[Page],
) -> None:
    reference = str(row.get("pageRef") or "").strip("/")
    url = str(row.get("url") or "")
    if row.get("pageRef") == "/":
        url = config.root_of(language)
    if not reference and not url:
        name = str(row.get("name", ""))
        hint = 'url = "https://…" or pageRef = "/about"'
        raise _error(config, f"the menu entry {name!r} leads nowhere", name or "menus", hint)
    for index, entry in enumerate(entries):
        if (reference and _is_named(entry.page, reference)) or (url and _is_at(entry.page, url)):
            entries[index] = _renamed(entry, row)
            return
    if url:
        entries.append(_link(language, row, url))
        return
    found = next((page for page in others if _is_named(page, reference)), None)
    if found is not None:
        entries.append(_renamed(Entry(found, found.link_title, borrowed=False), row))
    elif not any(_is_named(page, reference) for page in elsewhere):
        raise _error(config, f"the menu names the page {reference}, which is not there", reference, "")


def _is_named(page: Page, reference: str) -> bool:
    plain = reference.removesuffix(".md").removesuffix("/_index").removesuffix("/index")
    return bool(page.key or page.section) and plain in (page.key, page.path)


def _is_at(page: Page, url: str) -> bool:
    """Tell whether an address, or Dimension's #about, is a panel's."""
    return url.rstrip("/") == page.address.rstrip("/") or url in (f"#{page.id}", f"/#{page.id}")


def _link(language: str, row: Params, url: str) -> Entry:
    """Make an entry that leads to an address."""
    name = str(row.get("name") or row.get("identifier") or url)
    page = blank_page(language, url, name, slugify(str(row.get("identifier") or name)) or "link")
    page = page._replace(link=url, weight=row.get("weight", 0), params=Params(row.get("params", {})))
    return Entry(page, name, borrowed=False)


def _error(config: SiteConfig, message: str, sought: str, example: str) -> ConfigError:
    lines = config.file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    start = next((number for number, line in enumerate(lines) if "menu" in line.lower()), 0)
    found = (number for number, line in enumerate(lines[start:], start + 1) if sought in line)
    hint = f"Write {example}" if example else None
    return ConfigError(message, path=PurePosixPath(config.file.name), line=next(found, None), hint=hint)
