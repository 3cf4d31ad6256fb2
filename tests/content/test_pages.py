"""From front matter to a page: Hugo's names, types and addresses."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from small_library import TWO, ReadSite

from meishi.content.models import Page
from meishi.content.pages import FIELDS, slugify
from meishi.errors import FrontMatterError

ReadPage = Callable[..., Page]


@pytest.fixture
def page(read_site: ReadSite) -> ReadPage:
    """Read one page of this front matter."""

    def read(front: str = "", path: str = "about.md", config: str = TWO) -> Page:
        text = front if front.startswith(("+++", "{")) else f"---\n{front}\n---\n"
        return read_site({path: text}, f"buildDrafts = true\n{config}").by_path[path]

    return read


def refusal(page: ReadPage, front: str) -> str:
    with pytest.raises(FrontMatterError) as caught:
        page(front)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("_index.md", "/"),
        ("_index.ja.md", "/ja/"),
        ("about.md", "/about/"),
        ("about.ja.md", "/ja/about/"),
        ("About Me.md", "/about-me/"),
        ("about/index.md", "/about/"),
        ("notes/_index.md", "/notes/"),
        ("notes/first.md", "/notes/first/"),
        ("notes/trip/index.ja.md", "/ja/notes/trip/"),
        ("notes/2026/My Day/index.md", "/notes/2026/my-day/"),
        ("自己紹介.ja.md", "/ja/自己紹介/"),
        ("v1.2.md", "/v1.2/"),
        ("!!!.md", "/untitled/"),
    ],
)
def test_a_pages_address_comes_from_its_file(page: ReadPage, path: str, address: str) -> None:
    assert page(path=path).address == address


@pytest.mark.parametrize(
    ("front", "path", "address"),
    [
        ("slug: me", "about.md", "/me/"),
        ("slug: Über Mich", "notes/a.md", "/notes/über-mich/"),
        ("slug: 2026", "about.md", "/2026/"),
        ("slug: me", "about.ja.md", "/ja/me/"),
        ("url: /who/", "about.ja.md", "/who/"),
        ("url: who", "about.ja.md", "/ja/who/"),
        ("url: /who.html", "about.md", "/who.html"),
        ("url: //evil", "about.md", None),
        ("slug: diary", "notes/_index.md", "/diary/"),
    ],
)
def test_slug_and_url_change_the_address(page: ReadPage, front: str, path: str, address: str | None) -> None:
    if address is None:
        with pytest.raises(FrontMatterError, match="url must be a path of this site"):
            page(front, path)
    else:
        assert page(front, path).address == address


def test_the_default_language_may_have_a_folder_too(page: ReadPage) -> None:
    assert page(config=f"defaultContentLanguageInSubdir = true\n{TWO}").address == "/en/about/"


def test_a_panel_is_known_by_its_slug(page: ReadPage) -> None:
    assert page(path="about.ja.md").id == "about"
    assert page("slug: me").id == "me"


@pytest.mark.parametrize(
    ("front", "title", "link_title"),
    [
        ("", "About me", "About me"),
        ("title: Hello", "Hello", "Hello"),
        ("title: Hello\nmenuname: Hi", "Hello", "Hi"),
        ("title: Hello\nlinkTitle: Hey\nmenuname: Hi", "Hello", "Hey"),
        ("title: 2026", "2026", "2026"),
        ("title: 2026-11-22", "2026-11-22", "2026-11-22"),
        ("title: 1.5", "1.5", "1.5"),
        ("title: no", "no", "no"),
        ("title:\ndescription:\nlinkTitle:", "About me", "About me"),
    ],
)
def test_titles(page: ReadPage, front: str, title: str, link_title: str) -> None:
    made = page(front, "about-me.md")

    assert (made.title, made.link_title) == (title, link_title)


def test_a_card_without_a_title_has_the_sites(page: ReadPage) -> None:
    assert page(path="_index.md").title == "Ichi"


@pytest.mark.parametrize(
    "front",
    [
        "date: 2026-11-22T10:00:00+09:00",
        "date: 2026-11-22 10:00:00 +0900",
        'date: "2026-11-22 10:00:00+0900"',
        "date: 2026-11-22T01:00:00Z",
        "+++\ndate = 2026-11-22T10:00:00+09:00\n+++\n",
        '{"date": "2026-11-22T10:00:00+09:00"}',
        'date: "2026-11-22T10:00"',
        "+++\ndate = 2026-11-22T10:00:00\n+++\n",
    ],
)
def test_a_moment_is_the_same_in_every_spelling(page: ReadPage, front: str) -> None:
    made = page(front, config=f'timeZone = "Asia/Tokyo"\n{TWO}')

    assert made.date == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert not made.dated


def test_a_day_begins_in_the_sites_time_zone(page: ReadPage) -> None:
    made = page("date: 2026-11-22", config=f'timeZone = "Asia/Tokyo"\n{TWO}')

    assert made.date == datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert made.dated


@pytest.mark.parametrize(
    ("front", "date", "modified", "published", "expires"),
    [
        ("date: 2026-01-01", 1, 1, None, None),
        ("publishDate: 2026-01-02", 2, 2, 2, None),
        ("pubdate: 2026-01-02", 2, 2, 2, None),
        ("published: 2026-01-02", 2, 2, 2, None),
        ("lastmod: 2026-01-03", 3, 3, None, None),
        ("modified: 2026-01-03\ndate: 2026-01-01", 1, 3, None, None),
        ("expiryDate: 2026-01-04", None, None, None, 4),
        ("unpublishdate: 2026-01-04", None, None, None, 4),
        ("date: 0001-01-01T00:00:00Z", None, None, None, None),
        ('date: ""', None, None, None, None),
    ],
)
def test_dates_have_hugos_names_and_stand_in_for_each_other(
    page: ReadPage,
    front: str,
    date: int | None,
    modified: int | None,
    published: int | None,
    expires: int | None,
) -> None:
    made = page(front)

    days = [made.date, made.last_modified, made.publish_date, made.expiry_date]
    assert [day.day if day else None for day in days] == [date, modified, published, expires]


def test_names_of_fields_are_read_without_regard_to_case(page: ReadPage) -> None:
    made = page("TITLE: Hello\nLastMod: 2026-01-03\nMenuName: Hi\nDRAFT: true")

    assert (made.title, made.link_title, made.draft) == ("Hello", "Hi", True)
    assert dict(made.params) == {}


def test_tags_and_aliases_may_be_one_word_or_a_list(page: ReadPage) -> None:
    made = page("tags: [Zen, zen, 2026, no]\naliases: /old/")

    assert made.tags == ("Zen", "zen", "2026", "no")
    assert made.aliases == ("/old/",)
    assert page("tags: alone").tags == ("alone",)
    assert page("tags:\naliases:").tags == ()


def test_unknown_fields_are_kept_and_found_in_any_case(page: ReadPage) -> None:
    made = page("mood: calm\nSubTitle: Two\nparams:\n  colour: red\n  deep:\n    Er: 1")

    assert dict(made.params) == {"mood": "calm", "SubTitle": "Two", "colour": "red", "deep": {"Er": 1}}
    assert made.params["subtitle"] == "Two"
    assert made.params["deep"]["er"] == 1


def test_a_picture_may_be_a_name_or_a_table(page: ReadPage) -> None:
    assert page("image: a.jpg\nimageAlt: A hill").image_alt == "A hill"
    assert (page("image: {src: b.jpg, alt: B}").image, page("image: {src: b.jpg, alt: B}").image_alt) == (
        "b.jpg",
        "B",
    )


@pytest.mark.parametrize(
    ("front", "listed", "rendered"),
    [
        ("", True, True),
        ("build: {list: never}", False, True),
        ("_build: {list: false}", False, True),
        ("build: {render: never}", True, False),
        ("build: {render: link}", True, False),
        ("build:\n  list: local", True, True),
        ("headless: true", False, False),
    ],
)
def test_build_says_whether_a_page_is_listed_and_published(
    page: ReadPage, front: str, listed: bool, rendered: bool
) -> None:
    assert (page(front).listed, page(front).rendered) == (listed, rendered)


@pytest.mark.parametrize(
    ("front", "line", "words"),
    [
        ("title: [a]", 2, "title must be a text in quotes"),
        ("title: x\ndescription: true", 3, "description must be a text in quotes, not True"),
        ("x: 1\n\ndraft: 'yes'", 4, "draft must be true or false, not 'yes'. Write `draft: true`"),
        ("weight: heavy", 2, "weight must be a whole number, not 'heavy'"),
        ("weight: 1.5", 2, "weight must be a whole number"),
        ("weight: true", 2, "weight must be a whole number"),
        ("date: tomorrow", 2, "date must be a date, not 'tomorrow'. Write `date: 2026-11-22`"),
        ("date: 5", 2, "date must be a date, not 5"),
        ("date: [2026-01-01]", 2, "date must be a date"),
        ("a: 1\nlastmod: x", 3, "lastmod must be a date"),
        ("unpublishdate: x", 2, "unpublishdate must be a date"),
        ("tags: {a: 1}", 2, "tags must be a list of texts"),
        ("tags: [[a]]", 2, "tags must be a list of texts"),
        ("tags: 5", 2, "tags must be a list of texts"),
        ("aliases: ['../../etc/passwd']", 2, "an alias must be a plain path"),
        ("aliases: [/a/../../b]", 2, "an alias must be a plain path"),
        ("aliases: ['https://evil.example/']", 2, "an alias must be a plain path"),
        ("aliases: ['C:\\x']", 2, "an alias must be a plain path"),
        ("url: /a/../../b/", 2, "url must be a plain path"),
        ("url: '/a?b'", 2, "url must be a plain path"),
        ('url: "/a\\0b"', 2, "url must be a plain path"),
        ("url: https://a.example/", 2, "For a menu entry that leads elsewhere use `link`"),
        ("image: 5", 2, "image must be a text in quotes"),
        ("link: {a: 1}", 2, "link must be a text in quotes"),
        ("params: x", 2, "params must be a table"),
        ("build: never", 2, "build must be a table"),
        ("build: {list: sometimes}", 2, "build.list must be one of always, never, local"),
        ("headless: 1", 2, "headless must be true or false"),
        ("menus: {main: x}", 2, "menus must hold a table for each menu"),
        ("menu: {main: {weight: x}}", 2, "menu must hold a table for each menu"),
        ("translationKey: [x]", 2, "translationKey must be a text"),
        ("+++\na = 1\ndraft = 1\n+++", 3, "draft must be true or false, not 1"),
        ('{"a": 1,\n"weight": "x"}', 2, "weight must be a whole number, not 'x'"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(page: ReadPage, front: str, line: int, words: str) -> None:
    message = refusal(page, front)

    assert message.startswith(f"content/about.md:{line}: ")
    assert words in message


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("About Me", "about-me"),
        ("  What's new?  ", "whats-new"),
        ("名刺 と 私", "名刺-と-私"),
        ("a/b\\c", "a-b-c"),
        ("C++ & C#", "c++-c"),
        ("--x--", "x"),
        ("..", ""),
        ("ﾊﾞ", "ﾊﾞ"),
        ("が", "が"),
    ],
)
def test_a_slug_is_readable_in_any_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_no_field_has_two_meanings() -> None:
    names = [name.lower() for names in FIELDS.values() for name in names]

    assert len(names) == len(set(names))


def test_a_page_can_be_sent_to_another_process(page: ReadPage) -> None:
    made = page("title: x\nMood: calm\ndate: 2026-11-22")

    assert pickle.loads(pickle.dumps(made)) == made
