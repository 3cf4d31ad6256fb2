"""An incremental build trusts what a page says it was made from: these tests keep that honest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from shown_site import TWO_LANGUAGES, Shown, read

CONFIG = (
    TWO_LANGUAGES
    + """
[pagination]
pagerSize = 2
[params]
avatar = "me.png"
"""
)
NOTE = "---\ntitle: {0}\ndate: 2026-01-0{1}\ntags: [{2}]\n---\n{3}\n"
SITE: Mapping[str, str | bytes | None] = {
    "config.toml": CONFIG,
    "content/cup.png": b"picture",
    "static/me.png": b"picture",
    "content/_index.md": "---\ntitle: Ichi\n---\n",
    "content/about.md": "---\ntitle: About\naliases: [/me/]\n---\n[Work](work.md), [a note](notes/a.md).",
    "content/about.ja.md": "---\ntitle: 私\n---\n私です。",
    "content/work.md": '---\ntitle: Work\nweight: 1\n---\n![A cup](cup.png) {{< ref "notes/b" >}}',
    "content/notes/a.md": NOTE.format("A", 1, "tea", "First."),
    "content/notes/b.md": NOTE.format("B", 2, "tea", "Second, see [about](/about/)."),
    "content/notes/c.md": NOTE.format("C", 3, "cake", "Third."),
    "content/notes/d.md": NOTE.format("D", 4, "cake", "Fourth."),
    "content/notes/old/_index.md": "---\ntitle: Old\n---\n",
    "content/notes/old/x.md": "---\ntitle: X\ndate: 2020-01-01\n---\nLong ago.",
    "content/notes/a.ja.md": NOTE.format("あ", 1, "tea", "一番。"),
}
#: What the owner may do: files that are written, or removed where there is None.
Edit = Mapping[str, str | bytes | None]
EDITS: dict[str, Edit] = {
    "a text": {"content/notes/b.md": NOTE.format("B", 2, "tea", "Else.")},
    "a title": {"content/notes/b.md": NOTE.format("Bee", 2, "tea", "Second, see [about](/about/).")},
    "a date": {"content/notes/b.md": NOTE.format("B", 9, "tea", "Second, see [about](/about/).")},
    "a tag": {"content/notes/b.md": NOTE.format("B", 2, "cake", "Second, see [about](/about/).")},
    "a tag's spelling": {"content/notes/d.md": NOTE.format("D", 4, "Cake", "Fourth.")},
    "a tag's spelling on a note far away": {"content/notes/d.md": NOTE.format("D", 4, "Tea", "Fourth.")},
    "a note's slug": {"content/notes/a.md": "---\ntitle: A\nslug: alpha\ndate: 2026-01-01\n---\nFirst."},
    "an inner section's title": {"content/notes/old/_index.md": "---\ntitle: Older\n---\n"},
    "a weight": {"content/notes/b.md": "---\ntitle: B\nweight: 3\ndate: 2026-01-02\ntags: [tea]\n---\n"},
    "a new note": {"content/notes/e.md": NOTE.format("E", 5, "tea", "Fifth.")},
    "a note that is gone": {"content/notes/c.md": None},
    "a note that leads elsewhere": {"content/notes/c.md": "---\nlink: https://c.example\n---\n"},
    "a draft": {"content/notes/c.md": "---\ntitle: C\ndraft: true\n---\nThird."},
    "an unlisted note": {"content/notes/c.md": "---\ntitle: C\nbuild: {list: never}\n---\nThird."},
    "a new panel": {"content/more.md": "More."},
    "a panel's menu name": {"content/work.md": "---\nmenuname: Works\nweight: 1\n---\n"},
    "a panel's slug": {"content/about.md": "---\ntitle: About\nslug: me\naliases: [/old/]\n---\n"},
    "a panel that is gone": {"content/about.md": None, "content/work.md": "---\ntitle: Work\n---\n"},
    "a translation": {"content/work.ja.md": "---\ntitle: 仕事\n---\n"},
    "a translation that is gone": {"content/about.ja.md": None},
    "a note's translation": {"content/notes/b.ja.md": NOTE.format("い", 2, "cake", "二番。")},
    "another translation key": {"content/about.ja.md": "---\ntranslationKey: x\n---\n私です。"},
    "a section's page": {"content/notes/_index.md": "---\ntitle: Diary\n---\nWelcome."},
    "what a section hands down": {
        "content/notes/_index.md": "---\ntitle: Notes\ncascade:\n  description: Handed down\n---\n"
    },
    "a nested section": {"content/notes/deep/_index.md": "", "content/notes/deep/x.md": "Deep."},
    "the card": {"content/_index.md": "---\ntitle: Ichi\ndescription: Another line\n---\n"},
    "the card in Japanese": {"content/_index.ja.md": "---\ntitle: いち\ndescription: 一行\n---\n"},
    "the background": {"content/_index.md": "---\ntitle: Ichi\nbackground: me.png\n---\n"},
    "a logo": {"content/_index.md": "---\ntitle: Ichi\nimage: cup.png\n---\n"},
    "a picture": {"content/cup.png": b"other"},
    "a picture that is gone": {"content/cup.png": None},
    "the avatar": {"static/me.png": b"other"},
    "a picture for one language": {"content/cup.en.png": b"other"},
    "hidden from search": {"content/notes/a.md": "---\ntitle: A\nnoindex: true\n---\nFirst."},
    "a summary": {"content/notes/d.md": "---\ntitle: D\nsummary: In short\ndate: 2026-01-04\n---\nFourth."},
}


def write(root: Path, edit: Edit, pictures: list[bytes]) -> None:
    for path, content in edit.items():
        place = root / path
        if content is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            drawn = {b"picture": pictures[0], b"other": pictures[1]}
            place.write_bytes(content.encode() if isinstance(content, str) else drawn[content])


def rendered(shown: Shown) -> dict[str, bytes]:
    targets = shown.site.targets()
    return {address: shown.body(address) for address, one in targets.items() if not shown.site.file(one)}


def ingredients(shown: Shown, address: str) -> dict[str, str]:
    return {name: shown.site.digest(name) for name in shown.site.reads(address)}


@pytest.fixture(scope="session")
def pictures() -> list[bytes]:
    from io import BytesIO

    from PIL import Image

    found = []
    for colour in ("#c9371f", "#1f6f8b"):
        file = BytesIO()
        Image.new("RGB", (600, 400), colour).save(file, "PNG")
        found.append(file.getvalue())
    return found


@dataclass(frozen=True)
class Before:
    """The site as it was: its bytes, and what they were made from."""

    shown: Shown
    bytes: dict[str, bytes]
    ingredients: dict[str, dict[str, str]]

    def stale(self, new: Shown) -> set[str]:
        """List the pages that an incremental build would make again."""
        return {
            address
            for address, digests in self.ingredients.items()
            if any(new.site.digest(name) != digest for name, digest in digests.items())
        }


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory, pictures: list[bytes]) -> Before:
    root = tmp_path_factory.mktemp("before")
    write(root, SITE, pictures)
    shown = read(root)
    found = rendered(shown)
    return Before(shown, found, {address: ingredients(shown, address) for address in found})


@pytest.fixture
def edited(tmp_path: Path, pictures: list[bytes]) -> Callable[[Edit], Shown]:
    def make(edit: Edit) -> Shown:
        write(tmp_path, SITE, pictures)
        write(tmp_path, edit, pictures)
        return read(tmp_path)

    return make


@pytest.mark.parametrize("edit", EDITS.values(), ids=list(EDITS))
def test_a_page_whose_bytes_change_has_an_ingredient_that_changed(
    before: Before, edited: Callable[[Edit], Shown], edit: Edit
) -> None:
    new = edited(edit)

    changed = {address for address, body in rendered(new).items() if before.bytes.get(address, body) != body}
    assert changed, "the edit is to be seen somewhere"
    assert changed - before.stale(new) == set()


@pytest.mark.parametrize(
    ("edit", "untouched"),
    [
        ("a text", ["/about/", "/notes/", "/notes/a/", "/notes/c/", "/ja/", "/tags/", "/sitemap.xml"]),
        ("a title", ["/about/", "/notes/", "/notes/d/", "/ja/", "/tags/"]),
        ("a new note", ["/about/", "/notes/a/", "/notes/b/", "/notes/c/", "/tags/cake/", "/ja/about/"]),
        ("a note's translation", ["/about/", "/notes/a/", "/notes/c/", "/notes/", "/tags/tea/"]),
        ("a summary", ["/about/", "/notes/a/", "/notes/page/2/", "/tags/tea/"]),
        ("a picture", ["/about/", "/notes/a/", "/notes/"]),
    ],
)
def test_an_edit_leaves_alone_what_does_not_show_it(
    before: Before, edited: Callable[[Edit], Shown], edit: str, untouched: list[str]
) -> None:
    assert before.stale(edited(EDITS[edit])) & set(untouched) == set()


def test_a_template_that_counts_reads_the_count(make_site: Callable[..., Path]) -> None:
    files = {f"content/notes/{name}.md": "---\ntags: [tea]\n---\n" for name in "ab"}
    template = "{% for tag in page.tags %}{{ tag.count }}{% endfor %}"
    counting = read(make_site({**files, "templates/page.html": template}))

    assert counting.text("/notes/a/") == "2"
    assert {name.partition(":")[0] for name in counting.site.reads("/notes/a/")} >= {"count"}


def test_an_ingredient_that_is_gone_has_a_digest_too(before: Before, make_site: Callable[..., Path]) -> None:
    config = 'title = "Ichi"\ndefaultContentLanguage = "de"\n[languages.de]\n'
    empty = read(make_site({"config.toml": config}))

    assert len(before.stale(empty)) > 20


def test_a_page_names_the_files_it_needs(before: Before) -> None:
    needs = before.shown.site.needs("/work/")

    assert {need.split(".")[0] for need in needs} == {"/me", "/cup", "/social/work"}
    assert all(before.shown.body(need) for need in needs)
