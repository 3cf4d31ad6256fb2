"""Names that look alike: nobody signs as the owner, nor as "admin" in another script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

#: Nobody but the owner is called so, whole or as one word of the name.
_OFFICES = frozenset(
    "admin administrator moderator mod owner operator root webmaster sysop staff system official".split()
)
#: In scripts without spaces between words, also as a part of the name.
_OFFICES_INSIDE = (
    "管理人",
    "管理者",
    "運営者",
    "運営",
    "管理员",
    "管理員",
    "モデレーター",
    "オーナー",
    "公式",
)
#: What the list of Unicode keeps apart, and eyes do not.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l"})
#: So many names are remembered with the answer.
_REMEMBERED = 4096
_KANA_MARKS = ("\u3099", "\u309a")


class Names:
    """Tell whether a visitor may sign with a name."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._seen: dict[str, bool] = {}
        self._reserved = frozenset(look for name in reserved for look in looks(name))
        self._offices = frozenset(look for name in _OFFICES for look in looks(name))
        self._inside = tuple(look for name in _OFFICES_INSIDE for look in looks(name))

    def are_taken(self, name: str) -> bool:
        """Tell whether a name looks like the owner's, or like an office."""
        if name not in self._seen:
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()
            self._seen[name] = self._are_taken(name)
        return self._seen[name]

    def _are_taken(self, name: str) -> bool:
        whole = looks(name)
        if whole & (self._reserved | self._offices):
            return True
        if any(office in look for office in self._inside for look in whole):
            return True
        words = re.split(r"[\W_]+", unicodedata.normalize("NFKC", name))
        return any(looks(word) & self._offices for word in words if word)


def looks(name: str) -> frozenset[str]:
    """Return what a name looks like, once by its capitals and once without them; nothing for mere signs."""
    whole = unicodedata.normalize("NFKC", name)
    both = (skeleton(whole.casefold()), skeleton(whole).casefold())
    found = ("".join(letter for letter in look if letter.isalnum()) for look in both)
    return frozenset(look.translate(_ALIKE) for look in found if look)


def skeleton(text: str) -> str:
    """Return a text with each letter as the one that stands for all that look like it."""
    if text.isascii():
        return text.translate(_stand_ins())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_stand_ins()))


class _StandIns(dict[int, str | int | None]):
    """Letters to what stands for them; marks to nothing. Filled as letters are met."""

    def __missing__(self, letter: int) -> str | int | None:
        mark = unicodedata.category(chr(letter)) == "Mn" and chr(letter) not in _KANA_MARKS
        found = None if mark else _prototypes().get(letter, letter)
        self[letter] = found
        return found


@cache
def _stand_ins() -> _StandIns:
    return _StandIns()


@cache
def _prototypes() -> Mapping[int, str]:
    """Return for each letter its stand-in, from Unicode's list of confusable letters."""
    # The list is large: only a server with a guestbook loads it.
    from confusable_homoglyphs.confusables import confusables_data

    groups: dict[str, set[str]] = {}
    for letter, others in confusables_data.items():
        for text in (letter, *(other["c"] for other in others)):
            # Marks that say in which direction an Arabic letter is read belong to the list's file.
            group = groups.setdefault(letter.strip("\u200e"), set()) | {text.strip("\u200e")}
            for member in tuple(group):
                group |= groups.get(member, set())
            for member in group:
                groups[member] = group
    stand_in = {text: min(group, key=_order) for text, group in groups.items()}
    found: dict[int, str] = {}
    for text in stand_in:
        if len(text) == 1:
            # "m" stands for "rn", whose letters have stand-ins of their own.
            found[ord(text)] = "".join(stand_in.get(letter, letter) for letter in stand_in[text])
    return found


def _order(text: str) -> tuple[bool, bool, int, str]:
    return (not text.isascii(), not text.isalnum(), -len(text), text)


def prepare_names() -> None:
    """Load the list of confusable letters, so that the first visitor does not wait for it."""
    _prototypes()
