"""The guestbook as HTML: rooms, pages, panels, and what a build is made from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from guestbook_files import line, snapshot
from shown_site import TWO_LANGUAGES, Show, Shown, read

from meishi.errors import MeishiError
from meishi.factory import create_app
from meishi.guestbook.errors import GuestbookBusyError
from meishi.guestbook.models import Entry, Record, Ref
from meishi.guestbook.service import Guestbook
from meishi.web.entries import LiveEntries, SnapshotEntries
from meishi.web.faces import face_svg
from meishi.web.guestbook import FormState

MakeSite = Callable[..., Path]
CONFIG = f"{TWO_LANGUAGES}\n[guestbook]\npages = true\n"
SERVER = f'{CONFIG}server = "https://live.example.org"\n'
SITE = {
    "config.toml": CONFIG,
    "content/guestbook.md": "---\ntitle: Book\n---\nSign here.",
    "content/notes/tea.md": "---\ntitle: Tea\n---\n",
    "content/about.md": "About.",
}


STARTER = ("guestbook.md", "guestbook.ja.md")


def many(count: int) -> str:
    return snapshot({"lobby": [line(number) for number in range(1, count + 1)]})


def bodies(shown: Shown, address: str) -> list[str]:
    return [node.text(strip=True) for node in shown.page(address).css(".lines .e-content")]


def test_the_newest_fifty_stand_on_the_first_page_and_the_rest_on_others(show: Show) -> None:
    shown = show({**SITE, "content/guestbook.json": many(120)})

    assert bodies(shown, "/guestbook/") == [f"Line {number}" for number in range(120, 70, -1)]
    assert bodies(shown, "/guestbook/page/2/") == [f"Line {number}" for number in range(70, 20, -1)]
    assert bodies(shown, "/guestbook/page/3/") == [f"Line {number}" for number in range(20, 0, -1)]
    assert shown.site.target("/guestbook/page/4/") is None
    assert shown.links("/guestbook/page/2/", ".pager a[rel]") == ["/guestbook/", "/guestbook/page/3/"]


def test_the_panel_shows_the_newest_five_and_leads_to_all(show: Show) -> None:
    shown = show({**SITE, "content/guestbook.json": many(12)})

    assert bodies(shown, "/") == [f"Line {number}" for number in range(12, 7, -1)]
    assert shown.links("/", "#guestbook .rest a") == ["/guestbook/"]
    ids = re.findall(r'\sid="([^"]+)"', shown.text("/"))
    assert len(ids) == len(set(ids))


def test_an_entry_is_an_h_entry_with_everything_escaped(show: Show) -> None:
    bad = line(
        1, "<b>&\n`<i>` https://example.com/?a=1&b=2.", name="<script>x</script>", link="https://example.org/~me",
        owner=True, edited="2026-11-03T00:00:00Z",
    )  # fmt: skip
    shown = show({**SITE, "content/guestbook.json": snapshot({"lobby": [bad, line(2, to="id-1")]})})
    answer, entry = shown.page("/guestbook/").css(".line.h-entry")

    assert entry.css_first(".p-author .p-name").text() == "<script>x</script>"
    assert entry.css_first("a.p-name.u-url").attributes["rel"] == "nofollow ugc noopener noreferrer"
    assert entry.css_first(".e-content").inner_html == (
        "<p>&lt;b&gt;&amp;<br><code>&lt;i&gt;</code> "
        '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow ugc noopener noreferrer">'
        "https://example.com/?a=1&amp;b=2</a>.</p>"
    )
    assert entry.css_first("time.dt-published").attributes["datetime"] == "2026-11-02T01:00:00Z"
    assert entry.css_first(".badge").text() == "Owner"
    assert answer.css_first(".to a").attributes["href"] == "/guestbook/#entry-1"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://example.com/\"onclick='x'", "data:x"])
def test_a_link_that_no_guestbook_would_take_is_left_out(show: Show, link: str) -> None:
    shown = show({**SITE, "content/guestbook.json": snapshot({"lobby": [line(1, link=link)]})})

    assert shown.links("/guestbook/", ".line .p-name[href]") == []


def test_a_snapshot_without_a_server_has_a_date_and_no_form(show: Show) -> None:
    shown = show({**SITE, "content/guestbook.json": many(1)})
    page = shown.page("/guestbook/")

    assert page.css("form") == []
    assert page.css_first(".as-of time").attributes["datetime"] == "2026-11-20T09:00:00Z"
    assert page.css_first("[data-guestbook]").attributes["data-live"] == ""


@pytest.mark.parametrize(
    ("address", "says", "never"),
    [
        (
            "/guestbook/",
            "a copy of the page without its server",
            ("No account", "Be the first", "Nothing here"),
        ),
        ("/ja/guestbook/", "サーバーにつながっていない", ("アカウント", "最初", "まだ何も")),
    ],
)
def test_an_empty_guestbook_without_a_server_says_so_once_and_invites_nobody(
    show: Show, project: Path, address: str, says: str, never: tuple[str, ...]
) -> None:
    starter = {f"content/{name}": (project / "content" / name).read_bytes() for name in STARTER}
    shown = show({**SITE, **starter})
    text = shown.page(address).css_first("main").text()
    about = shown.page(address).css_first("meta[name=description]").attributes["content"] or ""

    assert text.count(says) == 1
    assert [words for words in never if words in text + about] == []
    served = show({**SITE, **starter, "config.toml": SERVER}).page(address)
    assert never[0] in served.css_first("main .invite").text()


def test_with_a_server_the_form_goes_there_from_any_base_path(show: Show) -> None:
    shown = show({**SITE, "config.toml": SERVER, "content/guestbook.json": many(1)}, base_path="/web")

    assert shown.links("/guestbook/", "form.sign", "action") == ["https://live.example.org/guestbook/lobby/"]
    assert shown.links("/notes/tea/", "form.sign", "action") == ["https://live.example.org/notes/tea/"]
    (form,) = shown.page("/guestbook/").css("form.sign")
    fields = {str(node.attributes["name"]) for node in form.css("[name]")}
    assert fields == {"body", "name", "link", "website", "id", "ticket", "lang", "back"}


def test_every_language_has_the_lobby_and_its_named_rooms(show: Show) -> None:
    config = f'{CONFIG}[[guestbook.rooms]]\nslug = "tea"\ntitle = {{ en = "Tea room", ja = "茶室" }}\n'
    shown = show({**SITE, "config.toml": config})

    titles = {
        address: shown.page(address).css_first("h1").text(strip=True)
        for address in ("/guestbook/", "/ja/guestbook/", "/guestbook/tea/", "/ja/guestbook/tea/")
    }
    assert list(titles.values()) == ["Book", "ゲストブック", "Tea room", "茶室"]
    assert shown.links("/guestbook/tea/", ".languages a") == ["/guestbook/tea/", "/ja/guestbook/tea/"]
    assert shown.links("/guestbook/", ".languages a") == ["/guestbook/", "/ja/guestbook/"]
    assert 'url=/guestbook/"' in shown.text("/guestbook/lobby/")
    assert "https://www.example.com/guestbook/tea/" in shown.text("/en/sitemap.xml")


def test_a_note_has_a_guestbook_where_the_settings_or_the_page_say_so(show: Show) -> None:
    pages = {
        "content/notes/tea.md": "Tea.",
        "content/notes/no.md": "---\nguestbook: false\n---\n",
        "content/about.md": "---\nguestbook: true\n---\n",
        "content/work.md": "Work.",
    }
    shown = show({**SITE, **pages, "content/guestbook.json": snapshot({"/notes/tea/": [line(1, "On tea")]})})

    assert bodies(shown, "/notes/tea/") == ["On tea"]
    having = [address for address in ("/notes/tea/", "/notes/no/", "/about/", "/work/")
              if shown.page(address).css("[data-guestbook]")]  # fmt: skip
    assert having == ["/notes/tea/", "/about/"]
    assert shown.site.has_guestbook("/about/")
    assert not shown.site.has_guestbook("/work/")
    assert not shown.site.has_guestbook("/nothing/")


def test_a_site_without_the_table_has_no_guestbook(show: Show) -> None:
    shown = show({"content/guestbook.md": "Mine.", "content/guestbook.json": many(3)})

    assert shown.page("/guestbook/").css("[data-guestbook]") == []
    assert [address for address in shown.site.targets() if "guestbook" in address and "/js/" not in address
            and "/css/" not in address and "/social/" not in address] == ["/guestbook/"]  # fmt: skip
    assert not [address for address in shown.site.targets() if "socket.io" in address]


def test_the_words_of_the_script_are_published_in_each_language(show: Show) -> None:
    shown = show(SITE)

    assert json.loads(shown.text("/guestbook-words.json"))["sent"] == "Sent"
    assert json.loads(shown.text("/ja/guestbook-words.json"))["sent"] == "送信しました"
    assert shown.links("/ja/guestbook/", "[data-words]", "data-words") == ["/ja/guestbook-words.json"]


def test_the_snapshot_itself_is_not_published(show: Show) -> None:
    assert show({**SITE, "content/guestbook.json": many(1)}).site.target("/guestbook.json") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2}', '{"version": 1, "made": "x", "rooms": {}}'])
def test_a_broken_snapshot_is_named(make_site: MakeSite, text: str) -> None:
    root = make_site({**SITE, "content/guestbook.json": text})

    with pytest.raises(MeishiError, match=r"guestbook\.json"):
        read(root).text("/guestbook/")


def test_a_form_that_comes_back_keeps_what_was_written(show: Show) -> None:
    shown = show({**SITE, "config.toml": SERVER})
    target = shown.site.room_target("lobby", "en")
    assert target is not None

    sent = FormState(name="<Hana>", body="<Hi>", problem="Too <long>", field="body", ticket="t")
    html = shown.site.form_page(target, sent).body.decode()

    assert '<p class="problem" role="alert">Too &lt;long&gt;</p>' in html
    assert "&lt;Hi&gt;</textarea>" in html
    assert 'value="&lt;Hana&gt;"' in html
    assert 'name="ticket" value="t"' in html


def test_a_picture_is_always_the_same_and_another_for_another() -> None:
    assert face_svg("0123456789abcdef") == face_svg("0123456789abcdef")
    assert len({face_svg(f"{number * 2654435761:016x}") for number in range(200)}) > 190
    assert face_svg("")


def test_live_pages_show_what_stands_in_the_guestbook_now(make_site: MakeSite) -> None:
    app = create_app(make_site(SITE), reload=False)
    client, live = app.test_client(), app.extensions["meishi.guestbook"]
    ticket = re.compile(r'name="ticket" value="[^"]{20,}"')

    assert ticket.search(client.get("/guestbook/").text)
    about = client.get("/about/").data
    now = datetime.now(UTC)
    live.current().take_in(
        Record("lobby", Entry(f"id-number-{number}", 0, 0, now, "Reader", f"Line {number}"), "shown")
        for number in range(60)
    )
    for address in ("/", "/guestbook/", "/ja/guestbook/"):
        assert "<p>Line 59</p>" in client.get(address).text, address
    # More pages than there were when the site was read.
    assert "<p>Line 5</p>" in client.get("/guestbook/page/2/").text
    assert client.get("/guestbook/page/3/").status_code == 404
    assert client.get("/about/").data == about
    live.current().hide([Ref("lobby", "id-number-59")])
    assert "<p>Line 59</p>" not in client.get("/guestbook/").text
    live.stop()


def test_while_the_guestbook_is_away_its_pages_show_the_snapshot(make_site: MakeSite) -> None:
    root = make_site({**SITE, "content/guestbook.json": many(3)})
    settings = read(root).site.library.config.guestbook

    def away() -> Guestbook:
        raise GuestbookBusyError("the database is away")

    shown = read(root, entries=LiveEntries(away, SnapshotEntries(root / "content", settings)))

    assert bodies(shown, "/guestbook/") == ["Line 3", "Line 2", "Line 1"]
    assert shown.site.mark("/guestbook/") == "away"


def without_live_parts(html: str) -> str:
    """Leave out what alone may differ: the server's address, the ticket, and the snapshot's date."""
    html = re.sub(r'(action|data-server)="[^"]*"', r"\1", html.replace("https://live.example.org", ""))
    html = re.sub(r'name="ticket" value="[^"]*"', "ticket", html)
    return re.sub(r'<p class="as-of">.*?</p>\n', "", html)


def test_the_live_page_is_the_frozen_page_but_for_the_servers_address(make_site: MakeSite) -> None:
    root = make_site({**SITE, "config.toml": SERVER, "content/guestbook.json": many(60)})
    frozen = read(root)
    kept = SnapshotEntries(root / "content", frozen.site.library.config.guestbook)

    class Same(SnapshotEntries):
        live = True  # type: ignore[assignment]

    live = read(root, entries=Same(root / "content", frozen.site.library.config.guestbook))
    assert kept.shelf("lobby").count == 60

    for address in ("/", "/ja/", "/guestbook/", "/guestbook/page/2/", "/ja/guestbook/", "/notes/tea/"):
        assert without_live_parts(live.text(address)) == without_live_parts(frozen.text(address)), address


EDITS: Mapping[str, tuple[str, set[str]]] = {
    "a new entry": (many(61), {"/", "/guestbook/", "/guestbook/page/2/"}),
    "an entry fewer": (
        snapshot({"lobby": [line(number) for number in range(1, 61) if number != 3]}),
        {"/guestbook/page/2/"},
    ),
    "an entry on a note": (
        snapshot({"lobby": [line(number) for number in range(1, 61)], "/notes/tea/": [line(1)]}),
        {"/notes/tea/"},
    ),
    "a new room": (
        snapshot({"lobby": [line(number) for number in range(1, 61)], "tea": [line(1)]}),
        {"/en/sitemap.xml"},
    ),
}


@pytest.mark.parametrize(("text", "least"), EDITS.values(), ids=list(EDITS))
def test_a_page_whose_entries_change_is_made_again_and_no_other(
    make_site: MakeSite, text: str, least: set[str]
) -> None:
    files = {**SITE, "content/work.md": "Work.", "content/guestbook.json": many(60)}
    before = read(make_site(files, name="before"))
    after = read(make_site({**files, "content/guestbook.json": text}, name="after"))
    rendered = {
        address: before.body(address)
        for address, target in before.site.targets().items()
        if not before.site.file(target)
    }
    stale = {
        address
        for address in rendered
        if any(before.site.digest(name) != after.site.digest(name) for name in before.site.reads(address))
    }

    changed = {address for address, body in rendered.items() if after.site.target(address) is None
               or after.body(address) != body}  # fmt: skip
    assert changed >= least
    assert changed - stale == set()
    assert not stale & {"/about/", "/work/", "/notes/"}
