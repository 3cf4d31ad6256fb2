"""Take entries in from elsewhere: an export, a backup, an older guestbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from meishi.config.guestbook import slug_of
from meishi.guestbook.ledger import Account, Ledger
from meishi.guestbook.lookups import rows_by_ref
from meishi.guestbook.models import STATES, Delta, Imported, Record
from meishi.guestbook.parts import Parts
from meishi.guestbook.rooms import Rooms
from meishi.guestbook.rows import milliseconds, values_of
from meishi.guestbook.scoring import likeness
from meishi.guestbook.tables import ENTRIES
from meishi.guestbook.texts import TextError, clean_body, clean_link, clean_name
from meishi.guestbook.wishes import is_id

#: More than this is not told one by one: readers begin the room anew.
_TOLD = 200
_PLACING = (
    update(ENTRIES)
    .where(ENTRIES.c.serial == bindparam("which"))
    .values(number=bindparam("new_number"), version=bindparam("new_version"))
)


@dataclass(frozen=True, slots=True)
class Importer:
    """Add records; ids that are known stay as they are."""

    parts: Parts
    rooms: Rooms

    def take_in(self, records: Iterable[Record]) -> Imported:
        """Add records in one transaction, and number the shown ones by their times."""
        given = list(records)
        good = {record.ref: record for record in map(self._checked, given) if record is not None}
        with self.parts.posting() as ledger:
            ledger.lock({ref.room for ref in good}, self.rooms.fresh)
            stored = rows_by_ref(ledger.connection, good)
            fresh = sorted(
                (record for ref, record in good.items() if ref not in stored),
                key=lambda record: (record.entry.at, record.entry.number, record.arrival),
            )
            for room in sorted({record.room for record in fresh}):
                self._add(ledger, ledger[room], [record for record in fresh if record.room == room])
        refused = sum(self._checked(record) is None for record in given)
        return Imported(len(fresh), len(given) - refused - len(fresh), refused)

    def _checked(self, record: Record) -> Record | None:
        """Return a record that is fit to be kept, None for one that is not."""
        room = record.room if record.room.startswith("/") else slug_of(record.room)
        entry = record.entry
        if not room or len(room) > 200 or not is_id(entry.id) or record.state not in STATES[:4]:
            return None
        try:
            # Longer texts than the settings allow were allowed once.
            entry = entry._replace(
                name=clean_name(entry.name, 1000),
                body=clean_body(entry.body, 100_000),
                link=clean_link(entry.link or ""),
                face=entry.face[:16],
                to=entry.to if entry.to and is_id(entry.to) else None,
                page=entry.page[:200] if entry.page and entry.page.startswith("/") else None,
            )
        except TextError:
            return None
        return record._replace(
            room=room, entry=entry, author=record.author[:32], address=record.address[:32],
            language=record.language[:16],
        )  # fmt: skip

    def _add(self, ledger: Ledger, account: Account, records: Sequence[Record]) -> None:
        shown = [record for record in records if record.state == "shown"]
        asked = select(func.max(ENTRIES.c.at))
        asked = asked.where(ENTRIES.c.room == account.slug, ENTRIES.c.number.is_not(None))
        last = ledger.connection.execute(asked).scalar()
        in_between = bool(shown) and last is not None and milliseconds(shown[0].entry.at) < last
        values: list[dict[str, Any]] = []
        for record in records:
            place = record.state == "shown"
            number, version = (account.number(), account.step()) if place else (0, 0)
            entry = record.entry._replace(number=number, version=version)
            record = record._replace(entry=entry, arrival=account.arrive())
            account.count(record.state, +1)
            account.latest = max(account.latest or 0, milliseconds(entry.at))
            values.append(values_of(record, likeness=likeness(entry.body)))
            if place:
                account.entries.append(entry)
        ledger.connection.execute(insert(ENTRIES), values)
        if in_between or len(account.entries) > _TOLD:
            self._begin_anew(ledger, account)

    def _begin_anew(self, ledger: Ledger, account: Account) -> None:
        """Give numbers by the times of the entries; with another epoch, readers begin anew."""
        asked = select(ENTRIES.c.serial, ENTRIES.c.number, ENTRIES.c.at)
        asked = asked.where(ENTRIES.c.room == account.slug, ENTRIES.c.number.is_not(None))
        rows = ledger.connection.execute(asked.order_by(ENTRIES.c.at, ENTRIES.c.number)).all()
        places = [
            {"which": row.serial, "new_number": number, "new_version": account.step()}
            for number, row in enumerate(rows, start=1)
        ]
        ledger.connection.execute(_PLACING, places)
        account.numbered = len(rows)
        account.epoch = self.rooms.epoch()
        account.entries.clear()
        ledger.told.append(Delta(account.slug, account.epoch, account.head, account.head, "entries"))
