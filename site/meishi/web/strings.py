"""The theme's own words in each language, and dates as that language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from meishi.errors import TemplateError

_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Strings:
    """Words of one language; what it lacks comes from English."""

    language: str
    words: Mapping[str, Any]

    @classmethod
    def load(cls, folders: Sequence[Path], language: str) -> Strings:
        """Read i18n/LANGUAGE.toml from each folder, the last one winning, over the English words."""
        words: dict[str, Any] = {}
        for code in dict.fromkeys(("en", language.partition("-")[0], language)):
            for folder in folders:
                words |= _read(folder / f"{code}.toml")
        return cls(language, words)

    def text(self, key: str, **values: object) -> str:
        """Return a word or sentence, its {names} filled in; `count` chooses between one and other."""
        found = self.words.get(key)
        if isinstance(found, Mapping):
            one = values.get("count") == 1 and "one" in found
            found = found["one" if one else "other"]
        if not isinstance(found, str):
            raise TemplateError(
                f"there is no text {key!r}",
                path=PurePosixPath("i18n", f"{self.language}.toml"),
                hint=f'Add a line {key} = "…"',
            )
        return found.format_map(values) if values else found

    def day(self, moment: date) -> str:
        """Write a day as a reader of the language expects it."""
        if self.language.startswith(("ja", "zh")):
            return f"{moment.year}年{moment.month}月{moment.day}日"
        pattern = self.words.get("date_format", "{day} {month} {year}")
        names = self.words.get("months", _MONTHS)
        values = {"day": moment.day, "month": names[moment.month - 1], "year": moment.year}
        return str(pattern).format_map({**values, "number": moment.month})


class LazyStrings(Mapping[str, Strings]):
    """Read each language's words when a page of that language is shown."""

    def __init__(self, folders: Sequence[Path], tags: Mapping[str, str]) -> None:
        self._folders = folders
        self._tags = tags
        self._read: dict[str, Strings] = {}

    def __getitem__(self, code: str) -> Strings:
        if code not in self._read:
            self._read[code] = Strings.load(self._folders, self._tags[code])
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(
            f"not valid TOML: {error}", path=PurePosixPath(file.parent.name, file.name)
        ) from error
