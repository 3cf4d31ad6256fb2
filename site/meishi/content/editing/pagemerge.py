"""Merges of pages and settings, which must also make sense as values.

Lines can merge into nonsense: a field that both sides added, in different places, would stand there twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from meishi.content.editing.merging import Merged, compare, merge
from meishi.content.frontmatter import parse, split
from meishi.content.sources import PAGE_ENDINGS
from meishi.errors import MeishiError


def merge_page(path: PurePosixPath, base: str, mine: str, theirs: str) -> Merged:
    """Merge like `merge`, and see a clash too where the merged fields would not be what both sides meant."""
    merged = merge(base, mine, theirs)
    if merged.clashes or merged.text in {mine, theirs}:
        return merged
    sides = [_values(path, text) for text in (base, mine, theirs)]
    if sides[1] is None or sides[2] is None:
        return merged  # one of them was no front matter before; lines are all there is
    together = _values(path, merged.text)
    if together is None or not _meant(sides[0] or {}, sides[1], sides[2], together):
        return compare(mine, theirs)
    return merged


def _values(path: PurePosixPath, text: str) -> dict[str, Any] | None:
    try:
        if path.name.endswith(PAGE_ENDINGS):
            return parse(split(text, path.as_posix()), path.as_posix())
        if path.suffix == ".toml":
            return tomllib.loads(text.replace("\r\n", "\n"))
    except (MeishiError, ValueError):
        return None
    return {}


def _meant(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], merged: Mapping[str, Any]
) -> bool:
    for name in {*base, *mine, *theirs, *merged}:
        was, own, other, now = (side.get(name) for side in (base, mine, theirs, merged))
        if isinstance(own, dict) and isinstance(other, dict) and isinstance(now, dict):
            if not _meant(was if isinstance(was, dict) else {}, own, other, now):
                return False
        elif own == other or was == other:
            if now != own:
                return False
        elif was == own:
            if now != other:
                return False
        elif not (isinstance(own, list) and isinstance(other, list) and isinstance(now, list)):
            return False
    return True
