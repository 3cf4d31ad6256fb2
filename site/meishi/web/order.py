"""In which order lists show their pages, and who stands beside whom."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from meishi.content.models import Edition, Page, Section

#: How many of the newest pages a feed carries.
FED = 20


class Order:
    """Know the place of each page in its section, worked out once for each section.

    Lists keep the library's order, which is Hugo's: by weight, then the newest, then by title. Where weights
    decide, the next page is the one below; where dates do, it is the newer one.
    """

    def __init__(self) -> None:
        self._places: dict[str, tuple[Sequence[Page], Mapping[str, int]]] = {}

    def neighbours(self, section: Section, path: str) -> tuple[Page | None, Page | None]:
        """Return the pages before and after a page of a section."""
        if section.address not in self._places:
            own = [page for page in section.pages if not page.link]
            self._places[section.address] = own, {page.path: place for place, page in enumerate(own)}
        pages, places = self._places[section.address]
        place = places.get(path)
        if place is None:
            return None, None
        above = pages[place - 1] if place else None
        below = pages[place + 1] if place + 1 < len(pages) else None
        weighed = bool(pages[0].weight)
        return (above, below) if weighed else (below, above)

    def newest(self, edition: Edition, section: Section | None) -> list[Page]:
        """Return the pages that a feed carries: of a section, or the notes of a language, else its panels."""
        if section is not None:
            return newest_of(section.pages)
        notes = [page for page in edition.pages if page.section]
        return newest_of(notes or edition.pages)


def newest_of(pages: Iterable[Page]) -> list[Page]:
    """Return the newest pages that are pages of this site; those of one day in the library's order."""
    own = [page for page in pages if not page.link]
    return heapq.nlargest(FED, own, key=lambda page: page.date.timestamp() if page.date else 0.0)
