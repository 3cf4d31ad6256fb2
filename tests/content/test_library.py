"""The whole content, read: order, sections, translations, time, and what pages hand down."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_library import NOW, TWO, ReadSite

from meishi.content.library import Front, Library, load_library
from meishi.content.models import Edition
from meishi.errors import ConfigError, ContentError, FrontMatterError


def front(**fields: object) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"---\n{lines}---\nText\n"


def menu(edition: Edition) -> list[str]:
    return [entry.title for entry in edition.menu]


def paths(library: Library, language: str = "en") -> list[str]:
    return [page.path for page in library.editions[language].pages]


def test_panels_stand_by_weight_then_the_newest_then_title(read_site: ReadSite) -> None:
    library = read_site(
        {
            "light.md": front(title="Light", weight=1),
            "heavy.md": front(title="Heavy", weight=20),
            "old.md": front(title="Old", date="2020-01-01"),
            "new.md": front(title="New", date="2026-01-01"),
            "b.md": front(title="beta"),
            "a.md": front(title="Alpha"),
            "below.md": front(title="Below", weight=-1),
        }
    )

    assert menu(library.editions["en"]) == ["Below", "Light", "Heavy", "New", "Old", "Alpha", "beta"]


def test_pages_of_a_section_have_the_same_order(read_site: ReadSite) -> None:
    library = read_site({"notes/a.md": front(title="A"), "notes/b.md": front(title="B", date="2026-01-01")})

    section = library.editions["en"].sections["notes"]
    assert [page.title for page in section.pages] == ["B", "A"]


def test_a_folder_is_a_section_with_and_without_an_index(read_site: ReadSite) -> None:
    library = read_site(
        {
            "notes/_index.md": front(title="My notes", weight=2),
            "notes/a.md": front(title="A"),
            "side-projects/b.md": front(title="B"),
            "about.md": front(title="About", weight=1),
        }
    )

    edition = library.editions["en"]
    assert {path: section.page.title for path, section in edition.sections.items()} == {
        "notes": "My notes",
        "side-projects": "Side projects",
    }
    assert edition.sections["side-projects"].address == "/side-projects/"
    assert menu(edition) == ["About", "My notes", "Side projects"]


def test_a_deeper_folder_is_a_section_only_with_an_index(read_site: ReadSite) -> None:
    library = read_site(
        {
            "notes/2026/a.md": front(title="A"),
            "notes/2025/_index.md": front(title="2025"),
            "notes/2025/b.md": front(title="B"),
        }
    )

    edition = library.editions["en"]
    assert sorted(edition.sections) == ["notes", "notes/2025"]
    assert edition.sections["notes/2025"].parent == "notes"
    assert [page.title for page in edition.sections["notes"].pages] == ["A", "B"]
    assert menu(edition) == ["Notes"]
    inner = library.by_path["notes/2026/a.md"]
    section = edition.section_of(inner)
    assert section is not None
    assert section.page.section == "notes"


def test_an_index_without_pages_is_an_empty_section(read_site: ReadSite) -> None:
    library = read_site({"notes/_index.md": front(title="Notes")})

    assert library.editions["en"].sections["notes"].pages == ()


def test_a_bundle_has_the_files_beside_it(read_site: ReadSite) -> None:
    library = read_site(
        {
            "notes/trip/index.md": front(title="Trip"),
            "notes/trip/photo.jpg": b"x",
            "notes/trip/deep/map.svg": b"x",
            "notes/other.jpg": b"x",
        }
    )

    page = library.by_path["notes/trip/index.md"]
    assert (page.kind, page.section, page.address) == ("page", "notes", "/notes/trip/")
    assert page.resources == ("notes/trip/photo.jpg", "notes/trip/deep/map.svg")


def test_translations_find_each_other_by_file_name(read_site: ReadSite) -> None:
    library = read_site(
        {
            "about.md": front(title="About"),
            "about.ja.md": front(title="自己紹介", slug="jiko"),
            "notes/trip/index.md": front(title="Trip"),
            "notes/trip/index.ja.md": front(title="旅"),
            "notes/day.md": front(title="Day"),
            "notes/day/index.ja.md": front(title="日"),
        },
        TWO,
    )

    for one in ("about.md", "notes/trip/index.md", "notes/day.md"):
        page = library.by_path[one]
        assert [other.language for other in library.translations(page)] == ["en", "ja"], one
    japanese = library.translation(library.by_path["about.md"], "ja")
    assert japanese is not None
    assert japanese.address == "/ja/jiko/"


def test_translations_may_be_joined_by_a_key(read_site: ReadSite) -> None:
    library = read_site(
        {"about.md": front(translationKey="me"), "watashi.ja.md": front(translationKey="me")}, TWO
    )

    japanese = library.translation(library.by_path["about.md"], "ja")
    assert japanese is not None
    assert japanese.path == "watashi.ja.md"


def test_sections_without_an_index_are_translations_too(read_site: ReadSite) -> None:
    library = read_site({"notes/a.md": front(), "notes/a.ja.md": front()}, TWO)

    section = library.editions["en"].sections["notes"].page
    assert [page.address for page in library.translations(section)] == ["/notes/", "/ja/notes/"]


def test_an_untranslated_panel_is_borrowed_and_says_so(read_site: ReadSite) -> None:
    library = read_site(
        {
            "about.md": front(title="About", weight=1),
            "work.md": front(title="Work", weight=3),
            "about.ja.md": front(title="紹介", weight=2),
            "contact.ja.md": front(title="連絡", weight=4),
        },
        TWO,
    )

    japanese = library.editions["ja"].menu
    assert [(entry.title, entry.borrowed) for entry in japanese] == [
        ("紹介", False),
        ("Work", True),
        ("連絡", False),
    ]
    assert menu(library.editions["en"]) == ["About", "Work"]


def test_untranslated_panels_can_be_hidden(read_site: ReadSite) -> None:
    library = read_site(
        {"about.md": front(title="About"), "work.ja.md": front(title="仕事")},
        f'untranslated = "hide"\n{TWO}',
    )

    assert menu(library.editions["ja"]) == ["仕事"]


def test_a_language_without_a_card_gets_one_from_the_default(read_site: ReadSite) -> None:
    library = read_site(
        {"_index.md": front(title="Ichi", image="me.jpg", background="sea.jpg")},
        'defaultContentLanguage = "en"\n[languages.en]\n[languages.ja]\ntitle = "一"\n',
    )

    card = library.editions["ja"].home
    assert (card.title, card.address, card.image, card.params["background"]) == (
        "一",
        "/ja/",
        "me.jpg",
        "sea.jpg",
    )


def test_a_site_without_any_content_has_its_cards(read_site: ReadSite) -> None:
    library = read_site({}, TWO)

    assert {code: edition.home.address for code, edition in library.editions.items()} == {
        "en": "/",
        "ja": "/ja/",
    }


TIMES = {
    "now.md": front(title="Now", date="2026-11-22T12:00:00Z"),
    "draft.md": front(title="Draft", draft="true"),
    "future.md": front(title="Future", date="2026-12-01"),
    "scheduled.md": front(title="Scheduled", date="2020-01-01", publishDate="2026-11-25"),
    "expired.md": front(title="Expired", expiryDate="2026-11-22T12:00:00Z"),
    "ending.md": front(title="Ending", expiryDate="2026-11-23"),
}


@pytest.mark.parametrize(
    ("config", "hidden"),
    [
        ("", {"Draft", "Future", "Scheduled", "Expired"}),
        ("buildDrafts = true", {"Future", "Scheduled", "Expired"}),
        ("buildFuture = true", {"Draft", "Expired"}),
        ("buildExpired = true", {"Draft", "Future", "Scheduled"}),
    ],
)
def test_drafts_future_and_expired_pages_are_left_out(
    read_site: ReadSite, config: str, hidden: set[str]
) -> None:
    library = read_site(TIMES, config)

    assert {page.title for page in library.hidden} == hidden
    assert {page.title for page in library.editions["en"].pages} == {
        "Now", "Draft", "Future", "Scheduled", "Expired", "Ending"
    } - hidden  # fmt: skip


def test_a_page_appears_when_its_time_has_come(read_site: ReadSite) -> None:
    library = read_site(TIMES, now=datetime(2026, 11, 25, tzinfo=UTC))

    assert {page.title for page in library.hidden} == {"Draft", "Future", "Expired", "Ending"}


def test_the_library_knows_how_long_it_is_right(read_site: ReadSite) -> None:
    assert read_site(TIMES).valid_until == datetime(2026, 11, 23, tzinfo=UTC)
    assert read_site(TIMES, now=datetime(2026, 11, 23, tzinfo=UTC)).valid_until == datetime(
        2026, 11, 25, tzinfo=UTC
    )
    assert read_site(TIMES, now=datetime(2027, 1, 1, tzinfo=UTC)).valid_until is None


def test_a_draft_of_an_index_hides_its_list_but_not_its_pages(read_site: ReadSite) -> None:
    library = read_site(
        {"notes/_index.md": front(title="Mine", draft="true"), "notes/a.md": front(title="A")}
    )

    assert library.editions["en"].sections["notes"].page.title == "Notes"
    assert paths(library) == ["notes/a.md"]


def test_values_are_handed_down_and_the_nearer_one_wins(read_site: ReadSite) -> None:
    library = read_site(
        {
            "_index.md": "---\ncascade:\n  mood: calm\n  weight: 9\n---\n",
            "notes/_index.md": "---\ncascade: {mood: wild}\n---\n",
            "notes/a.md": front(),
            "notes/b.md": front(Mood="own"),
            "about.md": front(weight=1),
            "about.ja.md": front(),
        },
        TWO,
    )

    mood = {path: page.params.get("mood") for path, page in library.by_path.items()}
    assert mood == {
        "_index.md": "calm",
        "about.ja.md": None,
        "about.md": "calm",
        "notes/_index.md": "wild",
        "notes/a.md": "wild",
        "notes/b.md": "own",
    }
    assert library.by_path["notes/a.md"].weight == 9
    assert library.by_path["about.md"].weight == 1


def test_a_cascade_may_have_targets(read_site: ReadSite) -> None:
    library = read_site(
        {
            "_index.md": (
                "---\ncascade:\n- target: {path: '/notes/**'}\n  a: 1\n"
                "- _target: {kind: section}\n  b: 1\n- target: {path: /about}\n  c: 1\n"
                "- target: {path: '/work-*', kind: page}\n  d: 1\n---\n"
            ),
            "notes/_index.md": front(),
            "notes/x/index.md": front(),
            "about.md": front(),
            "work-now.md": front(),
            "notesy.md": front(),
        }
    )

    assert {path: set(page.params) for path, page in library.by_path.items()} == {
        "_index.md": set(),
        "notes/_index.md": {"a", "b"},
        "notes/x/index.md": {"a"},
        "about.md": {"c"},
        "work-now.md": {"d"},
        "notesy.md": set(),
    }


def test_params_that_are_handed_down_stand_beside_the_pages_own(read_site: ReadSite) -> None:
    library = read_site(
        {
            "_index.md": "---\ncascade:\n  params: {a: 1, b: 1}\n---\n",
            "about.md": "---\nparams: {b: 2}\n---\n",
        }
    )

    assert dict(library.by_path["about.md"].params) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("cascade", "words"),
    [
        ("cascade: calm", r"content/notes/_index\.md:2: cascade must be a table"),
        ("cascade: [calm]", r"content/notes/_index\.md:2: cascade must be a table"),
        ("cascade:\n  draft: maybe", r"content/notes/_index\.md:3: draft must be true or false"),
        ("cascade:\n  target: x\n  a: 1", r"_index\.md:2: a cascade's target must be a table"),
    ],
)
def test_a_wrong_cascade_is_the_indexs_mistake(read_site: ReadSite, cascade: str, words: str) -> None:
    with pytest.raises(FrontMatterError, match=words):
        read_site({"notes/_index.md": f"---\n{cascade}\n---\n", "notes/a.md": front()})


def test_pages_share_tags_whatever_their_spelling(read_site: ReadSite) -> None:
    library = read_site(
        {
            "notes/a.md": front(tags="[Slow Life, zen]", date="2026-01-01"),
            "notes/b.md": front(tags="[slow life, Zen, 禅]"),
        }
    )

    tags = library.editions["en"].tags
    assert {slug: (tag.name, tag.address, len(tag.pages)) for slug, tag in tags.items()} == {
        "slow-life": ("Slow Life", "/tags/slow-life/", 2),
        "zen": ("zen", "/tags/zen/", 2),
        "禅": ("禅", "/tags/禅/", 1),
    }


def test_tags_can_be_turned_off(read_site: ReadSite) -> None:
    library = read_site({"a.md": front(tags="[zen]")}, 'disableKinds = ["taxonomy", "term"]')

    assert library.editions["en"].tags == {}


def test_what_build_keeps_out_of_lists_is_still_published(read_site: ReadSite) -> None:
    library = read_site(
        {
            "secret.md": "---\nbuild: {list: never}\ntags: [zen]\n---\n",
            "gone.md": "---\nbuild: {render: never}\n---\n",
            "about.md": front(title="About"),
        }
    )

    edition = library.editions["en"]
    assert menu(edition) == ["About"]
    assert edition.tags == {}
    assert paths(library) == ["about.md"]
    assert [page.path for page in edition.unlisted] == ["secret.md"]
    assert "secret.md" in {page.path for page in library.pages}
    assert [page.path for page in library.hidden] == ["gone.md"]


def test_menu_entries_of_the_settings_join_the_panels(read_site: ReadSite) -> None:
    library = read_site(
        {"about.md": front(title="About", weight=1), "work.md": front(title="Work", weight=30)},
        '[[menus.main]]\nname = "Blog"\nurl = "https://blog.example/"\nweight = 10\n'
        '[[menus.main]]\nname = "All notes"\nurl = "/notes/"\nweight = 20\n',
    )

    entries = library.editions["en"].menu
    assert [(entry.title, entry.page.link) for entry in entries] == [
        ("About", ""),
        ("Blog", "https://blog.example/"),
        ("All notes", "/notes/"),
        ("Work", ""),
    ]


@pytest.mark.parametrize(
    "where", ['pageRef = "/about"', 'url = "/about/"', 'url = "#about"', 'url = "/#about"']
)
def test_a_menu_entry_for_a_panel_renames_it_and_moves_it(read_site: ReadSite, where: str) -> None:
    library = read_site(
        {"about.md": front(title="About", weight=1), "work.md": front(title="Work", weight=2)},
        f'[[menus.main]]\nname = "Me"\n{where}\nweight = 3\n',
    )

    assert menu(library.editions["en"]) == ["Work", "Me"]


def test_a_note_may_be_put_into_the_menu(read_site: ReadSite) -> None:
    files = {
        "notes/a.md": "---\ntitle: A\nmenus: main\nweight: 5\n---\n",
        "notes/b.md": "---\ntitle: B\nmenu:\n  main: {name: Bee, weight: 1}\n---\n",
        "notes/c.md": front(title="C"),
    }

    assert menu(read_site(files).editions["en"]) == ["Bee", "A", "Notes"]
    named = read_site(files, '[[menus.main]]\npageRef = "/notes/c"\nweight = 9\n')
    assert menu(named.editions["en"]) == ["Bee", "A", "C", "Notes"]


def test_each_language_may_have_its_own_menu(read_site: ReadSite) -> None:
    library = read_site(
        {"about.md": front(title="About")},
        '[[menus.main]]\nname = "Blog"\nurl = "/b/"\n[languages.en]\n'
        '[languages.ja]\n[[languages.ja.menus.main]]\nname = "日記"\nurl = "/n/"\n',
    )

    assert menu(library.editions["en"]) == ["About", "Blog"]
    assert menu(library.editions["ja"]) == ["About", "日記"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            '[[menus.main]]\nname = "X"\npageRef = "/nowhere"',
            r"config\.toml:4: the menu names the page nowhere",
        ),
        ('[[menus.main]]\nname = "X"', r"config\.toml:3: the menu entry 'X' leads nowhere"),
        ('[[menus.main]]\nweight = "1"\nurl = "/"', r"config\.toml:3: a menu entry's weight must be a whole"),
        ('[menus.main]\nname = "X"', r"config\.toml:2: menus\.main must be a list of tables"),
    ],
)
def test_a_wrong_menu_entry_is_refused(read_site: ReadSite, entry: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_site({"about.md": front()}, entry)


def test_a_menu_may_name_a_draft(read_site: ReadSite) -> None:
    library = read_site({"a.md": front(draft="true")}, '[[menus.main]]\npageRef = "/a"\n')

    assert menu(library.editions["en"]) == []


def test_languages_may_keep_their_content_in_folders(read_site: ReadSite) -> None:
    library = read_site(
        {
            "english/_index.md": front(title="Ichi"),
            "english/notes/a.md": front(title="A"),
            "japanese/_index.md": front(title="一"),
            "japanese/notes/a.md": front(title="あ"),
            "japanese/notes/trip/index.md": front(title="旅"),
            "japanese/notes/trip/photo.jpg": b"x",
        },
        'defaultContentLanguage = "en"\n[languages.en]\ncontentDir = "content/english"\n'
        '[languages.ja]\ncontentDir = "content/japanese/"\n',
    )

    page = library.by_path["english/notes/a.md"]
    assert [(other.path, other.address) for other in library.translations(page)] == [
        ("english/notes/a.md", "/notes/a/"),
        ("japanese/notes/a.md", "/ja/notes/a/"),
    ]
    assert library.editions["ja"].home.title == "一"
    assert library.by_path["japanese/notes/trip/index.md"].resources == ("japanese/notes/trip/photo.jpg",)


BROKEN = {"good.md": front(title="Good"), "bad.md": "---\ndraft: 5\nweight: x\n---\n", "worse.md": "---\n"}


def test_the_first_broken_file_stops_a_build(read_site: ReadSite) -> None:
    with pytest.raises(ContentError, match=r"content/worse\.md:1"):
        read_site(BROKEN)


def test_a_check_is_told_every_error_of_every_file(read_site: ReadSite) -> None:
    library = read_site(BROKEN, tolerant=True)

    assert sorted(str(error.place) for error in library.errors) == [
        "content/bad.md:2",
        "content/bad.md:3",
        "content/worse.md:1",
    ]
    assert paths(library) == ["good.md"]


def test_a_file_that_breaks_while_it_is_served_keeps_its_last_good_page(read_site: ReadSite) -> None:
    before = read_site({"about.md": front(title="About"), "work.md": front(title="Work")})

    broken = read_site(
        {"about.md": "---\ntitle: [\n---\n", "work.md": front(title="Labour")}, previous=before
    )
    assert menu(broken.editions["en"]) == ["About", "Labour"]
    assert [error.place for error in broken.errors] == ["content/about.md:3"]

    healed = read_site({"about.md": front(title="Me")}, previous=broken)
    assert (menu(healed.editions["en"]), healed.errors) == (["Labour", "Me"], ())


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(read_site: ReadSite) -> None:
    with pytest.raises(FrontMatterError, match=r"content/about\.md:3: the file is not UTF-8"):
        read_site({"about.md": b"---\ntitle: x\nmood: caf\xe9\n---\n"})


def test_a_byte_order_mark_windows_line_ends_and_empty_files_are_read(read_site: ReadSite) -> None:
    library = read_site(
        {"a.md": "\ufeff---\r\ntitle: Windows\r\n---\r\nText\r\n", "b.md": "", "c.md": "# Just text"}
    )

    assert menu(library.editions["en"]) == ["B", "C", "Windows"]
    assert library.body(library.by_path["a.md"]) == ("Text\n", 4)
    assert library.body(library.by_path["c.md"]) == ("# Just text", 1)


def test_a_text_is_given_with_its_first_line(read_site: ReadSite) -> None:
    library = read_site({"a.md": "---\ntitle: x\n---\n\nText\n"})

    assert library.body(library.by_path["a.md"]) == ("\nText\n", 4)


def test_front_matter_is_read_from_a_cache_by_the_files_digest(read_site: ReadSite, tmp_path: Path) -> None:
    class Cache:
        def __init__(self) -> None:
            self.kept: dict[str, Front] = {}

        def front(self, digest: str) -> Front | None:
            return self.kept.get(digest)

        def keep_front(self, digest: str, front: Front) -> None:
            self.kept[digest] = pickle.loads(pickle.dumps(front))

    cache = Cache()
    first = read_site({"a.md": front(title="A"), "b.md": front(title="A")}, cache=cache)
    assert len(cache.kept) == 1

    (tmp_path / "content" / "a.md").unlink()
    again = load_library(first.config, NOW, cache=cache, digest=lambda path: first.by_path[path].digest)
    assert [page.title for page in again.editions["en"].pages] == ["A"]


def test_the_same_content_gives_the_same_library(read_site: ReadSite) -> None:
    files = {"a.md": front(title="Same"), "b.md": front(title="Same"), "c.md": front(title="Same")}

    assert read_site(files).pages == read_site(files).pages
    assert paths(read_site(files)) == ["a.md", "b.md", "c.md"]
