"""Where the parts of a site lie, and which files of static/ are published as they are."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from meishi.web.assets import FOLDERS, is_asset

#: Folders of static/ that are not published: what they hold goes into pages, or is the server's own.
UNPUBLISHED = ("dist", "admin")
#: The folder that holds Meishi's own templates/ and static/, beside site/.
HOME = Path(__file__).resolve().parents[3]


class Folders(NamedTuple):
    """Where a site's parts lie; `meishi` is the folder that Meishi's own theme lies in."""

    site: Path
    meishi: Path
    theme: str = ""

    def all(self, name: str) -> tuple[Path, ...]:
        """Return the folders of this name, the site's own first, whether they are there or not."""
        found = [self.site / name]
        if self.theme:
            found.append(self.site / "themes" / self.theme / name)
        if self.meishi != self.site:
            found.append(self.meishi / name)
        return tuple(found)

    def of(self, name: str) -> tuple[Path, ...]:
        """Return the folders of this name that are there, the site's own first."""
        return tuple(folder for folder in self.all(name) if folder.is_dir())

    @property
    def strings(self) -> tuple[Path, ...]:
        """Return the folders of the theme's words, the site's own i18n/ last: it wins."""
        themes = [folder / "i18n" for folder in reversed(self.all("templates"))]
        if self.theme:
            themes.append(self.site / "themes" / self.theme / "i18n")
        return (*themes, self.site / "i18n")

    def shortcodes(self) -> frozenset[str]:
        """Return the names of the shortcodes that have a template."""
        return frozenset(
            path.stem for folder in self.of("templates") for path in folder.glob("shortcodes/*.html")
        )

    @property
    def cache(self) -> Path:
        """Return the folder for what can be made again."""
        return self.site / ".cache"

    def static_files(self) -> dict[str, Path]:
        """Map the address of each static file that is published as it is to the file; the site's own wins."""
        found: dict[str, Path] = {}
        for folder in reversed(self.of("static")):
            for name in _names(folder):
                found[unicodedata.normalize("NFC", f"/{name}")] = folder / name
        return found


def _names(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        top = below == "."
        folders[:] = sorted(
            name
            for name in folders
            if (not name.startswith(".") or name == ".well-known") and not (top and name in UNPUBLISHED)
        )
        hashed = below.split("/")[0] in FOLDERS
        for name in sorted(files):
            if not name.startswith(".") and not (hashed and is_asset(name)):
                yield name if top else f"{below}/{name}"
