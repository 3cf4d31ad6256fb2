"""What authors do with their own entries: edit, erase, have everything forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select, update

from meishi.guestbook.bans import Bans
from meishi.guestbook.errors import GuestbookBusyError, NotYoursError, UnknownRoomError
from meishi.guestbook.judging import Judge, Known, Verdict, verdict
from meishi.guestbook.ledger import Account, Ledger
from meishi.guestbook.lookups import HOUSE_PAUSED, approved, rows_by_ref
from meishi.guestbook.models import Changes, Outcome, Ref, Signing, Visitor
from meishi.guestbook.moving import own_changes, wipe
from meishi.guestbook.outcomes import refused
from meishi.guestbook.parts import Parts
from meishi.guestbook.rooms import Rooms
from meishi.guestbook.rows import moment_of, record_of, stored_reasons
from meishi.guestbook.scoring import likeness, total
from meishi.guestbook.seals import same
from meishi.guestbook.tables import ENTRIES
from meishi.guestbook.wishes import Fields, Reception, Wish


@dataclass(frozen=True, slots=True)
class Authors:
    """Let authors change what is theirs."""

    parts: Parts
    rooms: Rooms
    reception: Reception
    bans: Bans
    judge: Judge

    def edit(self, room: str, id: str, token: str, changes: Changes, visitor: Visitor) -> Outcome:  # noqa: A002
        """Change an entry; the owner needs no token."""
        try:
            ref = Ref(self.rooms.canonical(room), id)
            if not visitor.owner and (refusal := self._too_quick(visitor, ref)):
                return refusal
            with self.parts.posting() as ledger:
                row = self._row(ledger, ref, token, visitor)
                return row if isinstance(row, Outcome) else self._edited(ledger, row, changes, visitor)
        except UnknownRoomError:
            return refused("unknown_room", visitor.language)
        except GuestbookBusyError:
            return refused("try_again", visitor.language, wait=2)

    def erase(self, room: str, id: str, token: str, visitor: Visitor) -> Outcome:  # noqa: A002
        """Erase an entry for good; allowed at all times."""
        try:
            ref = Ref(self.rooms.canonical(room), id)
            with self.parts.posting() as ledger:
                row = self._row(ledger, ref, token, visitor)
                if isinstance(row, Outcome):
                    return row
                return Outcome(ok=True, count=wipe(ledger, [row], self.parts.milliseconds()))
        except UnknownRoomError:
            return refused("unknown_room", visitor.language)
        except GuestbookBusyError:
            return refused("try_again", visitor.language, wait=2)

    def forget(self, visitor: Visitor, token: str) -> Outcome:
        """Erase everything of a visitor, known by the browser's token or by that of one entry."""
        try:
            author = self._author(visitor, token)
            return Outcome(ok=True, count=self.erase_author(author) if author else 0)
        except NotYoursError:
            return refused("not_yours", visitor.language)
        except GuestbookBusyError:
            return refused("try_again", visitor.language, wait=2)

    def erase_author(self, author: str) -> int:
        """Erase everything of an author for good; return how many entries."""
        mine = (ENTRIES.c.author == author, ENTRIES.c.state != "erased")
        if not author:
            return 0
        with self.parts.posting() as ledger:
            rooms = ledger.connection.execute(select(ENTRIES.c.room).where(*mine).distinct()).scalars().all()
            ledger.lock(rooms)
            rows = ledger.connection.execute(select(ENTRIES).where(*mine, ENTRIES.c.room.in_(rooms))).all()
            return wipe(ledger, rows, self.parts.milliseconds())

    def _author(self, visitor: Visitor, token: str) -> str:
        if not token:
            return self.parts.seals.author_key(f"visitor {visitor.author}") if visitor.author else ""
        ref = self.parts.seals.opened(token)
        with self.parts.store.reading() as connection:
            row = rows_by_ref(connection, [ref]).get(ref)
        if row is None or not same(token, self.parts.seals.entry_token(ref, row.author)):
            raise NotYoursError("this link opens no entry")
        return str(row.author)

    def _too_quick(self, visitor: Visitor, ref: Ref) -> Outcome | None:
        author = self.reception.author(visitor, ref)
        (wait,) = self.parts.limiter.take([[(f"edits:{author}", self.parts.settings.limits.author)]])
        return refused("rate_limited", visitor.language, wait=wait) if wait else None

    def _row(self, ledger: Ledger, ref: Ref, token: str, visitor: Visitor) -> Row[Any] | Outcome:
        """Lock an entry's room and return the entry, if it is there and the visitor's own."""
        ledger.lock([ref.room])
        row = rows_by_ref(ledger.connection, [ref]).get(ref)
        if row is None or row.state in ("erased", "binned"):
            return refused("gone", visitor.language)
        if not visitor.owner and not same(token, self.parts.seals.entry_token(ref, row.author)):
            return refused("not_yours", visitor.language)
        return row

    def _edited(self, ledger: Ledger, row: Row[Any], changes: Changes, visitor: Visitor) -> Outcome:
        before = Fields(row.name, row.body, row.link)
        fields, refusal = self.reception.changed(before, changes, visitor)
        wish = self._wish(row, fields, visitor)
        refusal = refusal or self.bans.refusal(wish)
        account = ledger[row.room]
        if refusal is None and not visitor.owner:
            mode = self.rooms.in_force(row.room, account)[0]
            paused = bool(ledger.connection.execute(HOUSE_PAUSED).scalar())
            refusal = self.judge.closed(wish, account, mode, house_paused=paused)
        if refusal is not None:
            return refusal
        token = self.parts.seals.entry_token(wish.ref, row.author)
        if fields == before:
            return Outcome(ok=True, record=record_of(row), token=token)
        found = self._verdict(ledger, account, row, wish)
        self._write(ledger, account, row, wish, found)
        return Outcome(ok=True, record=account.records[-1], token=token)

    def _verdict(self, ledger: Ledger, account: Account, row: Row[Any], wish: Wish) -> Verdict:
        """Return the state of an edited entry: one that is shown may have to be held again."""
        if wish.signing.visitor.owner:
            return Verdict(row.state, ())
        known = Known(approved=approved(ledger.connection, [row.author]))
        mode = self.rooms.in_force(row.room, account)[0]
        found = verdict(mode, self.judge.reasons(wish, known), first=row.author not in known.approved)
        return found if row.state == "shown" else replace(found, state=row.state)

    def _write(self, ledger: Ledger, account: Account, row: Row[Any], wish: Wish, found: Verdict) -> None:
        now = self.parts.milliseconds()
        version = account.step() if row.state == "shown" else row.version
        values = {
            "name": wish.fields.name, "body": wish.fields.body, "link": wish.fields.link, "edited": now,
            "version": version, "state": found.state, "score": total(found.reasons),
            "reasons": stored_reasons(found.reasons), "likeness": wish.likeness,
        }  # fmt: skip
        ledger.connection.execute(update(ENTRIES).where(ENTRIES.c.serial == row.serial).values(**values))
        before = record_of(row)
        entry = before.entry._replace(
            name=wish.fields.name, body=wish.fields.body, link=wish.fields.link,
            edited=moment_of(now), version=version or 0,
        )  # fmt: skip
        record = before._replace(
            entry=entry, state=found.state, reasons=found.reasons, score=total(found.reasons)
        )
        if found.state != row.state:
            account.count(row.state, -1)
            account.count(found.state, +1)
        if found.state == "shown":
            account.edited.append(entry)
        elif row.state == "shown":
            account.removed.append(entry.id)
        account.changed = True
        account.records.append(record)
        ledger.told += own_changes([record])

    def _wish(self, row: Row[Any], fields: Fields, visitor: Visitor) -> Wish:
        signing = Signing(row.room, row.id, fields.name, fields.body, visitor)
        return Wish(
            signing, Ref(row.room, row.id), row.author, fields, likeness=likeness(fields.body)
        )  # fmt: skip
