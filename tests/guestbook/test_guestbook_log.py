"""The log: whoever was away learns what came, what was edited and what went, in the same order as all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from guestbooks import NOON, OPEN, MakeParty, Party
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meishi.guestbook.errors import UnknownRoomError
from meishi.guestbook.models import Changes, Delta, Entry, Imported, OwnChange, Reading, Record, Wanted


class Client:
    """Keep a room's entries as a browser does."""

    def __init__(self, party: Party) -> None:
        self.party = party
        self.entries: dict[str, Entry] = {}
        self.epoch = ""
        self.head = 0

    def catch_up(self) -> list[Reading]:
        """Ask until there is nothing more, and merge what comes."""
        readings: list[Reading] = []
        while not readings or readings[-1].more:
            reading = self.party.guestbook.read("lobby", after=self.head, epoch=self.epoch, limit=500)
            if reading.reset:
                self.entries.clear()
            self.entries |= {entry.id: entry for entry in reading.entries}
            for id in reading.removed:  # noqa: A001
                self.entries.pop(id, None)
            self.epoch, self.head = reading.epoch, reading.head
            readings.append(reading)
        return readings

    @property
    def bodies(self) -> list[str]:
        return [entry.body for entry in sorted(self.entries.values(), key=lambda entry: entry.number)]


def test_the_first_reading_has_the_newest_and_tells_of_older_ones(party: Party) -> None:
    party.guestbook.sign([party.wish(f"{number}") for number in range(60)])
    reading = party.guestbook.read("lobby")

    assert [entry.number for entry in reading.entries] == list(range(11, 61))
    assert (reading.head, reading.older, reading.more, reading.reset) == (60, True, False, False)
    older = party.guestbook.older("lobby", before=11, limit=4)
    assert [entry.number for entry in older] == [7, 8, 9, 10]
    assert [entry.number for entry in party.guestbook.shown("lobby", offset=50)] == list(range(1, 11))
    assert not party.guestbook.read("lobby", limit=60).older


@pytest.mark.parametrize("missed", [5, 500, 1203])
def test_whoever_was_away_gets_all_of_it_once(party: Party, missed: int) -> None:
    client = Client(party)
    party.signed("seen")
    client.catch_up()
    party.guestbook.sign([party.wish(f"{number}") for number in range(missed)])
    readings = client.catch_up()

    got = [entry.number for reading in readings for entry in reading.entries]
    assert got == list(range(2, missed + 2))
    assert not any(reading.reset for reading in readings)
    assert client.catch_up()[0].entries == ()


def test_moderation_is_part_of_the_log(party: Party) -> None:
    client = Client(party)
    first, second, third = (party.signed(word) for word in ("one", "two", "three"))
    client.catch_up()
    party.guestbook.hide([first])
    party.guestbook.rewrite(second, Changes(body="two, corrected"))
    party.guestbook.bin([third])
    party.guestbook.approve([first])
    party.guestbook.hide([first])
    (reading,) = client.catch_up()

    assert [entry.body for entry in reading.entries] == ["two, corrected"]
    assert set(reading.removed) == {first.id, third.id}
    assert reading.head == 8
    assert client.bodies == ["two, corrected"]


def test_what_is_shown_later_is_told_as_new_and_keeps_its_place_from_then_on(party: Party) -> None:
    party.guestbook.set_mode("lobby", "hold-all")
    held = party.signed("held first")
    client = Client(party)
    client.catch_up()
    assert client.bodies == []
    party.guestbook.set_mode("lobby", "open")
    party.signed("shown first", by="bob")
    party.guestbook.approve([held])
    client.catch_up()
    assert client.bodies == ["shown first", "held first"]

    party.guestbook.hide([held])
    client.catch_up()
    party.signed("last", by="bob")
    party.guestbook.restore([held])
    client.catch_up()

    assert client.bodies == ["shown first", "held first", "last"] == party.bodies()


def test_each_step_is_told_once_and_follows_the_one_before(party: Party) -> None:
    refs = [party.signed(f"{number}") for number in range(4)]
    party.guestbook.hide(refs[:2])
    party.guestbook.rewrite(refs[2], Changes(body="x"))
    party.guestbook.approve(refs[:1])
    party.guestbook.forget(party.wish().visitor)

    deltas = [told for told in party.told if isinstance(told, Delta)]
    assert [delta.kind for delta in deltas] == [*["entries"] * 4, "removed", "changed", "entries", "removed"]
    heads = [0, *(delta.head for delta in deltas)]
    assert [delta.before for delta in deltas] == heads[:-1]
    assert heads[-1] == party.guestbook.room("lobby").head
    for delta in deltas:
        assert bool(delta.entries) == (delta.kind != "removed") != bool(delta.removed)
        assert delta.as_json()["head"] == delta.head


def test_another_epoch_or_a_head_from_the_future_begins_anew(party: Party) -> None:
    party.signed("a")
    epoch = party.guestbook.room("lobby").epoch

    for after, other in ((1, "other"), (99, epoch), (0, "other")):
        reading = party.guestbook.read("lobby", after=after, epoch=other)
        assert (reading.reset, [entry.body for entry in reading.entries]) == (True, ["a"])
    assert not party.guestbook.read("lobby", after=0, epoch=epoch).reset


def test_who_was_away_until_places_were_forgotten_begins_anew(party: Party) -> None:
    client = Client(party)
    gone = party.signed("gone")
    party.signed("stays")
    client.catch_up()
    party.guestbook.bin([gone])
    party.clock.advance(hours=2)
    party.guestbook.sweep()
    party.clock.advance(days=91)
    party.guestbook.sweep()
    (reading,) = client.catch_up()

    assert reading.reset
    assert client.bodies == ["stays"]
    party.signed("new")
    assert not client.catch_up()[0].reset


def test_a_room_without_entries_can_be_read(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(open_rooms=True))
    reading = party.guestbook.read("tea")

    assert (reading.epoch, reading.head, reading.entries, reading.reset) == ("", 0, (), False)
    with pytest.raises(UnknownRoomError):
        party.guestbook.read("a/b")


def test_held_entries_are_read_by_their_author_alone(party: Party) -> None:
    party.guestbook.set_mode("lobby", "hold-all")
    wish = party.wish("mine", by="ann")
    (outcome,) = party.guestbook.sign([wish])

    assert [record.state for record in party.guestbook.own(wish.visitor)] == ["held"]
    assert party.guestbook.own(wish.visitor, "lobby") == party.guestbook.own(wish.visitor)
    assert party.guestbook.own(party.wish(by="bob").visitor) == ()
    assert party.guestbook.mine(outcome.token).entry.body == "mine"
    assert party.guestbook.read("lobby").entries == ()

    party.guestbook.approve([record.ref for record in party.guestbook.queue()])

    own = [told for told in party.told if isinstance(told, OwnChange)]
    assert [(told.author, told.records[0].state) for told in own] == [
        (party.guestbook.author_key(wish.visitor.author), "shown")
    ]
    assert party.guestbook.own(wish.visitor) == ()


ACTS = st.lists(
    st.tuples(st.sampled_from(["sign", "hide", "approve", "hold", "bin", "edit", "read"]), st.integers(0, 9)),
    max_size=25,
)


@given(ACTS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_happens_every_reader_ends_with_the_same_room(
    sqlite_party: Party, acts: list[tuple[str, int]]
) -> None:
    party = sqlite_party
    guestbook = party.guestbook
    always, sometimes = Client(party), Client(party)
    refs = [record.ref for record in guestbook.every(Wanted())][-10:]
    for what, place in acts:
        ref = refs[place % len(refs)] if refs else None
        if what == "sign":
            refs.append(party.signed(f"{place}"))
        elif what == "read":
            sometimes.catch_up()
        elif ref is not None and what == "edit":
            guestbook.rewrite(ref, Changes(body=f"edited {party.clock.now.timestamp()}"))
        elif ref is not None:
            getattr(guestbook, what)([ref])
        party.clock.advance(milliseconds=1)
        always.catch_up()
    sometimes.catch_up()
    late = Client(party)
    late.catch_up()

    assert always.entries == sometimes.entries == late.entries
    room = guestbook.room("lobby")
    states = guestbook.tally("lobby").states
    assert (room.count, room.held) == (states.get("shown", 0), states.get("held", 0))
    assert sorted(entry.number for entry in late.entries.values()) == [
        entry.number for entry in guestbook.shown("lobby", limit=500)
    ]


class TestImport:
    def test_entries_come_in_by_their_times_and_only_once(self, make_party: MakeParty) -> None:
        party = make_party()
        party.signed("noon")
        records = [
            record(f"entry-no-{number}", minutes=number, state=state)
            for number, state in ((5, "shown"), (1, "shown"), (2, "held"), (3, "hidden"))
        ]

        assert party.guestbook.take_in(records) == Imported(added=4)
        assert party.bodies() == ["noon", "entry-no-1", "entry-no-5"]
        assert party.guestbook.take_in([*records, record("bad id", minutes=9)]) == Imported(0, 4, 1)
        assert party.guestbook.tally().states == {"shown": 3, "held": 1, "hidden": 1}

    def test_older_ones_move_the_numbers_and_readers_begin_anew(self, make_party: MakeParty) -> None:
        party = make_party()
        client = Client(party)
        party.signed("noon")
        client.catch_up()

        party.guestbook.take_in([record("written-before", minutes=-5)])

        assert party.bodies() == ["written-before", "noon"]
        assert client.catch_up()[0].reset
        assert client.bodies == ["written-before", "noon"]
        assert [entry.number for entry in party.guestbook.shown("lobby")] == [1, 2]

    def test_what_is_exported_comes_back_as_it_was(self, make_party: MakeParty) -> None:
        party = make_party()
        party.guestbook.sign([party.wish(f"{number}") for number in range(5)])
        party.guestbook.hide([party.signed("hidden")])
        before = list(party.guestbook.every(Wanted()))
        party.guestbook.erase_author(before[0].author)
        assert party.bodies() == []
        other = [found._replace(room="tea") for found in before]
        settings_ = OPEN._replace(open_rooms=True)
        party.guestbook.reconfigure(settings_)

        assert party.guestbook.take_in(other).added == 6
        after = list(party.guestbook.every(Wanted(room="tea")))
        assert [(found.entry.body, found.state, found.author) for found in after] == [
            (found.entry.body, found.state, found.author) for found in before
        ]


def record(id: str, *, minutes: int, state: str = "shown") -> Record:  # noqa: A002
    entry = Entry(id, 0, 0, NOON + timedelta(minutes=minutes), "Old", id)
    return Record("lobby", entry, state, author="a" * 32)
