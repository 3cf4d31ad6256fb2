"""Atom and JSON feeds with the full text, and the sitemap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from meishi.content.library import Library
from meishi.content.models import Edition, Page
from meishi.web.addresses import Addresses
from meishi.web.counterparts import Counterparts
from meishi.web.filling import Filling
from meishi.web.head import GENERATOR
from meishi.web.heads import author_of, plain
from meishi.web.order import Order
from meishi.web.reads import Reads
from meishi.web.targets import Target

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRAGMENT = re.compile(r"""(<a\b[^>]*?\shref=")#""")
# XML 1.0 has no way to write these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Feeds:
    """Write the machine-readable lists of a site."""

    def __init__(
        self,
        library: Library,
        filling: Filling,
        addresses: Addresses,
        counterparts: Counterparts,
        order: Order,
    ) -> None:
        self._library = library
        self._filling = filling
        self._addresses = addresses
        self._counterparts = counterparts
        self._order = order

    def _entries(self, target: Target, edition: Edition, reads: Reads) -> list[Page]:
        reads.note("newest", target.section.address if target.section else edition.root)
        reads.note("home", edition.language.code)
        return self._order.newest(edition, target.section)

    def _title(self, target: Target, edition: Edition) -> str:
        site = edition.language.title
        return f"{target.section.page.title} · {site}" if target.section else site

    def _author(self, edition: Edition) -> str:
        author = author_of(self._library.config, edition.language.params)
        return str(author.get("name") or edition.home.title or edition.language.title)

    def _content(self, page: Page, reads: Reads) -> str:
        """Return a page's text with whole addresses, as it is read away from the site."""
        html = self._addresses.canonical(str(self._filling.content(page, reads)))
        html = _FRAGMENT.sub(lambda match: f"{match[1]}{self._addresses.whole(page.address)}#", html)
        return _FORBIDDEN.sub("", html)

    def atom(self, target: Target, reads: Reads) -> bytes:
        """Write an Atom feed (RFC 4287)."""
        edition = self._library.editions[target.language]
        base = self._addresses.whole(target.address.removesuffix("index.xml"))
        pages = self._entries(target, edition, reads)
        feed = Element("feed", {"xmlns": _ATOM, "xml:lang": edition.language.tag})
        _text(feed, "id", base)
        _text(feed, "title", self._title(target, edition))
        _text(feed, "updated", _stamp(max((_changed(page) for page in pages), default=_EPOCH)))
        _link(feed, self._addresses.whole(target.address), "self", "application/atom+xml")
        _link(feed, base, "alternate", "text/html")
        _text(feed, "generator", GENERATOR)
        author = SubElement(feed, "author")
        _text(author, "name", self._author(edition))
        _text(author, "uri", self._addresses.whole(edition.root))
        for page in pages:
            entry = SubElement(feed, "entry")
            url = self._addresses.whole(page.address)
            _text(entry, "id", url)
            _text(entry, "title", page.title)
            _link(entry, url, "alternate", "text/html")
            if page.date:
                _text(entry, "published", _stamp(page.date))
            _text(entry, "updated", _stamp(_changed(page)))
            for tag in page.tags:
                SubElement(entry, "category", {"term": _FORBIDDEN.sub("", tag)})
            if page.description:
                _text(entry, "summary", plain(page.description))
            content = _text(entry, "content", self._content(page, reads))
            content.set("type", "html")
        return _written(feed)

    def json(self, target: Target, reads: Reads) -> bytes:
        """Write a JSON Feed 1.1."""
        edition = self._library.editions[target.language]
        items = []
        for page in self._entries(target, edition, reads):
            url = self._addresses.whole(page.address)
            item: dict[str, object] = {
                "id": url,
                "url": url,
                "title": page.title,
                "content_html": self._content(page, reads),
            }
            if page.description:
                item["summary"] = plain(page.description)
            if page.date:
                item["date_published"] = _stamp(page.date)
            if page.last_modified:
                item["date_modified"] = _stamp(page.last_modified)
            if page.tags:
                item["tags"] = list(page.tags)
            items.append(item)
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self._title(target, edition),
            "home_page_url": self._addresses.whole(target.address.removesuffix("feed.json")),
            "feed_url": self._addresses.whole(target.address),
            "language": edition.language.tag,
            "authors": [{"name": self._author(edition), "url": self._addresses.whole(edition.root)}],
            "items": items,
        }
        return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()

    def sitemap(self, targets: Iterable[Target], reads: Reads) -> bytes:
        """Write the sitemap of one language, with the alternates of each page."""
        reads.note("addresses")
        root = Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
        # What the addresses of all pages are says where their translations are, too.
        elsewhere = Reads()
        for target in targets:
            page = target.page
            if page is not None and page.params.get("noindex"):
                continue
            url = SubElement(root, "url")
            SubElement(url, "loc").text = self._addresses.whole(target.address)
            if page is not None and page.last_modified:
                SubElement(url, "lastmod").text = _stamp(page.last_modified)
            for tag, href in self._counterparts.alternates(target, page, elsewhere):
                SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": tag, "href": href})
        return _written(root)

    def sitemap_index(self, sitemaps: Sequence[Target]) -> bytes:
        """Write the list of the languages' sitemaps."""
        root = Element("sitemapindex", {"xmlns": _SITEMAP})
        for target in sitemaps:
            entry = SubElement(root, "sitemap")
            SubElement(entry, "loc").text = self._addresses.whole(target.address)
        return _written(root)


def _changed(page: Page) -> datetime:
    return page.last_modified or page.date or _EPOCH


def _stamp(moment: datetime) -> str:
    return moment.isoformat()


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _FORBIDDEN.sub("", text)
    return element


def _link(parent: Element, href: str, rel: str, mime: str) -> None:
    SubElement(parent, "link", {"href": href, "rel": rel, "type": mime})


def _written(root: Element) -> bytes:
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"
