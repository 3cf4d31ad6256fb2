"""Ids for headings and notes: readable in any script, stable, and unique in their document."""

from __future__ import annotations

import re
import unicodedata

# GitHub's rule: letters, digits, marks, hyphens and underscores stay; a space becomes a hyphen.
_DROPPED = re.compile(r"[^\w\- ]", re.ASCII)
_SPACES = re.compile(r"\s+")


def slug(text: str) -> str:
    """Make an id of a heading's text, as GitHub does; Japanese stays as it is."""
    if not text.isascii():
        # The same title gives the same id, whichever way a keyboard or file system composes its letters.
        text = unicodedata.normalize("NFKC", text)
    text = _SPACES.sub(" ", text.strip()).lower()
    if text.isascii():
        text = _DROPPED.sub("", text)
    else:
        text = "".join(char for char in text if char in "-_ " or unicodedata.category(char)[0] in "LMN")
    return text.strip().replace(" ", "-") or "section"


class Anchors:
    """Hand out ids, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def claim(self, wish: str) -> str:
        """Take an id, or the next free one that begins with it: team, team-1, team-2."""
        name, number = wish, 0
        while name in self.taken:
            number += 1
            name = f"{wish}-{number}"
        self.taken.add(name)
        return name
