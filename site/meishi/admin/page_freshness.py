"""Which translations are behind the page they were made from, counted once for each pair of versions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from meishi.admin.page_families import Family, Member
from meishi.content.editing.desk import Desk
from meishi.content.editing.freshness import FIELD, behind
from meishi.errors import MeishiError

#: So many comparisons are made for one look at the list; the others follow at the next look.
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a translation is behind; `paragraphs` is None while nobody counted."""

    source: Member
    paragraphs: int | None


@dataclass(slots=True)
class Freshness:
    """Compare translations with their sources."""

    desk: Desk
    _counted: dict[tuple[str, str], int | None] = field(default_factory=dict)
    _left: int = AT_ONCE

    def begin(self) -> None:
        """Allow the comparisons of one look."""
        self._left = AT_ONCE

    def lags(self, family: Family) -> Mapping[str, Lag]:
        """Map the languages whose text is behind to how far; others are up to date, or do not say."""
        source = source_of(family)
        if source is None:
            return {}
        found = {}
        for member in family.members:
            then = version_of(member)
            if member is source or not then or then == source.file.digest:
                continue
            count = self._count(source, then)
            if count != 0:
                found[member.language] = Lag(source, count)
        return found

    def _count(self, source: Member, then: str) -> int | None:
        key = source.file.digest, then
        if key not in self._counted:
            if self._left <= 0:
                return None
            self._left -= 1
            self._counted[key] = self._compare(source, then)
        return self._counted[key]

    def _compare(self, source: Member, then: str) -> int | None:
        path = PurePosixPath(source.path)
        with suppress(MeishiError):
            old = self.desk.text_of(path, then)
            return None if old is None else len(behind(self.desk.open(path).text, old))
        return None


def source_of(family: Family) -> Member | None:
    """Return the page that the others are made from: the first that is no translation itself."""
    return next((member for member in family.members if member.page and not version_of(member)), None)


def version_of(member: Member) -> str:
    """Return the version of its source that a translation agrees with, "" if it does not say."""
    return str(member.page.params.get(FIELD) or "") if member.page else ""
