"""What the doctor found: one check a question, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from meishi.publishing.domain.records import Record
from meishi.publishing.domain.words import Language, action_of, title_of, what_of

#: "wait" is right already, but not everywhere yet; "unknown" could not be looked at.
Level = Literal["good", "note", "wait", "warning", "error", "unknown"]
_WORST: tuple[Level, ...] = ("error", "warning", "wait", "unknown", "note", "good")


@dataclass(frozen=True, slots=True)
class Check:
    """One question about one name; `code` chooses the words, `values` fill them."""

    id: str
    subject: str  # the name that was looked at
    level: Level
    code: str
    found: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()  # to be entered
    remove: tuple[Record, ...] = ()  # to be taken out
    values: Mapping[str, str] = field(default_factory=dict)

    def title(self, language: Language) -> str:
        """Name the question."""
        return title_of(self.id, language)

    def what(self, language: Language) -> str:
        """Say how it stands."""
        return what_of(f"{self.id}.{self.code}", language, {"name": self.subject, **self.values})

    def action(self, language: Language) -> str:
        """Say what to do, "" where there is nothing to do."""
        return action_of(f"{self.id}.{self.code}", language, {"name": self.subject, **self.values})

    @property
    def zone_lines(self) -> tuple[str, ...]:
        """Write what has to change as lines of a zone file; what goes is a comment."""
        gone = (f"; remove: {record.line}" for record in self.remove)
        return (*gone, *(record.line for record in self.records))


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of a domain, in the order in which one thing needs the other."""

    host: str
    apex: str
    partner: str
    address: str  # baseURL
    owner: str
    at: datetime
    checks: tuple[Check, ...]

    @property
    def level(self) -> Level:
        """Return the worst level."""
        levels = {check.level for check in self.checks}
        return next((level for level in _WORST if level in levels), "good")

    @property
    def next(self) -> Check | None:
        """Return what to do first."""
        for level in ("error", "wait", "warning"):
            for check in self.checks:
                if check.level == level:
                    return check
        return None

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """Return it as plain values, with words for those who read them."""
        checks = [
            {
                **asdict(check),
                "title": check.title(language),
                "what": check.what(language),
                "action": check.action(language),
                "zone": list(check.zone_lines),
            }
            for check in self.checks
        ]
        return {
            "host": self.host, "apex": self.apex, "partner": self.partner, "address": self.address,
            "owner": self.owner, "at": self.at.isoformat(), "level": self.level, "checks": checks,
        }  # fmt: skip


def report_of(values: Mapping[str, Any]) -> Report:
    """Read what `as_json` returned; the words are made anew."""
    return Report(
        values["host"],
        values["apex"],
        values["partner"],
        values["address"],
        values["owner"],
        datetime.fromisoformat(values["at"]),
        tuple(_check_of(each) for each in values["checks"]),
    )


def _check_of(values: Mapping[str, Any]) -> Check:
    records, remove = (tuple(Record(**each) for each in values[name]) for name in ("records", "remove"))
    return Check(
        values["id"], values["subject"], values["level"], values["code"], tuple(values["found"]),
        tuple(values["expected"]), records, remove, dict(values["values"]),
    )  # fmt: skip
