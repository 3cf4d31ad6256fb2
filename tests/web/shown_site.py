"""A reading of a small site, asked for its addresses without a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from meishi.config import load_site_config
from meishi.content.library import load_library
from meishi.web.folders import HOME, Folders
from meishi.web.public import PublicSite

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TWO_LANGUAGES = """
baseURL = "https://www.example.com/"
title = "Ichi"
[languages.en]
languageName = "English"
weight = 1
[languages.ja]
languageName = "日本語"
weight = 2
title = "一"
"""


@dataclass(frozen=True)
class Shown:
    """What a site answers."""

    site: PublicSite

    def body(self, address: str) -> bytes:
        """Return the bytes of an address."""
        target = self.site.target(address)
        assert target is not None, f"nothing is at {address}"
        file = self.site.file(target)
        return file.read_bytes() if file else self.site.render(target).answer.body

    def text(self, address: str) -> str:
        """Return the text of an address."""
        return self.body(address).decode()

    def page(self, address: str) -> LexborHTMLParser:
        """Return a page, parsed."""
        return LexborHTMLParser(self.text(address))

    def links(self, address: str, selector: str, attribute: str = "href") -> list[str]:
        """List an attribute of all elements that a selector finds on a page."""
        return [str(node.attributes[attribute]) for node in self.page(address).css(selector)]

    @property
    def warnings(self) -> list[str]:
        """List what is wrong with the site, as far as it was asked for."""
        return [str(warning) for warning in self.site.warnings]


def read(root: Path, *, now: datetime = NOW, **options: Any) -> Shown:
    """Read the site in a folder."""
    config = load_site_config(root)
    options.setdefault("base_path", config.base_path)
    return Shown(PublicSite(load_library(config, now), Folders(root, HOME, config.theme), **options))


Show = Callable[..., Shown]
