"""The study's pages of the domain: the wizard, the records, the doctor's last look."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.factory import create_app
from small_internet import NameServer, good_records, serving_github, serving_names

CONFIG = """\
# Where it lives. Keep this note.
baseURL = 'https://ichi.github.io/web/'   # mine
title = "Ichi"

[params]
# accent = "#1f6f8b"
"""
PLACE = "/admin/publish/domain/"


@pytest.fixture
def root(make_site: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site in a checkout with a remote at GitHub; nobody answers outside of it."""
    site = make_site({"config.toml": CONFIG})
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "Ichi"],
        ["config", "user.email", "ichi@example.com"],
        ["remote", "add", "origin", "git@github.com:Ichi/web.git"],
        ["add", "."],
        ["commit", "-q", "-m", "begin"],
    ):
        subprocess.run(["git", "-C", str(site), *command], check=True)
    monkeypatch.setenv("MEISHI_WEB_SERVERS", "127.0.0.1:9,127.0.0.1:9")
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return site


@pytest.fixture
def app(root: Path, clock: Clock) -> Flask:
    app = create_app(root, now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    return app


@pytest.fixture
def owner(app: Flask) -> Visitor:
    found = Visitor(app)
    found.sign_in()
    return found


def text(owner: Visitor, path: str, language: str = "en") -> str:
    response = owner.get(path, headers={"Accept-Language": language}, follow_redirects=True)
    assert response.status_code == 200
    return unescape(response.get_data(as_text=True))


def config(root: Path) -> str:
    return (root / "config.toml").read_text(encoding="utf-8")


def test_the_wizard_changes_one_line_and_commits_it(owner: Visitor, root: Path) -> None:
    response = owner.post(f"{PLACE}use", {"domain": " https://WWW.Example.com/about/ "})

    assert (response.status_code, response.headers["Location"]) == (303, f"{PLACE}records")
    assert config(root) == CONFIG.replace("'https://ichi.github.io/web/'", "'https://www.example.com/'")
    log = subprocess.run(
        ["git", "-C", str(root), "log", "-1", "--format=%an %s", "--name-only"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    assert (log[0], log[2]) == ("Ichi Move the site to https://www.example.com/", "config.toml")
    assert owner.get("/CNAME").data == b"www.example.com\n"
    assert "https://www.example.com/" in text(owner, f"{PLACE}records")


def test_a_domain_in_japanese_becomes_punycode_and_is_shown_as_it_was(owner: Visitor, root: Path) -> None:
    owner.post(f"{PLACE}use", {"domain": "www.日本語.jp"})

    assert "baseURL = 'https://www.xn--wgv71a119e.jp/'" in config(root)
    assert owner.get("/CNAME").data == b"www.xn--wgv71a119e.jp\n"
    assert 'value="www.日本語.jp"' in text(owner, f"{PLACE}use")
    assert "www.日本語.jp" in text(owner, PLACE)


@pytest.mark.parametrize(
    ("typed", "hint", "japanese"),
    [
        ("example", "Write it like www.example.com", "のように入力してください"),
        ("ichi.github.io", "Write the domain that you registered", "自分で登録したドメイン"),
        ("example.com:80", "has no port", "ポート番号はありません"),
        ('"><script>', "Write it like", "のように入力"),
    ],
)
def test_what_is_no_domain_is_not_written(
    owner: Visitor, root: Path, typed: str, hint: str, japanese: str
) -> None:
    response = owner.post(f"{PLACE}use", {"domain": typed})

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert hint in unescape(page)
    assert 'value=""><script>' not in page
    assert config(root) == CONFIG
    owner.post("/admin/language", {"language": "ja", "next": "/admin/"})
    assert japanese in owner.post(f"{PLACE}use", {"domain": typed}).get_data(as_text=True)


def test_a_file_cname_of_the_owners_follows(owner: Visitor, root: Path) -> None:
    (root / "static").mkdir()
    (root / "static" / "CNAME").write_text("old.example.com\n", encoding="utf-8")

    owner.post(f"{PLACE}use", {"domain": "example.com"})

    assert (root / "static" / "CNAME").read_text(encoding="utf-8") == "example.com\n"
    assert "static/CNAME" in text(owner, PLACE)

    owner.post(f"{PLACE}use", {"back": "1"})
    assert not (root / "static" / "CNAME").exists()


def test_the_way_back_to_githubs_address(owner: Visitor, root: Path) -> None:
    owner.post(f"{PLACE}use", {"domain": "example.com"})

    response = owner.post(f"{PLACE}use", {"back": "1"})

    assert (response.status_code, response.headers["Location"]) == (303, PLACE)
    assert config(root) == CONFIG
    assert owner.get("/CNAME").status_code == 404


def test_the_records_are_shown_in_the_form_of_a_registrar(owner: Visitor) -> None:
    assert "Use my own domain" in text(owner, f"{PLACE}records")
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})

    cloudflare, onamae = (
        text(owner, f"{PLACE}records?at=cloudflare"),
        text(owner, f"{PLACE}records?at=onamae", "ja"),
    )
    zone = text(owner, f"{PLACE}records?at=zone")

    assert "<code>ichi.github.io</code>" in cloudflare
    assert "DNS only" in cloudflare
    assert "ホスト名" in onamae
    assert "（空欄）" in onamae
    assert "www.example.com. 3600 IN CNAME ichi.github.io.\n" in zone
    assert "_github-pages-challenge-ichi" in zone


def test_where_ci_builds_the_domain_is_set_at_github(owner: Visitor, root: Path) -> None:
    (root / "config.toml").write_text(f'{CONFIG}\n[publish]\nvia = "push"\n', encoding="utf-8")
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})

    assert "https://github.com/Ichi/web/settings/pages" in text(owner, f"{PLACE}records")


def test_without_a_remote_the_name_has_a_place(owner: Visitor, root: Path) -> None:
    subprocess.run(["git", "-C", str(root), "remote", "remove", "origin"], check=True)
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})

    assert "USER.github.io" in text(owner, f"{PLACE}records")
    assert owner.post(f"{PLACE}use", {"back": "1"}).status_code == 422


def test_the_doctor_looks_when_asked_and_its_word_is_kept(
    owner: Visitor, root: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})
    assert "Nobody has looked yet" in text(owner, PLACE)
    names = NameServer(good_records())
    names.records["example.com"]["A"] = ["203.0.113.9"]
    with serving_names(names):
        monkeypatch.setenv("MEISHI_DNS_SERVERS", f"127.0.0.1:{names.port}")
        response = owner.post(f"{PLACE}look")

    assert (response.status_code, response.headers["Location"]) == (303, PLACE)
    english, japanese = text(owner, PLACE), text(owner, PLACE, "ja")
    assert "example.com leads to other servers than GitHub's." in english
    assert "; remove: example.com. 3600 IN A 203.0.113.9" in english
    assert "その A レコードを削除し、GitHub の四つを追加してください。" in japanese
    kept = json.loads((root / "instance" / "domain.json").read_text(encoding="utf-8"))
    assert kept["host"] == "www.example.com"
    (root / "instance" / "domain.json").write_text("{", encoding="utf-8")
    assert "Nobody has looked yet" in text(owner, PLACE)


def test_the_token_reaches_github_and_nothing_else(
    owner: Visitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})
    token = "ghp_0123456789abcdef0123"
    asked: list[str] = []
    replies: dict[str, tuple[int, object]] = {"/repos/Ichi/web/pages": (200, {"cname": "old.example.com"})}
    with serving_names(NameServer(good_records())) as names, serving_github(replies, asked) as api:
        monkeypatch.setenv("MEISHI_DNS_SERVERS", f"127.0.0.1:{names.port}")
        monkeypatch.setenv("MEISHI_GITHUB_API", api)
        monkeypatch.setenv("GITHUB_TOKEN", token)
        owner.post(f"{PLACE}look")

    page = text(owner, PLACE)
    assert asked == [f"/repos/Ichi/web/pages Bearer {token}"]
    assert "At GitHub the domain is old.example.com, but baseURL says www.example.com." in page
    assert token not in page + (root / "instance" / "domain.json").read_text(encoding="utf-8")


def test_a_look_at_another_domain_is_not_shown_for_this_one(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})
    with serving_names(NameServer(good_records())) as names:
        monkeypatch.setenv("MEISHI_DNS_SERVERS", f"127.0.0.1:{names.port}")
        owner.post(f"{PLACE}look")
    owner.post(f"{PLACE}use", {"domain": "www.example.net"})

    page = text(owner, PLACE)
    assert "The site's address has changed since the last look." in page
    assert "leads to ichi.github.io" not in page


def test_a_look_that_fails_says_why(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.post(f"{PLACE}use", {"domain": "www.example.com"})
    monkeypatch.setenv("MEISHI_DNS_SERVERS", "127.0.0.1:dns")

    owner.post(f"{PLACE}look")

    assert "MEISHI_DNS_SERVERS has no port in '127.0.0.1:dns'" in text(owner, PLACE)


def test_looking_and_changing_need_the_owner_and_a_token(app: Flask, owner: Visitor, root: Path) -> None:
    stranger = Visitor(app)

    for path in ("", "use", "records"):
        assert stranger.get(f"{PLACE}{path}").status_code == 303
    assert stranger.post(f"{PLACE}use", {"domain": "www.example.com"}).status_code == 303
    assert owner.client.post(f"{PLACE}use", data={"domain": "www.example.com"}).status_code == 403
    assert owner.get(f"{PLACE}look").status_code == 404
    assert config(root) == CONFIG
