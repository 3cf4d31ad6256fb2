"""Published pages shown inside the study: as visitors see them, but nothing in them runs or is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Response, abort, redirect
from werkzeug.wrappers import Response as BaseResponse

from meishi.publishing.pages_site import look_up
from meishi.publishing.pages_tree import Tree
from meishi.publishing.pages_types import content_type
from meishi.web.addresses import rewritten

#: Nothing in a page of the past runs or is sent. It keeps our origin, or the owner's cookie would not go
#: along with the requests for its pictures; without scripts that gives it no power.
POLICY = "; ".join(
    (
        "sandbox allow-same-origin",
        "default-src 'none'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
_STYLESHEET = re.compile(r"""<link\b[^>]*\brel=["']?stylesheet\b[^>]*>""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref=["']?([^"'\s>]+)""")
_CANONICAL = re.compile(r"""<link\b[^>]*\brel=["']?canonical\b[^>]*>""", re.IGNORECASE)
_STYLE = re.compile(r"<style[^>]*>.*?</style>|\sstyle=(?:\"[^\"]*\"|'[^']*')", re.DOTALL | re.IGNORECASE)
_LINKS = r"""(\s(?:href|src|srcset|imagesrcset|action|poster|url)=["']?)"""
_URL = re.compile(r"""(\burl\(\s*["']?|@import\s+["'])(/(?!/)[^"')\s]*)""")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A published tree, shown below `prefix`, an address that ends in a slash."""

    tree: Tree
    prefix: str

    def answer(self, address: str) -> BaseResponse:
        """Answer for an address below the site's base path, as GitHub Pages would."""
        outcome = look_up(self.tree, f"/{address}")
        if outcome.status == 301:
            return redirect(self.prefix + quote(outcome.to.lstrip("/")), 302)
        if outcome.blob is None:
            abort(404)
        kind = content_type(outcome.blob.path)
        data = outcome.blob.read()
        if kind.startswith(("text/html", "text/css")):
            text = data.decode("utf-8", "replace")
            data = (self._page(text) if kind.startswith("text/html") else self._style(text)).encode()
        response = Response(data, outcome.status, content_type=kind)
        response.headers["Content-Security-Policy"] = POLICY
        # Browsers refuse a sandboxed page that asks to be alone among windows.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    def _page(self, html: str) -> str:
        """Bring the links of a page below the prefix."""
        origin, base = self._home()
        if origin:
            html = re.sub(_LINKS + re.escape(origin) + "(?=/)", r"\1", html)
        html = _STYLE.sub(lambda style: self._style(style[0]), html)
        return rewritten(html, lambda url: self._moved(url, base))

    def _style(self, css: str) -> str:
        base = self._home()[1]
        return _URL.sub(lambda found: found[1] + self._moved(found[2], base), css)

    def _moved(self, url: str, base: str) -> str:
        if base and url != base and not url.startswith(f"{base}/"):
            return url
        return self.prefix + url[len(base) :].lstrip("/")

    def _home(self) -> tuple[str, str]:
        """Find the origin and the base path that the tree was made for: "https://example.org", "/web"."""
        # Not even relativeURLs makes the links of 404.html relative.
        pages = [self._text(name) for name in ("404.html", "index.html")]
        bases = (self._base(html) for html in pages)
        return _origin(pages[-1]), next((base for base in bases if base is not None), "")

    def _text(self, name: str) -> str:
        found = self.tree.blob(name)
        return found.read().decode("utf-8", "replace") if found else ""

    def _base(self, html: str) -> str | None:
        """Find what stands before the name of a style sheet that lies in the tree."""
        for link in _STYLESHEET.findall(html):
            href = _HREF.search(link)
            if href is None:
                continue
            parts = urlsplit(href[1]).path.split("/")
            for cut in range(1, len(parts)):
                if self.tree.blob("/".join(parts[cut:])) is not None:
                    return "/".join(parts[:cut])
        return None


def _origin(html: str) -> str:
    link = _CANONICAL.search(html)
    href = _HREF.search(link[0]) if link else None
    parts = urlsplit(href[1]) if href else None
    return f"{parts.scheme}://{parts.netloc}" if parts and parts.netloc else ""
