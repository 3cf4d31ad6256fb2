"""The list of pages: what is asked of it, and the rows that answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from meishi.admin.page_families import Families, Family, Group, Member, families_of
from meishi.admin.page_freshness import Freshness, Lag
from meishi.admin.page_states import State, state_of
from meishi.admin.page_texts import PageTexts
from meishi.admin.published import Baseline, Published
from meishi.content.library import Library

#: The states that the list can be narrowed to.
FILTERS = ("draft", "scheduled", "expired", "changed", "untranslated", "broken")
#: So many rows stand on one page of the list; a longer list shows so many of each section at first.
PAGE_ROWS, SECTION_ROWS = 100, 12


@dataclass(frozen=True, slots=True)
class Query:
    """What the owner wants to see; empty texts want all."""

    words: str = ""
    state: str = ""
    section: str = ""
    language: str = ""
    number: int = 1

    @property
    def is_narrow(self) -> bool:
        """Tell whether not all pages are wanted."""
        return bool(self.words or self.state or self.section or self.language)


@dataclass(frozen=True, slots=True)
class Cell:
    """A page's column of one language; `member` is None where there is no translation."""

    language: str
    member: Member | None
    state: State | None
    lag: Lag | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list; `position` counts the panels from 1, 0 where the order cannot be changed."""

    family: Family
    cells: tuple[Cell, ...]
    position: int = 0

    @property
    def states(self) -> tuple[tuple[State, tuple[str, ...]], ...]:
        """Join equal states; languages are named only where they differ."""
        by_state: dict[State, list[str]] = {}
        for cell in self.cells:
            if cell.state is not None:
                by_state.setdefault(cell.state, []).append(cell.language)
        if len(by_state) == 1:
            return ((next(iter(by_state)), ()),)
        return tuple((state, tuple(codes)) for state, codes in by_state.items())


@dataclass(frozen=True, slots=True)
class Block:
    """A group of rows under its heading; `more` counts those that are left out."""

    group: Group
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer to a query."""

    query: Query
    blocks: tuple[Block, ...]
    counts: Mapping[str, int]
    found: int
    pages: int
    movable: bool


@dataclass(slots=True)
class View:
    """One reading of the content with its families and their states, which hold until a moment."""

    library: Library
    families: Families
    baseline: Baseline | None
    now: datetime
    freshness: Freshness
    until: datetime
    _states: dict[str, State] = field(default_factory=dict)
    _marks: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def holds(self, library: Library, baseline: Baseline | None, now: datetime) -> bool:
        """Tell whether all states are still what they were."""
        return library is self.library and baseline == self.baseline and self.now <= now < self.until

    @property
    def languages(self) -> tuple[str, ...]:
        """List the codes of the site's languages."""
        return tuple(language.code for language in self.library.config.languages)

    def state(self, member: Member) -> State:
        """Say how a page stands."""
        found = self._states.get(member.path)
        if found is None:
            found = self._states[member.path] = state_of(member, self.library, self.baseline, self.now)
        return found

    def row(self, family: Family, position: int = 0) -> Row:
        """Make a family's line."""
        lags = self.freshness.lags(family)
        cells = []
        for code in self.languages:
            member = family.member(code)
            state = self.state(member) if member else None
            cells.append(Cell(code, member, state, lags.get(code)))
        return Row(family, tuple(cells), position)

    def marks(self, family: Family, languages: Sequence[str]) -> frozenset[str]:
        """Name the filters that a family passes, as far as these languages go."""
        key = family.path, ",".join(languages)
        found = self._marks.get(key)
        if found is None:
            lags = self.freshness.lags(family)
            found = frozenset(self._marks_of(family, languages, lags))
            if all(lag.paragraphs is not None for lag in lags.values()):
                self._marks[key] = found
        return found

    def _marks_of(self, family: Family, languages: Sequence[str], lags: Mapping[str, Lag]) -> Iterator[str]:
        for code in languages:
            member = family.member(code)
            if member is None or code in lags:
                yield "untranslated"
            if member is not None:
                state = self.state(member)
                yield state.standing
                if state.change:
                    yield "changed"


class PageList:
    """Answer queries about the newest reading of the content."""

    def __init__(self, published: Published, freshness: Freshness) -> None:
        self.texts = PageTexts()
        self._published = published
        self._freshness = freshness
        self._view: View | None = None

    def view(self, library: Library, now: datetime) -> View:
        """Look at a reading of the content."""
        baseline = self._published.baseline(library, now)
        self._freshness.begin()
        known = self._view
        if known is not None and known.holds(library, baseline, now):
            return replace(known, now=now)
        same = known is not None and known.library is library
        families = known.families if known is not None and same else families_of(library)
        self._view = View(library, families, baseline, now, self._freshness, _next_change(library, now))
        return self._view

    def answer(self, view: View, query: Query) -> Listing:
        """Find the rows that a query wants."""
        groups = [view.families.card, *view.families.sections]
        groups = [group for group in groups if _fits(group, query.section)]
        if query.words:
            everything = [family for group in groups for family in group.families]
            hits = set(self.texts.matching(view.library, everything, query.words))
            groups = [_only(group, hits) for group in groups]
        languages = [query.language] if query.language in view.languages else list(view.languages)
        counts: Counter[str] = Counter()
        kept: list[Group] = []
        for group in groups:
            shown = []
            for family in group.families:
                marks = view.marks(family, languages)
                counts.update(marks)
                if _wanted(marks, family, query):
                    shown.append(family)
            kept.append(replace(group, families=tuple(shown)))
        counts["all"] = sum(len(group.families) for group in groups)
        return _paged(view, query, kept, counts)


def _next_change(library: Library, now: datetime) -> datetime:
    """Return when the next page appears or expires."""
    moments = (
        moment
        for page in library.by_path.values()
        for moment in (page.publish_date or page.date, page.expiry_date)
        if moment is not None and moment > now
    )
    return min(moments, default=datetime.max.replace(tzinfo=UTC))


def _fits(group: Group, section: str) -> bool:
    if not section:
        return True
    if section == ".":
        return not group.folder
    return group.folder == section or group.folder.startswith(f"{section}/")


def _only(group: Group, families: set[Family]) -> Group:
    return replace(group, families=tuple(one for one in group.families if one in families))


def _wanted(marks: frozenset[str], family: Family, query: Query) -> bool:
    if query.state:
        return query.state in marks
    return not query.language or family.member(query.language) is not None


def _paged(view: View, query: Query, groups: Sequence[Group], counts: Mapping[str, int]) -> Listing:
    """Show all of a short list; of a long one the first of each section, or page by page what was asked."""
    total = sum(len(group.families) for group in groups)
    whole = not query.is_narrow
    movable = whole or (query.section == "." and not (query.words or query.state or query.language))
    if whole and total > PAGE_ROWS:
        blocks = tuple(_first(view, group, SECTION_ROWS if group.folder else PAGE_ROWS) for group in groups)
        return Listing(query, blocks, counts, total, 1, movable)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(query.number, 1), pages)
    wanted = range((number - 1) * PAGE_ROWS, number * PAGE_ROWS)
    found: list[Block] = []
    start = 0
    for group in groups:
        inside = range(max(wanted.start - start, 0), min(wanted.stop - start, len(group.families)))
        if inside or (whole and not group.families):
            found.append(Block(group, tuple(_rows(view, group, movable, inside))))
        start += len(group.families)
    return Listing(query, tuple(found), counts, total, pages, movable and pages == 1)


def _first(view: View, group: Group, most: int) -> Block:
    rows = tuple(_rows(view, group, True, range(min(most, len(group.families)))))
    return Block(group, rows, len(group.families) - len(rows))


def _rows(view: View, group: Group, movable: bool, inside: range) -> Iterator[Row]:
    position = 0
    for number, family in enumerate(group.families):
        free = not group.folder and family.is_panel and family.path not in view.families.fixed
        position += free
        if number in inside:
            yield view.row(family, position if free and movable else 0)
