"""How suspicious an entry is, in points with their reasons, which the owner sees."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meishi.guestbook.models import Reason
from meishi.guestbook.names import skeleton
from meishi.guestbook.texts import link_text, links_in

#: From so many points on an entry is held, whatever the mode, and its author asked for a proof of work.
HELD = 5
SUSPICIOUS = 4
_TRAP, _WORDS, _REPEATED, _LINK, _MORE_LINKS, _MOST_LINKS, _OWN_LINK = 10, 5, 4, 2, 2, 8, 1
#: The same short text may be said twice; longer ones are pasted.
_REPEATABLE = 12
_SHOUTED = 20
_NO_LETTERS = re.compile(r"[\W_]+")
_RUN = re.compile(r"(\S)\1{14,}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the score looks at."""

    name: str
    body: str
    link: str | None
    trapped: bool
    repeated: bool
    first: bool


class Score:
    """Count points; `words` are the owner's word list."""

    def __init__(self, words: Iterable[str]) -> None:
        found = [(word, folded(word)) for word in words]
        self._words = [(word, _whole_word(look)) for word, look in found if look]

    def reasons(self, draft: Draft) -> tuple[Reason, ...]:
        """Return what speaks against an entry, the worst first."""
        found = [*self._listed(draft), *_links(draft), *_shouting(draft)]
        if draft.trapped:
            found.append(Reason("trap", _TRAP))
        if draft.repeated:
            found.append(Reason("repeated", _REPEATED))
        if draft.first:
            found.append(Reason("first", 1))
        return tuple(sorted(found, key=lambda reason: -reason.points))

    def _listed(self, draft: Draft) -> Sequence[Reason]:
        if not self._words:
            return []
        look = folded(f"{draft.name}\n{draft.body}\n{draft.link or ''}")
        found = [word for word, pattern in self._words if pattern.search(look)]
        return [Reason("words", _WORDS * len(found), ", ".join(found))] if found else []


def total(reasons: Iterable[Reason]) -> int:
    """Add up the points."""
    return sum(reason.points for reason in reasons)


def likeness(body: str) -> str | None:
    """Return what two copies of a text have in common, None for texts that anyone may say again."""
    look = _NO_LETTERS.sub("", unicodedata.normalize("NFKC", body).casefold())
    if len(look) < _REPEATABLE:
        return None
    return hashlib.sha256(look.encode()).hexdigest()[:32]


def folded(text: str) -> str:
    """Return a text as words are compared: without capitals, and with look-alike letters as one."""
    return skeleton(unicodedata.normalize("NFKC", text).casefold())


def _whole_word(look: str) -> re.Pattern[str]:
    # "ass" is not in "class"; words of scripts without spaces are found anywhere.
    before = r"(?<![^\W_])" if look[0].isascii() and look[0].isalnum() else ""
    after = r"(?![^\W_])" if look[-1].isascii() and look[-1].isalnum() else ""
    return re.compile(before + re.escape(look) + after)


def _links(draft: Draft) -> Sequence[Reason]:
    links = links_in(draft.body)
    points = min(_LINK + _MORE_LINKS * (len(links) - 1), _MOST_LINKS) if links else 0
    if draft.link:
        links, points = [*links, draft.link], points + _OWN_LINK
    return [Reason("links", points, ", ".join(link_text(link)[:80] for link in links[:5]))] if links else []


def _shouting(draft: Draft) -> Sequence[Reason]:
    capitals = sum(map(str.isupper, draft.body))
    loud = capitals >= _SHOUTED and capitals > 2 * sum(map(str.islower, draft.body))
    # The search for runs takes long; a text that has one has few letters for its length.
    stuttering = len(draft.body) > 2 * len(set(draft.body)) and _RUN.search(draft.body)
    return [Reason("shouting", 2)] if loud or stuttering else []
