"""Write an alias for an address that would vanish."""

from __future__ import annotations

from pathlib import Path

from meishi.content.editing.desk import Desk, Saved
from meishi.content.editing.git import Author
from meishi.publishing.gates import Finding


def write_alias(root: Path, desk: Desk, finding: Finding, author: Author, to: str = "") -> Saved:
    """Give the page that a "vanished" finding suggests, or the content file `to`, the alias; save it."""
    raise NotImplementedError
