"""The sitemap, and what crawlers are told else."""

from __future__ import annotations

from xml.etree import ElementTree

from shown_site import TWO_LANGUAGES, Show, Shown

HOST = "https://www.example.com"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def places(shown: Shown, address: str) -> list[str]:
    found = ElementTree.fromstring(shown.body(address)).findall("s:*/s:loc", NAMES)
    return [str(one.text).removeprefix(HOST) for one in found]


def test_a_sitemap_lists_what_visitors_may_find(show: Show) -> None:
    notes = {f"content/notes/n{number}.md": "---\ntags: [a]\n---\n" for number in range(12)}
    hidden = {
        "content/secret.md": "---\nnoindex: true\n---\n",
        "content/unlisted.md": "---\nbuild: {list: never}\n---\n",
        "content/draft.md": "---\ndraft: true\n---\n",
        "content/away.md": "---\nlink: https://elsewhere.example\n---\n",
        "content/about.md": "---\naliases: [/me/]\n---\n",
    }
    shown = show({**notes, **hidden})

    found = places(shown, "/sitemap.xml")
    expected = ["/", "/about/", "/notes/", "/tags/", "/tags/a/", *(f"/notes/n{n}/" for n in range(12))]
    assert sorted(found) == sorted(expected)


def test_a_sitemap_says_when_a_page_was_changed(show: Show) -> None:
    shown = show({"content/about.md": "---\ndate: 2026-01-01\nlastmod: 2026-02-03\n---\n"})

    dates = ElementTree.fromstring(shown.body("/sitemap.xml")).findall("s:url/s:lastmod", NAMES)
    assert [date.text for date in dates] == ["2026-02-03T00:00:00+00:00"]


def test_several_languages_have_a_sitemap_each_and_an_index(show: Show) -> None:
    shown = show({"config.toml": TWO_LANGUAGES, "content/about.ja.md": "私", "content/about.md": "Me"})

    assert places(shown, "/sitemap.xml") == ["/en/sitemap.xml", "/ja/sitemap.xml"]
    assert places(shown, "/ja/sitemap.xml") == ["/ja/", "/ja/about/"]


def test_a_sitemap_names_the_translations_as_the_pages_do(show: Show) -> None:
    shown = show({"config.toml": TWO_LANGUAGES, "content/about.ja.md": "私", "content/about.md": "Me"})

    for url in ElementTree.fromstring(shown.body("/en/sitemap.xml")).findall("s:url", NAMES):
        loc = str(url.findtext("s:loc", None, NAMES)).removeprefix(HOST)
        rows = [(link.attrib["hreflang"], link.attrib["href"]) for link in url.findall("x:link", NAMES)]
        links = shown.page(loc).css("link[hreflang]")
        assert rows == [(link.attributes["hreflang"], link.attributes["href"]) for link in links]
        assert [tag for tag, _ in rows] == ["en", "ja", "x-default"]


def test_robots_are_welcome_where_the_owner_wants_them_addressed(show: Show) -> None:
    shown = show({"config.toml": f'baseURL = "{HOST}/"\nenableRobotsTXT = true\n'})

    assert shown.text("/robots.txt") == f"User-agent: *\nDisallow:\nSitemap: {HOST}/sitemap.xml\n"
    assert "/robots.txt" not in show().site.targets()
