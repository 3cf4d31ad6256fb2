"""Setting up, signing in and out, and how failed attempts slow down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.admin.invitation import LIFETIME
from meishi.admin.sessions import ABSOLUTE, IDLE
from meishi.admin.study import Study
from meishi.admin.throttle import ADDRESS


def invited(app: Flask) -> str:
    token = study_of(app).invitation.token()
    assert token is not None
    return f"/admin/set-up/{token}"


def set_up(visitor: Visitor, link: str, password: str = PASSWORD) -> int:
    return visitor.post(link, {"password": password, "again": password}).status_code


def test_a_stranger_sees_no_set_up_form(new_app: Flask) -> None:
    page = Visitor(new_app).get("/admin/", follow_redirects=True)

    assert b"Nobody lives here yet" in page.data
    assert b'name="password"' not in page.data


def test_whoever_holds_the_link_becomes_the_owner(new_app: Flask) -> None:
    visitor = Visitor(new_app)

    assert set_up(visitor, invited(new_app)) == 303
    assert visitor.is_in
    assert Visitor(new_app).sign_in().status_code == 303


def test_the_link_works_once(new_app: Flask) -> None:
    link = invited(new_app)
    set_up(Visitor(new_app), link)
    late = Visitor(new_app)

    assert set_up(late, link, "another long password of mine") == 403
    assert not late.is_in
    assert study_of(new_app).owner.knows(PASSWORD)
    assert study_of(new_app).invitation.token() is None


def test_looking_at_the_link_does_not_use_it_up(new_app: Flask) -> None:
    link = invited(new_app)
    Visitor(new_app).get(link)

    assert set_up(Visitor(new_app), link) == 303


def test_of_many_who_use_the_link_at_once_one_becomes_the_owner(new_app: Flask) -> None:
    token = invited(new_app).rpartition("/")[2]
    invitation = study_of(new_app).invitation
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: invitation.accept(token, f"{PASSWORD} {n}"), range(8)))

    assert done.count(True) == 1
    assert study_of(new_app).owner.knows(f"{PASSWORD} {done.index(True)}")


def test_the_link_expires_and_the_server_prints_another(
    new_app: Flask, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    study_of(new_app).doorbell.announce("http://localhost:5000/")
    link = capsys.readouterr().err.split("http://localhost:5000")[1].split()[0]
    clock.pass_seconds(LIFETIME)

    assert Visitor(new_app).get(link).status_code == 403
    Visitor(new_app).get("/admin/sign-in", headers={"Host": "evil.example"})
    printed = capsys.readouterr().err
    assert "http://localhost:5000/admin/set-up/" in printed
    assert link not in printed
    assert "evil.example" not in printed


def test_strangers_cannot_fill_the_terminal(new_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    study_of(new_app).doorbell.announce("http://localhost:5000/")
    capsys.readouterr()
    for _ in range(5):
        Visitor(new_app).get("/admin/sign-in")

    assert capsys.readouterr().err == ""


def test_nothing_is_printed_once_there_is_an_owner(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    study.doorbell.announce("http://localhost:5000/")

    assert capsys.readouterr().err == ""


@given(token=st.text(max_size=60))
@settings(max_examples=60)
def test_no_guessed_link_is_valid(new_app: Flask, token: str) -> None:
    invitation = study_of(new_app).invitation
    real = invitation.token()

    assert invitation.valid(token) == (token == real)


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("short", "short", "at least 12"),
        ("password1234", "password1234", "easy to guess"),
        ("Ichi Ichi Ichi", "Ichi Ichi Ichi", "easy to guess"),
        (PASSWORD, PASSWORD + "!", "differ"),
        ("x" * 201, "x" * 201, "too long"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(
    new_app: Flask, password: str, again: str, message: str
) -> None:
    response = Visitor(new_app).post(invited(new_app), {"password": password, "again": again})

    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert not study_of(new_app).owner.exists()


def test_a_password_typed_in_another_form_of_the_same_letters_works(study: Study) -> None:
    study.owner.set_password("ﾊﾞﾗのか゛くぶち 三本目の道")

    assert study.owner.knows("バラのか゛くぶち 三本目の道")


def test_the_password_is_stored_as_an_argon2_hash(study: Study) -> None:
    stored = (study.server.instance / "admin.sqlite3").read_bytes()

    assert b"$argon2id$" in stored
    assert PASSWORD.encode() not in stored


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_never_see(visitor: Visitor) -> None:
    cookie = next(c for c in visitor.sign_in().headers.getlist("Set-Cookie") if "meishi_session" in c)

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_over_https_the_cookie_never_leaves_https(study_app: Flask) -> None:
    visitor = Visitor(study_app, base="https://www.example.com/")
    cookies = visitor.sign_in().headers.getlist("Set-Cookie")

    assert [c for c in cookies if not (c.startswith("__Host-") and "Secure" in c)] == []
    assert visitor.is_in


def test_the_database_tells_no_session_s_token(owner: Visitor, study: Study) -> None:
    cookie = owner.client.get_cookie("meishi_session")
    assert cookie is not None

    assert cookie.value.encode() not in (study.server.instance / "admin.sqlite3").read_bytes()


def test_signing_out_ends_the_session_on_the_server(owner: Visitor) -> None:
    cookie = owner.client.get_cookie("meishi_session")
    assert cookie is not None
    owner.post("/admin/sign-out")
    owner.client.set_cookie("meishi_session", cookie.value)

    assert not owner.is_in


def test_a_session_ends_when_it_is_not_used(owner: Visitor, clock: Clock) -> None:
    clock.pass_seconds(IDLE - 1)
    assert owner.is_in
    clock.pass_seconds(IDLE - 1)
    assert owner.is_in
    clock.pass_seconds(IDLE + 1)
    assert not owner.is_in


def test_a_session_ends_at_last_however_much_it_is_used(owner: Visitor, clock: Clock) -> None:
    for _ in range(int(ABSOLUTE / IDLE) * 2):
        clock.pass_seconds(IDLE / 2)
        owner.get("/admin/")
    clock.pass_seconds(IDLE / 2)

    assert not owner.is_in


def test_a_wrong_password_is_told_and_opens_nothing(visitor: Visitor) -> None:
    response = visitor.sign_in("not the password at all")

    assert response.status_code == 403
    assert b"That is not the password" in response.data
    assert not visitor.is_in


def test_failed_attempts_slow_down_and_the_right_password_works_after_the_wait(
    visitor: Visitor, clock: Clock
) -> None:
    waits = []
    for _ in range(9):
        response = visitor.sign_in("wrong")
        while response.status_code == 429:
            waits.append(int(response.headers["Retry-After"]))
            assert visitor.sign_in().status_code == 429, "even the right password must wait"
            clock.pass_seconds(waits[-1])
            response = visitor.sign_in("wrong")

    assert waits == [1, 2, 4, 8, 16]
    clock.pass_seconds(32)
    assert visitor.sign_in().status_code == 303


def test_the_wait_has_an_end(visitor: Visitor, study: Study, clock: Clock) -> None:
    for _ in range(40):
        visitor.sign_in("wrong")
        clock.pass_seconds(ADDRESS.longest)

    assert visitor.sign_in().status_code == 303


def test_guessing_from_many_addresses_slows_down_too_but_not_for_the_owner_s_own_browser(
    study_app: Flask, owner: Visitor
) -> None:
    owner.post("/admin/sign-out")
    answers = [Visitor(study_app, f"198.51.100.{n}").sign_in("wrong").status_code for n in range(40)]

    assert answers[:30] == [403] * 30
    assert 429 in answers[30:]
    assert owner.sign_in().status_code == 303


def test_many_attempts_at_one_moment_gain_nothing(study: Study) -> None:
    with ThreadPoolExecutor(12) as pool:
        for number in range(12):
            buckets = {f"address:{number}": ADDRESS}
            waits = list(pool.map(lambda _, named=buckets: study.throttle.attempt(named), range(16)))

            assert waits.count(0) == ADDRESS.free


def test_one_holder_of_an_ipv6_network_is_one_address(study: Study) -> None:
    one, two, three = (
        study.throttle.buckets(address, None)
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )

    assert one == two
    assert one != three


def test_addresses_are_kept_only_as_keyed_hashes_of_the_day(
    visitor: Visitor, study: Study, clock: Clock
) -> None:
    visitor.sign_in("wrong")
    before = study.throttle.buckets("203.0.113.7", None)
    clock.pass_seconds(86_400)

    assert b"203.0.113.7" not in (study.server.instance / "admin.sqlite3").read_bytes()
    assert study.throttle.buckets("203.0.113.7", None) != before


def test_a_made_up_device_mark_brings_no_bucket_of_its_own(study_app: Flask) -> None:
    for n in range(6):
        visitor = Visitor(study_app)
        visitor.client.set_cookie("meishi_device", f"{n}.{'0' * 64}")
        last = visitor.sign_in("wrong")

    assert last.status_code == 429


def test_a_new_password_signs_every_other_browser_out(study_app: Flask, owner: Visitor) -> None:
    other = Visitor(study_app)
    other.sign_in()
    fresh = "an entirely different sentence"
    fields = {"current": PASSWORD, "password": fresh, "again": fresh}

    assert owner.post("/admin/account/password", fields).status_code == 303
    assert owner.is_in
    assert not other.is_in
    assert Visitor(study_app).sign_in(PASSWORD).status_code == 403
    assert Visitor(study_app).sign_in(fresh).status_code == 303


def test_the_password_is_changed_only_by_who_knows_it(owner: Visitor, study: Study) -> None:
    fields = {"current": "wrong", "password": "x y z long enough", "again": "x y z long enough"}

    assert owner.post("/admin/account/password", fields).status_code == 422
    assert study.owner.knows(PASSWORD)


def test_one_browser_can_be_signed_out_from_another(study_app: Flask, owner: Visitor, study: Study) -> None:
    other = Visitor(study_app)
    other.sign_in()
    page = owner.get("/admin/account/").get_data(as_text=True)
    address = page.split('action="/admin/account/sessions/')[1].split('"')[0]
    owner.post(f"/admin/account/sessions/{address}")

    assert owner.is_in
    assert not other.is_in


@pytest.mark.parametrize(("stay", "left"), [("1", True), ("", False)])
def test_everywhere_means_every_browser(study_app: Flask, owner: Visitor, stay: str, left: bool) -> None:
    others = [Visitor(study_app) for _ in range(3)]
    for other in others:
        other.sign_in()
    owner.post("/admin/account/sessions/end", {"stay": stay})

    assert [other.is_in for other in others] == [False] * 3
    assert owner.is_in == left


def test_a_notice_is_shown_once(owner: Visitor) -> None:
    owner.post("/admin/account/sessions/end", {"stay": "1"})

    assert b"other browsers are signed out" in owner.get("/admin/account/").data
    assert b"other browsers are signed out" not in owner.get("/admin/account/").data
