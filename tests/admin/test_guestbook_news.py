"""Notices, the private feed, export and import in the study; and what never leaves it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from guestbook_site import CONFIG, FILES, PAYLOAD, filled, written
from selectolax.lexbor import LexborHTMLParser
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.factory import create_app
from meishi.freezing import main as freeze
from meishi.guestbook.models import Wanted
from meishi.guestbook.service import Guestbook
from meishi.guestbook.snapshot import write_snapshot
from meishi.guestbook.snapshot_taking import take_snapshot
from small_mail_server import mail_server

MakeSite = Callable[..., Path]
DESK = "/admin/guestbook/"
ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "nobody but the owner reads this"


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


@pytest.fixture
def book(study_app: Flask) -> Iterator[Guestbook]:
    found = study_of(study_app).guestbook()
    assert found is not None
    yield found
    study_app.extensions["meishi.guestbook"].stop()


def feed_address(owner: Visitor) -> str:
    tree = LexborHTMLParser(owner.get(f"{DESK}notices").get_data(as_text=True))
    field = tree.css_first("#feed")
    assert field is not None
    return str(field.attributes["value"]).removeprefix("http://localhost")


def test_the_feed_needs_its_address_and_no_session(owner: Visitor, visitor: Visitor, book: Guestbook) -> None:
    filled(
        book, [written("one", "Hello & <b>welcome</b>", name="Hana <3", link="https://hana.example/?a=1&b=2")]
    )
    address = feed_address(owner)
    answer = visitor.get(address)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Hana <3"
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "text"
    assert content.text == "Hello & <b>welcome</b>\n\nhttps://hana.example/?a=1&b=2"
    for wrong in (f"{DESK}feed/{'0' * 40}.atom", address.replace(".atom", "0.atom"), f"{DESK}feed/é.atom"):
        assert visitor.get(wrong).status_code == 404


def test_a_waiting_entry_is_named_in_the_feed_without_its_words(owner: Visitor, book: Guestbook) -> None:
    filled(
        book,
        [
            written("held", SECRET, name=f"{SECRET}!", state="held", link="https://secret.example/"),
            written("hide", SECRET, state="hidden"),
        ],
    )
    text = owner.get(feed_address(owner)).get_data(as_text=True)

    assert "An entry waits for you (Lobby)" in text
    assert SECRET not in text
    assert "secret.example" not in text
    assert len(ElementTree.fromstring(text.encode()).findall(f"{ATOM}entry")) == 1


def test_a_payload_is_text_in_the_feed(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one", f"{PAYLOAD} ]]>", name=PAYLOAD[:40])])
    feed = ElementTree.fromstring(owner.get(feed_address(owner)).data)

    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == f"{PAYLOAD} ]]>"
    assert [child.tag for child in feed.iter() if not child.tag.startswith(ATOM)] == []


def test_a_new_address_ends_the_old_one(owner: Visitor, visitor: Visitor, book: Guestbook) -> None:
    old = feed_address(owner)
    owner.post(f"{DESK}feed/renew")
    new = feed_address(owner)

    assert new != old
    assert visitor.get(old).status_code == 404
    assert visitor.get(new).status_code == 200


def test_a_feed_that_is_turned_off_answers_nobody(owner: Visitor, visitor: Visitor, book: Guestbook) -> None:
    address = feed_address(owner)
    study = study_of(owner.client.application)
    (study.root / "config.toml").write_text(CONFIG + "[guestbook.notices]\nfeed = false\n")
    study.source.changed()

    assert visitor.get(address).status_code == 404
    assert "turned off" in owner.get(f"{DESK}notices").get_data(as_text=True)


def test_the_page_says_what_is_set_up_and_how(owner: Visitor, book: Guestbook) -> None:
    page = owner.get(f"{DESK}notices").get_data(as_text=True)
    assert "MEISHI_SMTP_URL=" in page
    assert "MEISHI_NOTICE_WEBHOOK=" in page

    assert owner.post(f"{DESK}notices/test/mail").status_code == 303
    assert "nothing is set up for that" in owner.get(f"{DESK}notices").get_data(as_text=True)


def test_a_test_mail_is_sent_from_the_study(
    make_site: MakeSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        monkeypatch.setenv("MEISHI_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        files = {"config.toml": CONFIG + '[guestbook.notices]\nmail = "me@example.com"\n'}
        app = create_app(make_site(files), now=clock, reload=False)
        study_of(app).owner.set_password(PASSWORD)
        owner = Visitor(app)
        owner.sign_in()
        assert "To me@example.com" in owner.get(f"{DESK}notices").get_data(as_text=True)
        owner.post(f"{DESK}notices/test/mail")
        app.extensions["meishi.guestbook"].stop()

    (mail,) = server.mails
    assert mail.to == ["me@example.com"]
    assert b"test from the guestbook" in mail.data


def test_the_export_is_a_file_that_comes_back(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one"), written("two", state="held", room="tea"), written("gone", state="hidden")])
    answer = owner.get(f"{DESK}entries.json?state=shown&state=held")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="guestbook-2026-11-22.json"'
    assert {entry["id"] for entry in json.loads(answer.data)["entries"]} == {"entry-one", "entry-two"}
    table = owner.get(f"{DESK}entries.csv?room=tea").get_data(as_text=True)
    assert [row["id"] for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))] == ["entry-two"]
    assert owner.get(f"{DESK}entries.exe").status_code == 404

    book.erase_author("a1" * 16)
    file = (io.BytesIO(answer.data), "entries.json")
    owner.post(f"{DESK}exchange", {"file": file}, content_type="multipart/form-data")  # type: ignore[dict-item]
    assert "were here already" in owner.get(f"{DESK}exchange").get_data(as_text=True)


def test_an_import_adds_and_says_what_it_did(owner: Visitor, book: Guestbook) -> None:
    filled(book, [written("one")])
    table = b"id,name,body\nentry-one,Hana,Hello.\nentry-two,Jonas,<script>x</script>\n"
    fields = {"file": (io.BytesIO(table), "old.csv")}
    owner.post(f"{DESK}exchange", fields, content_type="multipart/form-data")  # type: ignore[arg-type]

    assert "One entry is new. One was here already." in owner.get(f"{DESK}exchange").get_data(as_text=True)
    assert {record.entry.id for record in book.every(Wanted())} == {"entry-one", "entry-two"}
    page = LexborHTMLParser(owner.get(DESK).get_data(as_text=True))
    assert page.css(".unread:not([hidden])") == [], "what the owner brings is no news"


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("x.json", b"{", "not valid JSON"),
        ("<b>.json", b"[]", "no entries of a guestbook"),
        ("x.csv", b"a,b\n1,2\n", "no column"),
        ("", b"", "Choose a file first"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(
    owner: Visitor, book: Guestbook, name: str, data: bytes, complaint: str
) -> None:
    fields = {"file": (io.BytesIO(data), name)}
    answer = owner.post(f"{DESK}exchange", fields, content_type="multipart/form-data")  # type: ignore[arg-type]

    assert answer.status_code == 422
    assert complaint in answer.get_data(as_text=True)
    assert "<b>.json" not in answer.get_data(as_text=True)


def test_held_and_hidden_words_are_in_nothing_that_is_public(
    owner: Visitor, visitor: Visitor, book: Guestbook, tmp_path: Path
) -> None:
    filled(
        book,
        [
            written("held", f"{SECRET} held", name="Vera Held", state="held"),
            written("hide", f"{SECRET} hidden", name="Vera Hidden", state="hidden"),
            written("bin", f"{SECRET} binned", name="Vera Binned"),
            written("good", "Everyone reads this"),
        ],
    )
    assert "Vera Binned" in visitor.get("/guestbook/").get_data(as_text=True)
    owner.post(f"{DESK}do", {"erase": "entry-bin lobby"})
    public = (
        "/",
        "/guestbook/",
        "/guestbook/lobby.json",
        "/guestbook/tea.json",
        "/index.xml",
        "/sitemap.xml",
    )
    for path in public:
        text = visitor.get(path).get_data(as_text=True)
        assert SECRET not in text, path
        assert "Vera" not in text, path
    assert "Everyone reads this" in visitor.get("/guestbook/").get_data(as_text=True)

    study = study_of(owner.client.application)
    write_snapshot(study.root / "content/guestbook.json", take_snapshot(book, study.now()))
    build = tmp_path / "build"
    assert freeze(["--source", str(study.root), "-d", str(build), "--quiet"]) == 0
    frozen = {file: file.read_bytes() for file in build.rglob("*") if file.is_file()}
    assert any(b"Everyone reads this" in data for data in frozen.values())
    for part in (SECRET.encode(), b"Vera"):
        assert [file.name for file, data in frozen.items() if part in data] == []
    # What freezing remembers is published by nobody, and holds nothing either.
    kept = [file for file in (study.root / ".cache").rglob("*") if file.is_file()]
    assert [file.name for file in kept if SECRET.encode() in file.read_bytes()] == []
