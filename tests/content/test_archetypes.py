"""New pages from archetypes: where they go, what stands in them, and what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from meishi.config import load_site_config
from meishi.content.archetypes import Archetypes
from meishi.content.placeholders import filled
from meishi.errors import ContentError

NOW = datetime(2026, 11, 22, 1, 2, 3, 456, tzinfo=UTC)
CONFIG = 'title = "Ichi"\ntimeZone = "Asia/Tokyo"\n[languages.en]\n[languages.ja]\ntitle = "一"\n'
VALUES = {"name": "my-first-post", "title": "My First Post", "date": NOW, "now": NOW}
VALUES |= {"file.contentbasename": "my-first-post", "section": "notes", "lang": "en"}

Create = Callable[..., list[str]]


@pytest.fixture
def archetypes(tmp_path: Path) -> Callable[..., Archetypes]:
    def make(own: dict[str, str] | None = None, config: str = CONFIG) -> Archetypes:
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        meishis = {"default.md": "default {{ .Name }}", "notes.md": "notes {{ .Name }}"}
        for folder, files in (("archetypes", own or {}), ("meishi", meishis)):
            for name, text in files.items():
                (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / folder / name).write_text(text, encoding="utf-8")
        (tmp_path / "content").mkdir(exist_ok=True)
        folders = [tmp_path / "archetypes", tmp_path / "meishi"]
        return Archetypes(load_site_config(tmp_path), folders, NOW)

    return make


@pytest.fixture
def create(archetypes: Callable[..., Archetypes], tmp_path: Path) -> Create:
    def make(path: str, own: dict[str, str] | None = None, config: str = CONFIG, **options: str) -> list[str]:
        made = archetypes(own, config).create(path, **options)
        return [file.relative_to(tmp_path / "content").as_posix() for file in made]

    return make


def text_of(tmp_path: Path, path: str) -> str:
    return (tmp_path / "content" / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "language", "made"),
    [
        ("about.md", "", "about.md"),
        ("about", "", "about.md"),
        ("content/about.md", "", "content/about.md".removeprefix("content/")),
        ("./about.md", "", "about.md"),
        ("about.md", "ja", "about.ja.md"),
        ("about.ja.md", "", "about.ja.md"),
        ("about.ja.md", "ja", "about.ja.md"),
        ("about.en.md", "", "about.en.md"),
        ("about.md", "en", "about.md"),
        ("notes/trip.ja.md", "", "notes/trip.ja.md"),
        ("notes/trip/index.md", "", "notes/trip/index.md"),
        ("notes/trip/index.md", "ja", "notes/trip/index.ja.md"),
        ("notes/_index.md", "ja", "notes/_index.ja.md"),
        ("notes/v1.2.md", "", "notes/v1.2.md"),
        ("notes/v1.2.md", "ja", "notes/v1.2.ja.md"),
        ("自己紹介.md", "ja", "自己紹介.ja.md"),
        ("my first post.md", "", "my first post.md"),
        ("about.markdown", "", "about.markdown"),
    ],
)
def test_a_page_goes_where_its_name_and_language_say(
    create: Create, asked: str, language: str, made: str
) -> None:
    assert create(asked, language=language) == [made]


def test_a_language_with_a_folder_of_its_own_gets_its_pages_there(create: Create) -> None:
    config = '[languages.en]\n[languages.ja]\ncontentDir = "content/ja"\n'

    assert create("about.md", config=config, language="ja") == ["ja/about.md"]
    assert create("ja/notes/a.md", config=config) == ["ja/notes/a.md"]
    assert create("about.md", config=config) == ["about.md"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../about.md", "it has '..' in it"),
        ("notes/../../about.md", "it has '..' in it"),
        ("content/../about.md", "it has '..' in it"),
        ("/etc/about.md", "it does not lie below content/"),
        ("C:/about.md", "it does not lie below content/"),
        ("c:about.md", "it does not lie below content/"),
        ("notes\\about.md", "it has a backslash. Write notes/about.md"),
        ("\\\\server\\about.md", "it has a backslash"),
        ("about\0.md", "some machines allow no '\\x00' in names"),
        ("a\nb.md", "some machines allow no '\\n' in names"),
        ("what?.md", "some machines allow no '?' in names"),
        ("ab:c.md", "some machines allow no ':' in names"),
        ("CON.md", "Windows keeps the name CON.md for itself"),
        ("notes/nul", "Windows keeps the name nul for itself"),
        ("Lpt1.ja.md", "Windows keeps the name Lpt1.ja.md for itself"),
        ("aux/about.md", "Windows keeps the name aux for itself"),
        ("notes./a.md", "end with a dot or ~"),
        ("about.md ", "a name must not begin or end with a space"),
        ("about.md~", "end with a dot or ~"),
        (".hidden.md", "what begins with a dot is not published"),
        ("notes/", "it names no file"),
        ("", "it names no file"),
        ("content/", "it names no file"),
        ("a//b.md", "it has an empty part in it"),
        (f"{'名' * 80}.md", "a name is too long"),
    ],
)
def test_a_path_that_some_machine_cannot_have_is_refused(
    create: Create, tmp_path: Path, path: str, reason: str
) -> None:
    with pytest.raises(ContentError) as caught:
        create(path)

    assert reason in str(caught.value)
    assert list((tmp_path / "content").rglob("*")) == []


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("about.md", "fr", "this site has no language 'fr'. It has en, ja"),
        ("about.fr.md", "", "asks for the language 'fr', which this site does not have"),
        ("about.ja.md", "en", "is ja, but the language asked for is en"),
    ],
)
def test_a_language_that_the_site_lacks_is_refused(
    create: Create, path: str, language: str, words: str
) -> None:
    with pytest.raises(ContentError, match=words):
        create(path, language=language)


def test_an_archetype_is_found_by_kind_then_section_then_default(create: Create, tmp_path: Path) -> None:
    own = {"work.md": "work {{ .Name }}", "default.md": "own {{ .Name }}"}

    create("work/a.md", own)
    create("about.md", own)
    create("b.md", own, kind="work")
    create("c.md", own, kind="notes")
    assert text_of(tmp_path, "work/a.md") == "work a"
    assert text_of(tmp_path, "about.md") == "own about"
    assert text_of(tmp_path, "b.md") == "work b"
    assert text_of(tmp_path, "c.md") == "notes c"


def test_meishis_own_archetypes_serve_a_site_without_any(create: Create, tmp_path: Path) -> None:
    create("notes/a.md")
    create("about.ja.md")

    assert text_of(tmp_path, "notes/a.md") == "notes a"
    assert text_of(tmp_path, "about.ja.md") == "default about"


def test_an_unknown_kind_is_refused_with_those_there_are(create: Create) -> None:
    with pytest.raises(ContentError, match=r"there is no archetype 'nots'\. There are: default, notes, trip"):
        create("a.md", {"trip/index.md": ""}, kind="nots")
    with pytest.raises(ContentError, match="there is no archetype"):
        create("a.md", kind="../config")


def test_a_folder_as_archetype_makes_a_bundle(create: Create, tmp_path: Path) -> None:
    own = {"trip/index.md": "trip {{ .Name }}", "trip/map.svg": "<svg>{{ .Name }}</svg>", "trip/.x": ""}

    assert create("notes/kyoto", own, kind="trip") == ["notes/kyoto/index.md", "notes/kyoto/map.svg"]
    assert text_of(tmp_path, "notes/kyoto/index.md") == "trip kyoto"
    assert text_of(tmp_path, "notes/kyoto/map.svg") == "<svg>{{ .Name }}</svg>"
    assert create("notes/nara/index.ja.md", own, kind="trip")[0] == "notes/nara/index.ja.md"


def test_nothing_is_ever_overwritten(create: Create, tmp_path: Path) -> None:
    create("about.md")
    (tmp_path / "content/about.md").write_text("mine", encoding="utf-8")

    with pytest.raises(
        ContentError, match=r"content/about\.md: this page exists already\. Nothing was written"
    ):
        create("about.md")
    with pytest.raises(ContentError, match=r"content/about\.md: this page exists already"):
        create("about/index.md")
    create("notes/trip/index.ja.md")
    with pytest.raises(ContentError, match=r"content/notes/trip/index\.ja\.md: this page exists already"):
        create("notes/trip.ja.md")
    assert text_of(tmp_path, "about.md") == "mine"


def test_a_link_that_leads_out_of_content_is_not_followed(create: Create, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "content/notes").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "content/dangling.md").symlink_to(tmp_path / "outside/x.md")

    with pytest.raises(ContentError, match="a symbolic link leads out of content/"):
        create("notes/a.md")
    with pytest.raises(ContentError, match="exists already"):
        create("dangling.md")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_page_is_made_even_without_archetypes(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('timeZone = "Asia/Tokyo"', encoding="utf-8")

    (made,) = Archetypes(load_site_config(tmp_path), [tmp_path / "nowhere"], NOW).create("my-page.md")

    assert made.read_text(encoding="utf-8") == (
        '---\ntitle: "My Page"\ndate: 2026-11-22T10:02:03+09:00\ndraft: true\n---\n\n'
    )


def test_a_bundle_is_named_after_its_folder(create: Create, tmp_path: Path) -> None:
    create("notes/kyoto-trip/index.md")

    assert text_of(tmp_path, "notes/kyoto-trip/index.md") == "notes kyoto-trip"


@pytest.mark.parametrize(
    ("placeholder", "text"),
    [
        ("{{ .Name }}", "my-first-post"),
        ("{{.Name}}", "my-first-post"),
        ("{{ name }}", "my-first-post"),
        ("{{ title }}", "My First Post"),
        ("{{ .Title }}", "My First Post"),
        ("{{ .Date }}", "2026-11-22T01:02:03+00:00"),
        ("{{ date }}", "2026-11-22T01:02:03+00:00"),
        ('{{ replace .Name "-" " " | title }}', "My First Post"),
        ('{{ replace .File.ContentBaseName "-" " " | title }}', "My First Post"),
        ("{{ replace .File.ContentBaseName `-` ` ` | title }}", "My First Post"),
        ("{{ .Name | title }}", "My-first-post"),
        ('{{ title (replace .Name "-" " ") }}', "My First Post"),
        ('{{ strings.Replace .Name "-" "_" | upper }}', "MY_FIRST_POST"),
        ("{{ humanize .Name }}", "My first post"),
        ('{{ now.Format "2006-01-02" }}', "2026-11-22"),
        ('{{ now.Format "Mon, 2 Jan 2006 15:04 Z07:00" }}', "Sun, 22 Nov 2026 01:02 Z"),
        ('{{ .Date.Format "2006年1月2日" }}', "2026年11月22日"),
        ('{{ dateFormat "January 2, 06" .Date }}', "November 22, 26"),
        ('{{ now | time.Format "03:04 PM -0700" }}', "01:02 AM +0000"),
        ("{{ .Section }}/{{ .Lang }}", "notes/en"),
        ("a {{- .Name -}} b", "amy-first-postb"),
        ("{{/* a comment */}}x", "x"),
        ('{{< figure src="a" >}} {{% x %}}', '{{< figure src="a" >}} {{% x %}}'),
        ("no placeholder } {", "no placeholder } {"),
    ],
)
def test_placeholders_that_people_write(placeholder: str, text: str) -> None:
    assert filled(placeholder, VALUES, "archetypes/default.md") == text


@pytest.mark.parametrize(
    "placeholder",
    [
        "{{ .Site.Params.author }}",
        "{{ range .Pages }}",
        "{{ replace .Name }}",
        "{{ .Name | unknown }}",
        "{{ .Name .Name }}",
        "{{ (title .Name }}",
        '{{ replace .Name "-" }}',
        "{{ title .Date }}",
        "{{ }}",
        '{{ "open }}',
    ],
)
def test_other_placeholders_are_refused_with_their_line(placeholder: str) -> None:
    with pytest.raises(ContentError) as caught:
        filled(f"---\ntitle: x\nother: {placeholder}\n---\n", VALUES, "archetypes/notes.md")

    assert str(caught.value).startswith("archetypes/notes.md:3: the placeholder {{")
    assert "Known are .Name" in str(caught.value)


def test_a_japanese_name_stays_as_it_is(create: Create, tmp_path: Path) -> None:
    create(
        unicodedata.normalize("NFC", "がらす-の-島.md"), {"default.md": '{{ replace .Name "-" " " | title }}'}
    )

    assert text_of(tmp_path, "がらす-の-島.md") == "がらす の 島"
