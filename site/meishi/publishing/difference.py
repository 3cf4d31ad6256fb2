"""What visitors will see change: a new build compared with the published one, address by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One address that differs. `path` is its file in the build, `source` its file below content/ or ""."""

    kind: Kind
    address: str  # "/about/"; of a panel "/#about"
    path: str
    size: int = 0  # bytes; 0 when it is removed
    old_size: int = 0  # bytes; 0 when it is added
    source: str = ""
    row: str = ""  # its row in Hugo's table: "Pages", "Static files" …
    blob: str = ""  # git's id of the new bytes
    old_blob: str = ""

    @property
    def panel(self) -> bool:
        """Tell whether it is a panel of a home page."""
        return "#" in self.address

    @property
    def page(self) -> bool:
        """Tell whether it is a page that a visitor opens, and not a file of one."""
        return self.path.endswith((".html", ".htm"))


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs, panels after the addresses; `first` says that nothing was published before."""

    changes: tuple[Change, ...] = ()
    first: bool = False
    same_tree: bool = False  # not even the build's id differs

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Count added, changed and removed addresses, without panels."""
        kinds: tuple[Kind, ...] = ("added", "changed", "removed")
        added, changed, removed = (sum(not each.panel for each in self.of(kind)) for kind in kinds)
        return added, changed, removed

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        changes = [asdict(each) for each in self.changes]
        return {"first": self.first, "same_tree": self.same_tree, "changes": changes}


def difference_of(values: Mapping[str, Any]) -> Difference:
    """Read what `as_json` returned."""
    changes: Iterable[Mapping[str, Any]] = values["changes"]
    return Difference(tuple(Change(**each) for each in changes), values["first"], values["same_tree"])
