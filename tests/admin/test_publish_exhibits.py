"""Published pages are shown in the study as they are, wherever they were made for, and can do nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from meishi.admin.exhibits import Exhibit
from meishi.freezing import main as freeze
from meishi.publishing.facts import LINK, LOAD, facts_of
from meishi.publishing.pages_tree import FolderTree

FILES = {
    "content/_index.md": "---\ntitle: Ichi\n---\n",
    "content/about.md": "---\ntitle: About\naliases: [/old/]\n---\nTo [the notes](notes/_index.md).\n\n"
    "![A dot](/images/a.svg)\n\n`/about/` stays.\n",
    "content/notes/_index.md": "---\ntitle: Notes\n---\n",
    "static/images/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
}
CONFIG = 'title = "Ichi"\nlocale = "en"\nbaseURL = "{}"\n{}'
KINDS = {
    "at a root": ("https://www.example.com/", ""),
    "below a path": ("https://ichi.example.com/web/", ""),
    "with whole addresses": ("https://ichi.example.com/web/", "canonifyURLs = true\n"),
    "with relative addresses": ("https://ichi.example.com/web/", "relativeURLs = true\n"),
    "nowhere": ("/", ""),
}


@pytest.fixture(scope="module", params=KINDS)
def show(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], TestResponse]:
    root = tmp_path_factory.mktemp("site")
    for name, text in {**FILES, "config.toml": CONFIG.format(*KINDS[request.param])}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    assert freeze(["--source", str(root), "--quiet"]) == 0
    exhibit = Exhibit(FolderTree(root / "build"), "/shown/here/")
    app = Flask("exhibit")
    app.add_url_rule("/shown/here/", view_func=lambda: exhibit.answer(""), endpoint="home")
    app.add_url_rule("/shown/here/<path:address>", view_func=exhibit.answer, endpoint="page")
    client = app.test_client()
    return lambda address: client.get(urljoin("/shown/here/", address))


def test_all_that_a_page_shows_and_links_to_lies_below_the_exhibit(
    show: Callable[[str], TestResponse],
) -> None:
    for address in ("", "about/", "notes/", "old/"):
        answer = show(address)
        assert answer.status_code == 200
        named = [one for one in facts_of("x.html", answer.data).references if one[0] in (LINK, LOAD)]
        assert named
        for _kind, written in named:
            target = urlsplit(urljoin(f"http://localhost/shown/here/{address}", written))
            assert target.netloc == "localhost", written
            assert target.path.startswith("/shown/here/"), written
            assert show(target.path).status_code in (200, 302), written


def test_style_sheets_find_their_pictures(show: Callable[[str], TestResponse]) -> None:
    loads = facts_of("x.html", show("").data).references
    sheet = next(written for kind, written in loads if kind == LOAD and "/site." in written)
    where = urljoin("/shown/here/", sheet)
    pictures = [written for _kind, written in facts_of("x.css", show(where).data).references]

    assert pictures
    assert all(show(urljoin(where, written)).status_code == 200 for written in pictures)


def test_what_the_text_says_is_not_touched(show: Callable[[str], TestResponse]) -> None:
    page = show("about/").get_data(as_text=True)

    assert "<code>/about/</code>" in page


def test_it_answers_as_a_static_host_does(show: Callable[[str], TestResponse]) -> None:
    assert show("about").headers["Location"] == "/shown/here/about/"
    missing = show("nothing/")
    assert missing.status_code == 404
    assert b"<html" in missing.data
    assert show("images/a.svg").mimetype == "image/svg+xml"


def test_nothing_in_it_may_run_or_be_sent(show: Callable[[str], TestResponse]) -> None:
    for address in ("", "about/", "images/a.svg", "nothing/"):
        policy = show(address).headers["Content-Security-Policy"].split("; ")
        assert "sandbox allow-same-origin" in policy
        assert "default-src 'none'" in policy
        assert "form-action 'none'" in policy
        assert not [one for one in policy if one.startswith("script-src")]
