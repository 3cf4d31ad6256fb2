"""Authors edit, erase and have forgotten what is theirs, and nothing else."""

from __future__ import annotations

import pytest
from guestbooks import OPEN, MakeParty, Party
from sqlalchemy import text

from meishi.guestbook.errors import NotYoursError
from meishi.guestbook.models import Changes, Outcome, Visitor


def write(party: Party, body: str = "first", **fields: str) -> tuple[Outcome, Visitor]:
    wish = party.wish(body, **fields)
    (outcome,) = party.guestbook.sign([wish])
    assert outcome.ok
    return outcome, wish.visitor


def edit(party: Party, outcome: Outcome, visitor: Visitor, token: str = "", **changes: str) -> Outcome:
    assert outcome.record is not None
    room, id = outcome.record.ref  # noqa: A001
    return party.guestbook.edit(room, id, token or outcome.token, Changes(**changes), visitor)


def test_an_entry_is_edited_and_keeps_its_place(party: Party) -> None:
    outcome, visitor = write(party)
    party.signed("second")
    party.clock.advance(minutes=5)
    edited = edit(party, outcome, visitor, body="first, corrected", link="a.example", name="Anna")

    entries = party.guestbook.read("lobby").entries
    assert [(entry.number, entry.body) for entry in entries] == [(1, "first, corrected"), (2, "second")]
    assert edited.record is not None
    assert edited.record.entry == entries[0]
    assert (entries[0].name, entries[0].link, entries[0].version) == ("Anna", "https://a.example", 3)
    assert entries[0].edited == party.clock.now
    assert entries[0].at < party.clock.now


def test_nothing_changed_is_no_step(party: Party) -> None:
    outcome, visitor = write(party)
    same = edit(party, outcome, visitor, body=" first ", name="Ann")

    assert same.ok
    assert party.guestbook.room("lobby").head == 1
    assert party.guestbook.read("lobby").entries[0].edited is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"body": ""}, "empty"), ({"name": "Ichi"}, "name_taken"), ({"link": "javascript:x"}, "bad_request")],
)
def test_an_edit_is_looked_at_as_an_entry_is(party: Party, changes: dict[str, str], code: str) -> None:
    outcome, visitor = write(party)

    assert edit(party, outcome, visitor, **changes).code == code
    assert party.bodies() == ["first"]


def test_an_edit_cannot_bring_in_what_would_be_held(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(words=("casino",)))
    outcome, visitor = write(party)
    edited = edit(party, outcome, visitor, body="Come to my casino")

    assert edited.record is not None
    assert edited.record.state == "held"
    assert party.bodies() == []
    party.guestbook.approve([edited.record.ref])
    assert [entry.number for entry in party.guestbook.read("lobby").entries] == [1]


def test_a_held_entry_is_edited_and_stays_held(party: Party) -> None:
    party.guestbook.set_mode("lobby", "hold-all")
    outcome, visitor = write(party)
    edited = edit(party, outcome, visitor, body="better")

    assert edited.record is not None
    assert (edited.record.state, edited.record.entry.body) == ("held", "better")
    assert [record.entry.body for record in party.guestbook.queue()] == ["better"]
    assert party.guestbook.room("lobby").head == 0


def test_another_ones_token_opens_nothing(party: Party) -> None:
    outcome, visitor = write(party)
    other, _ = write(party, "other", by="bob")
    assert outcome.record is not None
    assert other.record is not None

    assert edit(party, outcome, visitor, token=other.token, body="x").code == "not_yours"
    assert edit(party, outcome, visitor, token="x", body="x").code == "not_yours"
    assert party.guestbook.erase("lobby", other.record.entry.id, outcome.token, visitor).code == "not_yours"
    assert party.guestbook.edit("lobby", "no-such-id", outcome.token, Changes(), visitor).code == "gone"
    assert party.guestbook.edit("no room", "x", outcome.token, Changes(), visitor).code == "unknown_room"
    for token in ("", "x", "ä.ö", f"{outcome.token}0", outcome.token[:-1], "\ud800", "a" * 5000):
        with pytest.raises(NotYoursError):
            party.guestbook.mine(token)
        assert token == "" or party.guestbook.forget(Visitor(), token).code == "not_yours"
    assert party.bodies() == ["first", "other"]


def test_an_erased_entry_leaves_its_place_and_nothing_else(party: Party, database: str) -> None:
    outcome, visitor = write(party, "a secret", name="Somebody", link="https://secret.example")
    assert outcome.record is not None
    erased = party.guestbook.erase("lobby", outcome.record.entry.id, outcome.token, visitor)

    assert erased.ok
    assert party.bodies() == []
    with party.guestbook._parts.store.reading() as connection:
        row = connection.execute(text("select * from guestbook_entries")).one()
    assert not {"a secret", "Somebody", outcome.record.author, outcome.record.address} & set(row)
    assert party.guestbook.room("lobby").head == 2
    assert edit(party, outcome, visitor, body="x").code == "gone"


def test_everything_of_a_visitor_is_forgotten(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(open_rooms=True))
    _, visitor = write(party, "mine")
    write(party, "mine too", room="tea")
    party.guestbook.hide([party.signed("mine and hidden")])
    party.signed("not mine", by="bob")

    assert party.guestbook.forget(visitor).count == 3
    assert (party.bodies(), party.bodies("tea")) == (["not mine"], [])
    assert party.guestbook.forget(visitor).count == 0
    assert party.guestbook.forget(Visitor()).count == 0


def test_the_private_link_forgets_everything_too(party: Party) -> None:
    mine, _ = write(party, "mine")
    party.signed("mine too")

    assert party.guestbook.forget(Visitor(), mine.token).count == 2


def test_two_without_a_token_are_two_authors(party: Party) -> None:
    one, other = (party.sign(word, visitor=Visitor()) for word in ("one", "other"))
    assert one.record is not None
    assert other.record is not None

    assert one.record.author != other.record.author
    assert party.guestbook.forget(Visitor(), one.token).count == 1


def test_an_author_has_one_face_and_it_leads_back_to_nobody(party: Party) -> None:
    records = [outcome.record for outcome in (party.sign("a"), party.sign("b"), party.sign("c", by="bob"))]
    faces = [record.entry.face for record in records if record]

    assert faces[0] == faces[1] != faces[2]
    assert all(record and record.entry.face not in record.author for record in records)


def test_where_nothing_is_written_one_may_still_erase(party: Party) -> None:
    outcome, visitor = write(party)
    assert outcome.record is not None
    party.guestbook.set_mode("lobby", "read-only")

    assert edit(party, outcome, visitor, body="x").code == "read_only"
    party.guestbook.set_mode("lobby", "open")
    party.guestbook.pause("", True)
    assert edit(party, outcome, visitor, body="x").code == "paused"
    assert party.guestbook.erase("lobby", outcome.record.entry.id, outcome.token, visitor).ok
