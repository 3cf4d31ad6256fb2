"""Wire freezing: read the content, let other processes begin with its Markdown, then make the public app.

`python -m meishi.freezing publish` is the process that publishes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from pathlib import Path

    from meishi.config import SiteConfig
    from meishi.config.server import ServerConfig
    from meishi.content.library import Library
    from meishi.publishing.ahead import Ahead
    from meishi.publishing.options import FreezeOptions
    from meishi.publishing.site import Frozen, Request
    from meishi.web.folders import Folders


def main(arguments: Sequence[str]) -> int:
    """Freeze as `python freeze.py` does; return the exit code."""
    from meishi.publishing.command import freeze_main

    return freeze_main(arguments, frozen, ahead=ahead)


def freeze(arguments: Sequence[str]) -> NoReturn:
    """Freeze, and end this process without taking apart what is left in memory: that would take a while."""
    from meishi.publishing.command import freeze_main

    gc.disable()  # for the reason that the build has, and importing makes no garbage either
    kept = []

    def keeping(request: Request) -> Frozen:
        kept.append(frozen(request))
        return kept[-1]

    code = freeze_main(arguments, keeping, ahead=ahead)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever listened has gone
            stream.flush()
    os._exit(code)


def publish(arguments: Sequence[str]) -> int:
    """Publish as `flask publish` does; return the exit code."""
    from meishi.publishing.publish_command import publish_main

    return publish_main(arguments, frozen, gather=_guestbook_entries)


def _guestbook_entries(root: Path, server: ServerConfig) -> str:
    """Write the guestbook's shown entries into content/, if the site has a guestbook that was opened."""
    from datetime import UTC, datetime

    from meishi.config import load_site_config
    from meishi.guestbook.exporting import FILE, export, has_begun

    settings = load_site_config(root).guestbook
    if not settings.enabled or not has_begun(server):
        return ""
    snapshot, changed = export(root, settings, server, lambda: datetime.now(UTC))
    entries = sum(len(room.entries) for room in snapshot.rooms.values())
    return f"Guestbook: {entries} entries, {FILE.as_posix()} {'written' if changed else 'is up to date'}"


def frozen(request: Request) -> Frozen:
    """Make the app that is frozen. Only what the content needs is imported before its texts are under way."""
    library = read(request)
    if library.errors:
        from meishi.publishing.build import BuildFailedError

        raise BuildFailedError(list(library.errors))
    from meishi.web.folders import HOME, Folders

    folders = Folders(library.config.root, HOME, library.config.theme)
    _prefill(request, library, folders)
    return _app(request, library, folders)


def read(request: Request) -> Library:
    """Read the content; what is wrong with it is listed."""
    from datetime import UTC, datetime

    from meishi.config import load_site_config
    from meishi.content.library import load_library

    config = _configured(load_site_config(request.options.source), request.options)
    root = config.root / "content"
    return load_library(
        config,
        datetime.fromtimestamp(request.now, UTC),
        made=request.documents,
        digest=lambda path: request.digest(f"{root}/{path}"),
        tolerant=True,
    )


def ahead() -> Ahead:
    """Import what reads the content: the copy that reads it begins with that."""
    import meishi.config
    import meishi.content.library  # noqa: F401
    from meishi.publishing.ahead import Ahead

    return Ahead(_imports, read)


def _imports() -> None:
    """Import all that frozen() and the pages of its app need."""
    import meishi.content.composing
    import meishi.publishing.freeze
    import meishi.publishing.freezer
    import meishi.web.public_app  # noqa: F401


def _configured(config: SiteConfig, options: FreezeOptions) -> SiteConfig:
    if options.base_url is not None:
        config = config.with_base_url(options.base_url)
    return config._replace(
        drafts=config.drafts or options.drafts,
        future=config.future or options.future,
        expired=config.expired or options.expired,
    )


def _prefill(request: Request, library: Library, folders: Folders) -> None:
    from meishi.content.cache import Job
    from meishi.content.texts import Documents

    documents = Documents(library, folders.shortcodes())
    pages = {documents.key(page): page for page in library.pages if page.path}

    def job(key: str) -> Job:
        page = pages[key]
        body, line = library.body(page)
        return Job(key, body, documents.settings(page.language), line)

    request.prefill(pages, job)


def _app(request: Request, library: Library, folders: Folders) -> Frozen:
    from meishi.publishing.site import Frozen
    from meishi.web.public import PublicSite
    from meishi.web.public_app import FixedSite, create_public_app

    config = library.config
    site = PublicSite(
        library,
        folders,
        base_path=config.base_path,
        store=request.documents,
        strict=True,
        file_digest=request.digest,
    )
    until = library.valid_until
    return Frozen(
        app=create_public_app(FixedSite(site)),
        site=site,
        languages=tuple(library.editions),
        base_path=config.base_path,
        origin=site.addresses.origin,
        valid_until=until.timestamp() if until else None,
        allowed_hosts=_guestbook_host(config),
    )


def _guestbook_host(config: SiteConfig) -> frozenset[str]:
    """Return the one foreign host that a page may contact by itself: the guestbook's own server."""
    from urllib.parse import urlsplit

    server = config.guestbook.server
    return frozenset({urlsplit(server).netloc}) if server else frozenset()


if __name__ == "__main__":
    sys.exit(publish(sys.argv[2:]) if sys.argv[1:2] == ["publish"] else main(sys.argv[1:]))
