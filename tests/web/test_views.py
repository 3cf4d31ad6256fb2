"""The public app: what a visitor's browser is answered."""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from shown_site import NOW, TWO_LANGUAGES, Show, read

from meishi.factory import create_app
from meishi.publishing.addresses import files_of
from meishi.web.public_app import FixedSite, create_public_app

MakeSite = Callable[..., Path]
HTML = "text/html; charset=utf-8"


def client_of(root: Path, **options: object) -> FlaskClient:
    return create_public_app(FixedSite(read(root, **options).site)).test_client()


@pytest.fixture
def root(make_site: MakeSite, png: bytes) -> Path:
    return make_site(
        {
            "config.toml": f"enableRobotsTXT = true\n{TWO_LANGUAGES}",
            "content/about.md": "---\naliases: [/me/]\n---\n![](sea.png)",
            "content/sea.png": png,
            "content/私.ja.md": "私",
            "content/notes/tea.md": "---\ntags: [green]\n---\n",
            "static/paper.pdf": b"%PDF-1.7",
            "static/.well-known/security.txt": "Contact: mailto:me@example.com\n",
        }
    )


def test_every_address_answers_with_the_type_that_a_static_host_would_guess(root: Path) -> None:
    shown = read(root)
    client = create_public_app(FixedSite(shown.site)).test_client()
    files, errors = files_of(shown.site.targets())
    types = {
        ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".png": "image/png",
        ".svg": "image/svg+xml", ".ico": "image/x-icon", ".xml": "application/xml", ".txt": "text/plain",
        ".json": "application/json", ".vcf": "text/vcard", ".pdf": "application/pdf",
        "": "application/octet-stream",
    }  # fmt: skip

    assert errors == []
    for address, path in files.items():
        response = client.get(address, buffered=True)
        assert response.status_code == 200, address
        assert response.mimetype == types[Path(path).suffix if path != ".nojekyll" else ""], address


def test_the_live_page_is_the_frozen_page(root: Path) -> None:
    live = create_app(root, now=lambda: NOW, reload=False).test_client()
    frozen = client_of(root, base_path="")

    for address in read(root).site.targets():
        assert live.get(address, buffered=True).data == frozen.get(address, buffered=True).data, address


def test_only_links_tell_the_base_path(root: Path) -> None:
    plain, below = client_of(root, base_path=""), client_of(root, base_path="/web")
    # The address stands on the pictures for other sites, and so in their names; the card draws it.
    picture = re.compile(rb"/social/([^.]+)\.[0-9a-f]{10}\.png")

    for target in read(root).site.targets().values():
        if target.kind in ("home", "page", "section", "tags", "tag", "atom", "jsonfeed", "sitemap", "alias"):
            body = re.sub(rb"""(["'=\s]|example\.com)/web/""", rb"\1/", below.get(target.address).data)
            same = plain.get(target.address).data
            assert picture.sub(rb"\1", body) == picture.sub(rb"\1", same), target.address


@pytest.mark.parametrize(
    ("asked", "place"),
    [("/about", "/about/"), ("/ja", "/ja/"), ("/ja/私", "/ja/%E7%A7%81/"), ("/about?x=1", "/about/?x=1")],
)
def test_an_address_without_its_slash_leads_to_the_page(root: Path, asked: str, place: str) -> None:
    response = client_of(root).get(asked)

    assert (response.status_code, response.headers["Location"]) == (301, place)


def test_a_server_below_a_path_redirects_below_it(root: Path) -> None:
    response = client_of(root).get("/about", environ_overrides={"SCRIPT_NAME": "/web"})

    assert response.headers["Location"] == "/web/about/"


def test_an_address_in_another_form_of_unicode_is_found(make_site: MakeSite) -> None:
    client = client_of(make_site({"content/rápido.md": "Hi"}))

    assert client.get("/ra\u0301pido/").status_code == 200


@pytest.mark.parametrize("address", ["/nothing/", "/nothing.png", "/about/index.html", "/../config.toml"])
def test_what_is_not_there_is_answered_with_the_sites_own_page(root: Path, address: str) -> None:
    response = client_of(root).get(address, follow_redirects=True)

    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


def test_links_of_the_page_for_what_is_not_there_work_at_any_address(root: Path) -> None:
    html = client_of(root, base_path="/web").get("/deep/down/nothing").text

    links = re.findall(r'(?:href|src)="([^"#]*)', html)
    assert {link for link in links if not link.startswith(("/web/", "https://"))} <= {""}


def test_hashed_files_are_kept_for_ever_and_pages_are_asked_for_again(root: Path) -> None:
    client = client_of(root)
    page = client.get("/about/")
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)

    assert "immutable" in client.get(sheet, buffered=True).headers["Cache-Control"]
    assert "Cache-Control" not in page.headers
    again = client.get("/about/", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_smaller_picture_is_answered_by_a_server_that_never_made_it(root: Path) -> None:
    (srcset,) = re.findall(r'srcset="([^"]+)"', client_of(root).get("/about/").text)

    for part in srcset.split(", "):
        response = client_of(root).get(part.split()[0], buffered=True)
        assert response.status_code == 200


def test_what_freezing_asks_raises_instead_of_answering_with_an_error(make_site: MakeSite) -> None:
    from meishi.errors import TemplateError

    app = create_public_app(FixedSite(read(make_site({"templates/home.html": "{{ lost }}"})).site))
    app.config["PROPAGATE_EXCEPTIONS"] = True

    with pytest.raises(TemplateError):
        app.test_client().get("/")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_without_a_body_leaves_no_file_open(root: Path, method: str) -> None:
    client = client_of(root)
    with client.get("/paper.pdf", buffered=True) as answer:
        tag = answer.headers["ETag"]

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        headers = {"If-None-Match": tag} if method == "GET" else {}
        status = client.open("/paper.pdf", method=method, headers=headers).status_code
        gc.collect()
    assert status == (304 if method == "GET" else 200)
    assert [str(each.message) for each in seen if each.category is ResourceWarning] == []


def test_an_answer_that_the_server_drops_leaves_no_file_open(root: Path) -> None:
    app = create_public_app(FixedSite(read(root).site))
    environ = app.test_request_context("/paper.pdf").request.environ

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        parts = app.wsgi_app(environ, lambda *_: lambda _: None)
        assert next(iter(parts)) == b"%PDF-1.7"
        del parts
        gc.collect()
    assert [str(each.message) for each in seen if each.category is ResourceWarning] == []


def test_a_site_without_a_title_is_shown_in_japanese_too(show: Show) -> None:
    shown = show(
        {"config.toml": TWO_LANGUAGES.replace('title = "', 'title = "" # "'), "content/_index.ja.md": "あ"}
    )
    assert shown.page("/ja/").css_first("#card") is not None
    assert shown.page("/ja/card/").css_first(".meishi") is not None
