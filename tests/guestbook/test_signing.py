"""Signing: each wish gets its outcome, and what was acknowledged is stored once, in its place."""

from __future__ import annotations

import altcha
import pytest
from guestbooks import OPEN, UNLIMITED, MakeParty, Party

from meishi.config.guestbook import Rate, RoomSettings
from meishi.guestbook.models import Changes, Delta, Outcome, Visitor

FIRST = OPEN._replace(mode="hold-first")


def held_why(outcome: Outcome) -> list[str]:
    assert outcome.record is not None
    return [reason.code for reason in outcome.record.reasons] if outcome.record.state == "held" else []


def test_entries_are_numbered_in_the_order_in_which_they_come(party: Party) -> None:
    outcomes = party.guestbook.sign([party.wish(f"{number}", by=f"v{number}") for number in range(5)])

    numbers = [outcome.record.entry.number for outcome in outcomes if outcome.record]
    assert numbers == [1, 2, 3, 4, 5]
    assert party.bodies() == ["0", "1", "2", "3", "4"]


def test_each_of_a_batch_gets_its_own_outcome(party: Party) -> None:
    outcomes = party.guestbook.sign(
        [party.wish("one"), party.wish(""), party.wish("x", room="nowhere"), party.wish("two", id="?")]
    )

    assert [(outcome.ok, outcome.code) for outcome in outcomes] == [
        (True, ""), (False, "empty"), (False, "unknown_room"), (False, "bad_request"),
    ]  # fmt: skip
    assert party.bodies() == ["one"]


def test_rooms_count_for_themselves(make_party: MakeParty) -> None:
    party = make_party(OPEN._replace(rooms=(RoomSettings("lobby"), RoomSettings("tea"))))

    party.guestbook.sign([party.wish("a"), party.wish("b", room="tea"), party.wish("c", room="Tea")])

    assert (party.bodies("lobby"), party.bodies("tea")) == (["a"], ["b", "c"])
    assert [entry.number for entry in party.guestbook.read("tea").entries] == [1, 2]


def test_a_retried_id_is_stored_once_and_gets_the_first_outcome(party: Party) -> None:
    wish = party.wish("once")
    first, twin = party.guestbook.sign([wish, wish])
    (again,) = party.guestbook.sign([wish._replace(body="changed meanwhile", ticket="stale")])

    assert first == twin == again
    assert party.bodies() == ["once"]


def test_an_id_of_someone_else_opens_nothing(party: Party) -> None:
    mine = party.wish("mine", by="ann")
    party.guestbook.sign([mine])
    (theirs,) = party.guestbook.sign([party.wish("theirs", by="bob", id=mine.id)])

    assert (theirs.ok, theirs.code, theirs.token, theirs.record) == (False, "bad_request", "", None)


def test_what_was_erased_does_not_come_back_by_a_retry(party: Party) -> None:
    wish = party.wish("oops")
    (outcome,) = party.guestbook.sign([wish])
    party.guestbook.erase("lobby", wish.id, outcome.token, wish.visitor)

    assert party.guestbook.sign([wish])[0].code == "gone"
    assert party.bodies() == []


def test_a_batch_is_told_as_one_step_after_it_is_stored(party: Party) -> None:
    seen: list[int] = []
    party.guestbook.subscribe(lambda _: seen.append(party.guestbook.room("lobby").head))
    party.guestbook.sign([party.wish("a"), party.wish("b")])

    deltas = [told for told in party.told if isinstance(told, Delta)]
    assert [(delta.kind, delta.before, delta.head) for delta in deltas] == [("entries", 0, 2)]
    assert set(seen) == {2}


def test_a_listener_that_fails_takes_no_acknowledgement_back(party: Party) -> None:
    def fail(_told: object) -> None:
        raise RuntimeError("on purpose")

    party.guestbook.subscribe(fail)

    assert party.sign("stored").ok
    assert party.bodies() == ["stored"]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"body": " \n\u3164"}, "empty", "body"),
        ({"name": "  "}, "empty", "name"),
        ({"body": "x" * 2001}, "too_long", "body"),
        ({"name": "x" * 41}, "too_long", "name"),
        ({"link": "javascript:alert(1)"}, "bad_request", "link"),
        ({"name": "Ichi"}, "name_taken", "name"),
        ({"name": "Аdmin"}, "name_taken", "name"),
        ({"room": "/notes/none/"}, "unknown_room", ""),
        ({"id": "short"}, "bad_request", ""),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    party: Party, fields: dict[str, str], code: str, field: str
) -> None:
    outcome = party.sign(**fields)

    assert (outcome.ok, outcome.code, outcome.field) == (False, code, field)
    assert outcome.message
    assert party.guestbook.tally().states == {}


def test_refusals_are_told_in_the_visitors_language(party: Party) -> None:
    visitor = Visitor(author="x", language="ja")

    assert party.sign("", visitor=visitor).message == "まだ何も書かれていません。"
    assert party.sign("x" * 3000, visitor=visitor).message == "長すぎます。2000文字までにしてください。"


def test_the_owner_may_bear_the_owners_name_and_needs_no_ticket(party: Party) -> None:
    outcome = party.guestbook.answer("lobby", "Welcome", to=party.signed("Hi").id)

    assert outcome.record is not None
    entry = outcome.record.entry
    assert (entry.name, entry.owner, entry.to) == ("Ichi", True, party.guestbook.read("lobby").entries[0].id)


def test_an_answer_to_what_is_not_shown_is_an_entry_of_its_own(party: Party) -> None:
    outcome = party.sign("?", to="no-such-entry")

    assert outcome.record is not None
    assert outcome.record.entry.to is None


class TestTickets:
    def test_a_form_that_is_sent_at_once_must_wait(self, party: Party) -> None:
        ticket = party.guestbook.ticket()
        outcome = party.sign("quick", ticket=ticket)

        assert (outcome.code, outcome.wait, outcome.ticket) == ("stale_ticket", 2, ticket)
        party.clock.advance(seconds=2)
        assert party.sign("slower", ticket=ticket).ok

    @pytest.mark.parametrize("ticket", ["", "made-up", "0-00-00", "漢字-漢字-漢字", "\ud800-a-b"])
    def test_a_ticket_that_we_did_not_make_is_replaced(self, party: Party, ticket: str) -> None:
        outcome = party.sign("x", ticket=ticket)

        assert (outcome.code, bool(outcome.ticket)) == ("stale_ticket", True)

    def test_a_ticket_ends_after_some_hours(self, party: Party) -> None:
        ticket = party.guestbook.ticket()
        party.clock.advance(hours=11)
        assert party.sign("late", ticket=ticket).ok
        party.clock.advance(hours=2)
        assert party.sign("too late", ticket=ticket).code == "stale_ticket"


class TestModes:
    def test_first_timers_are_held_until_one_entry_of_theirs_is_shown(self, make_party: MakeParty) -> None:
        party = make_party(FIRST)
        first = party.sign("first", by="ann")
        assert held_why(first) == ["first"]
        assert first.record is not None

        party.guestbook.approve([first.record.ref])

        assert held_why(party.sign("second", by="ann")) == []
        assert held_why(party.sign("third", by="bob")) == ["first"]

    def test_in_one_batch_all_of_a_first_timer_is_held(self, make_party: MakeParty) -> None:
        party = make_party(FIRST)

        outcomes = party.guestbook.sign([party.wish("a"), party.wish("b")])

        assert [held_why(outcome) for outcome in outcomes] == [["first"], ["first"]]

    def test_links_are_held(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(mode="hold-links"))

        assert held_why(party.sign("see https://example.com/")) == ["links", "first"]
        assert held_why(party.sign("hi", link="example.com")) == ["links", "first"]
        assert held_why(party.sign("none")) == []

    def test_all_is_held(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(mode="hold-all"))

        assert held_why(party.sign("a")) == ["first", "mode"]
        assert party.guestbook.answer("lobby", "but not mine").ok
        assert party.bodies() == ["but not mine"]

    def test_read_only_takes_nothing(self, party: Party) -> None:
        party.guestbook.set_mode("lobby", "read-only")

        assert party.sign("x").code == "read_only"

    def test_a_pause_stops_every_room_until_it_ends(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(open_rooms=True))
        party.guestbook.pause("", True)
        assert [party.sign("x").code, party.sign("x", room="new").code] == ["paused", "paused"]
        assert party.guestbook.room("lobby").paused

        party.guestbook.pause("", False)

        assert party.sign("x").ok

    def test_slow_mode_spaces_the_entries_of_one_author(self, party: Party) -> None:
        party.guestbook.set_mode("lobby", slow=30)
        first, second = party.guestbook.sign([party.wish("a"), party.wish("b")])
        assert (first.ok, second.code, second.wait) == (True, "room_slow", 30)
        assert party.sign("other", by="bob").ok

        party.clock.advance(seconds=20)
        assert party.sign("c").wait == 10
        party.clock.advance(seconds=10)
        assert party.sign("d").ok

    def test_the_owners_word_stands_over_config_toml_until_it_is_taken_back(self, party: Party) -> None:
        assert party.guestbook.set_mode("lobby", "hold-all", slow=5).mode == "hold-all"
        assert (party.guestbook.room("lobby").mode, party.guestbook.room("lobby").slow) == ("hold-all", 5)

        room = party.guestbook.set_mode("lobby")

        assert (room.mode, room.slow) == ("open", 0)

    def test_new_settings_hold_at_once(self, party: Party) -> None:
        party.guestbook.reconfigure(OPEN._replace(mode="hold-all", reserved=("Ann",)))

        assert party.sign("x", by="ann").code == "name_taken"
        assert held_why(party.sign("x", by="bob")) == ["first", "mode"]


class TestRooms:
    def test_visitors_open_rooms_only_where_they_may(self, make_party: MakeParty) -> None:
        assert make_party().sign("x", room="tea").code == "unknown_room"

        party = make_party(OPEN._replace(open_rooms=True))

        assert party.sign("お茶", room="お茶の部屋").ok
        assert [room.slug for room in party.guestbook.rooms()] == ["lobby", "お茶の部屋"]

    def test_a_refused_entry_opens_no_room(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(open_rooms=True))
        party.sign("", room="tea")

        assert set(party.guestbook.heads()) == {"lobby"}

    def test_there_is_an_end_to_open_rooms(
        self, make_party: MakeParty, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("meishi.guestbook.signing.MOST_OPEN", 2)
        party = make_party(OPEN._replace(open_rooms=True))
        outcomes = party.guestbook.sign([party.wish("x", room=f"r{number}") for number in range(3)])

        assert [outcome.code for outcome in outcomes] == ["", "", "full"]
        assert party.sign("x", room="another").code == "full"
        assert party.sign("x", room="r1").ok

    def test_a_page_has_a_room_if_it_may(self, make_party: MakeParty) -> None:
        party = make_party(known_page=lambda address: address == "/notes/tea/")
        outcome = party.sign("about tea", room="/notes/tea/")

        assert outcome.record is not None
        assert outcome.record.entry.page == "/notes/tea/"
        assert party.sign("x", room="/notes/coffee/").code == "unknown_room"
        elsewhere = party.sign("x", page="/notes/coffee/").record
        assert elsewhere is not None
        assert elsewhere.entry.page is None


class TestSuspicion:
    def test_the_trap_is_not_told_to_who_falls_into_it(self, party: Party) -> None:
        outcome = party.sign("Buy now", trap="https://spam.example/")

        assert held_why(outcome)[0] == "trap"
        assert outcome.as_json()["why"] == ["first"]
        assert party.bodies() == []

    def test_the_owners_word_list_finds_look_alikes(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(words=("casino", "薬")))

        assert "words" in held_why(party.sign("The best СASІNО in town", proof="none"))
        assert "words" in held_why(party.sign("お薬あります", proof="none"))
        assert held_why(party.sign("Casinos are no casin o")) == []

    def test_a_pasted_text_is_held(self, party: Party) -> None:
        pasted = "Come and visit my wonderful page"
        assert held_why(party.sign(pasted, by="ann")) == []
        assert "repeated" in held_why(party.sign(pasted.upper() + "!", by="bob", proof="none"))
        assert held_why(party.sign("hi", by="ann")) == held_why(party.sign("hi", by="bob")) == []

        party.clock.advance(hours=25)

        assert held_why(party.sign(pasted, by="cid", proof="none")) == []

    def test_the_suspicious_prove_that_they_worked(self, party: Party) -> None:
        wish = party.wish("https://a.example/ https://b.example/ https://c.example/")
        (asked,) = party.guestbook.sign([wish])
        assert asked.code == "proof_needed"
        assert asked.challenge is not None

        challenge = altcha.Challenge.from_dict(dict(asked.challenge))
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        proof = altcha.Payload(challenge, solution).to_base64()

        other = party.wish(wish.body, by="bob", proof=proof)
        assert party.guestbook.sign([other])[0].code == "proof_needed"
        (done,) = party.guestbook.sign([wish._replace(proof=proof)])
        assert held_why(done) == ["links", "first"]
        late = wish._replace(id="another-entry", proof=proof)
        assert party.guestbook.sign([late])[0].code == "proof_needed"

    def test_who_cannot_prove_it_is_held(self, party: Party) -> None:
        body = "https://a.example/ https://b.example/"

        assert "unproven" in held_why(party.sign(body, proof="none"))
        assert "unproven" in held_why(party.sign(body + "x", scripted=False))
        assert party.sign(body + "y", proof="bm9uc2Vuc2U=").code == "proof_needed"


class TestLimits:
    def test_the_quick_are_told_when_to_come_back(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(limits=UNLIMITED._replace(author=Rate(2, 60))))
        outcomes = [party.sign(f"{number}") for number in range(3)]

        assert [outcome.code for outcome in outcomes] == ["", "", "rate_limited"]
        assert outcomes[2].wait is not None
        assert 25 <= outcomes[2].wait <= 30
        assert party.sign("other", by="bob").ok

    @pytest.mark.parametrize("layer", ["address", "room"])
    def test_many_authors_share_an_address_and_a_room(self, make_party: MakeParty, layer: str) -> None:
        party = make_party(OPEN._replace(limits=UNLIMITED._replace(**{layer: Rate(3, 60)})))
        visitors = [Visitor(author=f"v{number}", address="192.0.2.1") for number in range(4)]
        outcomes = party.guestbook.sign([party.wish("x", visitor=visitor) for visitor in visitors])

        assert [outcome.code for outcome in outcomes] == ["", "", "", "rate_limited"]
        assert party.guestbook.answer("lobby", "the owner has none").ok

    def test_a_retry_is_not_refused_for_its_speed(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(limits=UNLIMITED._replace(author=Rate(1, 60))))
        wish = party.wish("once")

        assert [party.guestbook.sign([wish])[0].ok for _ in range(5)] == [True] * 5

    def test_edits_are_limited_too(self, make_party: MakeParty) -> None:
        party = make_party(OPEN._replace(limits=UNLIMITED._replace(author=Rate(2, 60))))
        wish = party.wish("0")
        (outcome,) = party.guestbook.sign([wish])

        def edit(number: int) -> str:
            changes = Changes(body=f"{number}")
            return party.guestbook.edit("lobby", wish.id, outcome.token, changes, wish.visitor).code

        assert [edit(number) for number in range(3)] == ["", "", "rate_limited"]
