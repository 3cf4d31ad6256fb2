"""What the rooms below say about mistakes, in the owner's language.

They write English and know of no study. Here a sentence is recognised by the words between its values, as
journals of former publications and what Python's parsers say are only sentences, too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask
from flask_babel import get_locale

from meishi.errors import MeishiError

_FOLDER = Path(__file__).parent / "translations"
#: A place in a translation: `{}` is the next value, `{2}` the second; with `:said` it is translated itself.
_PLACE = re.compile(r"\{(\d*)(:said)?\}")

#: So many letters between its values make a sentence sure.
_PLENTY = 10


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with places for values, as it is recognised, and as it is said."""

    pattern: re.Pattern[str]
    longest: str
    weight: int
    translation: str


class Sentences:
    """Recognise sentences by the words that stand between their values."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._whole = {text: said for text, said in words.items() if "{}" not in text}
        found = [_sentence(text, said) for text, said in words.items() if "{}" in text]
        # The one with the most words of its own is meant.
        self._open = sorted(found, key=lambda one: -one.weight)
        self._known: dict[str, str] = {}

    def say(self, text: str) -> str:
        """Translate a sentence; one that nobody knows stays as it is."""
        if text not in self._known:
            if len(self._known) > 4000:
                self._known.clear()
            self._known[text] = self._translated(text)
        return self._known[text]

    def knows(self, text: str) -> bool:
        """Tell whether there is a translation."""
        return self._translation(text) is not None

    def _translated(self, text: str) -> str:
        found = self._translation(text)
        if found is not None:
            return found
        # What is wrong and what to do were perhaps put together already.
        for end in re.finditer(r"\. ", text):
            first = self._translation(text[: end.start()])
            if first is not None:
                return f"{first}。{self._translated(text[end.end() :])}"
        return text

    def _translation(self, text: str) -> str | None:
        bare = text.removesuffix(".")
        whole = self._whole.get(text) or self._whole.get(bare)
        if whole is not None:
            return whole
        for one in self._open:
            if one.longest not in text or not (values := one.pattern.fullmatch(bare)):
                continue
            if one.weight >= _PLENTY or self._knows_parts(one.translation, values.groups()):
                return self._filled(one.translation, values.groups())
        return None

    def _knows_parts(self, translation: str, values: tuple[str, ...]) -> bool:
        """Tell whether each value that is a sentence itself is known: `{} nowhere` alone says too little."""
        parts = [
            values[int(place[1]) - 1 if place[1] else number]
            for number, place in enumerate(_PLACE.finditer(translation))
            if place[2]
        ]
        return bool(parts) and all(self.knows(part) for part in parts)

    def _filled(self, translation: str, values: tuple[str, ...]) -> str:
        following = iter(values)

        def value(place: re.Match[str]) -> str:
            found = values[int(place[1]) - 1] if place[1] else next(following)
            return self._translated(found) if place[2] else found

        return _PLACE.sub(value, translation)


@cache
def sentences(language: str) -> Sentences | None:
    """Read a language's sentences, once; None for English, in which they are written."""
    file = _FOLDER / language / "sentences.toml"
    if not file.is_file():
        return None
    rooms = tomllib.loads(file.read_text(encoding="utf-8"))
    return Sentences({text: said for words in rooms.values() for text, said in words.items()})


def said(text: str | None) -> str:
    """Say in the owner's language what a room below the study says."""
    known = sentences(str(get_locale() or "en"))
    return text or "" if known is None or not text else known.say(text)


def joined(*parts: str | None) -> str:
    """Say sentences one after the other, each with its end; the last one has none."""
    spoken = [said(part).rstrip(".。") for part in parts if part]
    return ("。" if str(get_locale() or "en") == "ja" else ". ").join(spoken)


def explained(error: MeishiError) -> str:
    """Say where a mistake is, what is wrong and what to do."""
    end = "。" if str(get_locale() or "en") == "ja" else "."
    text = joined(error.message, error.hint) + end
    return f"{error.place}: {text}" if error.place else text


def install_sentences(app: Flask) -> None:
    """Let the study's templates say what the rooms below say."""
    app.jinja_env.filters["said"] = said
    app.jinja_env.globals["joined"] = joined


def _sentence(text: str, translation: str) -> _Sentence:
    words = text.split("{}")
    # A value may be of several lines; it is as short as the words around it let it be.
    pattern = re.compile("(.*?)".join(re.escape(each) for each in words), re.DOTALL)
    return _Sentence(pattern, max(words, key=len), sum(map(len, words)), translation)
