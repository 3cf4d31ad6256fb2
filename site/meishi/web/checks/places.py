"""Who claims an address: pages that meet, aliases over pages, panels of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from meishi.content.library import Library
from meishi.web.checks.findings import Finding, line_in
from meishi.web.targets import Target


def check_places(library: Library, targets: Iterable[Target]) -> Iterator[Finding]:
    """Yield every address that is claimed more than once."""
    claims: defaultdict[str, list[Target]] = defaultdict(list)
    for target in targets:
        claims[_file_of(target.address)].append(target)
    for rivals in claims.values():
        if len(rivals) > 1:
            yield from _rivalry(library, rivals)
    yield from _same_but_for_case(claims)
    yield from _same_panels(library)
    yield from _same_keys(library)


def _file_of(address: str) -> str:
    return f"{address}index.html" if address.endswith("/") else address


def _rivalry(library: Library, rivals: list[Target]) -> Iterator[Finding]:
    pages = [target for target in rivals if target.source and target.kind != "alias"]
    first = pages[0] if pages else rivals[0]
    for target in rivals:
        if target is first or not target.source:
            continue
        path = f"content/{target.source}"
        if target.kind == "alias":
            line = line_in(library, target.page, "aliases") if target.page else None
            what = _owner(first)
            message = f"the alias {target.address} is the address of {what}"
            yield Finding("error", path, line, message, "Leave the alias out")
        else:
            message = f"the address {target.address} is also that of {_owner(first)}"
            hint = "Give one of them another name, slug or url"
            yield Finding("error", path, None, message, hint)
    statics = [target for target in rivals if target.file is not None and not target.source]
    if statics and pages:
        message = f"the static file at {statics[0].address} is never published: {_owner(first)} lies there"
        yield Finding("warning", f"static{_file_of(statics[0].address)}", None, message, "Rename one of them")


def _owner(target: Target) -> str:
    return f"content/{target.source}" if target.source else f"the site's own {target.kind} page"


def _same_but_for_case(claims: Mapping[str, list[Target]]) -> Iterator[Finding]:
    seen: dict[str, Target] = {}
    for targets in claims.values():
        target = targets[0]
        other = seen.setdefault(target.address.casefold(), target)
        if other.address != target.address:
            path = f"content/{target.source}" if target.source else ""
            message = f"{target.address} and {other.address} differ in capitals only"
            hint = "On many machines these are one file: rename one of them"
            yield Finding("warning", path, None, message, hint)


def _same_panels(library: Library) -> Iterator[Finding]:
    for edition in library.editions.values():
        seen: dict[str, str] = {}
        for entry in edition.menu:
            page = entry.page
            if page.link:
                continue
            other = seen.setdefault(page.id, page.path)
            if other != page.path:
                message = f"the panel #{page.id} is also that of content/{other}"
                line = line_in(library, page, "slug")
                yield Finding("error", f"content/{page.path}", line, message, "Give one of them another slug")


def _same_keys(library: Library) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], str] = {}
    for page in library.pages:
        if not page.path:
            continue
        other = seen.setdefault((page.language, page.kind, page.key), page.path)
        if other != page.path:
            message = (
                f"it is as much a translation as content/{other}: both are {page.key!r} in {page.language}"
            )
            line = line_in(library, page, "translationKey")
            yield Finding("warning", f"content/{page.path}", line, message, "Change one of the two keys")
