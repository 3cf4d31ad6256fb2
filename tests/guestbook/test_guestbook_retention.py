"""What is not kept: old entries, erased ones after an hour, addresses, the keys of past days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from guestbooks import OPEN, MakeParty, Party
from sqlalchemy import text

from meishi.guestbook.addresses import network
from meishi.guestbook.models import Visitor


def rows(party: Party, statement: str) -> list[Any]:
    with party.guestbook._parts.store.reading() as connection:
        return list(connection.execute(text(statement)).scalars())


def everything(party: Party) -> str:
    tables = ("rooms", "entries", "bans", "day_keys", "deeds", "notes")
    with party.guestbook._parts.store.reading() as connection:
        found = (connection.execute(text(f"select * from guestbook_{name}")).all() for name in tables)
        return str([tuple(row) for part in found for row in part])


def test_what_the_owner_erased_can_be_brought_back_for_an_hour(party: Party) -> None:
    ref = party.signed("oops")
    party.guestbook.bin([ref])
    party.clock.advance(minutes=59)
    assert party.guestbook.sweep() == 0
    party.guestbook.restore([ref])
    assert party.bodies() == ["oops"]

    party.guestbook.bin([ref])
    party.clock.advance(minutes=61)

    assert party.guestbook.sweep() == 1
    assert party.guestbook.restore([ref]).id == 0
    assert "oops" not in everything(party)


def test_old_entries_are_erased_where_the_owner_wants_it(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(keep_days=10))
    party.guestbook.sign([party.wish(f"old {number}") for number in range(450)])
    party.clock.advance(days=9)
    party.signed("young")
    assert party.guestbook.sweep() == 0
    party.clock.advance(days=2)

    assert party.guestbook.sweep() == 450
    assert party.bodies() == ["young"]
    party.guestbook.reconfigure(OPEN)
    party.clock.advance(days=1000)
    assert party.guestbook.sweep() == 0


def test_refused_entries_are_erased_after_a_while(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(mode="hold-all", keep_held_days=60))
    party.signed("held")
    hidden = party.signed("hidden")
    party.clock.advance(days=30)
    party.guestbook.hide([hidden])
    party.clock.advance(days=31)
    assert party.guestbook.sweep() == 1
    assert party.guestbook.queue() == ()
    party.clock.advance(days=31)

    assert party.guestbook.sweep() == 1


def test_no_address_and_no_secret_token_is_stored(party: Party) -> None:
    visitor = Visitor(author="my secret token", address="203.0.113.77")
    outcome = party.sign("x", visitor=visitor)
    party.guestbook.ban(party.signed("y", visitor=visitor), kind="address")

    stored = everything(party)
    assert "203.0.113" not in stored
    assert "my secret token" not in stored
    assert outcome.token not in stored


def test_an_address_looks_different_every_day(party: Party) -> None:
    visitor = Visitor(author="a", address="203.0.113.77")
    party.signed("today", visitor=visitor)
    party.signed("today too", visitor=visitor)
    party.clock.advance(days=1)
    party.signed("tomorrow", visitor=visitor)
    one, two, three = rows(party, "select address from guestbook_entries order by serial")

    assert one == two != three


def test_addresses_and_their_keys_are_forgotten(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(keep_address_days=3))
    party.signed("x")
    party.clock.advance(days=2)
    party.guestbook.sweep()
    assert rows(party, "select day from guestbook_day_keys") == []
    assert all(rows(party, "select address from guestbook_entries"))
    party.clock.advance(days=2)
    party.guestbook.sweep()

    assert rows(party, "select address from guestbook_entries") == [None]


def test_with_no_days_no_address_is_kept_at_all(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(keep_address_days=0))
    party.signed("x")

    assert rows(party, "select address from guestbook_entries") == [None]


def test_the_key_of_a_day_stays_while_a_ban_needs_it(party: Party) -> None:
    party.guestbook.ban(party.signed("x"), kind="address", until=party.clock.now + timedelta(days=5))
    party.clock.advance(days=4)
    party.guestbook.sweep()
    assert rows(party, "select day from guestbook_day_keys") == ["2026-11-25"]
    party.clock.advance(days=2)
    party.guestbook.sweep()

    assert rows(party, "select day from guestbook_day_keys") == []
    assert rows(party, "select id from guestbook_bans") == []


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("not an address", "not an address"),
    ],
)
def test_one_person_holds_half_of_an_address_of_version_6(address: str, held: str) -> None:
    assert network(address) == held
