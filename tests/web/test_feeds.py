"""The feeds, as feed readers and validators want them."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from shown_site import Show, Shown

HOST = "https://www.example.com"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
NOTE = """---
title: Tea & cake
date: 2026-01-02T10:00:00+09:00
lastmod: 2026-02-03
tags: [tea]
description: With <em>cream</em>
---
A [link](/about/), a [note](other.md), ![the sea](sea.png) and a footnote.[^1]

[^1]: Here.
"""
SITE = {
    "config.toml": f'baseURL = "{HOST}/web/"\ntitle = "Ichi"\nlocale = "en-GB"\n',
    "content/about.md": "Me",
    "content/notes/tea.md": NOTE,
    "content/notes/other.md": "---\ntitle: Undated\n---\n",
}


def atom(shown: Shown, address: str = "/index.xml") -> ElementTree.Element:
    return ElementTree.fromstring(shown.body(address))


def texts(feed: ElementTree.Element, path: str) -> list[str]:
    return [str(node.text) for node in feed.findall(path, ATOM)]


def entries(shown: Shown) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shown.body("/feed.json"))["items"]
    return found


def test_an_atom_feed_has_what_the_standard_demands(show: Show, png: bytes) -> None:
    feed = atom(show({**SITE, "content/notes/sea.png": png}))

    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en-GB"
    assert texts(feed, "a:id") == [f"{HOST}/web/"]
    assert texts(feed, "a:title") == ["Ichi"]
    assert texts(feed, "a:updated") == ["2026-02-03T00:00:00+00:00"]
    assert texts(feed, "a:author/a:name") == ["Ichi"]
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall("a:link", ATOM)}
    assert links == {"self": f"{HOST}/web/index.xml", "alternate": f"{HOST}/web/"}


def test_an_atom_entry_tells_all_of_a_note(show: Show, png: bytes) -> None:
    entry = atom(show({**SITE, "content/notes/sea.png": png})).find("a:entry", ATOM)

    assert entry is not None
    assert texts(entry, "a:id") == [f"{HOST}/web/notes/tea/"]
    assert texts(entry, "a:title") == ["Tea & cake"]
    assert texts(entry, "a:published") == ["2026-01-02T10:00:00+09:00"]
    assert texts(entry, "a:updated") == ["2026-02-03T00:00:00+00:00"]
    assert texts(entry, "a:summary") == ["With cream"]
    assert [one.attrib["term"] for one in entry.findall("a:category", ATOM)] == ["tea"]


def test_a_note_without_a_date_is_as_old_as_can_be(show: Show) -> None:
    entry = atom(show(SITE)).findall("a:entry", ATOM)[1]

    assert texts(entry, "a:title") == ["Undated"]
    assert texts(entry, "a:published") == []
    assert texts(entry, "a:updated") == ["1970-01-01T00:00:00+00:00"]


def test_a_text_in_a_feed_has_whole_addresses(show: Show, png: bytes) -> None:
    content = entries(show({**SITE, "content/notes/sea.png": png}))[0]["content_html"]

    assert f'href="{HOST}/web/about/"' in content
    assert f'href="{HOST}/web/notes/other/"' in content
    assert f'src="{HOST}/web/notes/sea.png"' in content
    assert f'srcset="{HOST}/web/notes/sea.480w.' in content
    assert f'href="{HOST}/web/notes/tea/#fn' in content
    assert 'href="#' not in content
    assert '="/' not in content


def test_a_json_feed_has_what_version_1_1_demands(show: Show) -> None:
    feed = json.loads(show(SITE).body("/notes/feed.json"))

    items = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes · Ichi",
        "home_page_url": f"{HOST}/web/notes/",
        "feed_url": f"{HOST}/web/notes/feed.json",
        "language": "en-GB",
        "authors": [{"name": "Ichi", "url": f"{HOST}/web/"}],
    }
    assert {key: value for key, value in items[0].items() if key != "content_html"} == {
        "id": f"{HOST}/web/notes/tea/",
        "url": f"{HOST}/web/notes/tea/",
        "title": "Tea & cake",
        "summary": "With cream",
        "date_published": "2026-01-02T10:00:00+09:00",
        "date_modified": "2026-02-03T00:00:00+00:00",
        "tags": ["tea"],
    }


def test_a_feed_carries_the_twenty_newest(show: Show) -> None:
    days = {f"content/notes/n{day:02}.md": f"---\ndate: 2026-01-{day:02}\n---\n" for day in range(1, 29)}

    items = entries(show({**days, "content/notes/pinned.md": "---\nweight: 1\ndate: 2020-01-01\n---\n"}))

    assert [item["title"] for item in items] == [f"N{day:02}" for day in range(28, 8, -1)]


def test_without_notes_the_panels_are_the_feed(show: Show) -> None:
    assert [item["title"] for item in entries(show({"content/about.md": "Me"}))] == ["About"]


def test_what_xml_cannot_say_is_left_out(show: Show) -> None:
    shown = show({"content/notes/a.md": '---\ntitle: "Bell\\x07"\ntags: ["a\\x0b"]\n---\nForm\x0cfeed'})

    assert texts(atom(shown), "a:entry/a:title") == ["Bell"]
