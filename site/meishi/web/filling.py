"""Fill the slots of a rendered text: links, pictures and shortcodes, as one page of the site needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markupsafe import Markup, escape

from meishi.content.documents import Document
from meishi.content.images import Pictures
from meishi.content.links import Destination, Links
from meishi.content.models import Page
from meishi.content.slots import ImageSlot, LinkSlot, ShortcodeSlot, Slot, fill
from meishi.content.texts import Documents
from meishi.errors import ContentError, ImageError, LinkError, MeishiError
from meishi.web.addresses import Addresses
from meishi.web.reads import Reads

#: Makes the HTML of a shortcode that a template writes.
ShortcodeFiller = Callable[[ShortcodeSlot, Markup, Page, Reads], str]


@dataclass(frozen=True, slots=True)
class Filling:
    """Turn documents with slots into HTML for this site."""

    links: Links
    documents: Documents
    pictures: Pictures
    addresses: Addresses
    files: Mapping[str, Path]
    hashed: Callable[[str], str | None]
    shortcode: ShortcodeFiller
    warn: Callable[[MeishiError], None]
    strict: bool

    def content(self, page: Page, reads: Reads, *, prefix: str = "") -> Markup:
        """Return a page's text as HTML; `prefix` keeps the ids of several texts on one page apart."""
        if not page.path:
            return Markup("")
        reads.note("source", page.path)
        document = self.documents.of(page)
        return Markup(self._filled(document.html, document, page, reads, prefix))

    def summary(self, page: Page, reads: Reads) -> Markup:
        """Return the beginning of a page's text, or what its front matter says instead."""
        if page.summary:
            return Markup("<p>{}</p>").format(page.summary)
        if not page.path:
            return Markup("")
        reads.note("source", page.path)
        document = self.documents.of(page)
        return Markup(self._filled(document.summary, document, page, reads, ""))

    def _filled(self, html: str, document: Document, page: Page, reads: Reads, prefix: str) -> str:
        def filler(slot: Slot) -> str:
            if isinstance(slot, LinkSlot):
                return str(escape(self._link(slot, page, reads)))
            if isinstance(slot, ImageSlot):
                return self._image(slot, page, reads)
            inner = Markup(fill(slot.inner or "", document.slots, filler, prefix=prefix))
            return self.shortcode(slot, inner, page, reads)

        return fill(html, document.slots, filler, prefix=prefix)

    def _link(self, slot: LinkSlot, page: Page, reads: Reads) -> str:
        if slot.destination.startswith("#"):
            return self.addresses.link(page.address, slot.destination[1:])
        try:
            if slot.kind in ("ref", "relref"):
                reads.note("ref", page.path, slot.destination, slot.language)
                found = self.links.reference(page, slot.destination, slot.line, slot.language)
            else:
                reads.note("link", page.path, slot.destination)
                found = self.links.resolve(page, slot.destination, slot.line)
        except LinkError as error:
            if self.strict:
                raise
            self.warn(error)
            return "#"
        return self.link_to(found, reads)

    def link_to(self, found: Destination, reads: Reads) -> str:
        """Write a link to a destination, noting the files it needs."""
        hashed = self.hashed(found.address)
        if hashed:
            reads.need(hashed)
        return self.addresses.link(hashed or found.address, found.fragment, found.query)

    def _image(self, slot: ImageSlot, page: Page, reads: Reads) -> str:
        attributes = dict(slot.attributes)
        eager = attributes.get("loading") == "eager"
        return self.image(
            page, slot.destination, slot.alt, reads, line=slot.line, title=slot.title,
            more=attributes, eager=eager,
        )  # fmt: skip

    def image(
        self,
        page: Page,
        destination: str,
        alt: str,
        reads: Reads,
        *,
        line: int | None = None,
        title: str = "",
        more: Mapping[str, str] | None = None,
        eager: bool = False,
        small: bool = False,
        sizes: str = "",
    ) -> str:
        """Return an <img> with its size and its smaller copies; pictures elsewhere stay as they are."""
        rows: dict[str, str] = {}
        if "//" in destination or destination.startswith("data:"):
            rows = {"src": destination, "loading": "lazy", "decoding": "async"}
        else:
            rows = self._local(page, destination, reads, line, eager=eager, small=small, sizes=sizes)
        rows["alt"] = alt
        if title:
            rows["title"] = title
        for name, value in (more or {}).items():
            rows[name] = f"{rows[name]} {value}" if name == "class" and name in rows else value
        written = " ".join(f'{name}="{escape(value)}"' for name, value in rows.items())
        return f"<img {written}>"

    def picture(
        self, page: Page, destination: str, reads: Reads, line: int | None = None
    ) -> tuple[Destination, Path | None]:
        """Find the picture that a page names: beside it, by address, or in static/ without the slash."""
        reads.note("link", page.path or f"@{page.language}", destination)
        found = self.links.resolve(page, destination, line)
        path = self.files.get(found.address)
        if path is None and not destination.startswith("/"):
            rooted = self.links.resolve(page, f"/{destination}", line)
            if (static := self.files.get(rooted.address)) is not None:
                found, path = rooted, static
        reads.note("file", found.address)
        return found, path

    def _local(
        self,
        page: Page,
        destination: str,
        reads: Reads,
        line: int | None,
        *,
        eager: bool,
        small: bool,
        sizes: str,
    ) -> dict[str, str]:
        found, path = self.picture(page, destination, reads, line)
        if path is None:
            missing = LinkError(
                f"the picture {destination} is not there",
                path=PurePosixPath("content", page.path),
                line=line,
                hint="Put it beside the page, or into static/",
            )
            if self.strict:
                raise missing
            self.warn(missing)
            return {"src": self.addresses.link(found.address), "class": "missing"}
        try:
            sources = self.pictures.sources(path, found.address, small=small)
        except ImageError as error:
            error.path = error.path and PurePosixPath(error.path)
            if self.strict:
                raise
            self.warn(error)
            return {"src": self.addresses.link(found.address)}
        reads.need(*(variant.address for variant in sources.files if not variant.original))
        link = self.addresses.link
        rows = dict(sources.attributes(sizes, eager=eager))
        rows["src"] = link(sources.src)
        if sources.srcset:
            rows["srcset"] = ", ".join(f"{link(address)} {width}w" for address, width in sources.srcset)
        return rows


def unknown_shortcode(slot: ShortcodeSlot, page: Page) -> ContentError:
    """Make the error for a shortcode that has no template."""
    return ContentError(
        f"there is no shortcode {slot.name!r}",
        path=PurePosixPath("content", page.path),
        line=slot.line,
        hint=f"Make templates/shortcodes/{slot.name}.html, or write it as {{{{</* {slot.name} */>}}}}",
    )
