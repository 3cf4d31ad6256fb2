"""One rule guards the study: no path without a session, no change without the page's token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from visitors import PASSWORD, Visitor
from werkzeug.routing import Rule

from meishi.admin.entrance import safe_onward
from meishi.admin.guard import OPEN
from meishi.web.public_app import FixedSite, create_public_app

# Whoever opens another door must say so here too.
EXPECTED_OPEN = {
    "admin.guestbook_feed",  # opened by the secret in its address alone
    "admin.asset",
    "admin.language",
    "admin.passkey_request",
    "admin.passkey_sign_in",
    "admin.set_up",
    "admin.sign_in",
}


def walk(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Yield every rule of the study with every method and an address that it takes."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/admin") or rule.endpoint.startswith("admin."):
                samples = dict.fromkeys(rule.arguments, "1" if "int" in rule.rule else "x")
                url = app.url_map.bind("localhost").build(rule.endpoint, samples, method=_method(rule))
                for method in sorted(rule.methods or ()):
                    yield rule, method, url


def _method(rule: Rule) -> str:
    return max(rule.methods or {"GET"})


def test_the_doors_that_stand_open_are_those_that_were_agreed() -> None:
    assert OPEN == EXPECTED_OPEN


def test_no_address_of_the_study_answers_a_stranger(study_app: Flask) -> None:
    seen, answered = 0, []
    for rule, method, url in walk(study_app):
        if rule.endpoint in EXPECTED_OPEN:
            continue
        seen += 1
        response = study_app.test_client().open(url, method=method)
        led_to_the_door = response.status_code == 303 and "/admin/sign-in" in response.headers["Location"]
        if not (led_to_the_door or response.status_code == 401):
            answered.append((method, url, response.status_code))

    assert answered == []
    assert seen > 20


def test_no_change_is_made_without_the_token(study_app: Flask, owner: Visitor) -> None:
    done = []
    for rule, method, url in walk(study_app):
        if method in ("GET", "HEAD", "OPTIONS"):
            continue
        for headers in ({}, {"X-CSRF-Token": "0" * 64}):
            response = owner.client.open(url, method=method, headers=headers, base_url="http://localhost/")
            if response.status_code != 403:
                done.append((method, url, rule.endpoint, response.status_code))

    assert done == []
    assert owner.is_in


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/nothing-here", "/admin/pages/../account/", "//admin/account/"]
)
def test_paths_that_no_rule_knows_are_refused_as_well(visitor: Visitor, path: str) -> None:
    response = visitor.get(path, follow_redirects=True)

    assert b'name="password"' in response.data or response.status_code == 404
    assert b"Sign out" not in response.data


def test_a_view_of_somebody_else_below_admin_is_behind_the_door_as_well(
    study_app: Flask, visitor: Visitor
) -> None:
    study_app.add_url_rule("/admin/elsewhere", endpoint="elsewhere", view_func=lambda: "secret")

    assert visitor.get("/admin/elsewhere").status_code == 303
    assert visitor.client.post("/admin/nothing-here").status_code == 303


def test_the_public_app_knows_nothing_of_the_study(study_app: Flask) -> None:
    source = study_app.extensions["study"].source
    public = create_public_app(FixedSite(source.current()))

    assert [rule.rule for rule in public.url_map.iter_rules() if "admin" in rule.rule] == []
    assert public.test_client().get("/admin/").status_code == 404


def test_a_script_without_a_session_learns_where_to_sign_in(visitor: Visitor) -> None:
    response = visitor.get("/admin/token", headers={"Accept": "application/json"})

    assert response.status_code == 401
    assert response.get_json()["sign_in"] == "/admin/sign-in?next=/admin/token"


def test_a_link_into_the_study_leads_there_after_signing_in(visitor: Visitor) -> None:
    way = visitor.get("/admin/account/?tab=2").headers["Location"]
    response = visitor.post(way, {"password": PASSWORD, "next": "/admin/account/?tab=2"})

    assert "next=/admin/account/?tab%3D2" in way
    assert response.headers["Location"] == "/admin/account/?tab=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/admin/",
        "/admin/\\evil.example",
        "/admin/../../x",
        "/admin//evil.example",
        "javascript:alert(1)",
        "/about/",
        "/admin/\r\nSet-Cookie: a=b",
        None,
        7,
    ],
)
def test_signing_in_leads_nowhere_but_into_the_study(target: object) -> None:
    assert safe_onward(target) == "/admin/"


@given(st.text())
@settings(max_examples=300)
def test_where_signing_in_leads_is_always_a_page_of_the_study(text: str) -> None:
    for onward in (safe_onward(text), safe_onward("/admin/" + text)):
        assert onward.startswith("/admin/")
        assert not set(onward) & set("\\\r\n\t ")
        assert "//" not in onward.partition("?")[0].partition("#")[0]


def test_another_site_cannot_change_anything_even_with_the_token(owner: Visitor) -> None:
    response = owner.post("/admin/sign-out", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert owner.is_in


def test_the_token_of_one_browser_is_worth_nothing_in_another(study_app: Flask, owner: Visitor) -> None:
    other = Visitor(study_app)
    other.sign_in()

    response = owner.client.post(
        "/admin/sign-out", data={"csrf_token": other.token}, base_url="http://localhost/"
    )

    assert response.status_code == 403
    assert owner.is_in


@given(text=st.text(max_size=80))
@settings(max_examples=100)
def test_no_guessed_token_opens_anything(study_app: Flask, text: str) -> None:
    visitor = Visitor(study_app)
    token = visitor.token
    guess = {"csrf_token": text, "password": PASSWORD}
    response = visitor.client.post("/admin/sign-in", data=guess, base_url="http://localhost/")

    assert text == token or response.status_code == 403


def test_signed_out_pages_are_not_kept_by_the_browser(owner: Visitor) -> None:
    for path in ("/admin/", "/admin/account/", "/admin/sign-in", "/admin/nothing"):
        assert owner.get(path).headers["Cache-Control"] == "no-store"


def test_a_stranger_cannot_send_much(visitor: Visitor) -> None:
    response = visitor.post("/admin/sign-in", {"password": "x" * 200_000})

    assert response.status_code == 413


def test_style_sheets_are_there_before_the_door(visitor: Visitor) -> None:
    page = visitor.get("/admin/sign-in").get_data(as_text=True)
    sheet = visitor.get(page.split('rel="stylesheet" href="')[1].split('"')[0])

    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["Cache-Control"]
    assert visitor.get("/admin/static/old/admin.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["../../config.toml", "..%2f..%2fconfig.toml", "%2fetc%2fpasswd", "nothing.css", "%00", "C:%5cx"]
)
def test_the_study_s_files_are_no_way_to_other_files(visitor: Visitor, name: str) -> None:
    response = visitor.get(f"/admin/static/x/{name}")
    refused = response.status_code == 303 and "/admin/sign-in" in response.headers["Location"]

    assert refused or response.status_code == 404


@pytest.mark.parametrize(("language", "title"), [("en", "Not here"), ("ja", "ここにはありません")])
def test_what_is_not_in_the_study_is_answered_by_the_study(owner: Visitor, language: str, title: str) -> None:
    answer = owner.get("/admin/nowhere", headers={"Accept-Language": language})

    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert f"<h1>{title}</h1>" in page
    assert 'href="/admin/pages/"' in page
