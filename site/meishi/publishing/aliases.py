"""Write an alias for an address that would vanish."""

from __future__ import annotations

from pathlib import PurePosixPath

from meishi.content.editing.desk import Desk, Saved
from meishi.content.editing.fields import set_field
from meishi.content.editing.git import Author
from meishi.content.frontmatter import parse, split
from meishi.errors import PublishError
from meishi.publishing.gates import Finding


def write_alias(desk: Desk, finding: Finding, author: Author, to: str = "") -> Saved:
    """Give the page that a "vanished" finding suggests, or the content file `to`, the alias; save it.

    The desk is that of content/. Nothing else in the file changes; an alias that is there already stays.
    """
    page = to or finding.suggestion
    if not page or "#" in finding.address:
        raise PublishError(
            f"no page can take the place of {finding.address} by an alias",
            hint="Put the panel back into the menu, or name the page that takes its place",
        )
    place = PurePosixPath(page)
    opened = desk.open(place)
    values = parse(split(opened.text, page), page)
    key = next((key for key in values if key.lower() == "aliases"), "aliases")
    there = values.get(key) or []
    aliases = [there] if isinstance(there, str) else [str(each) for each in there]
    if finding.address not in aliases:
        aliases.append(finding.address)
    text = set_field(opened.text, key, aliases, page)
    return desk.save(place, text, opened.version, author, f"Let {finding.address} lead to content/{page}")
