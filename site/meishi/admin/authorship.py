"""Under whose name changes are saved, and whether git hears of them."""

from __future__ import annotations

from collections.abc import Mapping

from meishi.content.editing.git import Author, GitOptions
from meishi.web.heads import author_of
from meishi.web.source import CurrentSite


def owner_of(source: CurrentSite) -> Author:
    """Return the owner as git and the history call them."""
    config = source.current().library.config
    facts = author_of(config, config.params)
    return Author(str(facts.get("name") or config.title or "Owner"), str(facts.get("email") or ""))


def git_options(source: CurrentSite) -> GitOptions | None:
    """Return how saves are committed; None if config.toml says `[admin] git = false`."""
    table = source.current().library.config.raw.get("admin", {})
    wanted = table.get("git", True) if isinstance(table, Mapping) else True
    return GitOptions() if wanted else None
