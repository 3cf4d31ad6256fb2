"""The server that behaves like GitHub Pages, asked over a socket."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from meishi.publishing.pages_server import PagesServer
from meishi.publishing.pages_tree import CommitTree, FolderTree

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
FILES = {
    "index.html": "<h1>home</h1>",
    "404.html": "<h1>lost</h1>",
    "page.html": "<h1>page</h1>",
    "notes/index.html": "<h1>notes</h1>",
    "notes/first day/index.html": "<h1>first</h1>",
    "both.html": "<h1>both, the page</h1>",
    "both/index.html": "<h1>both, the folder</h1>",
    "empty/a.txt": "a",
    "日本/index.html": "<h1>日本</h1>",
    "css/site.css": "body { color: red }\n" * 50,
    "images/a.png": "PNG",
    "card.vcf": "BEGIN:VCARD",
    "app.webmanifest": "{}",
    "CNAME": "www.example.com\n",
    ".nojekyll": "",
    ".well-known/x.txt": "x",
    "_private/a.html": "a",
    "~draft.html~": "a",
}
Ask = Callable[..., "Answer"]


class Answer:
    """What came over the socket."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def __getitem__(self, name: str) -> str | None:
        return self.headers[name]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def ask(build: Path, served: Callable[..., str]) -> Ask:
    """Ask the server: `ask("/page")`, `ask("/web/", base="/web/", method="HEAD")`."""
    known: dict[str, str] = {}

    def send(path: str, base: str = "/", method: str = "GET", **headers: str) -> Answer:
        if base not in known:
            known[base] = served(PagesServer(FolderTree(build), base, lambda: NOW))
        connection = HTTPConnection(urlsplit(known[base]).netloc, timeout=30)
        try:
            connection.request(
                method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            return Answer(connection.getresponse())
        finally:
            connection.close()

    return send


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, "<h1>home</h1>"),
        ("/index.html", 200, "<h1>home</h1>"),
        ("/page", 200, "<h1>page</h1>"),
        ("/page.html", 200, "<h1>page</h1>"),
        ("/page/", 404, "<h1>lost</h1>"),
        ("/notes/", 200, "<h1>notes</h1>"),
        ("/notes/index.html", 200, "<h1>notes</h1>"),
        ("/notes.html", 404, "<h1>lost</h1>"),
        ("/both", 200, "<h1>both, the page</h1>"),
        ("/both/", 200, "<h1>both, the folder</h1>"),
        ("/empty/", 404, "<h1>lost</h1>"),
        ("/empty", 404, "<h1>lost</h1>"),
        ("/Page", 404, "<h1>lost</h1>"),
        ("/Notes/", 404, "<h1>lost</h1>"),
        ("/notes/First%20day/", 404, "<h1>lost</h1>"),
        ("/notes/first%20day/", 200, "<h1>first</h1>"),
        ("/%E6%97%A5%E6%9C%AC/", 200, "<h1>日本</h1>"),
        ("/%E6%97", 404, "<h1>lost</h1>"),
        ("/nothing/at/all", 404, "<h1>lost</h1>"),
        ("//page", 200, "<h1>page</h1>"),
        ("/notes/../page", 200, "<h1>page</h1>"),
        ("/notes/%2e%2e/page", 200, "<h1>page</h1>"),
        ("/../../page", 200, "<h1>page</h1>"),
        ("/404.html", 200, "<h1>lost</h1>"),
        ("/CNAME", 200, "www.example.com\n"),
        ("/page?a=b", 200, "<h1>page</h1>"),
    ],
)
def test_an_address_answers_as_on_github_pages(ask: Ask, path: str, status: int, body: str) -> None:
    answer = ask(path)

    assert (answer.status, answer.body.decode()) == (status, body)


@pytest.mark.parametrize(
    ("path", "base", "to"),
    [
        ("/notes", "/", "/notes/"),
        ("/notes?a=b&c", "/", "/notes/?a=b&c"),
        ("/notes/first%20day", "/", "/notes/first%20day/"),
        ("/%E6%97%A5%E6%9C%AC", "/", "/%E6%97%A5%E6%9C%AC/"),
        ("/web", "/web/", "/web/"),
        ("/web/notes", "web", "/web/notes/"),
    ],
)
def test_a_folder_goes_on_to_its_slash(ask: Ask, path: str, base: str, to: str) -> None:
    answer = ask(path, base)

    assert answer.status == 301
    assert (answer["Location"] or "").partition("127.0.0.1:")[2].partition("/")[2] == to[1:]
    assert answer["Cache-Control"] == "max-age=600"


def test_below_a_base_path_only_the_site_is_there(ask: Ask) -> None:
    assert ask("/web/page", "/web/").body == b"<h1>page</h1>"
    assert ask("/web/lost", "/web/").body == b"<h1>lost</h1>"
    outside = ask("/page", "/web/")
    assert (outside.status, b"lost" in outside.body) == (404, False)
    assert ask("/webpage", "/web/").status == 404


@pytest.mark.parametrize("path", ["/_private/a.html", "/_private/a", "/.well-known/x.txt", "/~draft.html~"])
def test_names_that_jekyll_hides_need_nojekyll(ask: Ask, build: Path, path: str) -> None:
    assert ask(path).status == 200
    (build / ".nojekyll").unlink()
    assert ask(path).status == 404


def test_headers_are_those_of_github(ask: Ask) -> None:
    answer = ask("/page", Accept_Encoding="identity")

    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Cache-Control"] == "max-age=600"
    assert answer["Expires"] == "Wed, 25 Nov 2026 09:10:00 GMT"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Accept-Ranges"] == "bytes"
    assert (answer["ETag"] or "").startswith('"')
    assert answer["Last-Modified"]
    assert answer["Content-Encoding"] is None


def test_a_page_that_is_missing_may_not_be_kept(ask: Ask) -> None:
    answer = ask("/lost", Accept_Encoding="gzip")

    assert answer["Cache-Control"] is None
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert gzip.decompress(answer.body) == b"<h1>lost</h1>"


def test_without_a_404_page_there_is_a_plain_one(ask: Ask, build: Path) -> None:
    (build / "404.html").unlink()

    answer = ask("/lost")

    assert answer.status == 404
    assert b"File not found" in answer.body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/css/site.css", "text/css; charset=utf-8"),
        ("/images/a.png", "image/png"),
        ("/card.vcf", "text/x-vcard"),
        ("/app.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/CNAME", "application/octet-stream"),
    ],
)
def test_types_do_not_depend_on_the_machine(ask: Ask, path: str, kind: str) -> None:
    assert ask(path)["Content-Type"] == kind


def test_text_is_compressed_and_pictures_are_not(ask: Ask) -> None:
    style, picture = (
        ask("/css/site.css", Accept_Encoding="gzip, br"),
        ask("/images/a.png", Accept_Encoding="gzip"),
    )

    assert style["Content-Encoding"] == "gzip"
    assert gzip.decompress(style.body).decode() == FILES["css/site.css"]
    assert (style["ETag"] or "").startswith('W/"')
    assert style["Accept-Ranges"] is None
    assert (picture["Content-Encoding"], picture["Vary"], picture.body) == (None, None, b"PNG")
    assert ask("/css/site.css", Accept_Encoding="gzip;q=0")["Content-Encoding"] is None


def test_what_the_browser_has_is_not_sent_again_until_it_changes(ask: Ask, build: Path) -> None:
    for coding in ("gzip", "identity"):
        tag = ask("/page", Accept_Encoding=coding)["ETag"] or ""
        again = ask("/page", Accept_Encoding=coding, If_None_Match=tag)
        assert (again.status, again.body, again["Cache-Control"]) == (304, b"", "max-age=600")
    modified = ask("/page")["Last-Modified"] or ""
    assert ask("/page", If_Modified_Since=modified).status == 304

    (build / "page.html").write_text("<h1>new page</h1>", encoding="utf-8")
    assert ask("/page", If_None_Match=tag).body == b"<h1>new page</h1>"


def test_a_part_can_be_asked_for(ask: Ask) -> None:
    part = ask("/images/a.png", Range="bytes=1-1")
    beyond = ask("/images/a.png", Range="bytes=9-")

    assert (part.status, part.body, part["Content-Range"]) == (206, b"N", "bytes 1-1/3")
    assert (beyond.status, beyond["Content-Range"]) == (416, "bytes */3")
    assert ask("/css/site.css", Accept_Encoding="gzip", Range="bytes=0-1").status == 200


def test_only_reading_is_allowed(ask: Ask) -> None:
    head = ask("/page", method="HEAD")
    assert (head.status, head.body, head["Content-Length"]) == (200, b"", "13")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask("/page", method=method).status == 405


def test_nothing_outside_the_build_is_served(ask: Ask, build: Path) -> None:
    (build.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (build / "leak.txt").symlink_to(build.parent / "secret.txt")
    (build / ".git").mkdir()
    (build / ".git/config").write_text("token", encoding="utf-8")

    for path in ("/leak.txt", "/.git/config", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt"):
        assert ask(path).status == 404, path
    assert ask("/a%00.html").status == 400


def test_a_build_that_was_swapped_is_served_at_once(ask: Ask, build: Path) -> None:
    assert ask("/page").status == 200
    build.rename(build.with_name("old"))
    build.mkdir()
    (build / "new.html").write_text("new", encoding="utf-8")

    assert ask("/page").status == 404
    assert ask("/new").body == b"new"


def test_a_commit_is_served_without_checking_it_out(
    build: Path, served: Callable[..., str], tmp_path: Path
) -> None:
    (build / "link.html").symlink_to("page.html")
    git = ["git", "-C", str(build), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-f", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True)
    repository = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(build), str(repository)], check=True)
    host = urlsplit(served(PagesServer(CommitTree(repository, "HEAD", NOW), "/old/"))).netloc

    def get(path: str) -> Answer:
        connection = HTTPConnection(host, timeout=30)
        connection.request("GET", path)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    page, folder = get("/old/page"), get("/old/notes")
    assert (page.status, page.body, page["Last-Modified"]) == (
        200, b"<h1>page</h1>", "Wed, 25 Nov 2026 09:00:00 GMT",
    )  # fmt: skip
    assert (folder.status, get("/old/%E6%97%A5%E6%9C%AC/").body) == (301, "<h1>日本</h1>".encode())
    assert (get("/old/link").status, get("/old/lost").body) == (404, b"<h1>lost</h1>")


def flask_pages(root: Path, *arguments: str) -> subprocess.Popen[str]:
    script = (
        "import sys\nfrom pathlib import Path\nfrom meishi.cli.pages import pages_command\n"
        "pages_command(Path(sys.argv[1]))(sys.argv[2:])\n"
    )
    return subprocess.Popen(
        [sys.executable, "-u", "-c", script, str(root), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT for one process")
def test_the_command_serves_the_build_where_base_url_says_and_stops_quietly(build: Path) -> None:
    (build.parent / "config.toml").write_text('baseURL = "https://ichi.github.io/web/"\n', encoding="utf-8")
    with flask_pages(build.parent, "--port", "0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = urlsplit(line.split()[-1])
        connection = HTTPConnection(address.netloc, timeout=30)
        connection.request("GET", "/web/page")
        answer = Answer(connection.getresponse())
        connection.close()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert line.startswith("build/ as GitHub Pages serves it: http://127.0.0.1:")
    assert (address.path, answer.status, answer["Server"]) == ("/web/", 200, "GitHub.com")
    assert "200 GET /web/page" in rest
    assert "Traceback" not in rest
    assert process.returncode == 0


def test_the_command_says_when_nothing_is_built(tmp_path: Path) -> None:
    with flask_pages(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.read() == "Error: build: nothing is built yet. Run `flask freeze` first\n"
    assert process.returncode == 1
