"""What the owner looks for in the guestbook, and how an entry is named in forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meishi.guestbook.models import Ref, Wanted

#: What the list can be narrowed to; erased entries have nothing left to show.
STATES = ("held", "shown", "hidden", "binned")
#: So many entries stand on one part of the list.
SHOWN = 50
#: Letters that a search may have: more is no name and no sentence.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What the owner wants to see; empty fields want all. Days are those of the owner's time zone."""

    words: str = ""
    room: str = ""
    state: str = ""
    author: str = ""
    address: str = ""
    since: str = ""
    until: str = ""
    before: int = 0  # where the part of the list that was shown last ended

    @property
    def is_narrow(self) -> bool:
        """Tell whether something is sought, and not only the room looked at."""
        return bool(self.words or self.state or self.author or self.address or self.since or self.until)

    @property
    def fields(self) -> dict[str, str]:
        """Return what an address or a form must carry to mean the same."""
        named = {
            "q": self.words, "room": self.room, "state": self.state, "author": self.author,
            "address": self.address, "since": self.since, "until": self.until,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value}

    def wanted(self, zone: str) -> Wanted:
        """Return the same for the guestbook; `until` includes its whole day."""
        since, until = day(self.since), day(self.until)
        return Wanted(
            text=self.words,
            room=self.room,
            states=(self.state,) if self.state else (),
            author=self.author,
            address=self.address,
            since=_midnight(since, zone) if since else None,
            until=_midnight(until + timedelta(days=1), zone) if until else None,
        )

    def of_state(self, state: str) -> Query:
        """Return the same query for another state, from its beginning."""
        return replace(self, state=state, before=0)

    def from_before(self, before: int) -> Query:
        """Return the same query for the part of the list that ends before an entry."""
        return replace(self, before=before)


def read_query(values: Mapping[str, str]) -> Query:
    """Read a query from an address or a form; what makes no sense is left out."""
    state, before = values.get("state", ""), values.get("before", "")
    return Query(
        words=values.get("q", "").strip()[:_LONGEST],
        room=values.get("room", "")[:_LONGEST],
        state=state if state in STATES else "",
        author=values.get("author", "")[:_LONGEST],
        address=values.get("address", "")[:_LONGEST],
        since=values.get("since", "") if day(values.get("since", "")) else "",
        until=values.get("until", "") if day(values.get("until", "")) else "",
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0,
    )


def named(ref: Ref) -> str:
    """Write the name of an entry for a form: ids have no spaces, rooms may."""
    return f"{ref.id} {ref.room}"


def refs(names: Sequence[str]) -> list[Ref]:
    """Read the names of entries from a form; what is none is left out."""
    found = (name.partition(" ") for name in names)
    return list(dict.fromkeys(Ref(room, id_) for id_, _, room in found if id_ and room))


def day(text: str) -> date | None:
    """Read a day as a date field writes it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year < 9000 else None


def _midnight(found: date, zone: str) -> datetime:
    return datetime.combine(found, time(), ZoneInfo(zone))
