"""A site read from a few files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meishi.config import load_site_config
from meishi.content.library import Library, load_library

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TWO = 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n'

ReadSite = Callable[..., Library]


def write_and_read(
    root: Path, files: Mapping[str, str | bytes], config: str = "", *, now: datetime = NOW, **options: Any
) -> Library:
    """Write files below content/, and read the site."""
    (root / "config.toml").write_text(f'title = "Ichi"\n{config}', encoding="utf-8")
    (root / "content").mkdir(exist_ok=True)
    for path, text in files.items():
        place = root / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_library(load_site_config(root), now, **options)
