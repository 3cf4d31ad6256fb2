"""From a file's front matter to a Page: Hugo's names, checked and typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from meishi.config import Params, SiteConfig
from meishi.config.values import Reader
from meishi.content.frontmatter import Source, blame
from meishi.content.models import Kind, Page
from meishi.content.sources import SourceFile
from meishi.errors import MeishiError

#: Front matter that Meishi itself understands; all else is kept as `page.params`.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "linkTitle": ("linkTitle", "menuname"),
    "description": ("description",),
    "summary": ("summary",),
    "date": ("date",),
    "lastmod": ("lastmod", "modified"),
    "publishDate": ("publishDate", "pubdate", "published"),
    "expiryDate": ("expiryDate", "unpublishdate"),
    "draft": ("draft",),
    "weight": ("weight",),
    "slug": ("slug",),
    "url": ("url",),
    "aliases": ("aliases",),
    "tags": ("tags",),
    "image": ("image",),
    "imageAlt": ("imageAlt",),
    "link": ("link",),
    "translationKey": ("translationKey",),
    "menus": ("menus", "menu"),
    "build": ("build", "_build"),
    "headless": ("headless",),
    "cascade": ("cascade",),
    "params": ("params",),
}
_NAMES = frozenset(name.lower() for names in FIELDS.values() for name in names)
_UNSAFE = re.compile(r"[^\w\-.~+]+")
_NOT_IN_PATHS = re.compile(r"[\x00-\x1f\x7f\\?#*<>|\"]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_BUILD = {"list": ("always", "never", "local"), "render": ("always", "never", "link")}


@lru_cache(maxsize=16_384)
def slugify(text: str) -> str:
    """Make a readable part of an address: letters of any script stay, spaces become hyphens."""
    plain = unicodedata.normalize("NFC", text).strip().lower().replace("'", "").replace("’", "")
    return re.sub(r"-{2,}", "-", _UNSAFE.sub("-", plain)).strip("-.")


def make_page(
    file: SourceFile,
    source: Source,
    values: Mapping[str, Any],
    config: SiteConfig,
    zone: tzinfo,
    resources: tuple[str, ...],
) -> Page:
    """Check a page's front matter and work out its address."""
    reader = Reader(values, blame(file.path, source), example="{}: {}")
    kind: Kind = "page"
    if file.kind in ("home", "section"):
        kind = "home" if file.kind == "home" else "section"
    published, published_dated = _moment(reader, zone, *FIELDS["publishDate"])
    modified, _ = _moment(reader, zone, *FIELDS["lastmod"])
    day, dated = _moment(reader, zone, *FIELDS["date"])
    parent = file.folder if file.kind in ("page", "section") else file.folder.rpartition("/")[0]
    base_name = file.folder.rpartition("/")[2] if file.kind in ("section", "bundle") else file.name
    slug = "home" if kind == "home" else slugify(_text(reader, "slug")) or slugify(base_name) or "untitled"
    title = _text(reader, "title") or _title_of(base_name, kind, config, file.language)
    image, image_alt = _image(reader)
    listed, rendered = _build(reader)
    return Page(
        path=file.path,
        language=file.language,
        key=_text(reader, "translationKey") or file.key,
        kind=kind,
        section=file.folder if kind == "section" else parent,
        address=_address(file, reader, config, slug, parent),
        title=title,
        link_title=_text(reader, *FIELDS["linkTitle"]) or title,
        description=_text(reader, "description"),
        summary=_text(reader, "summary"),
        date=day or published or modified,
        last_modified=modified or day or published,
        publish_date=published,
        expiry_date=_moment(reader, zone, *FIELDS["expiryDate"])[0],
        draft=reader.flag("draft"),
        weight=_weight(reader),
        slug=slug,
        aliases=_aliases(reader),
        tags=tuple(dict.fromkeys(unicodedata.normalize("NFC", tag) for tag in _texts(reader, "tags"))),
        image=image,
        image_alt=image_alt,
        link=reader.text("link"),
        params=_params(values, reader),
        digest=file.digest,
        bundle=file.bundle,
        resources=resources,
        dated=dated if day else published_dated,
        listed=listed,
        rendered=rendered,
        menus=_menus(reader),
    )


def field_errors(
    file: SourceFile, source: Source, values: Mapping[str, Any], config: SiteConfig, zone: tzinfo
) -> tuple[MeishiError, ...]:
    """List what is wrong with each field of a page, not only with the first."""
    found: list[MeishiError] = []
    for key, value in values.items():
        try:
            make_page(file, source, {key: value}, config, zone, ())
        except MeishiError as error:
            found.append(error)
    return tuple(found)


def _text(reader: Reader, *keys: str) -> str:
    """Return a text; a title such as 2026 or 2026-11-22 is one too, though YAML takes it for a number."""
    if not any(key in reader for key in keys):
        return ""
    value = reader.any(*keys)
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        return str(value)
    return reader.text(*keys)


def blank_page(language: str, address: str, title: str, slug: str, section: str = "") -> Page:
    """Make a page that no file stands for."""
    return Page(
        path="", language=language, key=section, kind="section" if section else "page", section=section,
        address=address, title=title, link_title=title, description="", summary="", date=None,
        last_modified=None, publish_date=None, expiry_date=None, draft=False, weight=0, slug=slug, aliases=(),
        tags=(), image="", image_alt="", link="", params=Params(), digest="", bundle="", resources=(),
    )  # fmt: skip


def _title_of(name: str, kind: str, config: SiteConfig, language: str) -> str:
    if kind == "home":
        return config.language(language).title
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _address(file: SourceFile, reader: Reader, config: SiteConfig, slug: str, parent: str) -> str:
    root = config.root_of(file.language)
    if url := reader.text("url"):
        return _checked_url(reader, url, root)
    if file.kind == "home":
        return root
    folders = [
        slugify(part) or "untitled"
        for part in (file.folder if file.kind == "section" else parent).split("/")
        if part
    ]
    if file.kind == "section":
        if _text(reader, "slug"):
            folders[-1] = slug
        return root + "".join(f"{part}/" for part in folders)
    return root + "".join(f"{part}/" for part in [*folders, slug])


def _checked_url(reader: Reader, url: str, root: str) -> str:
    if _SCHEME.match(url):
        hint = "For a menu entry that leads elsewhere use `link`"
        raise reader.error("url", f"url must be a path of this site, not {url!r}", hint)
    # Hugo: with a leading slash from the site's root, without one below the language's.
    path = unicodedata.normalize("NFC", url if url.startswith("/") else root + url)
    path = re.sub(r"/{2,}", "/", path)
    if _is_tricky(path):
        raise reader.error("url", f"url must be a plain path, not {url!r}", 'Write it like "/about/"')
    return path if path.endswith(("/", ".html")) else f"{path}/"


def _is_tricky(path: str) -> bool:
    """Tell whether a path could lead elsewhere, or be no file's name on some machine."""
    return bool(_NOT_IN_PATHS.search(path)) or bool({".", ".."} & set(path.split("/")))


def _aliases(reader: Reader) -> tuple[str, ...]:
    if "aliases" not in reader:
        return ()
    found = _texts(reader, "aliases")
    for alias in found:
        if _SCHEME.match(alias) or _is_tricky(alias):
            message = f"an alias must be a plain path of this site, not {alias!r}"
            raise reader.error("aliases", message, 'Write it like "/old-address/"')
    return tuple(dict.fromkeys(unicodedata.normalize("NFC", alias) for alias in found))


def _build(reader: Reader) -> tuple[bool, bool]:
    """Return whether lists show the page, and whether it is published: Hugo's `build` and `headless`."""
    if not ("build" in reader or "_build" in reader or "headless" in reader):
        return True, True
    table = next((reader.table(key) for key in FIELDS["build"] if key in reader), {})
    chosen = {}
    for name, words in _BUILD.items():
        value = next((value for key, value in table.items() if str(key).lower() == name), "always")
        value = {True: "always", False: "never"}.get(value, value) if isinstance(value, bool) else value
        if value not in words:
            quoted = ", ".join(words)
            raise reader.error("build", f"build.{name} must be one of {quoted}, not {value!r}")
        chosen[name] = value
    headless = reader.flag("headless")
    return chosen["list"] != "never" and not headless, chosen["render"] == "always" and not headless


def _menus(reader: Reader) -> Mapping[str, Mapping[str, Any]]:
    """Return the menus a page asks to be in: `main`, [main, footer], or a table for each."""
    key = next((key for key in FIELDS["menus"] if key in reader), "")
    value = reader.any(key) if key else None
    if value is None:
        return {}
    if not isinstance(value, dict):
        return {name: {} for name in _texts(reader, key)}
    for entry in value.values():
        weight = entry.get("weight") if isinstance(entry, dict) else entry
        if weight is not None and (not isinstance(weight, int) or isinstance(weight, bool)):
            message = f"{key} must hold a table for each menu, with a whole number as weight"
            raise reader.error(key, message, f"Write `{key}: main`")
    return {str(name): entry or {} for name, entry in value.items()}


def _moment(reader: Reader, zone: tzinfo, *keys: str) -> tuple[datetime | None, bool]:
    """Return a moment, and whether it is a whole day."""
    for key in keys:
        value = reader.any(key)
        if value is None or value == "":
            continue
        if isinstance(value, str):
            value = _parsed(reader, key, value)
        if isinstance(value, date) and value.year == 1:
            continue  # how Hugo writes that there is no date
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=zone)), False
        if isinstance(value, date):
            return datetime.combine(value, time(), zone), True
        raise reader.error(key, f"{key} must be a date, not {value!r}", f"Write `{key}: 2026-11-22`")
    return None, True


def _parsed(reader: Reader, key: str, value: str) -> date | datetime:
    value = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", value.strip())
    try:
        return date.fromisoformat(value)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        message = f"{key} must be a date, not {value!r}"
        raise reader.error(key, message, f"Write `{key}: 2026-11-22`") from None


def _weight(reader: Reader) -> int:
    value = reader.any("weight")
    if value is None or value == "":
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise reader.error("weight", f"weight must be a whole number, not {value!r}", "Write `weight: 10`")
    return value


def _texts(reader: Reader, key: str) -> tuple[str, ...]:
    value = reader.any(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, list) or any(isinstance(item, list | dict) for item in value):
        raise reader.error(key, f"{key} must be a list of texts, not {value!r}", f"Write `{key}: [one, two]`")
    # A tag may look like a number or a date to YAML (`tags: [2026]`).
    return tuple(str(item) for item in value if item not in (None, ""))


def _image(reader: Reader) -> tuple[str, str]:
    value = reader.any("image")
    if isinstance(value, dict):
        return str(value.get("src", "")), str(value.get("alt", ""))
    return reader.text("image"), reader.text("imageAlt")


def _params(values: Mapping[str, Any], reader: Reader) -> Mapping[str, Any]:
    unknown = {key: value for key, value in values.items() if key.lower() not in _NAMES}
    return Params({**unknown, **reader.table("params")})


def zone_of(name: str) -> tzinfo:
    """Return the site's time zone."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
