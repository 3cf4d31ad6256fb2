"""What a check found, as a line that editors and terminals understand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from meishi.content.frontmatter import line_of_key, split
from meishi.content.library import Library
from meishi.content.models import Page
from meishi.errors import MeishiError

#: An error would stop a build; a warning is a mistake that visitors may notice; a note is worth knowing.
Level = Literal["error", "warning", "note"]
_RANKS = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    level: Level
    path: str
    line: int | None
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: MeishiError, level: Level = "error") -> Finding:
        """Make a finding of an error; `path` loses the machine's folders."""
        path = error.path.as_posix() if isinstance(error.path, PurePath) else error.path or ""
        return cls(level, path, error.line, error.message, error.hint or "")

    @property
    def rank(self) -> tuple[str, int, int, str]:
        """Order findings by file, line and weight."""
        return self.path, self.line or 0, _RANKS[self.level], self.message

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        text = f"{self.level}: {self.message.rstrip('.')}."
        hint = f" {self.hint}{'' if self.hint.endswith(('.', '?', '!')) else '.'}" if self.hint else ""
        return f"{place}: {text}{hint}" if place else f"{text}{hint}"


def line_in(library: Library, page: Page, key: str) -> int | None:
    """Find the line of a field in a page's file."""
    if not page.path:
        return None
    try:
        return line_of_key(split(library.sources.text(page.path), page.path), key) or 1
    except (MeishiError, OSError):
        return None
