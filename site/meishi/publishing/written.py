"""What the owner writes, of all that lies in a site's folder: a publication by push commits it."""

from __future__ import annotations

FOLDERS = ("content", "static")
FILES = ("config.toml", "hugo.toml")
