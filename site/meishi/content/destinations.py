"""Where links and pictures lead: which addresses are the site's own, and how they are spelled."""

from __future__ import annotations

import re

from markdown_it.common.normalize_url import normalizeLink

_PLAIN = re.compile(r"[A-Za-z0-9/._~:?#@!$&'()*+,;=-]*")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
# A shortcode's place in the source, see shortcodes.py.
MARK = re.compile("\ufdd0([0-9]+)\ufdd1")


def normal(address: str) -> str:
    """Spell an address as URLs are spelled; shortcodes in it stay."""
    if _PLAIN.fullmatch(address):
        return address
    if "\ufdd0" not in address:
        return normalizeLink(address)
    parts = re.split("(\ufdd0[0-9]+\ufdd1)", address)
    return "".join(part if part.startswith("\ufdd0") else normal(part) for part in parts)


def is_own(address: str) -> bool:
    """Tell whether an address leads to a page or file of this site, so that it has to be looked up."""
    return bool(address) and address[0] != "#" and not _ELSEWHERE.match(address)
