"""Icons as inline SVG, by all the names that owners of Font Awesome sites write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup

_STYLES = ("solid", "brands", "regular")
_STYLE_CLASSES = {
    "fab": "brands",
    "brand": "brands",
    "brands": "brands",
    "fas": "solid",
    "solid": "solid",
    "far": "regular",
    "regular": "regular",
}
# The rest of Font Awesome's own classes: families that are not free, sizes, rotations, animations.
_MODIFIERS = re.compile(
    r"fa[ldt]?|fa[567]|icons?|classic|duotone|light|sharp|thin|fw|li|lg|xs|sm|xl|2xs|2xl|\d+x"
    r"|border|inverse|pull-(?:left|right)|rotate-\w+|flip-\w+"
    r"|spin|spin-pulse|pulse|beat|beat-fade|fade|bounce|shake"
)
# What people write who think of the thing and not of the drawing.
_EVERYDAY = {
    "cv": "file-lines",
    "e-mail": "envelope",
    "email": "envelope",
    "homepage": "house",
    "mail": "envelope",
    "resume": "file-lines",
    "twitter-x": "x-twitter",
    "web": "globe",
    "website": "globe",
}

#: What owners look for first.
_COMMON = (
    "envelope", "link", "globe", "rss", "github", "mastodon", "bluesky", "linkedin", "instagram", "x-twitter",
    "youtube", "facebook", "line", "phone", "file-lines", "location-dot", "calendar", "comment", "code",
)  # fmt: skip


class Icons:
    """Draw icons from static/dist/icons.txt, which the install makes (see hatch_build.py)."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "icons.txt"
        self._lines: dict[str, str] | None = None
        self._drawn: dict[tuple[str, str], Markup] = {}

    def __call__(self, name: str, size: str = "1em") -> Markup:
        """Draw an icon that screen readers pass over; nothing when there is none of that name."""
        key = (name, str(size))
        if key not in self._drawn:
            self._drawn[key] = self._draw(*key)
        return self._drawn[key]

    def __contains__(self, name: str) -> bool:
        return bool(self._find(name))

    @property
    def installed(self) -> bool:
        """Tell whether the install could fetch the icons."""
        return bool(self._table)

    def suggest(self, name: str) -> str | None:
        """Name the icon that was probably meant."""
        wanted = _split(name)[1]
        found = difflib.get_close_matches(wanted, dict.fromkeys(self._names()), n=1, cutoff=0.7)
        return found[0] if found else None

    def search(self, words: str, most: int = 60) -> list[str]:
        """List names that begin with a word, then those that have it; without a word the usual ones."""
        wanted = words.strip().lower().replace(" ", "-")
        names = sorted(dict.fromkeys(self._drawings()), key=lambda name: (not name.startswith(wanted), name))
        if not wanted:
            brands = [key.partition("/")[2] for key in self._table if key.startswith("brands/")]
            return [name for name in _COMMON if name in names] + sorted(brands)[:most]
        alias = [_EVERYDAY[wanted]] if wanted in _EVERYDAY else []
        return [*alias, *(name for name in names if wanted in name and name not in alias)][:most]

    def _drawings(self) -> Iterator[str]:
        """Yield the name of each drawing once, without the older names that lead to it."""
        for key, value in self._table.items():
            if "/" in key and not value.startswith("="):
                yield key.rpartition("/")[2]

    @property
    def _table(self) -> dict[str, str]:
        if self._lines is None:
            try:
                text = self._file.read_text(encoding="utf-8")
            except OSError:
                text = ""
            # One pass over the lines, and no parsing of the drawings that the site does not use.
            self._lines = dict(line.split("\t", 1) for line in text.splitlines())
        return self._lines

    def _draw(self, name: str, size: str) -> Markup:
        found = self._find(name)
        if not found:
            return Markup()
        box, path = found
        return Markup(
            '<svg class="icon" viewBox="{box}" width="{size}" height="{size}" fill="currentColor"'
            ' aria-hidden="true" focusable="false"><path d="{path}"/></svg>'
        ).format(box=box, size=size, path=path)

    def _find(self, name: str) -> tuple[str, str] | None:
        style, bare = _split(name)
        for word in dict.fromkeys((bare, _EVERYDAY.get(bare, bare))):
            # An old name leads to one drawing, "=regular/envelope"; a style that was asked for goes first.
            known = self._table.get(word, "").lstrip("=")
            styled = [f"{style}/{word}", f"{style}/{known.rpartition('/')[2]}"] if style else []
            for place in (*styled, *(f"{other}/{word}" for other in _STYLES), known):
                if "/" in place and place in self._table:
                    box, path = self._table[place].split("\t")
                    return box, path
        return None

    def _names(self) -> Iterator[str]:
        for key in self._table:
            yield key.rpartition("/")[2]
        yield from _EVERYDAY


def _split(name: str) -> tuple[str, str]:
    """Take the style and the bare name from "fab fa-github", "brands/github" and the like."""
    style = ""
    words: list[str] = []
    for word in re.split(r"[\s/:.]+", name.strip().lower().replace("_", "-")):
        bare = re.sub(r"^fa\d?-", "", word)
        if bare in _STYLE_CLASSES:
            style = _STYLE_CLASSES[bare]
        elif bare and bare != "svg":
            words.append(bare)
    named = [word for word in words if not _MODIFIERS.fullmatch(word)]
    return style, (named or words or [""])[0]
