"""Those who join are told of their own entries that are held or hidden, without being looked up in vain."""

from __future__ import annotations

import pytest
from guestbooks import MakeParty, Party

from meishi.guestbook.models import Visitor
from meishi.live import guestbook_withheld
from meishi.live.guestbook_withheld import FRESH, Withheld


def watched(party: Party) -> Withheld:
    withheld = Withheld(lambda: party.guestbook, party.clock.monotonic)
    party.guestbook.subscribe(withheld.forget)
    return withheld


def own(party: Party, withheld: Withheld, visitor: Visitor) -> list[str]:
    key = party.guestbook.author_key(visitor.author) if visitor.author else ""
    return [record.state for record in withheld.of(key, visitor, "lobby")]


def test_what_this_process_holds_and_hides_is_known_at_once(party: Party) -> None:
    withheld, ann, bob = watched(party), party.wish(by="ann").visitor, party.wish(by="bob").visitor
    assert own(party, withheld, ann) == []
    shown = party.signed("shown", by="ann")
    assert own(party, withheld, ann) == []

    party.guestbook.hide([shown])
    assert (own(party, withheld, ann), own(party, withheld, bob)) == (["hidden"], [])

    party.guestbook.set_mode("lobby", "hold-all")
    party.signed("held", by="bob")
    assert (own(party, withheld, ann), own(party, withheld, bob)) == (["hidden"], ["held"])

    party.guestbook.approve([record.ref for record in party.guestbook.queue()])
    assert (own(party, withheld, ann), own(party, withheld, bob)) == (["hidden"], [])
    assert own(party, withheld, Visitor()) == []


def test_what_another_process_holds_is_known_in_a_moment(make_party: MakeParty) -> None:
    here, there = make_party(), make_party()
    withheld, ann = watched(here), here.wish(by="ann").visitor
    assert own(here, withheld, ann) == []
    there.guestbook.set_mode("lobby", "hold-all")
    there.signed("held", by="ann")

    here.clock.advance(seconds=FRESH)

    assert own(here, withheld, ann) == ["held"]


def test_where_much_is_withheld_each_is_looked_up(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guestbook_withheld, "MOST", 1)
    party.guestbook.set_mode("lobby", "hold-all")
    for name in ("ann", "bob", "cat"):
        party.signed("held", by=name)
    withheld = watched(party)

    assert party.guestbook.withheld(limit=1) is None
    assert own(party, withheld, party.wish(by="cat").visitor) == ["held"]
    assert own(party, withheld, party.wish(by="dan").visitor) == []
