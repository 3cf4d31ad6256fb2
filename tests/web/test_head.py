"""What each page says to search engines, networks and readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shown_site import NOW, TWO_LANGUAGES, Show, Shown, read

BASE = 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n'
HOST = "https://www.example.com"
NOTE = """---
title: Green tea
date: 2026-01-02
lastmod: 2026-02-03
tags: [tea, Kyoto]
---
It grows in the shade.
"""
BOTH = {
    "config.toml": TWO_LANGUAGES,
    "content/about.md": "Me",
    "content/about.ja.md": "私",
    "content/work.md": "Only in English",
    "content/notes/tea.md": "---\ntags: [tea]\n---\n",
    "content/notes/tea.ja.md": "---\ntags: [tea]\n---\n",
}


def meta(shown: Shown, address: str, name: str) -> list[str]:
    return shown.links(address, f'meta[property="{name}"], meta[name="{name}"]', "content")


def title(shown: Shown, address: str) -> str:
    found = shown.page(address).css_first("title")
    assert found is not None
    return str(found.text())


def data(shown: Shown, address: str) -> list[dict[str, Any]]:
    script = shown.page(address).css_first('script[type="application/ld+json"]')
    assert script is not None
    found = json.loads(script.text())
    return found if isinstance(found, list) else [found]


def test_the_title_is_that_of_the_page_and_of_the_site(show: Show) -> None:
    shown = show({"content/about.md": "---\ntitle: Me\n---\n"})

    assert [title(shown, address) for address in ("/", "/about/")] == ["Ichi", "Me · Ichi"]


def test_the_owner_chooses_the_pattern_of_titles(show: Show) -> None:
    config = f'{BASE}[params]\ntitlePattern = "{{site}}: {{page}}"\n'

    assert title(show({"config.toml": config, "content/about.md": "Hi"}), "/about/") == "Ichi: About"


@pytest.mark.parametrize(
    ("front", "text", "description"),
    [
        ("description: In short", "At length.", "In short"),
        ("description: <b>In</b> short", "", "In short"),
        ("summary: Summed up", "At length.", "Summed up"),
        ("title: A", "First *words*,\nthen [more](/).", "First words, then more."),
        ("title: A", "word " * 60, ("word " * 31).strip() + "…"),
        ("title: A", "私は 茶を" + "飲" * 300, "私は 茶を" + "飲" * 154 + "…"),
    ],
)
def test_a_description_is_found_for_every_page(show: Show, front: str, text: str, description: str) -> None:
    shown = show({"content/about.md": f"---\n{front}\n---\n{text}"})

    assert meta(shown, "/about/", "description") == [description]


def test_the_canonical_address_is_whole_and_each_pages_own(show: Show) -> None:
    config = BASE.replace(".com/", ".com/web/") + "[pagination]\npagerSize = 1\n"
    notes = {f"content/私/{name}.md": "" for name in "ab"}
    shown = show({"config.toml": config, **notes})

    own = [
        shown.links(address, "link[rel=canonical]")[0] for address in ("/", "/私/", "/私/page/2/", "/私/a/")
    ]

    quoted = "https://www.example.com/web/%E7%A7%81/"
    assert own == ["https://www.example.com/web/", quoted, f"{quoted}page/2/", f"{quoted}a/"]


@pytest.mark.parametrize(
    ("address", "tags"),
    [
        ("/", {"en": "/", "ja": "/ja/", "x-default": "/"}),
        ("/about/", {"en": "/about/", "ja": "/ja/about/", "x-default": "/about/"}),
        ("/notes/", {"en": "/notes/", "ja": "/ja/notes/", "x-default": "/notes/"}),
        ("/tags/", {"en": "/tags/", "ja": "/ja/tags/", "x-default": "/tags/"}),
        ("/tags/tea/", {"en": "/tags/tea/", "ja": "/ja/tags/tea/", "x-default": "/tags/tea/"}),
        ("/work/", {}),
        ("/404.html", {}),
    ],
)
def test_a_page_names_its_translations(show: Show, address: str, tags: dict[str, str]) -> None:
    links = show(BOTH).page(address).css("link[hreflang]")

    found = {str(link.attributes["hreflang"]): link.attributes["href"] for link in links}
    assert found == {tag: f"{HOST}{path}" for tag, path in tags.items()}


def test_translations_name_each_other(show: Show) -> None:
    shown = show(BOTH)
    names = {
        target.address: set(shown.links(target.address, "link[hreflang]"))
        for target in shown.site.targets().values()
        if target.kind in ("home", "page", "section", "tags", "tag", "card")
    }

    for address, others in names.items():
        for other in others:
            assert names[other.removeprefix(HOST)] == others, (address, other)


def test_a_translation_that_leads_elsewhere_is_no_address_of_this_site(show: Show) -> None:
    shown = show({**BOTH, "content/about.ja.md": "---\nlink: https://elsewhere.example\n---\n"})

    assert shown.links("/about/", "link[hreflang]") == []
    assert shown.links("/about/", ".languages a[lang=ja]") == ["/ja/"]


def test_a_note_tells_networks_what_it_is(show: Show) -> None:
    head = show({"content/notes/tea.md": NOTE}).page("/notes/tea/").css("meta[property]")

    found = [(str(one.attributes["property"]), str(one.attributes["content"])) for one in head]
    picture = dict(found)["og:image"]
    assert picture.startswith(f"{HOST}/social/tea.")
    assert found == [
        ("og:type", "article"),
        ("og:title", "Green tea"),
        ("og:site_name", "Ichi"),
        ("og:url", f"{HOST}/notes/tea/"),
        ("og:locale", "en_US"),
        ("og:description", "It grows in the shade."),
        ("article:published_time", "2026-01-02T00:00:00+00:00"),
        ("article:modified_time", "2026-02-03T00:00:00+00:00"),
        ("article:tag", "tea"),
        ("article:tag", "Kyoto"),
        ("og:image", picture),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "Green tea"),
    ]


@pytest.mark.parametrize(
    "address", ["/", "/about/", "/notes/", "/notes/tea/", "/tags/", "/tags/tea/", "/ja/"]
)
def test_the_picture_that_networks_show_is_there(show: Show, address: str) -> None:
    shown = show(BOTH)

    (picture,) = meta(shown, address, "og:image")

    assert shown.body(picture.removeprefix(HOST)).startswith(b"\x89PNG")


def test_a_page_with_a_picture_shows_that(show: Show, png: bytes) -> None:
    shown = show({"content/trip/index.md": "---\nimage: sea.png\nimageAlt: The sea\n---\n",
                  "content/trip/sea.png": png})  # fmt: skip

    assert meta(shown, "/trip/", "og:image") == [f"{HOST}/trip/sea.png"]
    assert meta(shown, "/trip/", "og:image:alt") == ["The sea"]


def test_many_notes_share_the_card_of_their_section(show: Show) -> None:
    shown = show({f"content/notes/n{number}.md": "" for number in range(60)})

    pictures = {meta(shown, f"/notes/n{number}/", "og:image")[0] for number in range(60)}

    assert pictures == set(meta(shown, "/notes/", "og:image"))


@pytest.mark.parametrize(("setting", "cards"), [("false", 0), ('"each"', 60)])
def test_the_owner_says_which_pages_have_cards(show: Show, setting: str, cards: int) -> None:
    notes = {f"content/notes/n{number}.md": "" for number in range(60)}
    shown = show({**notes, "config.toml": f"{BASE}[params]\nsocialCards = {setting}\n"})

    pictures = {picture for n in range(60) for picture in meta(shown, f"/notes/n{n}/", "og:image")}

    assert len(pictures) == cards


def test_the_card_says_who_the_owner_is(show: Show, png: bytes) -> None:
    config = (
        BASE
        + """
[params]
avatar = "me.png"
[params.author]
name = "Hanako"
name_alt = "花子"
role = "Potter"
organisation = "Kiln"
[[params.social]]
name = "Code"
link = "https://code.example/hanako"
[[params.social]]
name = "Mail"
link = "mailto:me@example.com"
[[params.social]]
name = "A friend"
link = "https://friend.example"
rel = "friend"
"""
    )
    shown = show({"config.toml": config, "static/me.png": png})

    assert data(shown, "/") == [
        {
            "@context": "https://schema.org",
            "@type": "ProfilePage",
            "name": "Ichi",
            "inLanguage": "en",
            "url": f"{HOST}/",
            "description": "One card",
            "mainEntity": {
                "@type": "Person",
                "@id": f"{HOST}/#me",
                "name": "Hanako",
                "url": f"{HOST}/",
                "alternateName": "花子",
                "jobTitle": "Potter",
                "worksFor": {"@type": "Organization", "name": "Kiln"},
                "image": f"{HOST}/me.png",
                "sameAs": ["https://code.example/hanako"],
            },
        }
    ]


def test_a_note_is_a_posting_below_its_section(show: Show) -> None:
    shown = show({"content/notes/tea.md": NOTE})
    posting, trail = data(shown, "/notes/tea/")

    assert posting.pop("image") == meta(shown, "/notes/tea/", "og:image")[0]
    assert posting == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "Green tea",
        "inLanguage": "en",
        "url": f"{HOST}/notes/tea/",
        "description": "It grows in the shade.",
        "author": {"@type": "Person", "@id": f"{HOST}/#me", "name": "Ichi", "url": f"{HOST}/"},
        "datePublished": "2026-01-02T00:00:00+00:00",
        "dateModified": "2026-02-03T00:00:00+00:00",
        "keywords": "tea, Kyoto",
    }
    steps = [(step["position"], step["name"], step["item"]) for step in trail["itemListElement"]]
    assert steps == [
        (1, "Ichi", f"{HOST}/"),
        (2, "Notes", f"{HOST}/notes/"),
        (3, "Green tea", f"{HOST}/notes/tea/"),
    ]


def test_no_text_can_end_the_data(show: Show) -> None:
    shown = show({"content/x.md": "---\ntitle: </script><b>&amp;\n---\n"})

    assert data(shown, "/x/")[0]["name"] == "</script><b>&amp;"
    assert shown.page("/x/").css("title ~ b") == []


@pytest.mark.parametrize("address", ["/404.html", "/card/", "/hidden/"])
def test_what_is_not_to_be_found_says_so(show: Show, address: str) -> None:
    shown = show({"content/hidden.md": "---\nnoindex: true\n---\n"})

    assert meta(shown, address, "robots") == ["noindex"]
    assert shown.page(address).css('script[type="application/ld+json"]') == []


def test_feeds_are_named_on_every_page_the_sections_own_first(show: Show) -> None:
    shown = show({"content/notes/tea.md": ""})
    selector = "link[type='application/atom+xml']"

    assert shown.links("/notes/", selector) == ["/notes/index.xml", "/index.xml"]
    assert shown.links("/notes/tea/", selector) == ["/index.xml"]


def test_a_host_with_other_letters_is_written_as_machines_do(show: Show) -> None:
    shown = show({"config.toml": 'baseURL = "https://名刺.example/"\n'})

    assert shown.links("/", "link[rel=canonical]") == ["https://xn--1cr47b.example/"]


def test_the_bytes_are_the_same_on_another_day(make_site: Callable[..., Path]) -> None:
    root = make_site({**BOTH, "content/notes/tea.md": NOTE})
    first, second = read(root), read(root, now=NOW + timedelta(days=400))

    rendered = [one.address for one in first.site.targets().values() if first.site.file(one) is None]
    assert len(rendered) > 20
    for address in rendered:
        assert first.body(address) == second.body(address), address
