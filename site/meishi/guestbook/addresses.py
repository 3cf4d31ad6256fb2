"""Network addresses, known only scrambled: with a key of the day that is thrown away."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, delete, select

from meishi.config.secret import Random, Secret
from meishi.guestbook.store import Store, add_new
from meishi.guestbook.tables import BANS, DAY_KEYS

#: Yesterday's key stays for entries that were written around midnight.
_KEPT = timedelta(days=1)
_REMEMBERED = 5000


@dataclass(slots=True)
class Addresses:
    """Scramble addresses. It takes the server's secret and the day's key together to try addresses out."""

    store: Store
    secret: Secret
    random: Random
    _keys: dict[str, bytes] = field(default_factory=dict)
    #: Today's addresses, scrambled already: a busy visitor is scrambled once. In memory only.
    _today: tuple[str, dict[str, str]] = field(default_factory=lambda: ("", {}))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def scrambled(self, address: str, today: date) -> str:
        """Return an address as it is known today, "" for none."""
        if not address:
            return ""
        day = today.isoformat()
        if self._today[0] != day or len(self._today[1]) > _REMEMBERED:
            self._today = (day, {})
        known = self._today[1]
        if address not in known:
            known[address] = self._hash(address, self._key_of(day))
        return known[address]

    def scrambled_as_on(self, address: str, days: Iterable[str]) -> frozenset[str]:
        """Return an address as it was known on other days, to find it among bans of those days."""
        keys = (self._known_key(day) for day in days) if address else ()
        return frozenset(self._hash(address, key) for key in keys if key)

    def forget_keys(self, connection: Connection, now: datetime) -> None:
        """Delete the keys of past days, but those that a ban needs; nobody can link their addresses then."""
        oldest = (now - _KEPT).date().isoformat()
        needed = select(BANS.c.day).where(BANS.c.kind == "address")
        connection.execute(delete(DAY_KEYS).where(DAY_KEYS.c.day < oldest, DAY_KEYS.c.day.not_in(needed)))
        with self._lock:
            self._keys = {day: key for day, key in self._keys.items() if day >= oldest}

    def _hash(self, address: str, key: bytes) -> str:
        return hmac.digest(
            self.secret.derive("guestbook address") + key,
            network(address).encode("utf-8", "surrogatepass"),
            "sha256",
        ).hex()[:32]

    def _key_of(self, day: str) -> bytes:
        key = self._known_key(day)
        if key is None:
            with self.store.writing() as connection:
                add_new(connection, DAY_KEYS, {"day": day, "key": self.random(32)})
            key = self._known_key(day)
            assert key is not None
        return key

    def _known_key(self, day: str) -> bytes | None:
        with self._lock:
            if key := self._keys.get(day):
                return key
        with self.store.reading() as connection:
            found = connection.execute(select(DAY_KEYS.c.key).where(DAY_KEYS.c.day == day)).scalar()
        if found is not None:
            with self._lock:
                self._keys[day] = bytes(found)
        return bytes(found) if found is not None else None


def network(address: str) -> str:
    """Return the network that one person holds: an IPv4 address, or the first half of an IPv6 one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed.exploded[:19])
    return str(parsed)
