"""Links that follow a page to its new name; nothing else of the text changes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from meishi.admin.page_links import Link

#: What may stand around a destination in Markdown, in shortcodes and in HTML.
_BEFORE, _AFTER = r"""(?<=[(\s<"'`=])""", r"""(?=[)\s>"'`#?]|$)"""


def relinked(text: str, links: Sequence[Link], names: Mapping[str, str]) -> tuple[str, list[Link]]:
    """Let links lead to pages' new paths; return the text, and the links that were not found in it."""
    lines = text.splitlines(keepends=True)
    missed = []
    for link in links:
        new = names.get(link.to.path)
        if new is None or not _relink(lines, link, new, names.get(link.page.path, link.page.path)):
            missed.append(link)
    return "".join(lines), missed


def _relink(lines: list[str], link: Link, new: str, here: str) -> bool:
    path = re.split(r"[#?]", link.written, maxsplit=1)[0]
    target = _written_like(path, link, new, here)
    # A link's line is that of its paragraph's beginning, or its own.
    for number in range(max(link.line - 1, 0), len(lines)):
        for form in dict.fromkeys((path, unquote(path), quote(unquote(path)))):
            to = target if "%" not in form else quote(unquote(target))
            if found := re.search(_BEFORE + re.escape(form) + _AFTER, lines[number]):
                lines[number] = lines[number][: found.start()] + to + lines[number][found.end() :]
                return True
    return False


def _written_like(path: str, link: Link, new: str, here: str) -> str:
    """Name the page as the link did: from the top, from beside it, with or without ending and language."""
    plain = unquote(path)
    old = link.to.path
    wanted = new
    name = plain.rpartition("/")[2]
    full = old.rpartition("/")[2]
    ending = "." + full.rpartition(".")[2]
    if name == full or plain.endswith(f"/{full}"):
        pass
    elif name.endswith(ending):
        wanted = _without_language(new)  # the link left the language out: notes/trip.md for trip.ja.md
    else:
        wanted = _without_language(new).removesuffix(ending).removesuffix("/_index").removesuffix("/index")
    if plain.startswith("/"):
        return f"/{wanted}"
    if plain.startswith("."):
        return posixpath.relpath(wanted, posixpath.dirname(here) or ".")
    if "/" not in plain and posixpath.dirname(here) == posixpath.dirname(wanted):
        return posixpath.basename(wanted)
    return wanted


def _without_language(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    parts = name.split(".")
    return f"{folder}{slash}{parts[0]}.{parts[-1]}" if len(parts) == 3 else path
