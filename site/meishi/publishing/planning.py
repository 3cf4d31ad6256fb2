"""The plan of a publication: what is published, what would be, what differs and which gates are closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from meishi.publishing.difference import Difference, difference_of
from meishi.publishing.gates import Gate, closed, gate_of, gates_as_json
from meishi.publishing.publication import Publication, publication_of

Via = Literal["branch", "push"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing now would do. Addresses of remotes bear no user names and passwords."""

    via: Via
    remote: str  # "origin"
    remote_url: str
    branch: str  # "gh-pages", or the branch that is pushed
    address: str  # the public address: "https://www.example.com/"
    build: str  # the new build's id
    source: str  # the commit of the content, "" outside of git
    published: Publication | None  # what visitors have now; None if nothing is published
    ahead: tuple[Publication, ...]  # published by others since this computer published, newest first
    difference: Difference
    gates: tuple[Gate, ...]
    table: str = ""
    rows: Mapping[str, Mapping[str, int]] | None = None
    commits: tuple[str, ...] = ()  # by push: subjects of the commits that go out, newest first
    files: tuple[str, ...] = ()  # by push: files that are committed first

    @property
    def closed(self) -> tuple[Gate, ...]:
        """Return the gates that stop it."""
        return closed(self.gates)

    @property
    def nothing(self) -> bool:
        """Tell whether there is nothing to publish."""
        return self.difference.same_tree and not self.commits and not self.files

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "via": self.via, "remote": self.remote, "remote_url": self.remote_url, "branch": self.branch,
            "address": self.address, "build": self.build, "source": self.source,
            "published": self.published.as_json() if self.published else None,
            "ahead": [each.as_json() for each in self.ahead],
            "difference": self.difference.as_json(), "gates": gates_as_json(self.gates),
            "table": self.table, "rows": self.rows, "commits": list(self.commits), "files": list(self.files),
        }  # fmt: skip


def plan_of(values: Mapping[str, Any]) -> Plan:
    """Read what `as_json` returned."""
    published = values["published"]
    return Plan(
        **{
            **values,
            "published": publication_of(published) if published else None,
            "ahead": tuple(map(publication_of, values["ahead"])),
            "difference": difference_of(values["difference"]),
            "gates": tuple(map(gate_of, values["gates"])),
            "commits": tuple(values["commits"]),
            "files": tuple(values["files"]),
        }
    )
