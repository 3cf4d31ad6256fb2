"""What DNS says, asked through dnspython."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import dns.exception
import dns.flags
import dns.message
import dns.nameserver
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

State = Literal["found", "empty", "no_name", "failed"]
Server = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: values as a zone file writes them, and for how many seconds they may be kept."""

    state: State
    values: tuple[str, ...] = ()
    ttl: int = 0
    detail: str = ""


class Lookup:
    """Ask each question once; `servers` are resolvers and their ports, else those of this machine.

    `source` is the port of name servers that are asked directly, and for how many seconds: they add to what
    is known, so nobody waits for them long.
    """

    def __init__(
        self,
        servers: Iterable[Server] = (),
        patience: float = 8.0,
        source: tuple[int, float] = (53, 1.5),
    ) -> None:
        self._servers = tuple(servers)
        self._patience = patience
        self._source = source
        self._known: dict[tuple[str, str], Answer] = {}
        self._lock = Lock()

    def ask(self, name: str, kind: str) -> Answer:
        """Ask for the records of one kind that a name has."""
        key = (name.lower().rstrip("."), kind)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._ask(f"{key[0]}.", kind)
            with self._lock:
                self._known[key] = known
        return known

    def addresses(self, name: str) -> tuple[str, ...]:
        """Return a name's addresses, the older kind first."""
        return (*self.ask(name, "A").values, *self.ask(name, "AAAA").values)

    def zone(self, name: str) -> str | None:
        """Return the zone that a name lies in, None where DNS does not say."""
        labels = name.split(".")
        for start in range(len(labels) - 1):
            zone = ".".join(labels[start:])
            answer = self.ask(zone, "SOA")
            if answer.state == "found":
                return zone
            if answer.state == "failed":
                return None
        return None

    def at_the_source(self, zone: str, name: str, kind: str) -> Answer:
        """Ask the zone's own name servers, which keep no old answers."""
        servers = [address for host in self.ask(zone, "NS").values for address in self.ask(host, "A").values]
        for server in servers[:2]:
            query = dns.message.make_query(f"{name}.", kind, use_edns=0, payload=1232)
            query.flags &= ~dns.flags.RD
            try:
                response, _ = dns.query.udp_with_fallback(
                    query, server, timeout=self._source[1], port=self._source[0]
                )
            except (dns.exception.DNSException, OSError):
                continue
            if response.rcode() == dns.rcode.NXDOMAIN:
                return Answer("no_name")
            wanted = dns.rdatatype.from_text(kind)
            for rrset in response.answer:
                if rrset.rdtype == wanted:
                    return Answer("found", tuple(sorted(map(str, rrset))), rrset.ttl)
            if response.rcode() == dns.rcode.NOERROR:
                return Answer("empty")
        return Answer("failed")

    def _ask(self, name: str, kind: str) -> Answer:
        try:
            found = self._resolver().resolve(name, kind, raise_on_no_answer=True, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer("no_name")
        except dns.resolver.NoAnswer:
            return Answer("empty")
        except (dns.exception.DNSException, OSError) as error:
            return Answer("failed", detail=_short(error))
        rrset = found.rrset
        if rrset is None:
            return Answer("empty")
        return Answer("found", tuple(sorted(str(value) for value in rrset)), rrset.ttl)

    def _resolver(self) -> dns.resolver.Resolver:
        # One for each question: a resolver is not made for several threads.
        resolver = dns.resolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(*server) for server in self._servers]
        resolver.lifetime = self._patience
        resolver.timeout = self._patience / 3
        return resolver


def _short(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__


def stray_name(apex: str, token: str | None = None) -> str:
    """Return a name that nobody has entered: only a wildcard answers for it."""
    return f"meishi-{token or secrets.token_hex(6)}.{apex}"
