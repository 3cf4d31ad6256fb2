"""Signing: a batch of entries in one transaction, an outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from meishi.guestbook.bans import Bans
from meishi.guestbook.errors import GuestbookBusyError
from meishi.guestbook.judging import Judge, Known, Verdict
from meishi.guestbook.ledger import Account, Ledger
from meishi.guestbook.lookups import HOUSE_PAUSED, approved, latest, repeated, rows_by_ref, shown_refs
from meishi.guestbook.models import Entry, Outcome, Record, Ref, Signing
from meishi.guestbook.outcomes import refused
from meishi.guestbook.parts import Parts
from meishi.guestbook.rooms import MOST_OPEN, Rooms
from meishi.guestbook.rows import moment_of, record_of, values_of
from meishi.guestbook.tables import ENTRIES
from meishi.guestbook.wishes import Reception, Wish

#: A text counts as repeated for a day.
_REMEMBERED = 86_400_000
_LAST = select(func.max(ENTRIES.c.serial))
_ADDING = insert(ENTRIES).returning(ENTRIES.c.room, ENTRIES.c.id, ENTRIES.c.serial)


@dataclass(frozen=True, slots=True)
class Signer:
    """Store new entries."""

    parts: Parts
    rooms: Rooms
    reception: Reception
    bans: Bans
    judge: Judge

    def sign(self, batch: Sequence[Signing]) -> tuple[Outcome, ...]:
        """Store a batch in one transaction; each entry gets its own outcome, in the same order."""
        looked = [self.reception.look_at(signing) for signing in batch]
        wishes = [wish for wish in looked if isinstance(wish, Wish)]
        outcomes: dict[int, Outcome] = {}
        if wishes:
            try:
                self._refuse(wishes)
                with self.parts.posting() as ledger:
                    outcomes = self._posted(ledger, wishes)
            except GuestbookBusyError:
                outcomes = {
                    id(wish): refused("try_again", wish.signing.visitor.language, wait=2) for wish in wishes
                }
        return tuple(wish if isinstance(wish, Outcome) else outcomes[id(wish)] for wish in looked)

    def _refuse(self, wishes: Sequence[Wish]) -> None:
        """Note who is banned or too quick. Whether the id is stored already is seen later."""
        today = self.parts.now().date()
        for wish in wishes:
            if wish.refusal is None:
                wish.refusal = self.bans.refusal(wish)
            if wish.refusal is None and self.parts.settings.keep_address_days:
                wish.address = self.parts.addresses.scrambled(wish.signing.visitor.address, today)
        counted = [wish for wish in wishes if wish.refusal is None and not wish.signing.visitor.owner]
        limits = self.parts.settings.limits
        taken = self.parts.limiter.take(
            [
                [(f"author:{wish.author}", limits.author), (f"room:{wish.ref.room}", limits.room)]
                + ([(f"address:{wish.address}", limits.address)] if wish.address else [])
                for wish in counted
            ]
        )
        for wish, wait in zip(counted, taken, strict=True):
            if wait:
                wish.refusal = refused("rate_limited", wish.signing.visitor.language, wait=wait)

    def _posted(self, ledger: Ledger, wishes: Sequence[Wish]) -> dict[int, Outcome]:
        connection = ledger.connection
        self._lock(ledger, wishes)
        stored = rows_by_ref(connection, [wish.ref for wish in wishes])
        fresh = [wish for wish in wishes if wish.refusal is None and wish.ref not in stored]
        known = self._known(connection, ledger, fresh)
        now = self.parts.milliseconds()
        made: dict[Ref, tuple[Wish, Record]] = {}
        outcomes: dict[int, Outcome] = {}
        for wish in wishes:
            if (row := stored.get(wish.ref)) is not None:
                outcomes[id(wish)] = self._answer(wish, record_of(row))
            elif wish.ref in made:
                continue  # the same id twice in a batch: answered below, once it is stored
            elif wish.refusal is not None:
                outcomes[id(wish)] = wish.refusal
            elif wish.ref.room not in ledger.accounts:
                outcomes[id(wish)] = refused("full", wish.signing.visitor.language)
            else:
                account = ledger[wish.ref.room]
                verdict = self.judge.judge(wish, account, self._force(account), known, now)
                if isinstance(verdict, Outcome):
                    outcomes[id(wish)] = verdict
                else:
                    made[wish.ref] = (wish, self._entered(wish, account, verdict, known, now))
        self._store(ledger, made)
        for wish in wishes:
            if id(wish) not in outcomes:
                outcomes[id(wish)] = self._answer(wish, made[wish.ref][1])
        return outcomes

    def _lock(self, ledger: Ledger, wishes: Sequence[Wish]) -> None:
        slugs = {wish.ref.room for wish in wishes}
        ledger.lock(slugs)
        missing = slugs - set(ledger.accounts)
        # Only one who may write opens a room.
        wanted = {wish.ref.room for wish in wishes if wish.refusal is None} & missing
        if any(self.rooms.is_open(slug) for slug in wanted):
            room = MOST_OPEN - self.rooms.open_count(ledger.connection)
            opened = sorted(filter(self.rooms.is_open, wanted))
            wanted -= set(opened[max(0, room) :])
        ledger.lock(wanted, self.rooms.fresh)

    def _force(self, account: Account) -> tuple[str, int]:
        return self.rooms.in_force(account.slug, account)

    def _known(self, connection: Connection, ledger: Ledger, fresh: Sequence[Wish]) -> Known:
        if not fresh:
            return Known()
        authors = {wish.author for wish in fresh}
        now = self.parts.milliseconds()
        slow = [slug for slug, account in ledger.accounts.items() if self._force(account)[1]]
        answered = [Ref(wish.ref.room, wish.signing.to) for wish in fresh if wish.signing.to]
        return Known(
            approved=approved(connection, authors),
            repeated=repeated(connection, [wish.likeness for wish in fresh], now - _REMEMBERED),
            latest=latest(connection, authors, slow) if slow else {},
            answered=shown_refs(connection, answered),
            house_paused=bool(connection.execute(HOUSE_PAUSED).scalar()),
        )

    def _entered(self, wish: Wish, account: Account, verdict: Verdict, known: Known, now: int) -> Record:
        """Give an entry its place, and let the rest of the batch know of it."""
        signing = wish.signing
        shown = verdict.state == "shown"
        known.latest[wish.author, account.slug] = now
        if wish.likeness:
            known.repeated.add(wish.likeness)
        if shown:
            known.approved.add(wish.author)
            known.answered.add(wish.ref)
        account.latest = now
        account.count(verdict.state, +1)
        entry = Entry(
            id=wish.ref.id,
            number=account.number() if shown else 0,
            version=account.step() if shown else 0,
            at=moment_of(now),
            name=wish.fields.name,
            body=wish.fields.body,
            link=wish.fields.link,
            face=self.parts.seals.face(wish.author),
            owner=signing.visitor.owner,
            to=signing.to if (account.slug, signing.to) in known.answered else None,
            page=wish.page,
        )
        return Record(
            room=account.slug,
            entry=entry,
            state=verdict.state,
            reasons=verdict.reasons,
            score=sum(reason.points for reason in verdict.reasons),
            author=wish.author,
            address=wish.address,
            language=signing.visitor.language[:16],
            arrival=account.arrive(),
        )

    def _store(self, ledger: Ledger, made: dict[Ref, tuple[Wish, Record]]) -> None:
        if not made:
            return
        values = [values_of(record, likeness=wish.likeness) for wish, record in made.values()]
        for ref, serial in _added(ledger.connection, values).items():
            wish, record = made[ref]
            made[ref] = (wish, record._replace(serial=serial))
        for _, record in made.values():
            account = ledger[record.room]
            account.records.append(record)
            if record.state == "shown":
                account.entries.append(record.entry)

    def _answer(self, wish: Wish, record: Record) -> Outcome:
        """Return the outcome of an id that is stored."""
        language = wish.signing.visitor.language
        if record.state == "erased":
            return refused("gone", language)
        if record.author != wish.author:
            return refused("bad_request", language, word="id_taken")
        token = self.parts.seals.entry_token(wish.ref, record.author)
        return Outcome(ok=True, record=record, token=token)


def _added(connection: Connection, values: list[dict[str, Any]]) -> dict[Ref, int]:
    """Insert entries, and return their serial numbers."""
    if connection.dialect.name != "sqlite":
        # One statement for all: pg8000 would send a list of them one by one.
        rows = connection.execute(_ADDING, values)
        return {Ref(row.room, row.id): int(row.serial) for row in rows}
    # SQLite takes a list faster than one long statement, and as its one writer we know the numbers.
    connection.execute(insert(ENTRIES), values)
    last = int(connection.execute(_LAST).scalar_one())
    first = last - len(values) + 1
    return {Ref(row["room"], row["id"]): first + place for place, row in enumerate(values)}
