"""The pages as their owner thinks of them: one thing in several languages, in the places where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from meishi.content.library import Library
from meishi.content.models import Kind, Page, sort_key
from meishi.content.sources import SourceFile
from meishi.errors import MeishiError


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A page in one language; `page` is None while its file cannot be read, and `error` says why."""

    file: SourceFile
    page: Page | None
    error: MeishiError | None = None

    @property
    def path(self) -> str:
        """Return the file's path below content/."""
        return self.file.path

    @property
    def language(self) -> str:
        """Return the code of the file's language."""
        return self.file.language


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A page with its translations, in the order of the site's languages."""

    kind: Kind
    key: str
    section: str
    members: tuple[Member, ...]

    @property
    def path(self) -> str:
        """Name the family by the path of its first file."""
        return self.members[0].path

    @property
    def page(self) -> Page | None:
        """Return the page that speaks for all: the first that can be read."""
        return next((member.page for member in self.members if member.page), None)

    @property
    def title(self) -> str:
        """Return what the page is called."""
        page = self.page
        return page.title if page else self.path

    @property
    def is_panel(self) -> bool:
        """Tell whether the page stands in the card's menu, as panels and whole sections do."""
        is_top = "/" not in self.section if self.kind == "section" else not self.section
        return self.kind != "home" and is_top

    def member(self, language: str) -> Member | None:
        """Return the page in one language."""
        return next((member for member in self.members if member.language == language), None)

    @property
    def own(self) -> tuple[Member, ...]:
        """Return the members that share the first one's name; others are joined by `translationKey`."""
        first = self.members[0].file
        return tuple(
            member for member in self.members
            if (member.file.key, member.file.kind) == (first.key, first.kind)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Families that stand together: the card with its panels, or what a section holds."""

    folder: str
    head: Family | None
    families: tuple[Family, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Families:
    """All families of one reading of the content, in their places."""

    card: Group
    sections: tuple[Group, ...]
    by_path: Mapping[str, Family]
    #: Panels whose place in the menu something else than their own `weight` decides.
    fixed: frozenset[str]

    def all(self) -> Iterable[Family]:
        """Yield every family once."""
        return dict.fromkeys(self.by_path.values())


def families_of(library: Library) -> Families:
    """Join translations, and put each family in its place."""
    errors = {_plain(error): error for error in library.errors}
    order = {language.code: number for number, language in enumerate(library.config.languages)}
    joined: defaultdict[tuple[Kind, str], list[Member]] = defaultdict(list)
    for file in library.sources.pages:
        page = library.by_path.get(file.path)
        kind: Kind = file.kind if file.kind in ("home", "section") else "page"
        error = errors.get(f"content/{file.path}")
        joined[kind, page.key if page else file.key].append(Member(file, page, error))
    families = [
        _family(kind, key, sorted(members, key=lambda one: order[one.language]))
        for (kind, key), members in joined.items()
    ]
    places = _menu_places(library)
    by_path = {member.path: family for family in families for member in family.members}
    panels = sorted((one for one in families if one.is_panel), key=lambda one: _rank(one, places))
    homes = [family for family in families if family.kind == "home"]
    fixed = frozenset(family.path for family in panels if _is_fixed(family, places))
    return Families(
        card=Group("", None, (*homes, *panels)),
        sections=tuple(_sections(library, families, panels)),
        by_path=by_path,
        fixed=fixed,
    )


def _plain(error: MeishiError) -> str:
    return error.path.as_posix() if isinstance(error.path, PurePath) else error.path or ""


def _family(kind: Kind, key: str, members: list[Member]) -> Family:
    page = next((member.page for member in members if member.page), None)
    first = members[0].file
    if page is not None:
        section = page.section
    else:
        section = first.folder.rpartition("/")[0] if first.kind == "bundle" else first.folder
    return Family(kind, key, section, tuple(members))


def _menu_places(library: Library) -> Mapping[str, Page]:
    """Map each page that stands in a menu to itself with the weight that counts there."""
    return {
        entry.page.path: entry.page
        for edition in library.editions.values()
        for entry in edition.menu
        if entry.page.path and not entry.borrowed
    }


def _rank(family: Family, places: Mapping[str, Page]) -> tuple[bool, int, float, str, str]:
    page = family.page
    if page is None:
        return (True, 0, 0.0, family.path, family.path)
    return sort_key(places.get(page.path, page))


def _is_fixed(family: Family, places: Mapping[str, Page]) -> bool:
    page = family.page
    return page is None or places.get(page.path, page).weight != page.weight


def _sections(library: Library, families: list[Family], panels: list[Family]) -> Iterable[Group]:
    heads = {family.section: family for family in families if family.kind == "section"}
    held: defaultdict[str, list[Family]] = defaultdict(list)
    for family in families:
        if family.kind == "page" and family.section:
            held[_home_of(family.section, heads)].append(family)
    tops = [family.section for family in panels if family.kind == "section"]
    tops += sorted({folder.partition("/")[0] for folder in held} - set(tops))
    for top in tops:
        below = {folder for folder in (*held, *heads) if folder.startswith(f"{top}/")}
        for folder in [top, *sorted(below)]:
            head = heads.get(folder)
            rows = sorted(held[folder], key=lambda one: _rank(one, {}))
            if head is not None and folder != top:
                rows.insert(0, head)
            yield Group(folder, head, tuple(rows), head.title if head else _stand_in(library, folder))


def _home_of(folder: str, heads: Mapping[str, Family]) -> str:
    """Find the group of a folder: the innermost section around it."""
    while "/" in folder and folder not in heads:
        folder = folder.rpartition("/")[0]
    return folder


def _stand_in(library: Library, folder: str) -> str:
    edition = library.editions[library.config.default_language]
    section = edition.sections.get(folder)
    return section.page.title if section else folder
