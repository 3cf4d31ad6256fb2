"""From a target to its bytes: one method for each kind of address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from meishi.config.guestbook import LOBBY
from meishi.content.library import Library
from meishi.content.models import Page
from meishi.content.slots import ShortcodeSlot
from meishi.errors import MeishiError
from meishi.guestbook.entries import Entry
from meishi.publishing.swap import MARK
from meishi.web.addresses import Addresses
from meishi.web.context import Contexts
from meishi.web.feeds import Feeds
from meishi.web.filling import unknown_shortcode
from meishi.web.guestbook import NEWEST, FormState, Guestbooks
from meishi.web.heads import author_of
from meishi.web.reads import Reads
from meishi.web.rendering import Theme
from meishi.web.strings import Strings
from meishi.web.targets import SITEMAPS, Target
from meishi.web.viewmodels import Panel, SectionView

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of one address."""

    body: bytes
    mime: str


@dataclass(frozen=True)
class Answers:
    """Render every kind of target of a site."""

    library: Library
    addresses: Addresses
    contexts: Contexts
    feeds: Feeds
    theme: Theme
    strings: Mapping[str, Strings]
    targets: Callable[[], Mapping[str, Target]]
    books: Guestbooks

    def answer(self, target: Target, reads: Reads) -> Answer:
        """Render a target, noting what it is made from."""
        method: Callable[[Target, Reads], Answer] = getattr(self, f"_{target.kind}")
        return method(target, reads)

    def _filled(
        self, template: str, target: Target, reads: Reads, shown: Page | None, title: str = "", /, **more: Any
    ) -> Answer:
        context = self.contexts.base(target, reads, shown, title)
        strings = self.strings[target.language]
        html = self.theme.html(
            template, {**context, "strings": strings, "t": strings.text, "page": None, **more}
        )
        return self._html(html, target)

    def _html(self, html: str, target: Target) -> Answer:
        """Write the links of a page as config.toml wants them."""
        config = self.library.config
        # A host shows 404.html at any address: there is no folder that its links could be relative to.
        if config.relative_urls and target.kind != "not_found":
            html = self.addresses.relative(html, target.address)
        elif config.canonify_urls:
            html = self.addresses.canonical(html)
        return Answer(html.encode("utf-8"), HTML)

    def _home(self, target: Target, reads: Reads) -> Answer:
        edition = self.library.editions[target.language]
        views = self.contexts.views
        view = views.page(edition.home, reads, language=target.language)
        panels = tuple(self._with_book(panel, target, reads) for panel in views.panels(edition, reads))
        return self._filled("home.html", target, reads, edition.home, page=view, panels=panels)

    def _with_book(self, panel: Panel, target: Target, reads: Reads) -> Panel:
        """Show the newest entries in the guestbook's panel."""
        room = self.books.room_of(panel.source)
        if not room:
            return panel
        book = self.books.book(room, target, reads, prefix=f"{panel.id}-", limit=NEWEST)
        return panel._replace(book=book)

    def _page(self, target: Target, reads: Reads, form: FormState | None = None) -> Answer:
        page = _page_of(target)
        edition = self.library.editions[target.language]
        views = self.contexts.views
        section = edition.section_of(page)
        before, after = None, None
        if section is not None:
            reads.note("head", target.language, section.page.section)
            before, after = views.neighbours(page, section, reads)
        around = SectionView(section.page.title, self.addresses.link(section.address)) if section else None
        view = views.page(page, reads, language=target.language)
        room = self.books.room_of(page)
        return self._filled(
            "page.html",
            target,
            reads,
            page,
            page.title,
            page=view,
            section=around,
            previous=before,
            next=after,
            guestbook=self.books.book(room, target, reads, form=form) if room else None,
        )

    def _guestbook(self, target: Target, reads: Reads, form: FormState | None = None) -> Answer:
        if target.number == 1 and target.page is not None:
            # The page itself, under an address that a live room has and the table of targets has not.
            return self._page(target, reads, form)
        strings = self.strings[target.language]
        book = self.books.book(target.room, target, reads, number=target.number, form=form)
        title = target.page.title if target.page else self._room_title(target)
        if target.number > 1:
            title = strings.text("guestbook_page", title=title, number=target.number)
        return self._filled("guestbook.html", target, reads, target.page, title, page={"title": title},
                            guestbook=book)  # fmt: skip

    def _room_title(self, target: Target) -> str:
        general = self.strings[target.language].text("guestbook")
        own = self.books.title(target.room, target.language)
        return own or (general if target.room == LOBBY else f"{target.room} · {general}")

    def form_page(self, target: Target, form: FormState) -> Answer:
        """Render the page of a room with a form that was sent and comes back."""
        show = self._page if target.kind == "page" else self._guestbook
        return show(target, Reads(), form)

    def mine(self, target: Target, entry: Entry, state: str, form: FormState) -> Answer:
        """Render the page on which an author edits or erases an entry, behind a private link."""
        title = self.strings[target.language].text("guestbook_mine")
        view = self.books.view(entry)
        return self._filled(
            "guestbook_mine.html", target, Reads(), None, title,
            page={"title": title}, entry=view, state=state, form=form, text=entry.body,
            settings=self.books.settings, room_url=self.addresses.link(target.to),
        )  # fmt: skip

    def _guestbook_words(self, target: Target, _reads: Reads) -> Answer:
        """Write what the guestbook's script says, in one language."""
        words = {
            key.removeprefix("live_"): text
            for key, text in self.strings[target.language].words.items()
            if key.startswith("live_")
        }
        return Answer(json.dumps(words, ensure_ascii=False).encode("utf-8"), "application/json")

    def _list(self, pages: tuple[Page, ...], target: Target, address: str, reads: Reads) -> dict[str, Any]:
        views, size = self.contexts.views, self.library.config.page_size
        start, stop = (target.number - 1) * size, target.number * size
        reads.note("listed", address, start, stop)
        shown = pages[start:stop]
        return {
            "items": tuple(views.item(page, reads, language=target.language) for page in shown),
            "pager": views.pager(address, target.number, len(pages), size),
        }

    def _section(self, target: Target, reads: Reads) -> Answer:
        section = target.section
        assert section is not None
        rows = self._list(section.pages, target, section.address, reads)
        view = self.contexts.views.page(section.page, reads, language=target.language)
        return self._filled(
            "section.html", target, reads, section.page, section.page.title, page=view, **rows
        )

    def _tags(self, target: Target, reads: Reads) -> Answer:
        reads.note("tags", target.language)
        views = self.contexts.views
        tags = self.library.editions[target.language].tags.values()
        title = self.strings[target.language].text("tags")
        items = tuple(views.tag_item(tag, target.language, reads) for tag in tags)
        return self._filled("tags.html", target, reads, None, title, page={"title": title}, tags=items)

    def _tag(self, target: Target, reads: Reads) -> Answer:
        tag = target.tag
        assert tag is not None
        rows = self._list(tag.pages, target, tag.address, reads)
        item = self.contexts.views.tag_item(tag, target.language, reads)
        config, root = self.library.config, self.library.editions[target.language].root
        all_tags = self.addresses.link(f"{root}tags/") if config.enabled("taxonomy") else ""
        return self._filled(
            "tag.html",
            target,
            reads,
            None,
            tag.name,
            page={"title": tag.name},
            tag=item,
            all_tags=all_tags,
            **rows,
        )

    def _card(self, target: Target, reads: Reads) -> Answer:
        from meishi.content.qr import qr_svg

        edition = self.library.editions[target.language]
        qr = Markup(
            qr_svg(self.addresses.whole(edition.root) or "/", title=self.addresses.whole(edition.root))
        )
        return self._filled("card.html", target, reads, None, edition.home.title, qr=qr)

    def _not_found(self, target: Target, reads: Reads) -> Answer:
        title = self.strings[target.language].text("not_found")
        return self._filled("404.html", target, reads, None, title)

    def _alias(self, target: Target, reads: Reads) -> Answer:
        link, whole = self.addresses.link(target.to), self.addresses.whole(target.to)
        title = self.library.editions[target.language].language.title
        if target.page is not None and target.page.path:
            reads.note("meta", target.page.path)
            title = target.page.title
        page = Markup(
            '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n<title>{}</title>\n'
            '<link rel="canonical" href="{}">\n<meta name="robots" content="noindex">\n'
            '<meta http-equiv="refresh" content="0; url={}">\n</head>\n'
            '<body><p><a href="{}">{}</a></p></body>\n</html>\n'
        ).format(
            self.library.config.language(target.language).tag, title, whole, link, link, title,
        )  # fmt: skip
        return self._html(page, target)

    def _atom(self, target: Target, reads: Reads) -> Answer:
        return Answer(self.feeds.atom(target, reads), "application/xml")

    def _jsonfeed(self, target: Target, reads: Reads) -> Answer:
        return Answer(self.feeds.json(target, reads), "application/json")

    def _sitemap(self, target: Target, reads: Reads) -> Answer:
        several = len(self.library.editions) > 1
        reads.note("rooms")
        listed = [
            other
            for other in self.targets().values()
            if other.kind in ("home", "page", "section", "tags", "tag", "guestbook")
            and other.number == 1
            and (other.page is None or other.page.listed)
            and (not several or other.language == target.language)
        ]
        return Answer(self.feeds.sitemap(listed, reads), "application/xml")

    def _sitemap_index(self, _target: Target, _reads: Reads) -> Answer:
        maps = [
            other for other in self.targets().values() if other.kind == "sitemap" and other.row == SITEMAPS
        ]
        return Answer(self.feeds.sitemap_index(maps), "application/xml")

    def _robots(self, _target: Target, _reads: Reads) -> Answer:
        lines = ["User-agent: *", "Disallow:"]
        if self.library.config.enabled("sitemap"):
            lines.append(f"Sitemap: {self.addresses.whole('/sitemap.xml')}")
        return Answer(("\n".join(lines) + "\n").encode(), "text/plain")

    def _nojekyll(self, _target: Target, _reads: Reads) -> Answer:
        # GitHub asks only whether it is there; its text tells the next build that the folder is its own.
        return Answer(MARK + b"; each build replaces this folder as a whole.\n", "application/octet-stream")

    def _cname(self, _target: Target, _reads: Reads) -> Answer:
        host = self.library.config.host.encode("idna").decode("ascii")
        return Answer(f"{host}\n".encode(), "application/octet-stream")

    def _vcard(self, target: Target, reads: Reads) -> Answer:
        from meishi.content.vcard import vcard

        edition = self.library.editions[target.language]
        reads.note("home", target.language)
        facts = dict(author_of(self.library.config, edition.language.params))
        facts.setdefault("name", edition.home.title or edition.language.title)
        url = self.addresses.whole(edition.root)
        return Answer(vcard(facts, url=url).encode("utf-8"), "text/vcard")

    def shortcode(self, slot: ShortcodeSlot, inner: Markup, page: Page, reads: Reads) -> str:
        """Fill the owner's template of a shortcode, or one of Meishi's that need the whole site."""
        name = f"shortcodes/{slot.name}.html"
        if not self.theme.has(name):
            raise unknown_shortcode(slot, page)
        edition = self.library.editions[page.language]
        strings = self.strings[page.language]
        context = {
            "name": slot.name, "positional": slot.positional, "named": dict(slot.named), "inner": inner,
            "ordinal": slot.ordinal, "page": page, "lang": edition.language, "strings": strings,
            "t": strings.text, "social": self.contexts.shared(edition).social,
        }  # fmt: skip
        try:
            return self.theme.html(name, context).strip("\n")
        except MeishiError as error:
            error.hint = error.hint or f"Used in content/{page.path}:{slot.line}"
            raise


def _page_of(target: Target) -> Page:
    assert target.page is not None
    return target.page
