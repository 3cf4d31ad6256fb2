"""The domain doctor: asks DNS, GitHub and the site itself, and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from meishi.publishing.domain.dns_checks import DnsChecks
from meishi.publishing.domain.github_checks import check_file, check_setting
from meishi.publishing.domain.lookup import Lookup, stray_name
from meishi.publishing.domain.names import Names, guessed_apex, host_of, is_own
from meishi.publishing.domain.records import site_records
from meishi.publishing.domain.report import Check, Level, Report
from meishi.publishing.domain.subject import Subject
from meishi.publishing.domain.web import Web
from meishi.publishing.domain.web_checks import WebChecks
from meishi.publishing.github_api import GitHub


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the doctor looks with; `github` is None without a token."""

    lookup: Lookup
    web: Web
    github: GitHub | None
    now: Callable[[], datetime]
    stray: str | None = None  # the name that stands for "nobody entered it"; else by chance


def examine(subject: Subject, instruments: Instruments) -> Report:
    """Look at everything that a domain needs; it takes as long as the slowest answer."""
    host = (urlsplit(subject.base_url).hostname or "").lower()
    if not is_own(host):
        code = "github" if host.endswith(".github.io") else "none"
        check = Check("domain", host or "-", "good" if code == "github" else "note", code)
        return _report(subject, Names(host, host), instruments, (check,))
    host = host_of(host)
    with ThreadPoolExecutor(8, thread_name_prefix="domain") as pool:
        zone = instruments.lookup.zone(host)
        names = _names(host, zone)
        checks = _Round(subject, names, instruments, pool).checks(zone)
    return _report(subject, names, instruments, checks)


def _names(host: str, zone: str | None) -> Names:
    """Find the apex: where DNS says that a zone begins, if that can be somebody's."""
    guess = guessed_apex(host)
    # www.example.com may be a zone of its own, and an unregistered name lies in that of its ending.
    sound = zone is not None and zone.count(".") >= guess.count(".") and not zone.startswith("www.")
    return Names(host, zone if sound and zone else guess)


def _report(subject: Subject, names: Names, instruments: Instruments, checks: tuple[Check, ...]) -> Report:
    return Report(
        names.host, names.apex, names.partner, subject.base_url, subject.owner, instruments.now(), checks
    )


class _Round:
    """One examination: independent questions are asked at the same time."""

    def __init__(
        self, subject: Subject, names: Names, instruments: Instruments, pool: ThreadPoolExecutor
    ) -> None:
        self._subject = subject
        self._names = names
        self._pool = pool
        self._github = instruments.github
        stray = instruments.stray or stray_name(names.apex)
        self._lookup = instruments.lookup
        self._dns = DnsChecks(instruments.lookup, names, subject.owner, stray)
        self._web = WebChecks(instruments.web, names, instruments.now())

    def checks(self, zone: str | None) -> tuple[Check, ...]:
        names, dns, begin = self._names, self._dns, self._pool.submit
        domain = self._domain(zone)
        if domain.level == "error":
            return (domain, self._address(), check_file(self._subject, names.host))
        setting = begin(check_setting, self._subject, names.host, self._github)
        waiting: list[Future[Check]] = []
        for name in names.all:
            if name == names.apex:
                waiting += [begin(dns.addresses, name, "A"), begin(dns.addresses, name, "AAAA")]
            else:
                waiting.append(begin(dns.cname, name))
        waiting += [begin(dns.wildcard), begin(dns.caa, names.host)]
        safe, to_https = begin(self._web.safe), begin(self._web.to_https)
        partner = begin(self._web.partner) if names.partner else None
        pages, verified = setting.result()
        found = [domain, self._address(), *(each.result() for each in waiting), dns.challenge(verified)]
        found += [check_file(self._subject, names.host), pages, *safe.result(), to_https.result()]
        return (*found, partner.result()) if partner else tuple(found)

    def _domain(self, zone: str | None) -> Check:
        names = self._names
        if zone is None:
            answer = self._lookup.ask(names.apex, "SOA")
            if answer.state == "failed":
                return Check("domain", names.apex, "error", "failed", values={"detail": answer.detail})
        if zone is None or zone.count(".") < names.apex.count("."):
            return Check(
                "domain", names.apex, "error", "unregistered", values={"zone": names.apex},
                records=site_records(names, self._subject.owner),
            )  # fmt: skip
        return Check("domain", names.host, "good", "fine", values={"zone": zone})

    def _address(self) -> Check:
        address, root = self._subject.base_url, f"https://{self._names.host}/"
        values = {"address": address, "root": root}
        parts = urlsplit(address)
        code = "path" if parts.path.strip("/") else "http" if parts.scheme == "http" else "fine"
        level: Level = "good" if code == "fine" else "warning"
        return Check("address", self._names.host, level, code, (address,), (root,), values=values)
