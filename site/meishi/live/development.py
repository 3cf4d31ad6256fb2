"""What `flask run` adds to the site: saves are shown in open pages, and a banner says what is served."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from flask import Flask

from meishi.config.site import FILE_NAMES
from meishi.errors import MeishiError
from meishi.live.reload import Reload, install_reload
from meishi.live.watcher import Watcher
from meishi.web.public import PublicSite
from meishi.web.source import CurrentSite


def install_development(
    app: Flask, source: CurrentSite, root: Path, folders: Callable[[], Iterable[Path]]
) -> None:
    """Show each save below `folders` in the open pages; watching begins with the first page."""

    def refresh() -> None:
        source.changed()
        try:
            source.current()
        except MeishiError:
            # It is among the source's errors, which every page shows.
            return

    reload = Reload(refresh)
    watcher = Watcher(root, FILE_NAMES, folders, reload.files_changed)
    install_reload(app, reload, lambda: source.errors, watcher.start)
    app.extensions["meishi.reload"] = reload
    app.extensions["meishi.watcher"] = watcher


def banner(site: PublicSite, root: str) -> str:
    """Say in one line what is served: languages, pages and the address."""
    names = ", ".join(edition.language.name for edition in site.library.editions.values())
    pages = sum(bool(page.path) for page in site.library.pages)
    return f" * {site.library.config.title or 'Meishi'}: {names}; {pages} pages at {root}"


def say_banner(source: CurrentSite) -> None:
    """Print the banner when `flask run` starts, and what is wrong with the site."""
    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run":
        return
    host, port = context.params.get("host", "127.0.0.1"), context.params.get("port", 5000)
    scheme = "https" if context.params.get("cert") else "http"
    try:
        site = source.current()
    except MeishiError as error:
        click.echo(f" * {error}", err=True)
        return
    click.echo(banner(site, f"{scheme}://{host}:{port}/"), err=True)
    for mistake in source.errors:
        click.echo(f" * {mistake}", err=True)
