"""The site's languages, as the tables below [languages] describe them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from meishi.config.params import Params
from meishi.config.values import Reader

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
#: What Meishi reads from [languages.xx] itself; all else there is a parameter, as in older Hugo.
LANGUAGE_KEYS = (
    "contentDir", "copyright", "disabled", "direction", "label", "languageCode", "languageDirection",
    "languageName", "locale", "menu", "menus", "params", "title", "weight",
)  # fmt: skip
_KNOWN = frozenset(key.lower() for key in LANGUAGE_KEYS)


class Language(NamedTuple):
    """One language of the site. `content_dir` is its folder below content/, "" where it has none."""

    code: str
    tag: str
    name: str
    weight: int
    title: str
    params: Mapping[str, Any]
    copyright: str
    menus: Mapping[str, Any]
    direction: str = "ltr"
    content_dir: str = ""


def read_languages(top: Reader, default: str) -> tuple[tuple[Language, ...], Mapping[str, str]]:
    """Return the languages in order, and the codes of those that are turned off with their folders."""
    tables = top.table("languages") or {default: {}}
    off = {code.lower(): "" for code in top.texts("disableLanguages")}
    params = Params(top.table("params"))
    found = []
    for code in tables:
        if not _CODE.fullmatch(code):
            raise top.error(
                f"languages.{code}", f"{code!r} is not a language code", "Write it like [languages.ja]"
            )
        own = top.inside("languages").inside(code)
        if own.flag("disabled") or code.lower() in off:
            off[code.lower()] = content_dir(own)
        if code.lower() not in off:
            found.append(_language(top, own, code, tables[code], params, default))
    if not found:
        raise top.error(
            f"languages.{default}", "every language is turned off", f"Turn on [languages.{default}]"
        )
    found.sort(key=lambda language: (language.weight or 1 << 30, language.code))
    return tuple(found), off


def _language(
    top: Reader, own: Reader, code: str, table: Mapping[str, Any], params: Params, default: str
) -> Language:
    # The language at the top of the file is that of the default language, and of no other.
    inherited = _tag(top) if code.lower() == default else ""
    # Dimension writes `description` beside languageName; newer Hugo wants it under params.
    loose = {key: value for key, value in table.items() if key.lower() not in _KNOWN}
    return Language(
        code=code.lower(),
        tag=_tag(own) or inherited or spelled(code),
        name=own.text("languageName", "label", default=code),
        weight=own.number("weight", default=0),
        title=own.text("title") or top.text("title"),
        params=params.under({**loose, **own.table("params")}),
        copyright=own.text("copyright") or top.text("copyright"),
        menus=own.table("menus", "menu") or top.table("menus", "menu"),
        direction=_direction(own),
        content_dir=content_dir(own),
    )


def _tag(reader: Reader) -> str:
    for key in ("locale", "languageCode"):
        if written := reader.text(key):
            if not _CODE.fullmatch(written.replace("_", "-")):
                raise reader.error(
                    key, f"{key} is not a language tag: {written!r}", f'Write it like {key} = "en-GB"'
                )
            return spelled(written)
    return ""


def spelled(tag: str) -> str:
    """Spell a language tag as standards do: en-gb → en-GB, zh_hant → zh-Hant."""
    first, *others = tag.replace("_", "-").lower().split("-")
    rules = {2: str.upper, 4: str.title}
    return "-".join((first, *(rules.get(len(part), str)(part) for part in others)))


def _direction(own: Reader) -> str:
    value = own.text("direction", "languageDirection", default="ltr").lower()
    if value not in ("ltr", "rtl"):
        raise own.error("languageDirection", f'languageDirection must be "ltr" or "rtl", not {value!r}')
    return value


def content_dir(reader: Reader) -> str:
    """Return a folder below content/ ("" for content/ itself), or say that it lies elsewhere."""
    written = reader.text("contentDir", default="content")
    parts = PurePosixPath(written.replace("\\", "/")).parts
    if not parts or parts[0] != "content" or ".." in parts:
        raise reader.error(
            "contentDir",
            f"contentDir must be content or a folder in it, not {written!r}",
            'Move the folder into content/, and write it like contentDir = "content/ja"',
        )
    return "/".join(parts[1:])
