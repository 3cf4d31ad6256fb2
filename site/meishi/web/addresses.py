"""How addresses are written: below the base path, whole, or relative."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

_SAFE = "/~@:+,;=!$&'()*"
# Comments are matched to be passed over.
_TAG = re.compile(r"""<!--.*?-->|<[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>""", re.DOTALL)
# `url` is that of <meta http-equiv="refresh" content="0; url=/about/">.
_LINK = re.compile(
    r"""(\s(?:href|src|action|formaction|poster|cite|data|data-src|data-url|data-words|data-style|url)=["']?)(/(?!/)[^\s"'>]*)"""
)
_SRCSET = re.compile(r"""(\s(?:imagesrcset|srcset)=)("[^"]*"|'[^']*')""")
_CANDIDATE = re.compile(r"""([\s,"']*)([^\s"']*[^\s,"'])((?:\s[^,]*)?)""")


class Addresses(NamedTuple):
    """Write the site's addresses; `base_path` is "" or like "/web", `origin` like "https://example.org"."""

    origin: str
    base_path: str

    def link(self, address: str, fragment: str = "", query: str = "") -> str:
        """Write an address as links have it: "/web/%E7%A7%81/"."""
        text = self.base_path + quote(address, safe=_SAFE)
        if query:
            text += f"?{query}"
        return f"{text}#{quote(fragment, safe=_SAFE)}" if fragment else text

    def whole(self, address: str, fragment: str = "") -> str:
        """Write an address with its scheme and host, where the site has one."""
        return self.origin + self.link(address, fragment)

    def relative(self, html: str, at: str) -> str:
        """Rewrite the links of a page at an address so that it works in any folder (Hugo's relativeURLs)."""
        folder = self.base_path + quote(at if at.endswith("/") else posixpath.dirname(at), safe=_SAFE)
        return rewritten(html, lambda url: _relative(url, folder.rstrip("/") + "/"))

    def canonical(self, html: str) -> str:
        """Rewrite the links of a page with scheme and host (Hugo's canonifyURLs)."""
        return rewritten(html, lambda url: self.origin + url)


def ascii_origin(origin: str) -> str:
    """Write the host of an origin as machines do: https://名刺.example → https://xn--1cr47b.example."""
    scheme, mark, host = origin.partition("://")
    return f"{scheme}{mark}{host.encode('idna').decode('ascii')}" if host else origin


def rewritten(html: str, change: Callable[[str], str]) -> str:
    """Change every link from the site's root in the tags of a page, and nothing in its text."""

    def candidate(match: re.Match[str]) -> str:
        url = match[2]
        rooted = url.startswith("/") and not url.startswith("//")
        return f"{match[1]}{change(url) if rooted else url}{match[3]}"

    def tag(match: re.Match[str]) -> str:
        text = match[0]
        if "=" not in text or text.startswith("<!--"):
            return text
        text = _LINK.sub(lambda link: link[1] + change(link[2]), text)
        if "srcset=" in text:
            text = _SRCSET.sub(lambda found: found[1] + _CANDIDATE.sub(candidate, found[2]), text)
        return text

    return _TAG.sub(tag, html)


def _relative(url: str, folder: str) -> str:
    cut = min((place for place in (url.find("?"), url.find("#")) if place >= 0), default=len(url))
    path, rest = url[:cut], url[cut:]
    relative = posixpath.relpath(path or "/", folder)
    if path.endswith("/"):
        relative = "./" if relative == "." else f"{relative}/"
    return relative + rest
