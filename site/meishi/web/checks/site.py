"""Every check of a site, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meishi.config import SiteConfig
from meishi.content.library import load_library
from meishi.errors import MeishiError
from meishi.web.browser_code import problem
from meishi.web.checks.findings import Finding
from meishi.web.checks.pictures import PictureCheck
from meishi.web.checks.places import check_places
from meishi.web.checks.settings import check_fields, check_settings
from meishi.web.checks.texts import TextCheck
from meishi.web.checks.translations import check_translations
from meishi.web.folders import Folders
from meishi.web.icons import Icons
from meishi.web.public import PublicSite
from meishi.web.targets import Target, page_targets, site_targets


def check_site(config: SiteConfig, folders: Folders, now: datetime) -> tuple[int, list[Finding]]:
    """Return how many pages there are, and all that is wrong or doubtful about the site."""
    library = load_library(config, now, tolerant=True)
    found = [Finding.of(error) for error in library.errors]
    icons = Icons(folders.meishi / "static" / "dist")
    found += [*check_settings(config, icons), *check_fields(library, icons), *check_translations(library)]
    if missing := problem(folders.meishi / "static" / "dist"):
        found.append(Finding("note", "static/dist", None, missing))
    try:
        found += _with_addresses(PublicSite(library, folders))
    except MeishiError as error:
        found.append(Finding.of(error))
    pages = sum(1 for page in library.pages if page.path)
    return pages, sorted(dict.fromkeys(found), key=lambda finding: finding.rank)


def _with_addresses(site: PublicSite) -> Iterator[Finding]:
    library, links = site.library, site.links
    targets = [*page_targets(library), *site_targets(library), *_files(site)]
    yield from check_places(library, targets)
    addresses = {target.address for target in targets}
    files = {target.address: target.file for target in targets if target.file is not None}
    pictures = PictureCheck(site.pictures, site.folders.site)
    texts = TextCheck(library, links, site.documents, addresses, files, site.assets.hashed, pictures)
    for page in library.pages:
        if page.path:
            yield from texts.check(page)
    yield from pictures.others(files)


def _files(site: PublicSite) -> Iterator[Target]:
    root = site.library.sources.root
    for path, address in site.links.files.items():
        yield Target(address, "file", file=root / path, source=path)
    for address, file in site.folders.static_files().items():
        yield Target(address, "file", file=file)
    for address in site.assets.all():
        yield Target(address, "asset")
