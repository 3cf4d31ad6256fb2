"""Lists, neighbours, menus and languages, as pages show them."""

from __future__ import annotations

import pytest
from shown_site import TWO_LANGUAGES, Show, Shown

DAYS = {
    f"content/notes/{name}.md": f"---\ndate: 2026-01-0{day}\n---\nText" for day, name in enumerate("abc", 1)
}
WEIGHTS = {f"content/work/{name}.md": f"---\nweight: {n}\n---\nText" for n, name in enumerate("xyz", 1)}


def steps(shown: Shown, address: str) -> dict[str, str]:
    links = shown.page(address).css("main .steps a")
    return {str(link.attributes["rel"]): str(link.attributes["href"]) for link in links}


def test_a_list_begins_with_the_newest(show: Show) -> None:
    assert show(DAYS).links("/notes/", ".notes a.u-url") == ["/notes/c/", "/notes/b/", "/notes/a/"]


def test_a_list_of_pages_with_weights_follows_them(show: Show) -> None:
    assert show(WEIGHTS).links("/work/", ".notes a.u-url") == ["/work/x/", "/work/y/", "/work/z/"]


def test_the_next_note_is_the_newer_one(show: Show) -> None:
    shown = show(DAYS)

    assert steps(shown, "/notes/b/") == {"prev": "/notes/a/", "next": "/notes/c/"}
    assert steps(shown, "/notes/a/") == {"next": "/notes/b/"}
    assert steps(shown, "/notes/c/") == {"prev": "/notes/b/"}


def test_the_next_page_with_a_weight_is_the_one_below(show: Show) -> None:
    assert steps(show(WEIGHTS), "/work/y/") == {"prev": "/work/x/", "next": "/work/z/"}


def test_neighbours_that_lead_elsewhere_are_passed_over(show: Show) -> None:
    files = {**DAYS, "content/notes/b.md": "---\ndate: 2026-01-02\nlink: https://b.example\n---\n"}

    assert steps(show(files), "/notes/a/") == {"next": "/notes/c/"}


def test_a_tag_says_how_many_notes_have_it_and_leads_back_to_all(show: Show) -> None:
    files = {f"content/notes/{name}.ja.md": "---\ntags: [お茶]\n---\n" for name in "ab"}
    shown = show({**files, "config.toml": TWO_LANGUAGES})

    assert shown.links("/ja/tags/お茶/", "main .over a") == ["/ja/tags/"]
    assert "2" in shown.page("/ja/tags/").css("main li")[0].text()


def test_the_home_page_shows_a_sections_newest_five(show: Show) -> None:
    shown = show({f"content/notes/n{day}.md": f"---\ndate: 2026-01-0{day}\n---\n" for day in range(1, 8)})

    assert shown.links("/", "#notes .notes a.u-url") == [f"/notes/n{day}/" for day in (7, 6, 5, 4, 3)]
    assert shown.links("/", "#notes a[data-plain]") == ["/notes/"]


def test_a_panel_that_has_no_translation_is_borrowed_and_says_so(show: Show) -> None:
    files = {
        "content/about.md": "Me",
        "content/about.ja.md": "私",
        "content/work.md": "---\ntitle: Work\n---\n",
    }
    page = show({**files, "config.toml": TWO_LANGUAGES}).page("/ja/")

    links = {str(link.attributes["href"]): link.attributes for link in page.css(".menu a")}
    assert links["/work/"]["lang"] == links["/work/"]["hreflang"] == "en"
    assert "lang" not in links["/ja/about/"]
    panel = page.css_first("#work")
    assert panel is not None
    assert panel.attributes["lang"] == "en"


def test_what_is_not_translated_can_be_left_out(show: Show) -> None:
    config = 'untranslated = "hide"\n' + TWO_LANGUAGES
    shown = show({"config.toml": config, "content/work.md": "Work"})

    assert shown.links("/ja/", ".menu a") == []


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/", "/ja/"),
        ("/about/", "/ja/about/"),
        ("/work/", "/ja/"),
        ("/notes/", "/ja/"),
        ("/card/", "/ja/card/"),
        ("/404.html", "/ja/"),
    ],
)
def test_the_language_switch_leads_to_the_translation_or_that_languages_card(
    show: Show, address: str, other: str
) -> None:
    files = {"content/about.md": "Me", "content/about.ja.md": "私", "content/work.md": "Work", **DAYS}
    shown = show({**files, "config.toml": TWO_LANGUAGES})

    assert shown.links(address, ".languages a[hreflang=ja]") == [other]
    assert shown.page(address).css(".languages a[aria-current]")[0].attributes["hreflang"] == "en"


def test_the_entry_of_the_page_on_view_is_marked(show: Show) -> None:
    shown = show({**DAYS, "content/about.md": "Me"})

    assert shown.links("/about/", ".menu a[aria-current]") == ["/about/"]
    assert shown.links("/notes/a/", ".menu a[aria-current]") == ["/notes/"]
    assert shown.links("/", ".menu a[aria-current]") == []


def test_ids_of_several_panels_do_not_meet(show: Show) -> None:
    shown = show({f"content/{name}.md": "## Same\n\n[down](#same)[^1]\n\n[^1]: Note" for name in "ab"})
    ids = [str(node.attributes["id"]) for node in shown.page("/").css("[id]")]

    assert len(ids) == len(set(ids))
    assert {"a-same", "b-same"} <= set(ids)
    assert shown.links("/", "#a .prose a")[0] == "#a-same"


def test_the_date_of_a_note_is_written_as_its_readers_do(show: Show) -> None:
    note = "---\ndate: 2026-11-22\n---\n"
    shown = show({"config.toml": TWO_LANGUAGES, "content/n/a.md": note, "content/n/a.ja.md": note})

    dates = [shown.page(address).css("time")[0].text() for address in ("/n/a/", "/ja/n/a/")]
    assert dates == ["22 November 2026", "2026年11月22日"]
