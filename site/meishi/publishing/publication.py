"""A publication: one commit of the published branch, and what its message says about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_TRAILER = re.compile(r"^(Meishi-[A-Z][\w-]*): (.*)$", re.MULTILINE)
BUILD, SOURCE, RESTORES, CHANGES = "Meishi-Build", "Meishi-Source", "Meishi-Restores", "Meishi-Changes"


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication; `id` is its commit, what is not known (a foreign commit) is empty."""

    id: str
    when: datetime
    author: str
    email: str
    subject: str
    tree: str
    parent: str = ""
    build: str = ""  # the id that its home page bears
    source: str = ""  # the commit that it was made from
    restores: str = ""  # the publication that it brought back
    table: str = ""  # Hugo's table
    changes: tuple[int, int, int] | None = None  # addresses added, changed, removed

    @property
    def ours(self) -> bool:
        """Tell whether Meishi made it."""
        return bool(self.build)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "id": self.id, "when": self.when.isoformat(), "author": self.author, "email": self.email,
            "subject": self.subject, "tree": self.tree, "parent": self.parent, "build": self.build,
            "source": self.source, "restores": self.restores, "table": self.table,
            "changes": list(self.changes) if self.changes is not None else None,
        }  # fmt: skip


def publication_of(values: dict[str, Any]) -> Publication:
    """Read what `as_json` returned."""
    changes = values["changes"]
    when = datetime.fromisoformat(values["when"])
    return Publication(**{**values, "when": when, "changes": tuple(changes) if changes else None})


def message_of(
    subject: str,
    *,
    table: str = "",
    build: str = "",
    source: str = "",
    restores: str = "",
    changes: Sequence[int] = (),
) -> str:
    """Write the message of a publication's commit."""
    trailers = {
        BUILD: build, SOURCE: source, RESTORES: restores, CHANGES: " ".join(map(str, changes)),
    }  # fmt: skip
    lines = [f"{name}: {value}" for name, value in trailers.items() if value]
    # git cuts lines of nothing but spaces, and spaces at the ends of lines; the table has none.
    return "\n\n".join(part for part in (subject, table.strip("\n"), "\n".join(lines)) if part) + "\n"


def read_message(message: str) -> tuple[str, dict[str, str], str]:
    """Take the message of a publication's commit apart: its subject, its trailers, Hugo's table."""
    subject, _, rest = message.partition("\n")
    trailers = dict(_TRAILER.findall(rest))
    table = _TRAILER.sub("", rest).strip("\n")
    return subject.strip(), trailers, table
