"""What has to stand in DNS, compared with what does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

from meishi.publishing.domain.lookup import Answer, Lookup
from meishi.publishing.domain.names import Names
from meishi.publishing.domain.records import (
    AAAA,
    AUTHORITY,
    OLD,
    A,
    Record,
    address_records,
    caa_record,
    challenge_name,
    cname_record,
    target_of,
)
from meishi.publishing.domain.report import Check, Level

#: Where Cloudflare's proxies live.
_CLOUDFLARE = tuple(
    map(
        ip_network,
        (
            "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "188.114.96.0/20", "162.158.0.0/15",
            "198.41.128.0/17", "141.101.64.0/18", "190.93.240.0/20", "2606:4700::/32", "2803:f800::/32",
            "2a06:98c0::/29",
        ),
    )
)  # fmt: skip


class DnsChecks:
    """Look at the records of a site's names."""

    def __init__(self, lookup: Lookup, names: Names, owner: str, stray: str) -> None:
        self._lookup = lookup
        self._names = names
        self._owner = owner
        self._stray = stray  # a name that nobody entered

    def addresses(self, name: str, kind: str) -> Check:
        """Look at the A or AAAA records of an apex."""
        answer = self._lookup.ask(name, kind)
        wanted = A if kind == "A" else AAAA
        if answer.state == "failed":
            return _failed(kind.lower(), name, answer)
        level, code = _judge_addresses(answer.values, wanted)
        if level in ("error", "warning", "note") and code != "proxied":
            source = self._lookup.at_the_source(self._names.apex, name, kind)
            if set(source.values) == set(wanted):
                return self._waiting(kind.lower(), name, answer, wanted)
        missing = [value for value in wanted if value not in answer.values]
        strangers = [value for value in answer.values if value not in wanted]
        return Check(
            kind.lower(), name, level, code, answer.values, wanted,
            tuple(record for record in address_records(name, kind) if record.value in missing),
            tuple(Record(name, kind, value) for value in strangers if code != "proxied"),
        )  # fmt: skip

    def cname(self, name: str) -> Check:
        """Look at the CNAME record of a subdomain."""
        answer = self._lookup.ask(name, "CNAME")
        if answer.state == "failed":
            return _failed("cname", name, answer)
        target, record = f"{target_of(self._owner)}.", cname_record(name, self._owner)
        values = {"target": target.rstrip("."), "host": self._names.host}
        if answer.state != "found":
            return self._without_cname(name, record, values)
        value = answer.values[0]
        level, code = self._judge_cname(name, value.lower().rstrip("."), target.lower().rstrip("."))
        if level in ("error", "warning"):
            source = self._lookup.at_the_source(self._names.apex, name, "CNAME")
            if [each.lower() for each in source.values] == [target]:
                return self._waiting("cname", name, answer, (target,))
        keep = code in ("fine", "unknown_owner")
        return Check(
            "cname", name, level, code, answer.values, (target,), () if keep else (record,),
            () if keep else (Record(name, "CNAME", value),), {**values, "value": value.rstrip(".")},
        )  # fmt: skip

    def _judge_cname(self, name: str, value: str, target: str) -> tuple[Level, str]:
        if not self._owner and value.endswith(".github.io"):
            return "warning", "unknown_owner"
        if value == target:
            return "good", "fine"
        if value.endswith(".github.io"):
            return "warning", "other_owner"
        if value == self._names.apex:
            return "warning", "apex"
        found = self._lookup.addresses(name)
        if found and set(found) <= {*A, *AAAA}:
            return "warning", "detour"
        return "error", "foreign"

    def _without_cname(self, name: str, record: Record, values: dict[str, str]) -> Check:
        """Judge a subdomain that has addresses instead, or nothing."""
        found = self._lookup.addresses(name)
        source = self._lookup.at_the_source(self._names.apex, name, "CNAME")
        if source.values and source.values[0].lower() == record.value:
            return self._waiting("cname", name, Answer("empty", found), (record.value,))
        if not found:
            partner = name != self._names.host
            code = "missing_partner" if partner else "missing"
            return Check(
                "cname", name, "warning" if partner else "error", code, (), (record.value,), (record,),
                values=values,
            )  # fmt: skip
        if _proxied(found):
            return Check("cname", name, "warning", "proxied", found, (record.value,), values=values)
        github = set(found) <= {*A, *AAAA}
        kinds = {value: "AAAA" if ":" in value else "A" for value in found}
        remove = tuple(Record(name, kind, value) for value, kind in kinds.items())
        level: Level = "warning" if github else "error"
        code = "addresses" if github else "foreign_addresses"
        return Check("cname", name, level, code, found, (record.value,), (record,), remove, values)

    def _waiting(self, check: str, name: str, answer: Answer, wanted: tuple[str, ...]) -> Check:
        minutes = str(max(1, -(-answer.ttl // 60)))
        return Check(check, name, "wait", "waiting", answer.values, wanted, values={"minutes": minutes})

    def wildcard(self) -> Check:
        """Ask for a name that nobody entered."""
        found = self._lookup.addresses(self._stray)
        pages = set(found) & {*A, *AAAA}
        if not pages:
            return Check("wildcard", self._names.apex, "good", "fine", found)
        return Check(
            "wildcard", self._names.apex, "warning", "found", found,
            remove=(Record(f"*.{self._names.apex}", "A", "…"),),
        )  # fmt: skip

    def caa(self, name: str) -> Check:
        """Ask whether GitHub's authority may sign for a name: the first set above it counts."""
        for zone in _upwards(name):
            answer = self._lookup.ask(zone, "CAA")
            if answer.state == "failed":
                return _failed("caa", name, answer)
            if answer.state == "found":
                return _judge_caa(name, zone, answer)
        return Check("caa", name, "good", "none")

    def challenge(self, verified: bool) -> Check:
        """Look for the proof that the domain is the owner's."""
        record = challenge_name(self._names.apex, self._owner)
        if verified:
            return Check("challenge", self._names.apex, "good", "verified")
        if not self._owner:
            return Check("challenge", self._names.apex, "unknown", "unknown")
        answer = self._lookup.ask(record, "TXT")
        if answer.state == "failed":
            return _failed("challenge", self._names.apex, answer)
        values = {"record": record}
        if answer.values:
            return Check("challenge", record, "good", "fine", answer.values, values=values)
        wanted = (f"{record}. TXT …",)
        return Check("challenge", self._names.apex, "warning", "missing", (), wanted, values=values)


def _judge_addresses(found: Sequence[str], wanted: Sequence[str]) -> tuple[Level, str]:
    right = set(found) & set(wanted)
    ipv6 = wanted is AAAA
    if not found:
        return ("note", "missing") if ipv6 else ("error", "missing")
    if set(found) == set(wanted):
        return "good", "fine"
    if right == set(found):
        return ("note", "partial") if ipv6 else ("warning", "partial")
    if ipv6:
        # Behind a proxy both kinds are the proxy's: the A records have told of it.
        return ("note", "missing") if _proxied(found) else ("error", "foreign")
    if _proxied(found):
        return "warning", "proxied"
    if set(found) & set(OLD):
        return "error", "old"
    return "error", "mixed" if right else "foreign"


def _judge_caa(name: str, zone: str, answer: Answer) -> Check:
    values = {"zone": zone}
    issuers = [
        value.split(None, 2)[2].strip('"').split(";")[0].strip().lower()
        for value in answer.values
        if value.split(None, 2)[1].lower() == "issue"
    ]
    if not issuers or AUTHORITY in issuers:
        return Check("caa", name, "good", "fine", answer.values, values=values)
    return Check("caa", name, "error", "blocks", answer.values, (caa_record(zone).value,),
                 (caa_record(zone),), values=values)  # fmt: skip


def _proxied(found: Sequence[str]) -> bool:
    return bool(found) and all(
        any(ip_address(value) in network for network in _CLOUDFLARE) for value in found
    )


def _upwards(name: str) -> Iterator[str]:
    labels = name.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))


def _failed(check: str, name: str, answer: Answer) -> Check:
    return Check(check, name, "unknown", "failed", values={"detail": answer.detail})
