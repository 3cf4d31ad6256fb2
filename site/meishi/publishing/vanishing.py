"""Find published addresses that would vanish, and the page that each should lead to from then on."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import unquote

from meishi.publishing.difference import Change, Difference, Sides
from meishi.publishing.gates import Finding

#: Only pages of the site load these; they come and go with them.
_FLEETING = re.compile(
    r"\.(?:css|js|mjs|map|woff2?|png|jpe?g|gif|webp|avif|ico|svg)$|(?:^|/)page/\d+/index\.html$"
    r"|(?:^|/)(?:404\.html|CNAME|\.nojekyll|sitemap\.xml|robots\.txt|site\.webmanifest)$",
    re.IGNORECASE,
)
_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[぀-ヿ一-鿿]{1,2}|\w+")
_ALIAS = re.compile(rb"http-equiv=[\"']?refresh", re.IGNORECASE)
_TO = re.compile(rb"url=([^\"'>\s]+)", re.IGNORECASE)
#: Pages that share fewer of their words than this are not the same page moved.
_ALIKE = 0.5


def vanished(difference: Difference, sides: Sides, about: Mapping[str, tuple[str, str]]) -> list[Finding]:
    """List what visitors or feeds may know and would not find any more."""
    removed = [each for each in difference.of("removed") if each.panel or not _FLEETING.search(each.path)]
    if not removed:
        return []
    guess = _Guess(difference, sides, about)
    pages = {each.address for each in removed if not each.panel}
    found = []
    for change in removed:
        if change.panel and change.address.replace("#", "") + "/" in pages:
            continue  # the page's alias keeps the panel's name alive, too
        suggestion = "" if change.panel else guess.source(change)
        what = "panel" if change.panel else "address"
        text = f"the {what} {change.address} would be gone"
        if suggestion:
            text += f"; an alias in content/{suggestion} lets it lead there"
        found.append(Finding(text, change.address, suggestion=suggestion))
    return found


@dataclass
class _Guess:
    """Guess to which page an address moved: the same text, else the same name, else the page above it."""

    difference: Difference
    sides: Sides
    about: Mapping[str, tuple[str, str]]
    _words: dict[str, frozenset[str]] = field(default_factory=dict)

    def source(self, change: Change) -> str:
        """Return the content file that should get the alias, "" if there is none."""
        if not change.page:
            return ""
        data = self.sides.read_old(change.path)
        if _ALIAS.search(data) and (to := _TO.search(data)) is not None:
            return self._led_to(unquote(to[1].decode("utf-8", "replace")))
        candidates = [
            each
            for each in self.difference.of("added")
            if each.page and not each.panel and each.source and each.row != "Aliases"
        ]  # fmt: skip
        before = _words_of(data)
        best = max(candidates, key=lambda each: self._likeness(before, each.path), default=None)
        if best is not None and self._likeness(before, best.path) >= _ALIKE:
            return best.source
        name = change.address.rstrip("/").rpartition("/")[2]
        same = [each for each in candidates if each.address.rstrip("/").rpartition("/")[2] == name]
        return same[0].source if same else self._above(change.path)

    def _likeness(self, before: frozenset[str], path: str) -> float:
        if path not in self._words:
            self._words[path] = _words_of(self.sides.read_new(path))
        after = self._words[path]
        return len(before & after) / max(1, len(before | after))

    def _led_to(self, address: str) -> str:
        """Return the page that an alias, which is gone now, led to."""
        for path, (source, row) in self.about.items():
            shown = f"/{path}".removesuffix("index.html")
            # The address has the base path before it, which the build does not know.
            if source and row == "Pages" and shown != "/" and address.endswith(shown):
                return source
        return ""

    def _above(self, path: str) -> str:
        """Return the nearest page above an address."""
        parts = path.removesuffix("index.html").rstrip("/").split("/")[:-1]
        while True:
            above = "/".join([*parts, "index.html"])
            source, row = self.about.get(above, ("", ""))
            if source and row != "Aliases":
                return source
            if not parts:
                return ""
            parts.pop()


def _words_of(data: bytes) -> frozenset[str]:
    """Return the words of a page's main part, two by two."""
    text = data.decode("utf-8", "replace")
    main = _MAIN.search(text)
    words = _WORD.findall(html.unescape(_TAGS.sub(" ", main[0] if main else text)).lower())
    return frozenset(map(" ".join, pairwise(words)))
