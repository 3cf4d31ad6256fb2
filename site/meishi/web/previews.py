"""Pages of texts that are not saved yet, by the same code as the public page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from threading import Lock

from meishi.content.frontmatter import split
from meishi.content.library import Library
from meishi.content.markdown import render
from meishi.content.models import Page
from meishi.content.unsaved import with_unsaved
from meishi.errors import ContentError, MeishiError
from meishi.web.public import PublicSite
from meishi.web.targets import Target

#: So many texts may be written at the same time before one has to be read anew.
KEPT = 4


@dataclass(frozen=True, slots=True)
class Preview:
    """The page of an unsaved text; `warnings` are the doubtful places of this text alone."""

    html: str
    page: Page
    words: int
    minutes: int
    warnings: tuple[MeishiError, ...]


@dataclass(slots=True)
class _Kept:
    """A site with one unsaved text, good for as long as only the text below the front matter changes."""

    base: PublicSite
    head: str
    site: PublicSite
    page: Page
    target: Target


class Previews:
    """Render unsaved texts; nothing of them reaches the disk, the public site or its caches."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    def show(self, base: PublicSite, path: str, text: str) -> Preview:
        """Render the page that a text at a path below content/ would be."""
        source = split(text, path)
        head = text[: len(text) - len(source.body)]
        with self._lock:
            kept = self._kept.pop(path, None)
            if kept is None or kept.base is not base or kept.head != head:
                kept = self._begin(base, path, text, head)
            self._kept[path] = kept
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            kept.site.notices.found.clear()
            return self._render(kept, source.body, source.body_line)

    def _begin(self, base: PublicSite, path: str, text: str, head: str) -> _Kept:
        library, page = with_unsaved(base.library, path, text, self._now())
        # Pictures and rendered Markdown do not depend on this text.
        site = PublicSite(library, base.folders, pictures=base.pictures, store=base.documents.store)
        return _Kept(base, head, site, page, _target(library, page))

    def _render(self, kept: _Kept, body: str, line: int) -> Preview:
        site, page = kept.site, kept.page
        settings = site.documents.settings(page.language)._replace(lines=True)
        try:
            document = render(body, settings, first_line=line)
        except MeishiError as error:
            if error.path is None:
                error.path = PurePosixPath("content", page.path)
            raise
        site.documents.show(page, document)
        answer = site.render(kept.target).answer
        place = f"content/{page.path}"
        warnings = [error for error in site.warnings if str(error.path) == place]
        warnings += [ContentError(one.message, path=place, line=one.line) for one in document.remarks]
        return Preview(answer.body.decode("utf-8"), page, document.words, document.minutes, tuple(warnings))


def _target(library: Library, page: Page) -> Target:
    """Return the page's own address as a target, even for pages that have none in public."""
    code = page.language
    edition = library.editions[code]
    if page.kind == "home":
        return Target(edition.root, "home", code, page=page, source=page.path)
    if page.kind == "section":
        found = next((one for one in edition.sections.values() if one.page.path == page.path), None)
        if found is not None:
            return Target(page.address, "section", code, page=page, section=found, source=page.path)
    return Target(page.address, "page", code, page=page, source=page.path)
