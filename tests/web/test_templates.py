"""The theme's templates: whole, in both languages, and replaceable one by one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from shown_site import Show

from meishi.errors import TemplateError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# The theme's own: the study's and the guestbook's pages are another room's.
FILES = sorted(
    file
    for file in TEMPLATES.rglob("*.html")
    if file.relative_to(TEMPLATES).parts[0] not in ("admin", "guestbook", "study")
)
_INCLUDE = re.compile(r"""\{%-?\s*(?:include|extends|import|from)\s+["']([^"']+)""")
SCRIPTS = sorted((TEMPLATES.parent / "static" / "js" / "guestbook").glob("*.js"))
# `say("a")`, and `say(held ? "a" : "b")`.
_SAID = re.compile(r"""\bsay\((?:[^\n]*?\? )?"(\w+)"(?: : "(\w+)")?""")
_KEY = re.compile(r"""\bt\(\s*["']([^"']+)["']""")
SITE = {
    "content/about.md": "---\ntags: [x]\n---\nHi",
    "content/notes/a.md": "---\ntags: [x]\n---\nOne",
    "content/notes/b.md": "Two",
}
PAGES = {
    "base.html": "/",
    "home.html": "/",
    "page.html": "/about/",
    "section.html": "/notes/",
    "tags.html": "/tags/",
    "tag.html": "/tags/x/",
    "card.html": "/card/",
    "404.html": "/404.html",
}


def words(language: str) -> dict[str, object]:
    return tomllib.loads((TEMPLATES / "i18n" / f"{language}.toml").read_text(encoding="utf-8"))


def names(file: Path) -> str:
    return file.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("file", FILES, ids=names)
def test_every_template_that_a_template_asks_for_is_there(file: Path) -> None:
    asked = _INCLUDE.findall(file.read_text(encoding="utf-8"))

    assert [name for name in asked if not (TEMPLATES / name).is_file()] == []


@pytest.mark.parametrize("file", FILES, ids=names)
def test_every_partial_is_used(file: Path) -> None:
    if file.parent.name != "_partials":
        return
    users = [other for other in FILES if names(file) in _INCLUDE.findall(other.read_text(encoding="utf-8"))]

    assert users


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_themes_words_are_those_that_templates_use(language: str) -> None:
    used = {key for file in FILES for key in _KEY.findall(file.read_text(encoding="utf-8"))}
    # These are used by the code: titles of pages, the reading of videos, what became of an entry.
    used |= {"not_found", "tags", "play", "guestbook_mine", "guestbook_page"}
    used |= {f"guestbook_done_{deed}" for deed in ("edited", "erased", "forgotten")}
    used |= {f"guestbook_state_{state}" for state in ("shown", "held", "hidden", "binned")}
    used -= {"guestbook_state_"}
    said = (pair for file in SCRIPTS for pair in _SAID.findall(file.read_text(encoding="utf-8")))
    used |= {f"live_{key}" for pair in said for key in pair if key}

    assert set(words(language)) == used


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    english, japanese = words("en"), words("ja")

    def gaps(value: object) -> set[str]:
        text = value["other"] if isinstance(value, dict) else value
        return set(re.findall(r"\{(\w+)\}", str(text)))

    assert {key: gaps(value) for key, value in english.items()} == {
        key: gaps(value) for key, value in japanese.items()
    }


@pytest.mark.parametrize("template", PAGES)
def test_the_site_replaces_a_template(show: Show, template: str) -> None:
    assert show({**SITE, f"templates/{template}": "mine"}).text(PAGES[template]) == "mine"


def test_a_theme_replaces_a_template_and_the_site_replaces_the_themes(show: Show) -> None:
    files = {
        **SITE,
        "config.toml": 'title = "Ichi"\ntheme = "plain"\n',
        "themes/plain/templates/_partials/menu.html": "the theme's menu",
        "themes/plain/templates/_partials/social.html": "the theme's icons",
        "themes/plain/static/css/site.css": "b{color:red}",
        "themes/plain/static/images/own.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "templates/_partials/social.html": "my icons",
    }
    shown = show(files)

    home = shown.text("/")
    assert "the theme&#39;s menu" not in home  # a template is HTML
    assert "the theme's menu" in home
    assert "my icons" in home
    assert "the theme's icons" not in home
    assert shown.body("/images/own.svg")
    (sheet,) = shown.links("/", "link[rel=stylesheet]")
    assert shown.body(sheet) == b"b{color:red}"


@pytest.mark.parametrize("partial", [file.name for file in FILES if file.parent.name == "_partials"])
def test_the_site_replaces_a_partial(show: Show, partial: str) -> None:
    shown = show({**SITE, f"templates/_partials/{partial}": ""})

    for address in PAGES.values():
        assert "<html" in shown.text(address)


@pytest.mark.parametrize(
    ("folder", "theme"), [("i18n", ""), ("templates/i18n", ""), ("themes/plain/i18n", "plain")]
)
def test_the_sites_own_words_win(show: Show, folder: str, theme: str) -> None:
    config = f'title = "Ichi"\ntheme = "{theme}"\n'
    shown = show({"config.toml": config, f"{folder}/en.toml": 'skip = "Straight on"\n'})

    assert "Straight on" in shown.text("/")
    assert "There is nothing at this address" in shown.text("/404.html")


def test_a_language_without_words_of_its_own_has_english_ones(show: Show) -> None:
    shown = show({"config.toml": 'title = "Eins"\ndefaultContentLanguage = "de"\n[languages.de]\n'})

    assert "Skip to the content" in shown.text("/")


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("{{ 1 }}\n{{ nobody }}", 2, "'nobody' is undefined"),
        ("{{ page.nothing }}", 1, "has no attribute 'nothing'"),
        ("a\nb\n{% if %}", 3, "Expected an expression"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ [1][7].x }}", 1, "has no element 7"),
        ("\n{% include 'lost.html' %}", 2, "there is no template lost.html"),
        ("{{ 'a' + 1 }}", 1, "concatenate"),
    ],
)
@pytest.mark.parametrize("name", ["page.html", "_partials/leaf.html", "themes"])
def test_a_broken_template_names_its_file_and_line(
    show: Show, name: str, template: str, line: int, message: str
) -> None:
    files = {**SITE, f"templates/{name}": template}
    place = f"templates/{name}"
    if name == "themes":
        place = "themes/plain/templates/page.html"
        files = {**SITE, place: template, "config.toml": 'title = "Ichi"\ntheme = "plain"\n'}

    with pytest.raises(TemplateError) as caught:
        show(files).text("/about/")

    assert (str(caught.value.path), caught.value.line) == (place, line)
    assert message in caught.value.message


def test_a_word_that_is_not_there_says_where_to_add_it(show: Show) -> None:
    with pytest.raises(TemplateError, match=r"i18n/en\.toml: there is no text 'lost'\. Add a line lost ="):
        show({**SITE, "templates/page.html": "{{ t('lost') }}"}).text("/about/")


def test_a_broken_file_of_words_is_named(show: Show) -> None:
    with pytest.raises(TemplateError, match=r"^i18n/en\.toml: not valid TOML"):
        show({"i18n/en.toml": "skip = "}).text("/")


def test_what_an_owner_wrote_is_escaped(show: Show) -> None:
    shown = show({"content/a.md": "---\ntitle: <b>&\n---\n"})

    assert "<b>" not in shown.text("/a/")


def test_a_shortcode_is_a_template_of_the_owners(show: Show) -> None:
    shown = show(
        {
            "content/a.md": '{{< greet name="Ann" age=7 >}}**inner**{{< /greet >}}',
            "templates/shortcodes/greet.html": "{{ named.name }} {{ named.age }} {{ inner }}",
        }
    )

    assert "Ann 7 **inner**" in shown.text("/a/")


def test_a_broken_shortcode_names_the_template_and_where_it_is_used(show: Show) -> None:
    shown = show({"content/a.md": "x\n\n{{< bad >}}", "templates/shortcodes/bad.html": "\n{{ lost }}"})

    with pytest.raises(TemplateError, match=r"templates/shortcodes/bad\.html:2: .* content/a\.md:3"):
        shown.text("/a/")


def test_templates_are_told_of_all_pages_and_noted_as_reading_them(show: Show) -> None:
    files: dict[str, str | bytes] = {
        **SITE,
        "templates/404.html": "{% for one in site.pages %}{{ one.title }} {% endfor %}",
    }
    shown = show(files)

    assert shown.text("/404.html").split() == ["A", "About", "B"]
    assert "pages:" in shown.site.reads("/404.html")


def test_what_has_no_role_has_no_label_that_nobody_reads() -> None:
    """ARIA forbids aria-label on elements without a role of their own; screen readers pass over it."""
    labelled = re.compile(r"<(?:pre|div|span|p|code|b|i)\b[^>]*\baria-label=[^>]*>")
    found = {
        names(file): tag
        for file in TEMPLATES.rglob("*.html")
        for tag in labelled.findall(file.read_text(encoding="utf-8"))
        if " role=" not in tag
    }

    assert found == {}
