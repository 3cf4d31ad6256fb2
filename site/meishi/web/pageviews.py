"""From the library's pages to what templates show of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from meishi.content.japanese import with_breaks
from meishi.content.library import Library
from meishi.content.models import Edition, Entry, Page, Section, Tag
from meishi.content.pages import slugify
from meishi.web.addresses import Addresses
from meishi.web.filling import Filling
from meishi.web.head import TITLE_PATTERN, page_title
from meishi.web.order import Order
from meishi.web.reads import Reads
from meishi.web.targets import pages_of
from meishi.web.viewmodels import NavItem, NoteItem, Pager, PageView, Panel, Params, TagItem

#: How many of a section's newest pages its panel shows.
NEWEST = 5


@dataclass(frozen=True, slots=True)
class PageViews:
    """Make the values that templates get from pages."""

    library: Library
    filling: Filling
    addresses: Addresses
    order: Order

    def heading(self, text: str, language: str) -> Markup:
        """Return a heading that breaks at phrases where its language has no spaces."""
        return Markup(with_breaks(text, language))

    def tag(self, page: Page) -> str:
        """Return the language tag of a page."""
        return self.library.config.language(page.language).tag

    def page(
        self, page: Page, reads: Reads, *, language: str, prefix: str = "", title: str = "", sizes: str = ""
    ) -> PageView:
        """Show a page in an edition; in another language's edition it says which language it is in."""
        content = self.filling.content(page, reads, prefix=prefix)
        document = self.filling.documents.of(page) if page.path else None
        image = ""
        if page.image and page.kind != "home":
            image = self.filling.image(page, page.image, page.image_alt, reads, eager=not prefix, sizes=sizes)
        shown = title or page.title
        return PageView(
            id=page.id,
            title=shown,
            title_html=self.heading(shown, self.tag(page)),
            url=self.addresses.link(page.address),
            permalink=self.addresses.whole(page.address),
            kind=page.kind,
            is_note=page.is_note,
            lang_tag=self.tag(page) if page.language != language else "",
            content=content,
            summary=self.filling.summary(page, reads),
            date=page.date,
            lastmod=page.last_modified,
            tags=self.tags_of(page, reads),
            toc=document.toc if document else (),
            minutes=document.minutes if document else 0,
            words=document.words if document else 0,
            image=Markup(image),
            params=Params(page.params),
        )

    def tags_of(self, page: Page, reads: Reads) -> tuple[TagItem, ...]:
        """Link a page's tags to their lists; with tag lists turned off there are none."""
        if not self.library.config.enabled("term"):
            return tuple(TagItem(name, "", lambda: 0) for name in page.tags)
        tags = self.library.editions[page.language].tags
        slugs = dict.fromkeys(slugify(name) for name in page.tags)
        return tuple(self.tag_item(tags[slug], page.language, reads) for slug in slugs if slug in tags)

    def tag_item(self, tag: Tag, language: str, reads: Reads) -> TagItem:
        """Show a tag; its count is noted only when a template asks for it."""
        reads.note("tag", language, tag.slug)

        def count() -> int:
            reads.note("count", language, tag.slug)
            return len(tag.pages)

        return TagItem(tag.name, self.addresses.link(tag.address), count)

    def item(self, page: Page, reads: Reads, *, language: str, brief: bool = False) -> NoteItem:
        """Show a page as one line of a list; a brief one has no summary and needs no rendering."""
        reads.note("meta", page.path) if page.path else reads.note("head", page.language, page.section)
        minutes = 0
        summary = Markup("")
        if not brief and page.path:
            summary = self.filling.summary(page, reads)
            minutes = self.filling.documents.of(page).minutes
        return NoteItem(
            title=page.title,
            url=self.url_of(page),
            date=page.date,
            summary=summary,
            tags=self.tags_of(page, reads),
            minutes=minutes,
            lang_tag=self.tag(page) if page.language != language else "",
        )

    def url_of(self, page: Page) -> str:
        """Return where a page's entry leads: its own address, or elsewhere by `link`."""
        if not page.link:
            return self.addresses.link(page.address)
        return page.link if "//" in page.link or ":" in page.link else self.addresses.link(page.link)

    def panels(self, edition: Edition, reads: Reads) -> tuple[Panel, ...]:
        """Show every entry of the menu that is a page of this site as a panel."""
        return tuple(self._panel(entry, edition, reads) for entry in edition.menu if not entry.page.link)

    def _panel(self, entry: Entry, edition: Edition, reads: Reads) -> Panel:
        page, code = entry.page, edition.language.code
        view = self.page(
            page, reads, language=code, prefix=f"{page.id}-", sizes="(min-width: 46rem) 44rem, 92vw"
        )
        items: tuple[NoteItem, ...] = ()
        more = ""
        if page.kind == "section":
            section = self.library.editions[page.language].sections[page.section]
            reads.note("listed", section.address, 0, NEWEST)
            first = section.pages[:NEWEST]
            items = tuple(self.item(note, reads, language=code, brief=True) for note in first)
            more = self.addresses.link(page.address)
        pattern = str(edition.language.params.get("titlePattern") or TITLE_PATTERN)
        return Panel(
            id=page.id,
            head_title=page_title("page", page.title, edition.language.title, pattern),
            title=page.title,
            title_html=view.title_html,
            url=self.addresses.link(page.address),
            kind="section" if page.kind == "section" else "panel",
            lang_tag=view.lang_tag,
            page=view,
            source=page,
            items=items,
            more_url=more,
            former=tuple(_former(page, edition)),
        )

    def nav(self, edition: Edition, reads: Reads, current: Page | None) -> tuple[NavItem, ...]:
        """Show the menu; `current` is the page on view."""
        reads.note("menu", edition.language.code)
        items = []
        for entry in edition.menu:
            page = entry.page
            inside = current is not None and current.language == page.language and (
                (current.path == page.path and current.address == page.address)
                or (page.kind == "section" and f"{current.section}/".startswith(f"{page.section}/"))
            )  # fmt: skip
            external = "//" in page.link or ":" in page.link
            kind = "link" if page.link else "section" if page.kind == "section" else "panel"
            tag = self.tag(page) if entry.borrowed else ""
            items.append(NavItem(page.id, entry.title, self.url_of(page), kind, external, tag, inside))
        return tuple(items)

    def neighbours(self, page: Page, section: Section, reads: Reads) -> tuple[NoteItem | None, ...]:
        """Return what comes before and after a page in its section."""
        reads.note("around", page.language, section.page.section, page.path)
        return tuple(
            self.item(other, reads, language=page.language, brief=True) if other else None
            for other in self.order.neighbours(section, page.path)
        )

    def pager(self, address: str, number: int, items: int, size: int) -> Pager:
        """Show where a page of a list stands; long lists leave out the middle."""
        total = pages_of(items, size)

        def url(at: int) -> str:
            return self.addresses.link(address if at == 1 else f"{address}page/{at}/")

        shown = sorted({1, total, *range(max(1, number - 2), min(total, number + 2) + 1)})
        return Pager(
            number=number,
            total=total,
            previous_url=url(number - 1) if number > 1 else "",
            next_url=url(number + 1) if number < total else "",
            pages=tuple((at, url(at), at == number) for at in shown),
        )


def _former(page: Page, edition: Edition) -> Iterator[str]:
    """Yield the names that a panel had before: an alias /old/ keeps /#old alive, too."""
    taken = {entry.id for entry in edition.menu} | {"main", "card"}
    for alias in page.aliases:
        address = alias if alias.startswith("/") else f"/{alias}"
        name = address.removeprefix(edition.root).strip("/")
        if address.startswith(edition.root) and name and "/" not in name and name not in taken:
            taken.add(name)
            yield name
