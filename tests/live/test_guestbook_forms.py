"""The guestbook without WebSockets: read as JSON, signed by a form, with and without JavaScript."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from guestbook_server import KEY, config, ticket

from meishi.config.server import ServerConfig
from meishi.factory import create_app

MakeClient = Callable[..., FlaskClient]
SITE = "https://www.example.com"


@pytest.fixture
def make_client(make_site: Callable[..., Path], tmp_path: Path) -> Iterator[MakeClient]:
    apps = []

    def make(settings: str = config()) -> FlaskClient:
        root = make_site({"config.toml": settings, "content/notes/tea.md": "---\ntitle: Tea\n---\nOn tea.\n"})
        server = ServerConfig(root / "instance", secret_key=KEY)
        apps.append(create_app(root, reload=False, server=server))
        return apps[-1].test_client()

    yield make
    for app in apps:
        app.extensions["meishi.guestbook"].stop()


@pytest.fixture
def client(make_client: MakeClient) -> FlaskClient:
    return make_client()


def form(body: str = "By a form", **more: str) -> dict[str, str]:
    return {"name": "Aki", "body": body, "id": str(uuid.uuid4()), "ticket": ticket(), "lang": "en", **more}


def test_a_form_without_javascript_leads_to_the_entry(client: FlaskClient) -> None:
    answer = client.post("/guestbook/lobby/", data=form("Plain <b>words</b>"))

    assert answer.status_code == 303
    address, _, fragment = answer.headers["Location"].partition("#")
    assert (address, fragment) == ("/guestbook/", "entry-1")
    page = client.get(address).text
    assert "Plain &lt;b&gt;words&lt;/b&gt;" in page
    assert f'id="{fragment}"' in page


def test_a_form_that_is_refused_comes_back_with_what_was_written(client: FlaskClient) -> None:
    answer = client.post("/guestbook/lobby/", data=form("A long thought & more", ticket="old"))

    assert answer.status_code == 422
    assert "A long thought &amp; more" in answer.text
    assert 'role="alert"' in answer.text
    fresh = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert fresh
    assert fresh[1] != "old"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_held_entry_is_seen_by_its_author_alone(make_client: MakeClient) -> None:
    client = make_client(config().replace('mode = "open"', 'mode = "hold-all"'))

    answer = client.post("/guestbook/lobby/", data=form("Wait for me"))

    private = answer.headers["Location"]
    assert private.startswith("/guestbook/mine/")
    assert "Wait for me" in client.get(private).text
    assert client.get(private).headers["Referrer-Policy"] == "same-origin"
    assert "Wait for me" not in client.get("/guestbook/").text
    assert client.get("/guestbook/lobby.json").json["entries"] == []


def test_a_private_link_edits_and_erases(client: FlaskClient) -> None:
    signed = client.post("/guestbook/lobby/", json=form("Frist")).json
    private = f"/guestbook/mine/{signed['token']}"

    edited = client.post(private, data={"action": "edit", "body": "First", "name": "Aki"})

    assert edited.status_code == 303
    assert [entry["body"] for entry in client.get("/guestbook/lobby.json").json["entries"]] == ["First"]
    assert client.post(private, data={"action": "erase"}).status_code == 200
    assert client.get("/guestbook/lobby.json").json["entries"] == []
    assert client.get("/guestbook/mine/nothing").status_code == 404


def test_a_private_link_erases_everything_of_its_author_for_one_who_is_sure(client: FlaskClient) -> None:
    mine = [
        client.post(f"/guestbook/{room}/", json=form(f"Mine in {room}", author="a" * 32)).json
        for room in ("lobby", "garden")
    ]
    client.post("/guestbook/lobby/", json=form("Another's", author="b" * 32))
    private = f"/guestbook/mine/{mine[0]['token']}"

    unsure = client.post(private, data={"action": "forget", "lang": "en"})
    kept = client.get("/guestbook/garden.json").json["entries"]
    sure = client.post(private, data={"action": "forget", "sure": "yes", "lang": "en"})

    assert (unsure.status_code, "tick the box" in unsure.text, len(kept)) == (422, True, 1)
    assert sure.status_code == 200
    assert "Everything that you wrote has been erased." in sure.text
    assert "Mine in" not in sure.text
    assert [one["body"] for one in client.get("/guestbook/lobby.json").json["entries"]] == ["Another's"]
    assert client.get("/guestbook/garden.json").json["entries"] == []


def test_json_is_answered_with_json_and_a_status(client: FlaskClient) -> None:
    signed = client.post("/guestbook/lobby/", data=form(), headers={"Accept": "application/json"})
    refused = client.post("/guestbook/lobby/", json=form(""))
    unknown = client.post("/guestbook/nowhere/", json=form())
    odd = client.post("/guestbook/lobby/", json={"name": ["a"]})

    assert signed.json["ok"]
    assert (refused.status_code, refused.json["code"]) == (422, "empty")
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_room")
    assert (odd.status_code, odd.json["code"]) == (400, "bad_request")


def test_polling_asks_for_what_came_after_and_hears_of_nothing_new(client: FlaskClient) -> None:
    client.post("/guestbook/lobby/", json=form("One"))
    first = client.get("/guestbook/lobby.json")
    place = {"after": first.json["head"], "epoch": first.json["epoch"]}
    tag = client.get("/guestbook/lobby.json", query_string=place).headers["ETag"]

    same = client.get("/guestbook/lobby.json", query_string=place, headers={"If-None-Match": tag})
    client.post("/guestbook/lobby/", json=form("Two"))
    new = client.get("/guestbook/lobby.json", query_string=place, headers={"If-None-Match": tag})

    assert same.status_code == 304
    assert [entry["body"] for entry in new.json["entries"]] == ["Two"]
    assert new.json["reset"] is False


def test_what_stands_before_an_entry_is_read_as_the_event_older_does(client: FlaskClient) -> None:
    for number in range(1, 56):
        client.post("/guestbook/lobby/", json=form(f"No. {number}"))
    newest = client.get("/guestbook/lobby.json").json["entries"]

    older = client.get("/guestbook/lobby.json", query_string={"before": newest[0]["number"]})
    first = client.get("/guestbook/lobby.json?before=1")
    again = client.get("/guestbook/lobby.json?before=6", headers={"If-None-Match": older.headers["ETag"]})
    wrong = client.get("/guestbook/lobby.json?before=six")
    unknown = client.get("/guestbook/nowhere.json?before=6")

    assert [entry["body"] for entry in older.json["entries"]] == [f"No. {number}" for number in range(1, 6)]
    assert first.json == {"ok": True, "entries": []}
    assert again.status_code == 304
    assert (wrong.status_code, wrong.json["field"]) == (400, "before")
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_room")


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_page_can_neither_write_nor_read(client: FlaskClient, origin: str) -> None:
    headers = {"Origin": origin}

    assert client.post("/guestbook/lobby/", data=form(), headers=headers).status_code == 403
    answer: Any = client.get("/guestbook/lobby.json", headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_published_page_may_read_and_write_from_its_own_address(client: FlaskClient) -> None:
    headers = {"Origin": SITE}

    asked = client.options("/guestbook/lobby/", headers=headers)
    answer = client.post("/guestbook/lobby/", json=form(), headers=headers)

    assert asked.headers["Access-Control-Allow-Origin"] == SITE
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    assert answer.json["ok"]
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_and_the_study_take_no_entries(client: FlaskClient) -> None:
    assert client.post("/notes/tea/", data=form()).status_code == 405
    assert client.post("/nothing/", data=form()).status_code in (404, 405)


def test_a_page_with_a_guestbook_of_its_own_takes_entries(make_client: MakeClient) -> None:
    client = make_client(config().replace('mode = "open"', 'mode = "open"\npages = true'))

    answer = client.post("/notes/tea/", data=form("I like tea"))

    assert answer.headers["Location"] == "/notes/tea/#entry-1"
    assert "I like tea" in client.get("/notes/tea/").text
    found = client.get("/guestbook/.json", query_string={"room": "/notes/tea/"}).json
    assert [entry["body"] for entry in found["entries"]] == ["I like tea"]
