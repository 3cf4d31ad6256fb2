"""The owner decides, takes decisions back, finds entries, and keeps people out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from guestbooks import OPEN, MakeParty, Party

from meishi.guestbook.errors import GuestbookError, UnknownEntryError
from meishi.guestbook.models import QueueChange, Ref, Visitor, Wanted

HELD = OPEN._replace(mode="hold-all")


def test_a_decision_is_told_with_what_it_changed(make_party: MakeParty) -> None:
    party = make_party(HELD)
    refs = [party.signed(f"{number}") for number in range(3)]
    deed = party.guestbook.approve([*refs, Ref("lobby", "no-such-id")])

    assert deed.before == dict.fromkeys(refs, "held")
    assert [record.state for record in deed.records] == ["shown"] * 3
    assert party.guestbook.approve(refs).id == 0
    assert [known.what for known in party.guestbook.deeds()] == ["approve"]


@pytest.mark.parametrize("act", ["approve", "hide", "hold", "bin"])
def test_every_decision_can_be_taken_back(make_party: MakeParty, act: str) -> None:
    party = make_party()
    refs = [party.signed(state) for state in ("shown", "held", "hidden")]
    party.guestbook.hold([refs[1]])
    party.guestbook.hide([refs[2]])
    before = party.guestbook.tally().states
    deed = getattr(party.guestbook, act)(refs)
    assert len(deed.before) >= 2
    undone = party.guestbook.undo(deed.id)

    assert undone.undone
    assert party.guestbook.tally().states == before
    assert party.bodies() == ["shown"]
    head = party.guestbook.room("lobby").head
    assert party.guestbook.undo(deed.id).undone
    assert party.guestbook.room("lobby").head == head


def test_what_changed_since_is_left_alone_by_undo(party: Party) -> None:
    first, second = party.signed("first"), party.signed("second")
    deed = party.guestbook.hide([first, second])
    party.guestbook.approve([second])
    party.guestbook.bin([second])
    party.guestbook.undo(deed.id)

    assert party.bodies() == ["first"]
    with pytest.raises(GuestbookError, match="can no longer be undone"):
        party.guestbook.undo(999)


def test_the_desk_hears_of_what_comes_and_of_what_is_decided(make_party: MakeParty) -> None:
    party = make_party(HELD)
    ref = party.signed("a")
    party.signed("b")
    party.guestbook.approve([ref])

    told = [told for told in party.told if isinstance(told, QueueChange)]
    assert [(change.arrival, change.held, change.head) for change in told] == [
        (1, 1, 0),
        (2, 2, 0),
        (2, 1, 1),
    ]
    head = party.guestbook.heads()["lobby"]
    assert (head.arrival, head.held, head.head) == (2, 1, 1)
    assert [record.entry.body for record in party.guestbook.queue("lobby")] == ["b"]


def test_what_came_is_read_by_its_arrival(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(open_rooms=True))
    party.guestbook.sign([party.wish(f"{number}", room=("lobby", "tea")[number % 2]) for number in range(5)])
    party.guestbook.hide([party.guestbook.search(Wanted(text="2")).records[0].ref])

    first, reached = party.guestbook.arrived({}, limit=4)
    rest, end = party.guestbook.arrived(reached, limit=4)

    assert sorted(record.entry.body for record in (*first, *rest)) == ["0", "1", "2", "3", "4"]
    assert end == {"lobby": 3, "tea": 2}
    assert party.guestbook.arrived(end) == ((), end)
    party.signed("5")
    assert [record.entry.body for record in party.guestbook.arrived(end)[0]] == ["5"]


class TestSearch:
    def test_entries_are_found_by_words_author_state_and_time(self, party: Party) -> None:
        first = party.signed("Green TEA, 100%_sure", by="ann", link="https://tea.example")
        party.clock.advance(hours=1)
        party.signed("coffee", by="bob")
        party.guestbook.hide([party.signed("緑茶です", by="bob")])

        def found(**wanted: object) -> list[str]:
            return [record.entry.body for record in party.guestbook.search(Wanted(**wanted)).records]  # type: ignore[arg-type]

        assert found() == ["緑茶です", "coffee", "Green TEA, 100%_sure"]
        assert found(text="green tea") == found(text="100%_") == found(text="tea.example") == [
            "Green TEA, 100%_sure"
        ]  # fmt: skip
        assert found(text="緑茶") == found(states=("hidden",)) == ["緑茶です"]
        assert found(text="100x") == found(text="' or 1=1 --") == []
        author = party.guestbook.author_key("token of bob")
        assert found(author=author) == ["緑茶です", "coffee"]
        assert found(since=party.clock.now) == ["緑茶です", "coffee"]
        assert found(until=party.clock.now, room="lobby") == found(refs=(first,)) == ["Green TEA, 100%_sure"]

    def test_a_long_list_comes_in_parts(self, party: Party) -> None:
        party.guestbook.sign([party.wish(f"{number}") for number in range(25)])
        first = party.guestbook.search(Wanted(), limit=10)
        second = party.guestbook.search(Wanted(), before=first.before, limit=10)
        last = party.guestbook.search(Wanted(), before=second.before, limit=10)

        numbers = [record.arrival for part in (first, second, last) for record in part.records]
        assert numbers == list(range(25, 0, -1))
        assert (first.total, last.before) == (25, 0)
        assert [record.arrival for record in party.guestbook.every(Wanted())] == list(range(1, 26))


class TestBans:
    def test_an_author_is_kept_out_until_the_end(self, party: Party) -> None:
        ref = party.signed("x", by="ann")
        deed = party.guestbook.ban(ref, until=party.clock.now + timedelta(days=2), note="rude")
        refused = party.sign("y", by="ann")
        assert (refused.code, refused.wait) == ("banned", 2 * 86_400)
        assert refused.message == "You cannot write here for another 2 days."
        assert party.sign("y", by="bob").ok
        (ban,) = party.guestbook.bans()
        assert (ban.id, ban.kind, ban.note) == (deed.ban, "author", "rude")

        party.clock.advance(days=2)

        assert party.sign("z", by="ann").ok
        assert party.guestbook.bans() == ()

    def test_an_address_is_kept_out_though_its_key_changes_every_day(self, party: Party) -> None:
        visitor = Visitor(author="one", address="2001:db8::1")
        neighbour = Visitor(author="two", address="2001:db8::ffff")
        party.guestbook.ban(party.signed("x", visitor=visitor), kind="address")
        for _ in range(5):
            assert party.sign("y", visitor=neighbour).code == "banned"
            assert party.sign("y", visitor=neighbour._replace(address="2001:db8:0:1::1")).ok
            party.clock.advance(days=1)
            party.guestbook.sweep()

    def test_a_ban_ends_by_hand_or_by_undo(self, party: Party) -> None:
        ref = party.signed("x")
        party.guestbook.unban(party.guestbook.ban(ref).ban)
        assert party.sign("y").ok
        party.guestbook.undo(party.guestbook.ban_author(party.guestbook.author_key("token of ann")).id)

        assert party.sign("z").ok

    def test_what_cannot_be_banned_is_said(self, party: Party) -> None:
        answer = party.guestbook.answer("lobby", "mine").record
        assert answer is not None
        with pytest.raises(GuestbookError, match="no longer known"):
            party.guestbook.ban(answer.ref)
        with pytest.raises(GuestbookError, match="is past"):
            party.guestbook.ban(party.signed("x"), until=party.clock.now)
        with pytest.raises(UnknownEntryError):
            party.guestbook.ban(Ref("lobby", "no-such-id"))
        with pytest.raises(GuestbookError, match="there is no mode"):
            party.guestbook.set_mode("lobby", "shut")


def test_notes_are_kept_and_a_lease_has_one_holder(party: Party) -> None:
    assert party.guestbook.note("seen") is None
    party.guestbook.put_note("seen", "1")
    party.guestbook.put_note("seen", "2")
    assert party.guestbook.note("seen") == "2"

    assert [party.guestbook.claim("notices", 30) for _ in range(2)] == [True, False]
    party.clock.advance(seconds=31)
    assert party.guestbook.claim("notices", 30)
    party.guestbook.release("notices")
    assert party.guestbook.claim("notices", 30)
