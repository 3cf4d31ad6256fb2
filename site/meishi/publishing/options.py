"""What the caller of a build may choose."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FreezeOptions(NamedTuple):
    """Hold the options of one build."""

    source: Path
    destination: Path
    base_url: str | None = None
    drafts: bool = False
    future: bool = False
    expired: bool = False
    clean: bool = False
    broken: bool = False  # broken links stop nothing

    @property
    def cache(self) -> Path:
        """Return the folder for what builds keep between runs."""
        return self.source / ".cache"

    def words(self) -> tuple[str, ...]:
        """Spell out what changes the bytes of a build."""
        choices = (
            ("drafts", self.drafts),
            ("future", self.future),
            ("expired", self.expired),
            ("broken", self.broken),
        )
        return (f"base_url={self.base_url}", *(name for name, chosen in choices if chosen))
