"""Failed attempts make the next one wait, never for good."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from meishi.admin.database import Database
from meishi.config.secret import Secret


@dataclass(frozen=True, slots=True)
class Limit:
    """So many free attempts; then each failure doubles the wait, up to a longest one, in seconds."""

    free: int
    longest: float
    forgotten: float

    def wait(self, failures: int, since: float) -> float:
        """Return how long the next attempt must wait."""
        if failures < self.free or since >= self.forgotten:
            return 0.0
        delay = min(2.0 ** min(failures - self.free, 30), self.longest)
        return max(0.0, delay - since)


#: One network address, one browser that has signed in before, and everybody else together.
ADDRESS = Limit(free=4, longest=300.0, forgotten=3600.0)
DEVICE = Limit(free=6, longest=60.0, forgotten=3600.0)
ACCOUNT = Limit(free=30, longest=30.0, forgotten=900.0)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Count failures by bucket.

    A browser that the owner used before has a bucket of its own, so that a stranger who keeps guessing
    cannot keep the owner out.
    """

    database: Database
    secret: Secret
    now: Callable[[], datetime]

    def buckets(self, address: str | None, device: str | None) -> dict[str, Limit]:
        """Return the buckets that an attempt falls into; addresses are kept as keyed hashes of the day."""
        if device:
            return {f"device:{self.secret.sign('throttle', device)}": DEVICE}
        day = self.now().date().isoformat()
        place = self.secret.sign(f"throttle {day}", _network(address))
        return {f"address:{place}": ADDRESS, "account": ACCOUNT}

    def attempt(self, buckets: dict[str, Limit]) -> int:
        """Count an attempt as failed beforehand, or return the seconds to wait until one is allowed.

        Counting first means that many attempts at the same moment gain nothing.
        """
        now = self.now().timestamp()
        with self.database.writing() as rows:
            found = {
                name: rows.execute("select count, latest from failures where bucket = ?", (name,)).fetchone()
                for name in buckets
            }
            waits = [
                buckets[name].wait(row["count"], max(0.0, now - row["latest"]))
                for name, row in found.items()
                if row
            ]
            if wait := max(waits, default=0.0):
                return math.ceil(wait)
            longest = max(limit.forgotten for limit in (ADDRESS, DEVICE, ACCOUNT))
            rows.execute("delete from failures where latest <= ?", (now - longest,))
            for name, row in found.items():
                known = row["count"] if row and now - row["latest"] < buckets[name].forgotten else 0
                rows.execute("replace into failures values (?, ?, ?)", (name, known + 1, now))
        return 0

    def succeeded(self, buckets: Iterable[str]) -> None:
        """Forget the failures of these buckets; those of everybody else together only lose this attempt."""
        with self.database.writing() as rows:
            for name in buckets:
                if name == "account":
                    rows.execute("update failures set count = max(0, count - 1) where bucket = ?", (name,))
                else:
                    rows.execute("delete from failures where bucket = ?", (name,))

    def forget_all(self) -> None:
        """Forget every failure, as when the owner sits at the server itself."""
        with self.database.writing() as rows:
            rows.execute("delete from failures")


def _network(address: str | None) -> str:
    """Return the network that one person holds: an IPv4 address, or the first half of an IPv6 one."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed.exploded[:19])
    return str(parsed)
