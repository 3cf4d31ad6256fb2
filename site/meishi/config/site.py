"""The site's settings: config.toml, read once, checked, then frozen."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from meishi.config.guestbook import GuestbookSettings, owner_names, read_guestbook
from meishi.config.languages import Language, content_dir, read_languages
from meishi.config.params import Params
from meishi.config.publish import Publishing, read_publishing
from meishi.config.values import Reader, Table, blame_toml
from meishi.errors import ConfigError

#: Hugo's names for the file, in the order in which they are looked for.
FILE_NAMES = ("config.toml", "hugo.toml")
#: Kinds of output that `disableKinds` can turn off, spelt as in Hugo (compared without regard to case).
KINDS = ("page", "home", "section", "taxonomy", "term", "rss", "sitemap", "robotstxt", "404")
#: Every key at the top of config.toml that Meishi reads, older names too.
KEYS = (
    "admin", "author", "baseURL", "buildDrafts", "buildExpired", "buildFuture", "canonifyURLs", "contentDir",
    "copyright", "defaultContentLanguage", "defaultContentLanguageInSubdir", "disableKinds",
    "disableLanguages", "enableRobotsTXT", "guestbook", "languageCode", "imaging", "languages", "locale",
    "markup", "menu", "menus", "paginate", "pagination", "params", "publish", "relativeURLs", "theme",
    "timeZone", "title", "untranslated",
)  # fmt: skip
#: Names that Hugo had before 0.73 and still takes.
_OLD_KINDS = {"taxonomyterm": "taxonomy"}
#: Settings files of other spellings, to be told apart from no settings at all.
_FOREIGN = ("hugo.yaml", "hugo.yml", "hugo.json", "config.yaml", "config.yml", "config.json")


class Markup(NamedTuple):
    """How Markdown is read."""

    unsafe: bool = True
    code_fences: bool = True
    math: bool = True
    toc_start: int = 2
    toc_end: int = 3


class Imaging(NamedTuple):
    """Which smaller copies are made of pictures: widths in pixels (none: no copies), and their quality."""

    widths: tuple[int, ...] = (480, 800, 1200, 1600)
    quality: int = 80


class SiteConfig(NamedTuple):
    """Everything config.toml says, with Hugo's defaults for what it leaves out."""

    root: Path
    file: Path
    base_url: str
    title: str
    languages: tuple[Language, ...]
    default_language: str
    default_in_subdir: bool
    fallback: bool
    enable_robots: bool
    relative_urls: bool
    canonify_urls: bool
    drafts: bool
    future: bool
    expired: bool
    page_size: int
    disabled: frozenset[str]
    theme: str
    params: Mapping[str, Any]
    markup: Markup
    imaging: Imaging
    menus: Mapping[str, Any]
    copyright: str
    time_zone: str
    guestbook: GuestbookSettings
    publish: Publishing
    raw: Mapping[str, Any]
    disabled_languages: Mapping[str, str] = {}

    @property
    def base_path(self) -> str:
        """The path of baseURL without its last slash: "" at a root, "/web" for a project page."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and host of baseURL, "" when it names none."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def host(self) -> str:
        """The host of baseURL without its port."""
        return urlsplit(self.base_url).hostname or ""

    def language(self, code: str) -> Language:
        """Return the language with this code."""
        return next(language for language in self.languages if language.code == code)

    def enabled(self, kind: str) -> bool:
        """Tell whether a kind of page is made (Hugo's disableKinds)."""
        return kind.lower() not in self.disabled

    def root_of(self, language: str) -> str:
        """Return where a language's pages begin: "/" or "/ja/"."""
        if language == self.default_language and not self.default_in_subdir:
            return "/"
        return f"/{language}/"

    def with_base_url(self, base_url: str) -> SiteConfig:
        """Return the same settings under another address."""
        return self._replace(base_url=checked_base_url(base_url, None))


def find_config(root: Path) -> Path:
    """Return the settings file of a site, or say that there is none."""
    for name in FILE_NAMES:
        if (root / name).is_file():
            return root / name
    if foreign := next((name for name in _FOREIGN if (root / name).is_file()), None):
        hint = f"Say the same in TOML, and name the file {FILE_NAMES[0]}"
        raise ConfigError("the settings must be written in TOML", path=PurePosixPath(foreign), hint=hint)
    raise ConfigError(
        f"no {FILE_NAMES[0]} in this folder",
        path=PurePosixPath(root.name or "."),
        hint="Run the command in the site's folder, or name it with --source",
    )


def load_site_config(root: Path) -> SiteConfig:
    """Read and check the settings of the site in this folder."""
    file = find_config(root)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            "the file is not UTF-8", path=PurePosixPath(file.name), hint="Save it as UTF-8"
        ) from error
    return read_site_config(root, file, text)


def read_site_config(root: Path, file: Path, text: str) -> SiteConfig:
    """Check a text that stands in a site's settings file, or will."""
    text = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        message = re.sub(r" \(at (line|end).*\)$", "", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise ConfigError(f"not valid TOML: {message}", path=PurePosixPath(file.name), line=line) from error
    return _site_config(root, file, text, raw)


def checked_base_url(value: str, reader: Reader | None) -> str:
    """Return a base URL that ends in a slash, or say what is wrong with it."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        whole = False
    if value not in ("", "/") and (not whole or set(value) & set(" ?#\\")):
        message = f"baseURL must be a whole address or empty, not {value!r}"
        hint = 'Write `baseURL = "https://www.example.com/"`'
        raise reader.error("baseURL", message, hint) if reader else ConfigError(message, hint=hint)
    return value.rstrip("/") + "/"


def _site_config(root: Path, file: Path, text: str, raw: Table) -> SiteConfig:
    top = Reader(raw, blame_toml(PurePosixPath(file.name), text))
    default = top.text("defaultContentLanguage", default="en").lower()
    params = Params(top.table("params"))
    if content_dir(top):
        raise top.error("contentDir", "only a language may have a contentDir of its own", "Leave it out")
    languages, languages_off = read_languages(top, default)
    if default not in {language.code for language in languages}:
        raise top.error(
            "defaultContentLanguage",
            f"defaultContentLanguage is {default!r}, but there is no [languages.{default}]",
            f"Languages here: {', '.join(language.code for language in languages)}",
        )
    _check_params(top)
    kinds = (kind.lower() for kind in top.texts("disableKinds"))
    disabled = frozenset(_OLD_KINDS.get(kind, kind) for kind in kinds)
    for kind in sorted(disabled - set(KINDS)):
        raise top.error("disableKinds", f"disableKinds has no kind {kind!r}", f"It knows {', '.join(KINDS)}")
    pagination = top.inside("pagination")
    return SiteConfig(
        root=root,
        file=file,
        base_url=checked_base_url(top.text("baseURL"), top),
        title=top.text("title"),
        languages=languages,
        default_language=default,
        default_in_subdir=top.flag("defaultContentLanguageInSubdir"),
        fallback=_fallback(top),
        enable_robots=top.flag("enableRobotsTXT"),
        relative_urls=top.flag("relativeURLs"),
        canonify_urls=top.flag("canonifyURLs"),
        drafts=top.flag("buildDrafts"),
        future=top.flag("buildFuture"),
        expired=top.flag("buildExpired"),
        page_size=pagination.number(
            "pagerSize", default=top.number("paginate", default=10, least=1), least=1
        ),
        disabled=disabled,
        theme=top.text("theme"),
        params=params,
        markup=_markup(top),
        imaging=_imaging(top),
        menus=top.table("menus", "menu"),
        copyright=top.text("copyright"),
        time_zone=_time_zone(top),
        guestbook=read_guestbook(top, owner_names(top, params, languages)),
        publish=read_publishing(top.inside("publish")),
        raw=raw,
        disabled_languages=languages_off,
    )


def _check_params(top: Reader) -> None:
    """Check the shape of the parameters that are lists or tables."""
    tables = top.table("languages")
    readers = [top, *(top.inside("languages").inside(code) for code in tables)]
    for reader in readers:
        params = reader.inside("params")
        social = params.any("social")
        if social is not None and not _are_tables(social):
            raise params.error(
                "social", "params.social must be a list of tables", "Write [[params.social]] before each link"
            )
        author = params.any("author")
        if author is not None and not isinstance(author, str | dict):
            raise params.error("author", "params.author must be a table", "Write it as [params.author]")


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _fallback(top: Reader) -> bool:
    value = top.text("untranslated", default="fallback")
    if value not in ("fallback", "hide"):
        raise top.error("untranslated", f'untranslated must be "fallback" or "hide", not {value!r}')
    return value == "fallback"


def _time_zone(top: Reader) -> str:
    name = top.text("timeZone", default="UTC")
    if name != "UTC":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise top.error(
                "timeZone", f"there is no time zone {name!r}", 'Write it like "Asia/Tokyo"'
            ) from error
    return name


def _imaging(top: Reader) -> Imaging:
    table = top.inside("imaging")
    standard = Imaging()
    widths = table.any("widths")
    if widths is None:
        widths = list(standard.widths)
    whole = isinstance(widths, list) and all(type(width) is int and 16 <= width <= 8192 for width in widths)
    if not whole:
        message = f"imaging.widths must be a list of widths in pixels, not {widths!r}"
        raise table.error(
            "widths", message, "Write `widths = [480, 800, 1200]`, or `[]` for no smaller copies"
        )
    quality = table.number("quality", default=standard.quality, least=1)
    if quality > 100:
        raise table.error("quality", f"imaging.quality must be at most 100, not {quality}")
    return Imaging(tuple(sorted(set(widths))), quality)


def _markup(top: Reader) -> Markup:
    markup = top.inside("markup")
    goldmark = markup.inside("goldmark")
    contents = markup.inside("tableOfContents")
    return Markup(
        unsafe=goldmark.inside("renderer").flag("unsafe", default=True),
        code_fences=markup.inside("highlight").flag("codeFences", default=True),
        math=markup.flag("math", default=True),
        toc_start=contents.number("startLevel", default=2, least=1),
        toc_end=contents.number("endLevel", default=3, least=1),
    )
