"""The owner's side of the guestbook by forms alone: the queue, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from guestbook_site import FILES, PAYLOAD, filled, written
from selectolax.lexbor import LexborHTMLParser
from visitors import Clock, Visitor, study_of

from meishi.factory import create_app
from meishi.guestbook.models import Outcome, Reason, Signing, Wanted
from meishi.guestbook.models import Visitor as Guest
from meishi.guestbook.service import Guestbook

MakeSite = Callable[..., Path]
DESK = "/admin/guestbook/"


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


@pytest.fixture
def book(study_app: Flask) -> Guestbook:
    found = study_of(study_app).guestbook()
    assert found is not None
    return found


def page(owner: Visitor, path: str = DESK) -> LexborHTMLParser:
    answer = owner.get(path)
    assert answer.status_code == 200, answer.status
    return LexborHTMLParser(answer.get_data(as_text=True))


def texts(tree: LexborHTMLParser, css: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(css)]


def entries(tree: LexborHTMLParser) -> dict[str, str]:
    """Map the entries on a page to their state."""
    states = ("held", "shown", "hidden", "binned")
    found = {}
    for node in tree.css("li.entry"):
        classes = (node.attributes["class"] or "").split()
        found[str(node.attributes["data-entry"])] = next(state for state in states if state in classes)
    return found


def state_of(book: Guestbook, id: str) -> str:  # noqa: A002
    states = {record.entry.id: record.state for record in book.every(Wanted())}
    return states.get(f"entry-{id}", "gone")


def test_what_waits_stands_first_with_its_reasons_and_score(owner: Visitor, book: Guestbook) -> None:
    reasons = (Reason("links", 3, "win.example"), Reason("words", 4, "casino"))
    filled(book, [written("one"), written("two", state="held", score=7, reasons=reasons)])

    tree = page(owner)
    assert texts(tree, ".room h2") == ["Waiting 1", "Shown 1"]
    assert list(entries(tree).values()) == ["held", "shown"]
    (why,) = texts(tree, ".why")
    assert "has links: win.example +3" in why
    assert "has a word of your list: casino +4" in why
    assert "score 7" in why


@pytest.mark.parametrize(
    ("button", "before", "after", "said"),
    [
        ("approve", "held", "shown", "One entry approved."),
        ("hide", "held", "hidden", "One entry hidden."),
        ("hide", "shown", "hidden", "One entry hidden."),
        ("erase", "shown", "binned", "One entry erased."),
        ("approve", "hidden", "shown", "One entry approved."),
        ("hold", "shown", "held", "One entry waits again."),
    ],
)
def test_a_button_does_what_it_says_and_can_be_undone(
    owner: Visitor, book: Guestbook, button: str, before: str, after: str, said: str
) -> None:
    filled(book, [written("one", state=before)])

    answer = owner.post(f"{DESK}do", {button: "entry-one lobby", "back": DESK})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert state_of(book, "one") == after
    tree = page(owner)
    assert said in texts(tree, "[data-undo]")[0]
    deed = tree.css_first("button[name=deed]")
    assert deed is not None

    owner.post(f"{DESK}undo", {"deed": str(deed.attributes["value"])})
    assert state_of(book, "one") == before
    assert page(owner).css_first("button[name=deed]") is None


def test_the_chosen_ones_are_done_at_once(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written(f"e{number}", state="held") for number in range(4)])
    token = owner.token
    fields = {
        "csrf_token": token,
        "approve": "chosen",
        "pick": ["entry-e0 lobby", "entry-e2 lobby", "entry-nobody lobby"],
    }
    owner.client.post(f"{DESK}do", data=fields, base_url="http://localhost/")

    assert [state_of(book, f"e{number}") for number in range(4)] == ["shown", "held", "shown", "held"]
    assert "2 entries approved." in texts(page(owner), "[data-undo]")[0]


def test_nothing_chosen_changes_nothing(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one", state="held")])
    owner.post(f"{DESK}do", {"approve": "chosen"})

    assert state_of(book, "one") == "held"
    assert texts(page(owner), ".notices") == ["No entry was chosen."]


def test_all_of_an_author_or_of_some_days_is_changed_in_one_step(owner: Visitor, book: Guestbook) -> None:
    day = 24 * 60
    filled(
        book,
        [
            written("old", author="b2" * 16, minutes=-10 * day),
            written("new", author="b2" * 16),
            written("other", minutes=-10 * day, body="Other"),
        ],
    )
    tree = page(owner, f"{DESK}?author={'b2' * 16}")
    assert set(entries(tree)) == {"entry-old lobby", "entry-new lobby"}
    assert texts(tree, "#found-title") == ["2 entries found"]

    owner.post(f"{DESK}do", {"hide": "found", "author": "b2" * 16, "until": "2026-11-13"})
    assert [state_of(book, name) for name in ("old", "new", "other")] == ["hidden", "shown", "shown"]


def test_a_search_without_anything_sought_never_means_everything(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one")])
    owner.post(f"{DESK}do", {"erase": "found"})

    assert state_of(book, "one") == "shown"


def test_search_finds_names_texts_and_links_in_any_state(owner: Visitor, book: Guestbook) -> None:
    filled(
        book,
        [
            written("body", "A word about tea", state="hidden"),
            written("name", name="Tea-Lover", room="tea"),
            written("link", link="https://tea.example/", state="held"),
            written("none", "Nothing of the kind"),
        ],
    )

    assert set(entries(page(owner, f"{DESK}?q=tea"))) == {
        "entry-body lobby",
        "entry-name tea",
        "entry-link lobby",
    }
    assert set(entries(page(owner, f"{DESK}?q=tea&state=hidden"))) == {"entry-body lobby"}
    assert set(entries(page(owner, f"{DESK}?q=tea&room=tea"))) == {"entry-name tea"}


def test_days_are_those_of_the_owners_time_zone(make_site: MakeSite, clock: Clock) -> None:
    from visitors import PASSWORD

    config = 'timeZone = "Asia/Tokyo"\n' + str(FILES["config.toml"])
    app = create_app(make_site({"config.toml": config}), now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    owner = Visitor(app)
    owner.sign_in()
    book = study_of(app).guestbook()
    assert book is not None
    filled(book, [written("night", minutes=8 * 60), written("day", minutes=0)])  # 16:00 and 08:00 UTC

    assert set(entries(page(owner, f"{DESK}?since=2026-11-23&until=2026-11-23"))) == {"entry-night lobby"}
    assert set(entries(page(owner, f"{DESK}?until=2026-11-22"))) == {"entry-day lobby"}


def test_a_long_list_goes_on(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written(f"e{number}", f"Number {number}", minutes=number) for number in range(120)])
    seen: list[str] = []
    path: str | None = DESK
    while path:
        tree = page(owner, path)
        seen += entries(tree)
        onward = tree.css_first("a[rel=next]")
        path = onward.attributes["href"] if onward is not None else None

    assert seen == [f"entry-e{number} lobby" for number in reversed(range(120))]


def test_the_owner_answers_with_a_badge_and_thereby_approves(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one", state="held")])
    form = page(owner, f"{DESK}write?to=entry-one+lobby")
    assert "Approve and answer" in form.css_first("main button.primary").text()  # type: ignore[union-attr]

    owner.post(f"{DESK}write", {"to": "entry-one lobby", "body": "Thank you!"})
    answered = {entry.body: entry for entry in book.shown("lobby")}
    assert set(answered) == {"Hello.", "Thank you!"}
    assert answered["Thank you!"].owner
    assert answered["Thank you!"].to == "entry-one"


def test_an_empty_answer_is_refused_beside_the_field_and_approves_nothing(
    owner: Visitor, book: Guestbook
) -> None:
    filled(book, [written("one", state="held")])
    answer = owner.post(f"{DESK}write", {"to": "entry-one lobby", "body": "  "})

    assert answer.status_code == 422
    tree = LexborHTMLParser(answer.get_data(as_text=True))
    assert texts(tree, "[data-problem]") != [""]
    assert state_of(book, "one") == "held"


def test_only_the_owners_own_entries_can_be_reworded(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one")])
    owner.post(f"{DESK}write", {"room": "lobby", "body": "First wording"})
    (own,) = [entry.id for entry in book.shown("lobby") if entry.owner]

    owner.post(f"{DESK}rewrite", {"entry": f"{own} lobby", "body": "Second wording"})
    assert owner.post(f"{DESK}rewrite", {"entry": "entry-one lobby", "body": "Not hers"}).status_code == 404
    assert {entry.body for entry in book.shown("lobby")} == {"Hello.", "Second wording"}


def test_nobody_without_the_session_gets_the_badge(
    study_app: Flask, visitor: Visitor, book: Guestbook
) -> None:
    for path in (DESK, f"{DESK}pulse", f"{DESK}write", f"{DESK}entries.json", f"{DESK}exchange"):
        assert visitor.get(path).status_code == 303
    data = {"room": "lobby", "body": "I am the owner"}
    visitor.client.post(f"{DESK}write", data=data, base_url="http://localhost/")

    assert book.shown("lobby") == ()


def sign(book: Guestbook, clock: Clock, body: str = "Hi", token: str = "t" * 32) -> Outcome:
    ticket = book.ticket()
    clock.pass_seconds(5)
    number = len(list(book.every(Wanted())))
    wish = Signing("lobby", f"entry-{number:032d}", "Vic", body, Guest(token, "198.51.100.7"), ticket=ticket)
    return book.sign([wish])[0]


def test_a_banned_author_cannot_write_until_the_ban_ends(
    owner: Visitor, book: Guestbook, clock: Clock
) -> None:
    assert sign(book, clock).ok
    (record,) = book.every(Wanted())
    form = page(owner, f"{DESK}ban?entry={record.entry.id}+lobby")
    assert "Hide the one entry of this author" in form.css_first("form.ban").text()  # type: ignore[union-attr]
    fields = {
        "entry": f"{record.entry.id} lobby",
        "kind": "author",
        "length": "7",
        "hide": "1",
        "note": "rude",
    }
    owner.post(f"{DESK}ban", fields)

    assert state_of(book, record.entry.id.removeprefix("entry-")) == "hidden"
    assert sign(book, clock).code == "banned"
    assert sign(book, clock, token="u" * 32).ok
    listed = texts(page(owner, f"{DESK}bans"), ".rows li")
    assert len(listed) == 1
    assert "rude" in listed[0]
    clock.pass_seconds(8 * 86_400)
    owner.sign_in()
    assert sign(book, clock).ok
    assert texts(page(owner, f"{DESK}bans"), ".empty") == ["Nobody is banned."]


def test_a_ban_until_a_day_and_lifting_it(owner: Visitor, book: Guestbook, clock: Clock) -> None:
    filled(book, [written("one")])
    fields = {"entry": "entry-one lobby", "kind": "author", "length": "date"}
    assert owner.post(f"{DESK}ban", {**fields, "date": ""}).status_code == 422
    assert owner.post(f"{DESK}ban", {**fields, "date": "2026-11-20"}).status_code == 422
    assert owner.post(f"{DESK}ban", {**fields, "date": "2026-12-01"}).status_code == 303
    (ban,) = book.bans()
    assert ban.until is not None
    assert ban.until.isoformat() == "2026-12-02T00:00:00+00:00"

    owner.post(f"{DESK}bans/{ban.id}/end")
    assert book.bans() == ()


def test_a_ban_is_undone_from_the_room(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one")])
    owner.post(f"{DESK}ban", {"entry": "entry-one lobby", "kind": "author", "length": "0"})
    deed = page(owner).css_first("button[name=deed]")
    assert deed is not None
    owner.post(f"{DESK}undo", {"deed": str(deed.attributes["value"])})

    assert book.bans() == ()


def test_everything_of_an_author_is_erased_for_good_after_asking(owner: Visitor, book: Guestbook) -> None:
    author = "b2" * 16
    filled(book, [written("one", author=author), written("two", author=author, room="tea"), written("three")])
    asked = owner.get(f"{DESK}author/{author}").get_data(as_text=True)
    assert "This author wrote 2 entries." in asked
    assert state_of(book, "one") == "shown"

    owner.post(f"{DESK}author/{author}")
    assert [state_of(book, name) for name in ("one", "two", "three")] == ["gone", "gone", "shown"]
    assert page(owner).css_first("button[name=deed]") is None


def test_a_room_gets_its_rules_and_goes_back_to_those_of_the_settings(
    owner: Visitor, book: Guestbook
) -> None:
    owner.post(f"{DESK}rooms", {"room": "tea", "mode": "hold-all", "slow": "30"})
    assert (book.room("tea").mode, book.room("tea").slow) == ("hold-all", 30)
    assert book.room("lobby").mode == "hold-first"
    assert owner.post(f"{DESK}rooms", {"room": "tea", "mode": "nonsense"}).status_code == 400
    owner.post(f"{DESK}rooms", {"room": "tea", "mode": "open", "slow": "-1"})
    assert (book.room("tea").mode, book.room("tea").slow) == ("hold-all", 30)

    owner.post(f"{DESK}rooms", {"room": "tea", "mode": "hold-first", "slow": "0"})
    study = study_of(owner.client.application)
    file = study.root / "config.toml"
    file.write_text(file.read_text().replace('slug = "tea"', 'slug = "tea"\nmode = "open"'))
    study.source.changed()
    study.guestbook()
    assert book.room("tea").mode == "open", "what the settings say counts again"


def test_the_guestbook_rests_and_wakes(owner: Visitor, book: Guestbook, clock: Clock) -> None:
    owner.post(f"{DESK}pause", {"paused": "1"})
    assert sign(book, clock).code == "paused"
    assert "The guestbook rests" in owner.get(DESK).get_data(as_text=True)

    owner.post(f"{DESK}pause", {"paused": "0"})
    assert sign(book, clock).ok
    owner.post(f"{DESK}pause", {"paused": "1", "room": "tea"})
    assert (book.room("tea").paused, book.room("lobby").paused) == (True, False)


def test_the_badge_counts_what_is_new_or_waits(owner: Visitor, book: Guestbook) -> None:
    def badge() -> list[str]:
        return texts(page(owner, "/admin/account/"), ".unread:not([hidden]) .hush")

    assert badge() == []
    filled(book, [written("one"), written("two"), written("three", state="held")])
    assert badge() == ["3 new or waiting"]

    owner.get(DESK)  # who opens the room has read it
    assert badge() == ["1 new or waiting"]
    owner.post(f"{DESK}do", {"approve": "entry-three lobby"})
    assert badge() == []


def test_an_open_page_is_told_the_numbers_in_the_owners_language(
    owner: Visitor, visitor: Visitor, book: Guestbook
) -> None:
    filled(book, [written("one"), written("two", state="held")])

    told = owner.get("/admin/badges").json

    assert told == {"b": {"number": 2, "text": "2", "meaning": "2 new or waiting"}}
    assert visitor.get("/admin/badges").status_code in (302, 303, 401)


def test_the_pulse_changes_with_everything_that_the_page_shows(owner: Visitor, book: Guestbook) -> None:
    def pulse() -> str:
        return str(owner.get(f"{DESK}pulse").get_json()["state"])

    seen = [pulse()]
    assert pulse() == seen[0]
    filled(book, [written("one", state="held")])
    seen.append(pulse())
    for button in ("approve", "hide", "erase"):
        owner.post(f"{DESK}do", {button: "entry-one lobby"})
        seen.append(pulse())
    owner.post(f"{DESK}undo", {"deed": str(book.deeds(limit=1)[0].id)})
    seen.append(pulse())

    assert len(set(seen)) == len(seen)


def test_a_script_is_told_in_json(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one", state="held")])
    headers = {"X-CSRF-Token": owner.token, "Accept": "application/json"}
    answer = owner.client.post(
        f"{DESK}do", data={"approve": "entry-one lobby"}, headers=headers, base_url="http://localhost/"
    )

    assert answer.get_json() == {"message": "One entry approved.", "count": 1}


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/admin/account/", "/admin/guestbook/../x"]
)
def test_a_form_leads_back_into_the_guestbook_only(owner: Visitor, book: Guestbook, back: str) -> None:
    answer = owner.post(f"{DESK}do", {"approve": "chosen", "back": back})

    assert answer.headers["Location"] == DESK


def test_without_a_guestbook_there_is_neither_page_nor_entry_in_the_menu(
    make_site: MakeSite, clock: Clock
) -> None:
    from visitors import PASSWORD

    app = create_app(make_site(), now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    owner = Visitor(app)
    owner.sign_in()

    assert "/admin/guestbook/" not in owner.get("/admin/account/").get_data(as_text=True)
    assert owner.get(DESK).status_code == 404


def test_the_study_stands_while_the_settings_are_broken(owner: Visitor, book: Guestbook) -> None:
    study = study_of(owner.client.application)
    (study.root / "config.toml").write_text("[guestbook\n")
    study.source.changed()

    assert owner.get("/admin/settings/text").status_code == 200


@pytest.mark.parametrize("state", ["held", "shown", "hidden"])
def test_payloads_are_text_on_every_page(owner: Visitor, book: Guestbook, state: str) -> None:
    nasty = written(
        "one",
        PAYLOAD,
        name=PAYLOAD[:60],
        state=state,
        language='"><script>',
        reasons=(Reason("words", 1, PAYLOAD),),
    )
    filled(book, [nasty])
    key = "a1" * 16
    queries = (
        "", "?part=list", "?q=%3Cscript%3E", f"?author={key}", "write?to=entry-one+lobby", "rooms",
        "ban?entry=entry-one+lobby&back=%22%3E%3Cscript%3E", "author/%3Cscript%3E",
    )  # fmt: skip
    for path in (f"{DESK}{query}" for query in queries):
        tree = page(owner, path)
        scripts = [node for node in tree.css("script") if "src" not in node.attributes]
        assert len(scripts) <= 1, path  # the colour scheme's own
        assert "owned" not in "".join(node.text() for node in scripts)
        assert tree.css("[onerror], img[src=x]") == [], path
