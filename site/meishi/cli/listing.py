"""`flask list`: the site's pages as a table, with Hugo's columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.config import load_site_config
from meishi.content.frontmatter import parse, split
from meishi.content.library import Library, load_library
from meishi.content.models import Page, sort_key
from meishi.web.addresses import Addresses

COLUMNS = (
    "path", "slug", "title", "date", "expiryDate", "publishDate", "draft", "permalink", "kind", "section",
)  # fmt: skip
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

Chosen = Callable[[Page, datetime], bool]


def _starts(page: Page) -> datetime | None:
    return page.publish_date or page.date


def _is_any(_page: Page, _now: datetime) -> bool:
    return True


def _is_draft(page: Page, _now: datetime) -> bool:
    return page.draft


def _is_future(page: Page, now: datetime) -> bool:
    starts = _starts(page)
    return starts is not None and starts > now


def _is_expired(page: Page, now: datetime) -> bool:
    return page.expiry_date is not None and page.expiry_date <= now


def _is_published(page: Page, now: datetime) -> bool:
    return not (page.draft or _is_future(page, now) or _is_expired(page, now))


_CHOICES: dict[str, tuple[str, Chosen]] = {
    "all": ("Every page, whether visitors see it or not.", _is_any),
    "drafts": ("Pages with `draft: true`.", _is_draft),
    "future": ("Pages whose time has not come.", _is_future),
    "expired": ("Pages whose time is over.", _is_expired),
    "published": ("Pages that visitors see.", _is_published),
}


def list_command(root: Path, now: Callable[[], datetime]) -> click.Group:
    """Make the command for the site in a folder."""

    @click.group("list", short_help="List the pages of the site.")
    def pages() -> None:
        """List the pages of the site as CSV, with the columns of `hugo list`.

        \b
        Examples:
          flask list drafts
          flask list all > pages.csv
        """  # noqa: D301

    for name, (text, chosen) in _CHOICES.items():
        pages.add_command(_listing(name, text, chosen, root, now))
    return pages


def _listing(name: str, text: str, chosen: Chosen, root: Path, now: Callable[[], datetime]) -> click.Command:
    @click.command(name, help=text, short_help=text)
    @plainly()
    def listing() -> None:
        moment = now()
        library = load_library(load_site_config(root), moment)
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(COLUMNS)
        found = sorted(library.by_path.values(), key=sort_key)
        writer.writerows(_row(library, page) for page in found if chosen(page, moment))
        say(table.getvalue().removesuffix("\n"))

    return listing


def _row(library: Library, page: Page) -> Iterator[str]:
    config = library.config
    addresses = Addresses(config.origin, config.base_path)
    source = split(library.sources.text(page.path), page.path)
    values = {key.lower(): value for key, value in parse(source, page.path).items()}
    yield f"content/{page.path}"
    yield str(values.get("slug") or "")
    yield page.title
    for moment in (page.date, page.expiry_date, _starts(page)):
        yield _stamp(moment)
    yield str(page.draft).lower()
    yield addresses.whole(page.address)
    yield page.kind
    yield page.section.partition("/")[0]


def _stamp(moment: datetime | None) -> str:
    """Write a moment as RFC 3339 has it; Hugo's word for "never" is the year 1."""
    return (moment or _NEVER).isoformat(timespec="seconds").replace("+00:00", "Z")
