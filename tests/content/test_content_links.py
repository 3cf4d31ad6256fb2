"""Where links lead: by file, by file beside the page, by name, per language."""

from __future__ import annotations

import unicodedata

import pytest
from small_library import TWO, ReadSite

from meishi.content.links import Links
from meishi.errors import LinkError

EMPTY = "---\n---\n"
PAGES = """
    _index.md _index.ja.md about.md about.ja.md v1.2.md v1.2.ja.md only.ja.md projects/x.md
    notes/_index.md notes/a.md notes/a.ja.md notes/english.md notes/about.md
    notes/trip/index.md notes/trip/index.ja.md
"""
OTHERS = """
    cv.pdf notes/list.png notes/trip/photo.jpg notes/trip/photo.ja.jpg notes/trip/more/map.svg
"""
FILES: dict[str, str | bytes] = dict.fromkeys(PAGES.split(), EMPTY)
FILES |= dict.fromkeys((*OTHERS.split(), "Old Files/a b.txt"), b"x")


@pytest.fixture
def links(read_site: ReadSite) -> Links:
    return Links.of(read_site(FILES, TWO))


@pytest.mark.parametrize(
    ("page", "destination", "address"),
    [
        ("about.md", "v1.2.md", "/v1.2/"),
        ("about.ja.md", "v1.2.md", "/ja/v1.2/"),
        ("about.ja.md", "about.md", "/ja/about/"),
        ("about.md", "about.ja.md", "/ja/about/"),
        ("about.ja.md", "notes/english.md", "/notes/english/"),
        ("about.md", "only.md", "/ja/only/"),
        ("notes/a.md", "about.md", "/notes/about/"),
        ("notes/a.md", "../about.md", "/about/"),
        ("notes/a.md", "/about.md", "/about/"),
        ("notes/a.md", "v1.2.md", "/v1.2/"),
        ("notes/a.md", "trip/index.md", "/notes/trip/"),
        ("notes/a.ja.md", "trip/index.md", "/ja/notes/trip/"),
        ("notes/trip/index.md", "../a.md", "/notes/a/"),
        ("notes/trip/index.md", "../../about.md", "/about/"),
        ("notes/trip/index.md", "../a", "/notes/a"),
        ("about.md", "_index.md", "/"),
        ("about.ja.md", "_index.md", "/ja/"),
        ("about.md", "notes/_index.md", "/notes/"),
        ("about.md", "/notes/", "/notes/"),
        ("about.md", "cv.pdf", "/cv.pdf"),
        ("about.ja.md", "cv.pdf", "/cv.pdf"),
        ("notes/a.md", "list.png", "/notes/list.png"),
        ("notes/trip/index.md", "photo.jpg", "/notes/trip/photo.jpg"),
        ("notes/trip/index.ja.md", "photo.jpg", "/notes/trip/photo.ja.jpg"),
        ("notes/trip/index.md", "./more/map.svg", "/notes/trip/more/map.svg"),
        ("about.md", "Old%20Files/a%20b.txt", "/old-files/a b.txt"),
        ("about.md", "/images/logo.png", "/images/logo.png"),
        ("about.md", "elsewhere/", "/about/elsewhere/"),
    ],
)
def test_a_link_leads_to(links: Links, page: str, destination: str, address: str) -> None:
    assert links.resolve(links.library.by_path[page], destination).address == address


def test_fragments_and_queries_stay_with_a_link(links: Links) -> None:
    page = links.library.by_path["about.md"]

    found = links.resolve(page, "notes/a.md?x=1#%E7%AB%A0")
    assert (found.address, found.query, found.fragment) == ("/notes/a/", "x=1", "章")
    assert links.resolve(page, "?x=1#top").address == "/about/"
    found = links.reference(page, "notes/a#top")
    assert (found.address, found.fragment) == ("/notes/a/", "top")
    assert links.reference(page, "#top").address == "/about/"


@pytest.mark.parametrize(
    ("page", "name", "address"),
    [
        ("about.md", "about", "/about/"),
        ("notes/a.md", "about", "/notes/about/"),
        ("notes/a.md", "/about", "/about/"),
        ("notes/a.md", "/about.md", "/about/"),
        ("about.ja.md", "notes/a", "/ja/notes/a/"),
        ("about.md", "notes/trip", "/notes/trip/"),
        ("about.md", "notes/trip/", "/notes/trip/"),
        ("about.md", "trip", "/notes/trip/"),
        ("about.md", "english", "/notes/english/"),
        ("about.ja.md", "english", "/notes/english/"),
        ("about.md", "notes", "/notes/"),
        ("about.md", "projects", "/projects/"),
        ("about.md", "/", "/"),
        ("about.ja.md", "/", "/ja/"),
        ("about.ja.md", "_index.md", "/ja/"),
        ("about.md", "v1.2", "/v1.2/"),
    ],
)
def test_a_reference_finds_a_page_by_name(links: Links, page: str, name: str, address: str) -> None:
    assert links.reference(links.library.by_path[page], name).address == address


def test_a_reference_may_ask_for_a_language(links: Links) -> None:
    page = links.library.by_path["about.md"]

    assert links.reference(page, "notes/a", language="ja").address == "/ja/notes/a/"
    assert links.reference(page, "#x", language="ja").address == "/ja/about/"
    with pytest.raises(
        LinkError, match=r"content/about\.md:7: the link to notes/english in ja leads to no page"
    ):
        links.reference(page, "notes/english", 7, "ja")


@pytest.mark.parametrize(
    ("destination", "hint"),
    [
        ("abuot.md", "Did you mean about.md?"),
        ("notes/trp/index.md", "Did you mean notes/trip/index.md?"),
        ("../../../etc/x.md", "Correct the link, or make the page"),
        ("gone.md", "That page is a draft"),
        ("soon.md", "That page's time has not come"),
        ("late.md", "That page is expired"),
        ("headless.md", "That page is never published"),
    ],
)
def test_a_link_to_no_page_is_an_error_with_a_way_out(
    read_site: ReadSite, destination: str, hint: str
) -> None:
    hidden = {
        "gone.md": "---\ndraft: true\n---\n",
        "soon.md": "---\ndate: 2030-01-01\n---\n",
        "late.md": "---\nexpiryDate: 2020-01-01\n---\n",
        "headless.md": "---\nheadless: true\n---\n",
    }
    links = Links.of(read_site(FILES | hidden, TWO))

    with pytest.raises(LinkError) as caught:
        links.resolve(links.library.by_path["about.md"], destination, 12)

    assert str(caught.value).startswith(f"content/about.md:12: the link to {destination} leads to no page. ")
    assert hint in str(caught.value)


def test_a_name_in_decomposed_letters_is_found(read_site: ReadSite) -> None:
    name = unicodedata.normalize("NFD", "がらす")
    links = Links.of(read_site({f"{name}.md": EMPTY, f"{name}/index.ja.md": EMPTY, f"{name}.png": b"x"}, TWO))
    page = links.library.by_path[f"{name}.md"]

    assert links.resolve(page, "がらす.md").address == "/がらす/"
    assert links.resolve(page, f"{name}.png").address == "/がらす.png"


def test_files_of_a_page_that_is_not_shown_are_not_published(read_site: ReadSite) -> None:
    draft, shown = "---\ndraft: true\n---\n", EMPTY
    files = {
        "a/index.md": draft, "a/secret.jpg": b"x",
        "b/index.md": draft, "b/index.ja.md": shown, "b/photo.jpg": b"x",
        "c/index.md": "---\nheadless: true\n---\n", "c/x.jpg": b"x",
        "free.jpg": b"x",
    }  # fmt: skip

    assert Links.of(read_site(files, TWO)).files == {
        "b/photo.jpg": "/ja/b/photo.jpg",
        "free.jpg": "/free.jpg",
    }


def test_files_move_with_the_address_of_their_page(read_site: ReadSite) -> None:
    files = {"a/index.md": "---\nslug: b\n---\n", "a/x.jpg": b"x"}

    assert Links.of(read_site(files)).files == {"a/x.jpg": "/b/x.jpg"}


def test_links_in_folders_of_languages(read_site: ReadSite) -> None:
    library = read_site(
        {
            "en/about.md": EMPTY, "ja/about.md": EMPTY, "en/notes/a.md": EMPTY, "ja/notes/a.md": EMPTY,
            "ja/notes/x.png": b"x", "en/notes/english.md": EMPTY,
        },
        'defaultContentLanguage = "en"\n[languages.en]\ncontentDir = "content/en"\n'
        '[languages.ja]\ncontentDir = "content/ja"\n',
    )  # fmt: skip
    links, page = Links.of(library), library.by_path["ja/notes/a.md"]

    assert links.resolve(page, "../about.md").address == "/ja/about/"
    assert links.resolve(page, "/about.md").address == "/ja/about/"
    assert links.resolve(page, "english.md").address == "/notes/english/"
    assert links.resolve(page, "x.png").address == "/ja/notes/x.png"
    assert links.reference(page, "notes/a", language="en").address == "/notes/a/"
    assert links.reference(page, "/about").address == "/ja/about/"
