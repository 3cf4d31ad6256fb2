"""The changes of a publication as the study lists them: first what was written, then what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from meishi.admin.language import _
from meishi.admin.study import Study
from meishi.publishing.difference import Change, Difference

Test = Callable[[Change], bool]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Changes of one sort; of a long list `most` are shown at first, of a folded one none."""

    id: str
    title: str
    changes: tuple[Change, ...]
    most: int
    folded: bool = False


def shelves(difference: Difference, written: Test | None = None) -> list[Shelf]:
    """Sort changes; `written` tells whether a changed page was written to, and not only what surrounds it."""
    own: list[Change] = []
    around: list[Change] = []
    files: list[Change] = []
    for change in difference.changes:
        if not change.page:
            files.append(change)
        elif change.kind != "changed" or written is None or written(change):
            own.append(change)
        else:
            around.append(change)
    found = [
        Shelf("pages", _("Pages"), tuple(own), 100, folded=difference.first),
        Shelf("around", _("Only menus and lists around the text"), tuple(around), 200, folded=True),
        Shelf("files", _("Pictures and files"), tuple(files), 20, folded=difference.first),
    ]
    return [shelf for shelf in found if shelf.changes]


def written_to(study: Study) -> Test | None:
    """Return what tells whether a page's own file differs from the published one; None if nobody knows."""
    library = study.source.current().library
    baseline = study.pages.view(library, study.now()).baseline
    if baseline is None:
        return None

    def test(change: Change) -> bool:
        page = library.by_path.get(change.source)
        return page is not None and bool(baseline.change(page, library.sources.files))

    return test
