"""One language of the site: its pages in order, its sections, tags and menu."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from meishi.config import Language, SiteConfig
from meishi.content.menus import menu_of
from meishi.content.models import Edition, Page, Section, Tag, sort_key
from meishi.content.pages import blank_page, slugify


def edition_of(
    config: SiteConfig, language: Language, home: Page, shown: Sequence[Page], elsewhere: Iterable[Page]
) -> Edition:
    """Arrange the pages of one language; `elsewhere` are all others, shown or not."""
    root = config.root_of(language.code)
    pages = sorted((page for page in shown if page.kind == "page"), key=sort_key)
    listed = [page for page in pages if page.listed]
    sections = _sections(root, language.code, listed, [page for page in shown if page.kind == "section"])
    panels = [page for page in listed if not page.section]
    panels += [section.page for section in sections.values() if not section.parent and section.page.listed]
    others = [page for page in listed if page.section]
    others += [section.page for section in sections.values() if section.parent]
    return Edition(
        language=language,
        root=root,
        home=home,
        menu=menu_of(config, language.code, panels, others, elsewhere),
        pages=tuple(listed),
        sections=sections,
        tags=_tags(root, listed) if config.enabled("taxonomy") or config.enabled("term") else {},
        unlisted=tuple(page for page in pages if not page.listed),
    )


def stand_in_home(config: SiteConfig, language: Language, default_home: Page | None) -> Page:
    """Make the card of a language that has no _index.md, from the default language's."""
    root = config.root_of(language.code)
    blank = blank_page(language.code, root, language.title, "home")._replace(kind="home")
    if default_home is None:
        return blank
    return blank._replace(
        image=default_home.image, image_alt=default_home.image_alt, params=default_home.params
    )


def _sections(root: str, language: str, pages: Sequence[Page], indexes: Sequence[Page]) -> dict[str, Section]:
    heads = {page.section: page for page in indexes}
    for page in pages:
        # A top folder is a section even without an _index.md, as in Hugo.
        top = page.section.partition("/")[0]
        if top and top not in heads:
            name = slugify(top) or "untitled"
            title = top[:1].upper() + top[1:].replace("-", " ")
            heads[top] = blank_page(language, f"{root}{name}/", title, name, top)
    members: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        folder = page.section
        while folder:
            if folder in heads:
                members[folder].append(page)
            folder = folder.rpartition("/")[0]
    found = {}
    for path in sorted(heads):
        parent = path.rpartition("/")[0]
        while parent and parent not in heads:
            parent = parent.rpartition("/")[0]
        found[path] = Section(heads[path], tuple(members[path]), parent)
    return found


def _tags(root: str, pages: Sequence[Page]) -> dict[str, Tag]:
    names: dict[str, str] = {}
    tagged: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        for slug in dict.fromkeys(slugify(name) for name in page.tags):
            if slug:
                tagged[slug].append(page)
        for name in page.tags:
            names.setdefault(slugify(name), name)
    ordered = sorted(tagged, key=lambda slug: names[slug].casefold())
    return {slug: Tag(names[slug], slug, f"{root}tags/{slug}/", tuple(tagged[slug])) for slug in ordered}


def with_borrowed(
    edition: Edition, default: Edition, families: Mapping[tuple[str, str], Sequence[Page]]
) -> Edition:
    """Add the default language's entries that have no translation here, marked as borrowed."""
    if edition is default:
        return edition
    code = edition.language.code
    missing = [
        entry._replace(borrowed=True)
        for entry in default.menu
        if (entry.page.path or entry.page.section)  # a link of config.toml has its languages there
        and all(page.language != code for page in families.get((entry.page.kind, entry.page.key), ()))
    ]
    menu = sorted((*edition.menu, *missing), key=lambda entry: sort_key(entry.page))
    return edition._replace(menu=tuple(menu))
