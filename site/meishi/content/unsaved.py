"""The content as it would be with one text saved: for previews, without touching the disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from meishi.content.cascades import with_cascade
from meishi.content.library import Front, Library, Reading, assemble, front_of, resources_of
from meishi.content.models import Page
from meishi.content.pages import make_page
from meishi.content.sources import PAGE_ENDINGS, SourceFile, digest_of, source_file
from meishi.errors import ContentError


def with_unsaved(library: Library, path: str, text: str, now: datetime) -> tuple[Library, Page]:
    """Return the library with this text at a path below content/, and the page it makes.

    The page is shown whatever its state: a draft, one that is due later, one that has expired. A mistake in
    its front matter raises; the rest of the content is as it was read before.
    """
    file = _file(library, path, text)
    reading = Reading(library.config, library.zone, tolerant=False)
    others = tuple(one for one in library.sources.pages if one.path != path)
    sources = library.sources._replace(pages=(*others, file))
    front = front_of(text, file)
    fronts = {path: front, **_above(library, file)}
    heads = [one for one in sources.pages if one.path in fronts]
    values = with_cascade(file, front.values, reading.cascades(heads, fronts))
    beside = resources_of(sources).get(file.bundle, ()) if file.bundle else ()
    page = make_page(file, front.source, values, library.config, library.zone, beside)
    pages = [one for one in library.by_path.values() if one.path != path]
    return assemble(reading, sources, [*pages, page], now, always={path}), page


def _file(library: Library, path: str, text: str) -> SourceFile:
    digest = digest_of(text.encode("utf-8", "surrogatepass"))
    for known in library.sources.pages:
        if known.path == path:
            return known._replace(digest=digest)
    made = None
    if path.lower().endswith(PAGE_ENDINGS) and path not in library.sources.inside_bundles:
        made = source_file(path, library.sources.places, lambda _path: digest)
    if made is None:
        raise ContentError(
            "this file is not a page of the site",
            path=PurePosixPath("content", path),
            hint="It may belong to a bundle, or to a language that is turned off",
        )
    return made


def _above(library: Library, file: SourceFile) -> dict[str, Front]:
    """Read the _index.md files that may hand something down to a page."""
    found = {}
    for head in library.sources.pages:
        index = head.kind in ("home", "section") and head.path != file.path
        above = not head.folder or f"{file.folder}/".startswith(f"{head.folder}/")
        if index and above and head.language == file.language:
            found[head.path] = front_of(library.sources.text(head.path), head)
    return found
