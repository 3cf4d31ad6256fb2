"""The pages' texts: shortcodes, links with their fragments, pictures with their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from difflib import get_close_matches
from pathlib import Path

from meishi.content.documents import Document
from meishi.content.library import Library
from meishi.content.links import Destination, Links
from meishi.content.models import Page
from meishi.content.slots import ImageSlot, LinkSlot
from meishi.content.texts import Documents
from meishi.errors import LinkError, MeishiError
from meishi.web.checks.findings import Finding, line_in
from meishi.web.checks.pictures import PictureCheck

_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"\salt\s*=", re.IGNORECASE)
_SLOT = re.compile("\0([0-9]+)\0")
# A fragment that the text itself has carries a mark after its #; what has none leads elsewhere or nowhere.
_LOOSE = re.compile('href="#([^"\0]+)"')
_ID = re.compile('\\sid="(?:\0#)?([^"\0]+)"')


class TextCheck:
    """Check the texts of a library, one page at a time."""

    def __init__(
        self,
        library: Library,
        links: Links,
        documents: Documents,
        addresses: Set[str],
        files: Mapping[str, Path],
        hashed: Callable[[str], str | None],
        pictures: PictureCheck,
    ) -> None:
        self._library = library
        self._links = links
        self._documents = documents
        self._addresses = addresses
        self._files = files
        self._hashed = hashed
        self._pictures = pictures
        self._pages = {page.address: page for page in library.pages if page.path}

    def check(self, page: Page) -> Iterator[Finding]:
        """Yield what is wrong with a page's text and with its picture."""
        path = f"content/{page.path}"
        yield from self._own_picture(page, path)
        try:
            document = self._documents.of(page)
        except MeishiError as error:
            yield Finding.of(error)
            return
        for remark in document.remarks:
            yield Finding("warning", path, remark.line, remark.message)
        for slot in document.slots:
            if isinstance(slot, LinkSlot):
                yield from self._link(page, slot)
            elif isinstance(slot, ImageSlot):
                yield from self._image(page, slot)
        yield from self._own_html(page, document)

    def _own_picture(self, page: Page, path: str) -> Iterator[Finding]:
        if not page.image or "//" in page.image or page.image.startswith("data:"):
            return
        line = line_in(self._library, page, "image")
        yield from self._picture(page, page.image, line)
        if not page.image_alt and page.kind != "home":
            hint = "Say what it shows with imageAlt"
            yield Finding("warning", path, line, f"the picture {page.image} has no words for it", hint)

    def _link(self, page: Page, slot: LinkSlot) -> Iterator[Finding]:
        destination = slot.destination
        if destination.startswith("#"):
            return  # of a summary; the text has the same link
        try:
            if slot.kind in ("ref", "relref"):
                found = self._links.reference(page, destination, slot.line, slot.language)
            else:
                found = self._links.resolve(page, destination, slot.line)
        except LinkError as error:
            yield Finding.of(error)
            return
        yield from self._end_of(page, found, destination, slot.line)

    def _end_of(self, page: Page, found: Destination, written: str, line: int) -> Iterator[Finding]:
        path, address = f"content/{page.path}", found.address
        target = found.page or self._pages.get(address)
        there = address in self._addresses or address in self._files or self._hashed(address)
        if found.page is None and not there:
            if f"{address}/" in self._addresses:
                message = f"the link to {written} works by a redirect only"
                yield Finding("warning", path, line, message, f"Write {written}/")
            else:
                near = get_close_matches(address, sorted(self._addresses), n=1, cutoff=0.8)
                hint = f"Did you mean {near[0]}?" if near else "Correct the link, or make the page or file"
                yield Finding("error", path, line, f"the link to {written} leads nowhere", hint)
            return
        if found.fragment and target is not None and target.path:
            yield from self._fragment(page, target, found.fragment, line)

    def _fragment(self, page: Page, target: Page, fragment: str, line: int) -> Iterator[Finding]:
        try:
            known = set(self._documents.of(target).fragments)
        except MeishiError:
            return  # that page has its own finding
        if target.kind == "home":
            known |= {entry.id for entry in self._library.editions[target.language].menu}
        if fragment not in known:
            near = get_close_matches(fragment, sorted(known), n=1)
            message = f"there is no heading #{fragment} in content/{target.path}"
            hint = f"Did you mean #{near[0]}?" if near else "Correct the part after #"
            yield Finding("error", f"content/{page.path}", line, message, hint)

    def _image(self, page: Page, slot: ImageSlot) -> Iterator[Finding]:
        if not slot.alt.strip() and not any(name == "alt" for name, _ in slot.attributes):
            yield self._wordless(page, slot.destination, slot.line)
        if "//" not in slot.destination and not slot.destination.startswith("data:"):
            yield from self._picture(page, slot.destination, slot.line)

    def _wordless(self, page: Page, picture: str, line: int | None) -> Finding:
        message = f"the picture {picture} has no words for those who do not see it"
        return Finding("warning", f"content/{page.path}", line, message, "Write ![what it shows](…)")

    def _picture(self, page: Page, destination: str, line: int | None) -> Iterator[Finding]:
        try:
            address = self._links.resolve(page, destination, line).address
        except LinkError as error:
            yield Finding.of(error)
            return
        path = f"content/{page.path}"
        file = self._files.get(address)
        if file is None:
            near = get_close_matches(address, sorted(self._files), n=1, cutoff=0.8)
            hint = f"Did you mean {near[0]}?" if near else "Put it beside the page, or into static/"
            yield Finding("error", path, line, f"the picture {destination} is not there", hint)
            return
        yield from self._pictures.used(file, path, line)

    def _own_html(self, page: Page, document: Document) -> Iterator[Finding]:
        """Yield what the owner's own HTML lacks, and fragments that lead nowhere."""
        path = f"content/{page.path}"
        for image in _IMG.finditer(document.html):
            if not _ALT.search(image[0]):
                slot = _SLOT.search(image[0])
                line = document.slots[int(slot[1])].line if slot else None
                message = "an <img> has no alt"
                hint = 'Write alt="what it shows", or alt="" for an ornament'
                yield Finding("warning", path, line, message, hint)
        panels = {entry.id for entry in self._library.editions[page.language].menu}
        for fragment in dict.fromkeys(_LOOSE.findall(document.html)):
            line = self._line_with(page, f"#{fragment}")
            near = get_close_matches(fragment, sorted(document.fragments), n=1)
            hint = f"Did you mean #{near[0]}?" if near else "Correct the part after #"
            if fragment in panels:
                hint = "For the panel, link to its file: [text](name.md)"
            yield Finding("error", path, line, f"there is no #{fragment} on this page", hint)
        seen: set[str] = set()
        for name in _ID.findall(document.html):
            if name in seen:
                line = self._line_with(page, name)
                yield Finding("error", path, line, f"the id {name} stands there twice", "Rename one of them")
            seen.add(name)

    def _line_with(self, page: Page, word: str) -> int | None:
        body, first = self._library.body(page)
        at = body.find(word)
        return None if at < 0 else first + body.count("\n", 0, at)
