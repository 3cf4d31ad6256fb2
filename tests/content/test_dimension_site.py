"""Sites made for Hugo with the two Dimension themes are read as they are."""

from __future__ import annotations

from pathlib import Path

from small_library import NOW

from meishi.config import load_site_config
from meishi.content.library import Library, load_library
from meishi.content.links import Links

# The port by sethmacleod: every page is an article over the card.
SETHMACLEOD = {
    "config.toml": """
baseURL = "https://ichi.example/"
languageCode = "en-us"
title = "Ichi Taro"
theme = "dimension"
DefaultContentLanguage = "en"
googleAnalytics = ""

[params]
  # Full path to your static image directory
  logo = "fa-gem"
  copyright = "Design: <a href='https://html5up.net'>HTML5 UP</a>"
  description = "A designer from <b>Osaka</b>."
  highlightjs = true

  [[params.social]]
    medium = "Twitter"
    icon = "fa-twitter"
    link = "https://twitter.com/ichi"

  [[params.social]]
    medium = "E-mail"
    icon = "fa-envelope"
    link = "ichi@ichi.example"

[languages]
  [languages.en]
    languageName = "English"
    weight = 1
    title = "Ichi Taro"
    description = "A designer from Osaka."
  [languages.ja]
    languageName = "日本語"
    weight = 2
    title = "一太郎"
    description = "大阪のデザイナー"
""",
    "content/intro.md": '+++\ntitle="Introduction"\nmenuname = "Intro"\nweight = 1\n+++\n![](/images/a.jpg)',
    "content/intro.ja.md": '+++\ntitle = "はじめに"\nmenuname = "紹介"\nweight = 1\n+++\n\nこんにちは。\n',
    "content/work.md": "---\ntitle: My Work\nmenuname: Work\nweight: 2\n---\nHello\n",
    "content/blog.md": '+++\ntitle = "Blog"\nmenuname = "Blog"\nlink = "https://b.example/"\nweight = 3\n+++',
    "content/contact.md": "---\ntitle: Contact\nweight: 4\nlastmod: 2019-03-01\n---\n{{< socialLinks >}}\n",
    "static/images/a.jpg": "",
}  # fmt: skip
# The port by your-identity: the card is content/_index.md.
YOUR_IDENTITY = {
    "config.toml": """
baseURL = "http://example.org/"
languageCode = "en-us"
title = "My New Hugo Site"
theme = "dimension"
disableKinds = ["RSS", "taxonomy", "taxonomyTerm"]

[menu]
  [[menu.main]]
    name = "Source"
    url = "https://github.com/ichi"
    weight = 100

[markup.goldmark.renderer]
  unsafe = true
""",
    "content/_index.md": """---
title: Dimension
description: "A fully responsive site template<br>designed by HTML5 UP"
background: images/bg.jpg
logo: fa-gem
---
""",
    "content/About.md": "---\ntitle: About\nimage: images/pic03.jpg\ndate: 2020-05-01T12:00:00+09:00\n---\n",
    "content/work/index.md": "---\ntitle: Work\nimage: pic01.jpg\nmenu:\n  main:\n    weight: 1\n---\nText\n",
    "content/work/pic01.jpg": "",
}


def read(root: Path, files: dict[str, str]) -> Library:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return load_library(load_site_config(root), NOW)


def test_a_site_of_the_port_with_a_page_for_each_panel(tmp_path: Path) -> None:
    library = read(tmp_path, SETHMACLEOD)

    english, japanese = library.editions["en"], library.editions["ja"]
    assert [(entry.title, entry.id, entry.page.link) for entry in english.menu] == [
        ("Intro", "intro", ""),
        ("Work", "work", ""),
        ("Blog", "blog", "https://b.example/"),
        ("Contact", "contact", ""),
    ]
    assert [(entry.title, entry.borrowed) for entry in japanese.menu] == [
        ("紹介", False),
        ("Work", True),
        ("Blog", True),
        ("Contact", True),
    ]
    assert (english.language.tag, english.language.name, english.home.title) == (
        "en-US",
        "English",
        "Ichi Taro",
    )
    assert japanese.language.params["description"] == "大阪のデザイナー"
    assert japanese.home.title == "一太郎"
    social = english.language.params["social"]
    assert [row["medium"] for row in social] == ["Twitter", "E-mail"]
    assert library.errors == ()


def test_a_site_of_the_port_that_says_all_in_its_index(tmp_path: Path) -> None:
    library = read(tmp_path, YOUR_IDENTITY)

    edition = library.editions["en"]
    assert (edition.home.title, edition.home.params["logo"], edition.home.params["background"]) == (
        "Dimension",
        "fa-gem",
        "images/bg.jpg",
    )
    assert edition.home.description.startswith("A fully responsive site template<br>")
    assert [(entry.title, entry.id) for entry in edition.menu] == [
        ("Work", "work"),
        ("Source", "source"),
        ("About", "about"),
    ]
    about = library.by_path["About.md"]
    assert (about.address, about.image) == ("/about/", "images/pic03.jpg")
    assert (
        Links.of(library).resolve(library.by_path["work/index.md"], "pic01.jpg").address == "/work/pic01.jpg"
    )
    assert not library.config.enabled("rss")
