"""Links below any base path, in any folder, or with scheme and host."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from shown_site import TWO_LANGUAGES, Show, Shown, read

from meishi.web.addresses import Addresses

RELATIVE = f"relativeURLs = true\n{TWO_LANGUAGES}"
CANONICAL = f"canonifyURLs = true\n{TWO_LANGUAGES}"
FILES = {
    "content/about.md": "---\naliases: [/old/place/]\n---\n[work](work.md#top) ![](me.png)",
    "content/work.md": "<a href='/about/?a=1#b'>x</a> <p title='href=\"/about/\"'>`href=\"/about/\"`</p>",
    "content/notes/私.md": "[me](../about.md)",
}


def addresses(shown: Shown) -> list[str]:
    return [one.address for one in shown.site.targets().values() if one.kind in PAGES]


PAGES = ("home", "page", "section", "card", "tags", "alias", "not_found")


def links(shown: Shown, address: str) -> set[str]:
    """Collect every address that a browser would follow or load from a page."""
    page = shown.page(address)
    found = {node.attributes[name] for name in ("href", "src") for node in page.css(f"[{name}]")}
    for node in page.css("[srcset]"):
        found |= {part.split()[0] for part in str(node.attributes["srcset"]).split(", ")}
    for node in page.css("[data-url]"):
        found.add(node.attributes["data-url"])
    return {str(link) for link in found}


@pytest.fixture
def site(show: Show, png: bytes) -> Callable[[str], Shown]:
    return lambda config: show({**FILES, "content/me.png": png, "config.toml": config}, base_path="/web")


def test_relative_links_lead_where_the_others_do(site: Callable[[str], Shown]) -> None:
    plain, relative = site(TWO_LANGUAGES), site(RELATIVE)

    for address in addresses(plain):
        at = f"https://host.example/any/folder{quote(address)}"
        whole = {urljoin(at, link) for link in links(relative, address)}
        expected = {
            re.sub("^/web/", "https://host.example/any/folder/", link) for link in links(plain, address)
        }
        if address == "/404.html":
            continue
        assert whole == {urljoin(at, link) for link in expected}, address


def test_no_relative_page_has_a_link_from_the_root(site: Callable[[str], Shown]) -> None:
    shown = site(RELATIVE)

    for address in addresses(shown):
        rooted = {link for link in links(shown, address) if link.startswith("/")}
        # A host shows 404.html at any address.
        assert bool(rooted) == (address == "/404.html"), address


def test_every_canonified_link_has_scheme_and_host(site: Callable[[str], Shown]) -> None:
    shown = site(CANONICAL)

    for address in addresses(shown):
        assert {link for link in links(shown, address) if link.startswith(("/", "."))} == set(), address
    assert "https://www.example.com/web/ja/" in links(shown, "/about/")


def test_a_redirect_is_relative_too(site: Callable[[str], Shown]) -> None:
    assert 'content="0; url=../../about/"' in site(RELATIVE).text("/old/place/")
    assert 'content="0; url=https://www.example.com/web/about/"' in site(CANONICAL).text("/old/place/")


def test_style_sheets_stay_as_they_are(site: Callable[[str], Shown]) -> None:
    (sheet,) = [address for address in site(RELATIVE).site.targets() if address.startswith("/css/site.")]

    assert site(RELATIVE).body(sheet) == site(TWO_LANGUAGES).body(sheet)


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ('<a href="/">', '<a href="../../">'),
        ('<a href="/web/a/">', '<a href="./">'),
        ('<a href="/web/a/b.css?x#y">', '<a href="b.css?x#y">'),
        ("<a href='/web/'>", "<a href='../'>"),
        ("<a href=/web/x>", "<a href=../x>"),
        ('<img src="/web/b.png" srcset="/web/b.png 1x,/web/c.png 2x">',
         '<img src="../b.png" srcset="../b.png 1x,../c.png 2x">'),
        ('<img srcset="data:image/jpeg,/9j/A 1x">', '<img srcset="data:image/jpeg,/9j/A 1x">'),
        ('<a href="//host/x">', '<a href="//host/x">'),
        ('<a href="https://host/x">', '<a href="https://host/x">'),
        ('<a href="#x">', '<a href="#x">'),
        ('<p>say href="/web/x"</p>', '<p>say href="/web/x"</p>'),
        ('<!-- <a href="/web/x"> -->', '<!-- <a href="/web/x"> -->'),
        ('<a title="1 > 0" href="/web/x">', '<a title="1 > 0" href="../x">'),
        ('<a href="/web/%E7%A7%81/">', '<a href="../%E7%A7%81/">'),
    ],
)  # fmt: skip
def test_links_are_rewritten_in_tags_alone(html: str, written: str) -> None:
    assert Addresses("https://host.example", "/web").relative(html, "/a/") == written


@pytest.mark.parametrize("address", ["/", "/notes/", "/404.html", "/ja/"])
def test_every_link_of_a_page_lies_below_the_base_path(make_site: Callable[..., Path], address: str) -> None:
    config = TWO_LANGUAGES.replace(".com/", ".com/web/")
    shown = read(
        make_site({**{k: v.replace("![](me.png)", "") for k, v in FILES.items()}, "config.toml": config})
    )

    rooted = {link for link in links(shown, address) if link.startswith("/")}

    assert rooted
    assert {link for link in rooted if not link.startswith("/web/")} == set()
