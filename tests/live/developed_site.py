"""A site on a real development server, edited while a real browser looks at it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from meishi.live.reload import Reload

CONFIG = 'title = "Ichi"\n[params]\naccent = "#c9371f"\n'
LONG = "\n\n".join(f"Line {number}." for number in range(200))
FILES = {
    "config.toml": CONFIG,
    "content/about.md": f"---\ntitle: About\n---\nFirst words.\n\n{LONG}",
    "content/work.md": "---\ntitle: Work\n---\nMy work.",
}


@dataclass(frozen=True)
class Developed:
    """A served site and its folder."""

    root: Path
    url: str
    app: Flask

    def save(self, name: str, text: str) -> None:
        """Write a file as editors do that write in place."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def replace(self, name: str, text: str) -> None:
        """Write a file as editors do that put a new one in its place."""
        place = self.root / name
        fresh = place.with_name(f".{place.name}.new")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, place)  # noqa: PTH105

    def save_as_vim(self, name: str, text: str) -> None:
        """Write a file as vim does: the old one becomes a backup, which goes when the new one is there."""
        place = self.root / name
        backup = place.with_name(f"{place.name}~")
        place.rename(backup)
        place.write_text(text, encoding="utf-8")
        backup.unlink()

    @property
    def reload(self) -> Reload:
        """Return what tells the open pages."""
        found: Reload = self.app.extensions["meishi.reload"]
        return found


Develop = Callable[..., Developed]
