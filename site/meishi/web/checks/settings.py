"""Names in config.toml and in front matter that lead nowhere: icons, and fields spelt wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from meishi.config import SiteConfig
from meishi.config.site import KEYS
from meishi.config.values import line_of
from meishi.content.library import Library
from meishi.content.pages import FIELDS
from meishi.web.checks.findings import Finding, line_in
from meishi.web.icons import Icons

_FIELDS = tuple(name for names in FIELDS.values() for name in names)


def check_settings(config: SiteConfig, icons: Icons) -> Iterator[Finding]:
    """Yield what is doubtful in config.toml."""
    text = config.file.read_text(encoding="utf-8-sig", errors="replace")
    for key in config.raw:
        if near := _near(key, KEYS):
            line = line_of(text, key)
            message = f"{key} is no setting that Meishi reads"
            yield Finding("warning", config.file.name, line, message, f"Did you mean {near}?")
    seen: set[str] = set()
    for language in config.languages:
        for row in language.params.get("social", ()):
            yield from _check_link(config, row, icons, text, seen)
        logo = str(language.params.get("logo") or "")
        if logo and logo not in seen:
            seen.add(logo)
            yield from _check_icon(config.file.name, logo, icons, _line_with(text, logo))


def _check_link(
    config: SiteConfig, row: Mapping[str, Any], icons: Icons, text: str, seen: set[str]
) -> Iterator[Finding]:
    name = str(row.get("name") or row.get("title") or row.get("medium") or row.get("icon") or "")
    if not (row.get("link") or row.get("url")) and name not in seen:
        message = f"the social link {name!r} leads nowhere"
        yield Finding(
            "warning", config.file.name, _line_with(text, name), message, 'Write link = "https://…"'
        )
        seen.add(name)
    icon = str(row.get("icon") or "")
    if icon and icon not in seen:
        seen.add(icon)
        yield from _check_icon(config.file.name, icon, icons, _line_with(text, icon))


def _check_icon(path: str, name: str, icons: Icons, line: int | None) -> Iterator[Finding]:
    if icons.installed and name not in icons:
        near = icons.suggest(name)
        hint = f"Did you mean {near}?" if near else "The names are those of fontawesome.com, free set"
        yield Finding("warning", path, line, f"there is no icon {name!r}", hint)


def _line_with(text: str, word: str) -> int | None:
    for number, line in enumerate(text.splitlines(), 1):
        if f'"{word}"' in line or f"'{word}'" in line:
            return number
    return None


def check_fields(library: Library, icons: Icons) -> Iterator[Finding]:
    """Yield front matter that was probably meant to be a field of Meishi's."""
    for page in library.by_path.values():
        path = f"content/{page.path}"
        for key in page.params:
            if near := _near(key, _FIELDS):
                line = line_in(library, page, key)
                message = f"{key} is no field that Meishi knows"
                yield Finding("warning", path, line, message, f"Did you mean {near}?")
        logo = str(page.params.get("logo") or "") if page.kind == "home" else ""
        if logo:
            yield from _check_icon(path, logo, icons, line_in(library, page, "logo"))
    for inside in library.sources.inside_bundles:
        message = "the file lies in a page bundle, so it is no page of its own"
        yield Finding("note", f"content/{inside}", None, message, "Move it out of the folder to publish it")


def _near(key: str, known: Iterable[str]) -> str:
    """Return the name that was probably meant, "" when the key is known or like none."""
    names = {name.lower(): name for name in known}
    if key.lower() in names:
        return ""
    found = get_close_matches(key.lower(), names, n=1, cutoff=0.8)
    return names[found[0]] if found else ""
