"""Wire the rooms: the public app that is frozen, and the whole app that serves visitors."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask
from werkzeug.serving import is_running_from_reloader

from meishi.cli import register_commands
from meishi.config import SiteConfig, load_site_config
from meishi.config.server import ServerConfig, load_server_config
from meishi.config.site import FILE_NAMES
from meishi.content.library import load_library
from meishi.content.texts import MemoryStore
from meishi.errors import ConfigError
from meishi.live.development import install_development, say_banner
from meishi.live.digests import Digests
from meishi.live.guestbook import install_guestbook
from meishi.live.guestbook_forms import install_guestbook_forms
from meishi.live.guestbook_notices import make_notices, watched_by
from meishi.live.guestbook_opening import opener
from meishi.live.health import install_health
from meishi.live.looking import Looking
from meishi.live.problems import install_problem_page
from meishi.web.entries import LiveEntries, SnapshotEntries
from meishi.web.folders import HOME, Folders
from meishi.web.public import PublicSite
from meishi.web.public_app import create_public_app
from meishi.web.security import install_security, trust_proxies
from meishi.web.source import CurrentSite

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def folders_of(config: SiteConfig) -> Folders:
    """Return where the parts of a site lie."""
    return Folders(config.root, HOME, config.theme)


def live_reader(
    root: Path, now: Clock, guestbook: Callable[[], Guestbook] | None = None
) -> Callable[[PublicSite | None], PublicSite]:
    """Return what reads a site anew: only files that changed since are read again.

    With `guestbook`, pages show what stands in it now instead of the published snapshot.
    """
    store, digests = MemoryStore(), Digests()

    def read(previous: PublicSite | None) -> PublicSite:
        config = load_site_config(root)
        library = load_library(
            config,
            now(),
            cache=store,
            digest=lambda path: digests(f"{root}/content/{path}"),
            previous=previous.library if previous else None,
            tolerant=True,
        )
        store.forget()
        same = previous is not None and previous.library.config.imaging == config.imaging
        pictures = previous.pictures if previous is not None and same else None
        entries = None
        if guestbook is not None and config.guestbook.enabled:
            entries = LiveEntries(guestbook, SnapshotEntries(library.sources.root, config.guestbook))
        return PublicSite(
            library, folders_of(config), pictures=pictures, store=store, file_digest=digests, entries=entries
        )

    return read


def watched(root: Path) -> tuple[Path, ...]:
    """List the folders in which a change may be seen on the site."""
    own = tuple(root / name for name in ("content", "templates", "static", "i18n", "themes"))
    return own if root == HOME else (*own, HOME / "templates", HOME / "static")


def _developing() -> bool:
    """Tell whether `flask run` is starting; other commands of flask make the app too."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name == "run"


def create_app(
    root: Path | None = None,
    *,
    now: Clock = real_clock,
    reload: bool | None = None,
    server: ServerConfig | None = None,
    sockets: str = "threading",
) -> Flask:
    """Make the app that serves visitors.

    `reload` shows saves in open pages, on under `flask run`; `server` stands for the environment's settings;
    `sockets` is what Socket.IO stands on: "threading", or "eventlet" after its patching.
    """
    root = (root or Path.cwd()).resolve()
    following = _developing() if reload is None else reload
    looking = (lambda: False) if following else Looking(root, FILE_NAMES, watched(root))
    source = CurrentSite(live_reader(root, now, lambda: live.opened()), now, looking)
    app = create_public_app(source)
    server = server or load_server_config(root, os.environ)
    install_security(app)

    install_problem_page(app, tell=following)
    if following:
        install_development(app, source, root, lambda: watched(root))

    def config() -> SiteConfig:
        return source.current().library.config

    notices = make_notices(lambda: live.current(), config, os.environ, now)
    opening = watched_by(notices, opener(server, source, now))
    live = install_guestbook(app, config, server, opening, mode=sockets)
    live.notices = notices
    install_guestbook_forms(app, live, source)
    install_health(app, live)
    # Freezing never loads the study.
    from meishi.admin.blueprint import install_admin
    from meishi.admin.guestbook_door import owner_of_cookies
    from meishi.admin.study import make_study

    try:
        study = make_study(root, HOME, server, source, now, guestbook=live.current, notices=notices)
        live.is_owner, live.jobs = owner_of_cookies(study), study.jobs
        install_admin(app, study)
    except ConfigError:
        # Every page shows what is wrong with config.toml; the study comes with the next start.
        if not following:
            raise
    trust_proxies(app, server.trusted_proxies)
    register_commands(app, root, HOME, now)
    if following and not is_running_from_reloader():
        say_banner(source)
    return app


__all__ = ["create_app", "create_public_app", "folders_of", "live_reader", "watched"]
