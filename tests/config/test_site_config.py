"""config.toml: Hugo's keys and defaults, and an error with its line for every wrong value."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from meishi.config import Params, SiteConfig, load_site_config
from meishi.errors import ConfigError

Configure = Callable[..., SiteConfig]


@pytest.fixture
def configured(tmp_path: Path) -> Configure:
    def configure(text: str | bytes = "", name: str = "config.toml") -> SiteConfig:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / name).write_bytes(data)
        return load_site_config(tmp_path)

    return configure


def refusal(configured: Configure, text: str | bytes, name: str = "config.toml") -> str:
    with pytest.raises(ConfigError) as caught:
        configured(text, name)
    return str(caught.value)


def test_an_empty_file_has_hugos_defaults(configured: Configure) -> None:
    config = configured("")

    assert (config.base_url, config.base_path, config.title) == ("/", "", "")
    assert [(language.code, language.tag) for language in config.languages] == [("en", "en")]
    assert (config.default_language, config.default_in_subdir) == ("en", False)
    assert (config.enable_robots, config.relative_urls, config.canonify_urls) == (False, False, False)
    assert (config.page_size, config.time_zone) == (10, "UTC")
    assert config.markup.unsafe
    assert all(config.enabled(kind) for kind in ("page", "home", "RSS", "sitemap", "robotsTXT", "404"))


def test_keys_are_found_without_regard_to_case(configured: Configure) -> None:
    config = configured(
        'BASEURL = "https://a.example/web"\nEnableRobotsTxt = true\n[Params]\nLogoImage = "a.png"'
    )

    assert (config.base_url, config.base_path) == ("https://a.example/web/", "/web")
    assert config.enable_robots
    assert config.params["logoimage"] == config.params["LogoImage"] == "a.png"
    assert config.params.get("logoImage") == "a.png"
    assert "LOGOIMAGE" in config.params
    assert list(config.params) == ["LogoImage"]


def test_the_copies_of_pictures_are_chosen_or_turned_off(configured: Configure) -> None:
    chosen = configured("[imaging]\nwidths = [900, 300, 900]\nquality = 60").imaging

    assert (chosen.widths, chosen.quality) == ((300, 900), 60)
    assert configured("[imaging]\nwidths = []").imaging.widths == ()
    assert "config.toml:2: imaging.widths must be" in refusal(configured, "[imaging]\nwidths = [true]")
    assert "at most 100" in refusal(configured, "[imaging]\nquality = 101")


def test_hugo_toml_is_read_where_there_is_no_config_toml(configured: Configure, tmp_path: Path) -> None:
    assert configured('title = "Hugo"', "hugo.toml").title == "Hugo"
    assert configured('title = "Config"').title == "Config"


def test_no_settings_at_all_is_an_error_that_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no config\.toml in this folder\. Run the command in the site"):
        load_site_config(tmp_path)


def test_settings_in_yaml_are_told_apart_from_none(configured: Configure) -> None:
    assert "hugo.yaml: the settings must be written in TOML" in refusal(configured, "title: x", "hugo.yaml")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "a"\nbaseURL = "www.example.com"', 2, "baseURL must be a whole address or empty"),
        ('baseURL = "https://"', 1, "baseURL must be a whole address"),
        ('baseURL = "http://[1"', 1, "baseURL must be a whole address"),
        ('baseURL = "https://a.example/?x"', 1, "baseURL must be a whole address"),
        ('\n\nenableRobotsTXT = "true"', 3, "enableRobotsTXT must be true or false, not 'true'"),
        ("title = 5", 1, "title must be a text in quotes, not 5"),
        ("[pagination]\npagerSize = 0", 2, "pagination.pagerSize must be at least 1"),
        ("pagination.pagerSize = true", 1, "pagination.pagerSize must be a whole number"),
        ("paginate = -1", 1, "paginate must be at least 1, not -1"),
        ('timeZone = "Mars/Olympus"', 1, "there is no time zone 'Mars/Olympus'"),
        ('untranslated = "show"', 1, 'untranslated must be "fallback" or "hide"'),
        ('disableKinds = ["RSS", "tags"]', 1, "disableKinds has no kind 'tags'"),
        ('disableKinds = ["RSS", 4]', 1, "disableKinds must be a list of texts"),
        ('defaultContentLanguage = "ja"\n[languages.en]', 1, "there is no [languages.ja]"),
        ("[languages.english!]", None, "not valid TOML"),
        ('[languages."1"]', 1, "'1' is not a language code"),
        ('[languages.en]\nweight = "1"', 2, "languages.en.weight must be a whole number"),
        ("[languages.en]\ndisabled = true", 1, "every language is turned off"),
        ('[languages.en]\nlanguageDirection = "up"', 2, 'must be "ltr" or "rtl"'),
        ('[languages.en]\ncontentDir = "inhalt"', 2, "contentDir must be content or a folder in it"),
        ('[languages.en]\ncontentDir = "content/../.."', 2, "contentDir must be content or a folder in it"),
        ('contentDir = "src"', 1, "contentDir must be content"),
        ('languageCode = "English"', 1, "languageCode is not a language tag: 'English'"),
        ('[params]\nsocial = "x"', 2, "params.social must be a list of tables"),
        ("[params]\nauthor = 3", 2, "params.author must be a table"),
        ('[languages.en.params]\nsocial = ["x"]', 2, "params.social must be a list of tables"),
        ("menus = 3", 1, "menus must be a table"),
        ("[markup.goldmark.renderer]\nunsafe = 1", 2, "renderer.unsafe must be true or false"),
        ('title = "a"\ntitle = "b"', 2, "not valid TOML"),
        ('title = "a', 1, "not valid TOML"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(
    configured: Configure, text: str, line: int | None, words: str
) -> None:
    message = refusal(configured, text)

    assert message.startswith(f"config.toml:{line}: " if line else "config.toml:")
    assert words in message


def test_what_is_not_utf_8_is_refused(configured: Configure) -> None:
    latin = 'title = "café"'.encode("latin-1")

    assert "config.toml: the file is not UTF-8" in refusal(configured, latin)


def test_a_byte_order_mark_and_windows_line_ends_are_read_over(configured: Configure) -> None:
    config = configured('\ufefftitle = "名刺"\r\nlocale = "ja"\r\n')

    assert (config.title, config.languages[0].tag) == ("名刺", "ja")


def test_the_language_at_the_top_is_that_of_the_default_language_alone(configured: Configure) -> None:
    config = configured('languageCode = "en-gb"\n[languages.en]\n[languages.ja]\n[languages.zh-Hant]')

    assert {language.code: language.tag for language in config.languages} == {
        "en": "en-GB",
        "ja": "ja",
        "zh-hant": "zh-Hant",
    }


def test_a_site_in_one_language_needs_no_languages_table(configured: Configure) -> None:
    config = configured('locale = "ja"\ndefaultContentLanguage = "ja"\ntitle = "名刺"')

    assert [(language.code, language.tag, language.title) for language in config.languages] == [
        ("ja", "ja", "名刺")
    ]
    assert config.root_of("ja") == "/"


def test_languages_stand_in_the_order_of_their_weights(configured: Configure) -> None:
    config = configured("[languages.de]\n[languages.en]\nweight = 2\n[languages.ja]\nweight = 1")

    assert [language.code for language in config.languages] == ["ja", "en", "de"]


def test_the_default_language_stands_at_the_root_unless_told_otherwise(configured: Configure) -> None:
    table = "[languages.en]\n[languages.ja]"

    assert configured(table).root_of("en") == "/"
    assert configured(table).root_of("ja") == "/ja/"
    assert configured(f"defaultContentLanguageInSubdir = true\n{table}").root_of("en") == "/en/"


def test_a_language_that_is_turned_off_is_none_of_the_site(configured: Configure) -> None:
    config = configured(
        'disableLanguages = ["fr"]\n[languages.en]\n[languages.fr]\n[languages.de]\ndisabled = true'
    )

    assert [language.code for language in config.languages] == ["en"]
    assert set(config.disabled_languages) == {"de", "fr"}


def test_parameters_of_a_language_lie_over_those_of_the_site(configured: Configure) -> None:
    config = configured(
        '[params]\ncolor = "red"\n[params.author]\nname = "Ichi"\nphone = "1"\n'
        '[languages.en]\n[languages.ja.params]\nColor = "blue"\n[languages.ja.params.author]\nname = "一"'
    )

    english, japanese = (config.language(code).params for code in ("en", "ja"))
    assert (english["color"], english["author"]["name"]) == ("red", "Ichi")
    assert (japanese["color"], japanese["author"]["name"], japanese["author"]["phone"]) == ("blue", "一", "1")


def test_unknown_keys_of_a_language_are_parameters_as_dimension_writes_them(configured: Configure) -> None:
    config = configured('[languages.en]\nlanguageName = "English"\nweight = 1\ndescription = "A line"')

    assert config.languages[0].name == "English"
    assert dict(config.languages[0].params) == {"description": "A line"}


def test_what_meishi_does_not_know_is_kept(configured: Configure) -> None:
    config = configured('googleAnalytics = "x"\n[params]\nanything = [1, 2]')

    assert config.raw["googleAnalytics"] == "x"
    assert config.params["anything"] == [1, 2]


def test_the_older_names_of_keys_are_read(configured: Configure) -> None:
    config = configured(
        'paginate = 3\ndisableKinds = ["taxonomyTerm"]\n[[menu.main]]\nname = "x"\nurl = "/x/"'
    )

    assert config.page_size == 3
    assert not config.enabled("taxonomy")
    assert config.menus["main"][0]["name"] == "x"


def test_the_address_can_be_changed_for_one_build(configured: Configure) -> None:
    config = configured('baseURL = "https://a.example/"').with_base_url("https://b.example/web")

    assert (config.base_url, config.origin, config.host) == (
        "https://b.example/web/",
        "https://b.example",
        "b.example",
    )
    with pytest.raises(ConfigError, match="must be a whole address"):
        config.with_base_url("b.example")


def test_settings_can_be_sent_to_another_process(configured: Configure) -> None:
    config = configured('[params]\nOne = 1\n[params.author]\nName = "Ichi"')

    sent = pickle.loads(pickle.dumps(config))

    assert sent == config
    assert sent.params["one"] == 1
    assert sent.params["author"]["name"] == "Ichi"


def test_parameters_that_are_not_there_are_missing() -> None:
    params = Params({"One": 1})

    assert params.get("two") is None
    assert "two" not in params
    with pytest.raises(KeyError):
        params["two"]
