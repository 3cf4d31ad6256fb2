"""Every answer of the live site carries the headers, whoever asks for what."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from visitors import Clock, Visitor

from meishi.config.server import ServerConfig
from meishi.factory import create_app
from meishi.web.rendering import SCHEME_SCRIPT
from meishi.web.security import install_security, style_nonce, trust_proxies

if TYPE_CHECKING:
    from playwright.sync_api import Page

MakeSite = Callable[..., Path]
ADDRESSES = {
    "/": 200,
    "/nothing/": 404,
    "/about": 301,
    "/about/": 200,
    "/feed.json": 200,
    "/sitemap.xml": 200,
    "/favicon.ico": 200,
    "/pictures/a.svg": 200,
    "/admin/": 303,
    "/admin/sign-in": 200,
    "/admin/static/x/admin.css": 200,
}


@pytest.fixture
def site(make_site: MakeSite, clock: Clock) -> Flask:
    root = make_site(
        {
            "content/about.md": '# About\n\n<p style="color: red">x &amp; y</p>\n',
            "static/pictures/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        }
    )
    return create_app(root, now=clock, reload=False)


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_kind_of_answer_carries_the_headers(site: Flask, path: str) -> None:
    response = Visitor(site).get(path)

    assert response.status_code == ADDRESSES[path]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("OPTIONS", 200), ("HEAD", 200)])
def test_other_methods_carry_them_too(site: Flask, method: str, status: int) -> None:
    response = site.test_client().open("/", method=method)

    assert response.status_code == status
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_answer_that_failed_carries_them() -> None:
    app = Flask("broken")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.disabled = True
    install_security(app)

    @app.get("/")
    def fail() -> str:
        raise RuntimeError

    response = app.test_client().get("/")

    assert response.status_code == 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_answer_carries_them(site: Flask) -> None:
    first = Visitor(site).get("/favicon.ico")
    again = Visitor(site).get("/favicon.ico", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_the_one_inline_script_is_allowed_by_its_hash(site: Flask) -> None:
    mark = b64encode(sha256(SCHEME_SCRIPT.encode()).digest()).decode()

    assert f"script-src 'self' 'sha256-{mark}';" in Visitor(site).get("/").headers["Content-Security-Policy"]


def test_https_is_remembered_by_the_browser_only_where_there_is_https(site: Flask) -> None:
    https = Visitor(site, base="https://www.example.com/")

    assert https.get("/").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_proxies_are_believed_only_if_they_are_trusted() -> None:
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"}
    for number in (0, 1):
        app = Flask("proxied")
        install_security(app)
        app.add_url_rule("/", view_func=lambda: "x")
        trust_proxies(app, ServerConfig(Path(), trusted_proxies=number).trusted_proxies)
        response = app.test_client().get("/", headers=sent)

        assert ("Strict-Transport-Security" in response.headers) is bool(number)


def test_a_nonce_is_given_only_where_it_is_asked_for() -> None:
    app = Flask("editor")
    install_security(app)
    app.add_url_rule("/editor", view_func=lambda: f'<p data-nonce="{style_nonce()}">')
    app.add_url_rule("/", endpoint="plain", view_func=lambda: "<p>")
    client = app.test_client()
    first, second = client.get("/editor"), client.get("/editor")
    nonce = first.get_data(as_text=True).split('"')[1]

    assert f"style-src 'self' 'nonce-{nonce}';" in first.headers["Content-Security-Policy"]
    assert first.data != second.data
    assert "nonce" not in client.get("/").headers["Content-Security-Policy"]


def test_other_servers_that_pages_talk_to_can_be_named() -> None:
    app = Flask("guestbook")
    install_security(app, lambda: ("wss://live.example.com",))
    app.add_url_rule("/", view_func=lambda: "<p>")

    assert (
        "connect-src 'self' wss://live.example.com;"
        in app.test_client().get("/").headers["Content-Security-Policy"]
    )


@pytest.mark.browser
def test_the_browser_obeys_but_keeps_the_owner_s_own_styles(
    site: Flask, served: Callable[..., str], new_page: Callable[..., Page]
) -> None:
    page = new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{served(site)}about/")

    assert told == []
    assert page.locator("p[style]").evaluate("p => getComputedStyle(p).color") == "rgb(255, 0, 0)"
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.bad = 1'}))"
    )
    assert page.evaluate("window.bad") is None
