"""The study's words, in English and Japanese: gettext from .po files that need no compiling."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as _lazy_gettext
from flask_babel import ngettext as _ngettext

from meishi.admin import cookies

#: Each language in its own words; source strings are English.
LANGUAGES = {"en": "English", "ja": "日本語"}
_FOLDER = Path(__file__).parent / "translations"


def _(text: str, **values: object) -> str:
    """Translate a text; `%(name)s` stands for a value."""
    return cast("str", _gettext(text, **values))


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Translate a text that depends on a number, `%(num)s`."""
    return cast("str", _ngettext(one, many, number, **values))


def lazy_gettext(text: str, **values: object) -> str:
    """Translate a text when it is shown; for texts that are written down outside a request."""
    return cast("str", _lazy_gettext(text, **values))


class Catalogues(Domain):  # type: ignore[misc]
    """Read translations/LANGUAGE/LC_MESSAGES/messages.po, again when it changes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(translation_directories=str(folder))
        self._folder = folder
        self._read: dict[str, tuple[float, NullTranslations]] = {}

    def get_translations(self) -> NullTranslations:
        """Return the translations for this request."""
        code = str(get_locale() or "en")
        seen: dict[str, NullTranslations] = g.setdefault("words", {})  # look at the file once for each answer
        if code not in seen:
            seen[code] = self._translations(code)
        return seen[code]

    def _translations(self, code: str) -> NullTranslations:
        file = self._folder / code / "LC_MESSAGES" / "messages.po"
        try:
            changed = file.stat().st_mtime
        except OSError:
            return NullTranslations()
        known = self._read.get(code)
        if known is None or known[0] != changed:
            known = self._read[code] = (changed, _catalogue(file, code))
        return known[1]


def install_languages(app: Flask, time_zone: Callable[[], str]) -> None:
    """Let the app's templates translate, and show times as they are where the owner lives."""
    babel = Babel(app, locale_selector=chosen, default_locale="en", timezone_selector=time_zone)
    babel.domain_instance = Catalogues(_FOLDER)


def chosen() -> str:
    """Return the language that the owner chose, or the best that the browser asks for."""
    if not has_request_context():
        return "en"
    wanted = cookies.read(cookies.LANGUAGE)
    if wanted in LANGUAGES:
        return wanted
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((code for code in asked if code in LANGUAGES), "en")


def _catalogue(file: Path, code: str) -> NullTranslations:
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
