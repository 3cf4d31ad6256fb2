"""Which addresses a site has, and what answers there."""

from __future__ import annotations

import pytest
from shown_site import TWO_LANGUAGES, Show, Shown

from meishi.errors import ContentError

NOTES = {f"content/notes/n{number}.md": f"---\ntitle: N{number}\n---\n" for number in range(5)}
BASE = 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n'


def kinds(shown: Shown) -> dict[str, str]:
    """Name what each address is, without the theme's own files."""
    own = {"asset", "portrait", "picture", "file"}
    return {address: one.kind for address, one in shown.site.targets().items() if one.kind not in own}


def test_a_small_site_has_these_addresses(show: Show) -> None:
    shown = show({"content/about.md": "Hi", "content/notes/tea.md": "---\ntags: [green]\n---\n"})

    assert kinds(shown) == {
        "/": "home",
        "/about/": "page",
        "/notes/": "section",
        "/notes/tea/": "page",
        "/tags/": "tags",
        "/tags/green/": "tag",
        "/card/": "card",
        "/contact.vcf": "vcard",
        "/index.xml": "atom",
        "/feed.json": "jsonfeed",
        "/notes/index.xml": "atom",
        "/notes/feed.json": "jsonfeed",
        "/404.html": "not_found",
        "/sitemap.xml": "sitemap",
        "/.nojekyll": "nojekyll",
        "/CNAME": "cname",
    }


def test_a_long_list_goes_on_on_further_pages(show: Show) -> None:
    shown = show({**NOTES, "config.toml": f"{BASE}[pagination]\npagerSize = 2\n"})

    assert [one for one in kinds(shown) if one.startswith("/notes/page/")] == [
        "/notes/page/2/",
        "/notes/page/3/",
    ]
    assert shown.links("/notes/page/2/", ".notes a") == ["/notes/n2/", "/notes/n3/"]


def test_an_entry_that_leads_elsewhere_has_no_address(show: Show) -> None:
    shown = show({"content/shop.md": "---\nlink: https://shop.example\n---\n"})

    assert "/shop/" not in shown.site.targets()
    assert shown.links("/", ".menu a") == ["https://shop.example"]


@pytest.mark.parametrize(
    ("alias", "address"),
    [
        ("/old/", "/old/"),
        ("/old", "/old/"),
        ("old", "/notes/old/"),
        ("/old.html", "/old.html"),
        ("/私/", "/私/"),
        ("/%E7%A7%81/", "/私/"),
        ("/ra\u0301pido/", "/rápido/"),
    ],
)
def test_an_alias_redirects_to_its_page(show: Show, alias: str, address: str) -> None:
    shown = show({"content/notes/tea.md": f"---\naliases: ['{alias}']\n---\n"})

    refresh = shown.page(address).css_first("meta[http-equiv=refresh]")

    assert refresh is not None
    assert refresh.attributes["content"] == "0; url=/notes/tea/"
    assert shown.links(address, "link[rel=canonical]") == ["https://www.example.com/notes/tea/"]


def test_an_alias_that_is_the_pages_own_address_is_nothing(show: Show) -> None:
    assert kinds(show({"content/tea.md": "---\naliases: [/tea/]\n---\n"}))["/tea/"] == "page"


def test_two_pages_at_one_address_are_an_error_that_names_both(show: Show) -> None:
    shown = show({"content/a.md": "---\nurl: /x/\n---\n", "content/b.md": "---\nurl: /x/\n---\n"})

    with pytest.raises(ContentError, match=r"content/b\.md: .* /x/ is also that of content/a\.md"):
        shown.site.targets()


@pytest.mark.parametrize("address", ["/CNAME", "/.well-known/security.txt", "/favicon.ico", "/contact.vcf"])
def test_a_file_of_the_owners_wins_over_what_meishi_would_make(show: Show, address: str) -> None:
    assert show({f"static{address}": "mine"}).text(address) == "mine"


def test_a_page_of_the_owners_wins_over_a_list_that_meishi_would_make(show: Show) -> None:
    shown = show({"content/tags.md": "Mine", "content/a.md": "---\ntags: [x]\n---\n"})

    assert "Mine" in shown.text("/tags/")


def test_files_beside_style_sheets_are_published_as_they_are(show: Show) -> None:
    shown = show({"static/css/fonts/own.woff2": b"wOF2", "static/css/own.css": "b{color:red}"})

    assert shown.body("/css/fonts/own.woff2") == b"wOF2"
    assert "/css/own.css" not in shown.site.targets()


@pytest.mark.parametrize("name", ["admin/x.js", "dist/x.js", ".hidden", ".git/config"])
def test_what_is_the_servers_own_is_not_published(show: Show, name: str) -> None:
    assert f"/{name}" not in show({f"static/{name}": "secret"}).site.targets()


def test_a_default_language_in_its_own_folder_leaves_a_redirect_at_the_root(show: Show) -> None:
    shown = show({"config.toml": f"defaultContentLanguageInSubdir = true\n{TWO_LANGUAGES}"})

    assert 'content="0; url=/en/"' in shown.text("/")
    assert kinds(shown)["/en/"] == "home"


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://www.example.com/", "www.example.com\n"),
        ("https://名刺.example/", "xn--1cr47b.example\n"),
        ("https://user.github.io/web/", None),
        ("http://localhost:5000/", None),
        ("http://192.168.0.7/", None),
        ("", None),
    ],
)
def test_the_custom_domain_is_written_down_where_there_is_one(
    show: Show, base_url: str, name: str | None
) -> None:
    shown = show({"config.toml": f'baseURL = "{base_url}"\n'})

    assert (shown.text("/CNAME") if "/CNAME" in shown.site.targets() else None) == name


def test_a_card_for_other_sites_is_found_before_any_page_was_shown(show: Show) -> None:
    files = {"content/about.md": "Hi"}
    (picture,) = show(files).links("/about/", "meta[property='og:image']", "content")
    address = picture.removeprefix("https://www.example.com")

    assert show(files).body(address).startswith(b"\x89PNG")
