"""The gates of publishing: what stops it, what to do about it, and the name that lets it pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

GateName = Literal["links", "vanished", "drafts", "base_url", "remote_moved", "uncommitted"]
GATES: tuple[GateName, ...] = ("links", "vanished", "drafts", "base_url", "remote_moved", "uncommitted")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a gate found.

    links: `address` is the page, `source` and `line` its content file. vanished: `address` is the page or
    panel that goes; `suggestion` is the page's file below content/ that should get the alias, "" if none can.
    drafts: `source` is the draft. remote_moved: `address` is the commit. uncommitted: `source` is the file
    from the site's folder.
    """

    text: str
    address: str = ""
    source: str = ""
    line: int | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A closed gate: what is wrong, what to do, and each finding; `allowed` when the owner lets it pass."""

    name: GateName
    text: str
    hint: str
    findings: tuple[Finding, ...] = ()
    allowed: bool = False


def gate_of(values: Mapping[str, Any]) -> Gate:
    """Read a gate that was written as plain values by `asdict`."""
    findings = tuple(Finding(**each) for each in values["findings"])
    return Gate(**{**values, "findings": findings})


def gates_as_json(gates: Iterable[Gate]) -> list[dict[str, Any]]:
    """Return gates as plain values."""
    return [asdict(gate) for gate in gates]


def closed(gates: Iterable[Gate]) -> tuple[Gate, ...]:
    """Return the gates that stop publishing."""
    return tuple(gate for gate in gates if not gate.allowed)


def allowed(gate: Gate, names: Collection[str]) -> Gate:
    """Mark a gate as passed if it is among the names."""
    return Gate(gate.name, gate.text, gate.hint, gate.findings, gate.name in names)
