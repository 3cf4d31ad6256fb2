"""What the install built into static/dist/, and what to say when it could not."""

from __future__ import annotations

from pathlib import Path

# What in static/dist/ is for the server alone: icons are drawn into pages, letters into pictures.
PRIVATE = frozenset({".stamp", "NOTE.txt", "admin", "fonts", "icons.txt"})


def problem(dist: Path) -> str | None:
    """Say in one line what is missing and how to get it; None when all is there."""
    try:
        return (dist / "NOTE.txt").read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        pass
    if (dist / ".stamp").is_file():
        return None
    return "There are no icons and no live guestbook: static/dist/ is not built. Run: python hatch_build.py"
