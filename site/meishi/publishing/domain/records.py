"""The records that lead a name to GitHub Pages."""

from __future__ import annotations

from dataclasses import dataclass

from meishi.publishing.domain.names import Names

A = ("185.199.108.153", "185.199.109.153", "185.199.110.153", "185.199.111.153")
AAAA = ("2606:50c0:8000::153", "2606:50c0:8001::153", "2606:50c0:8002::153", "2606:50c0:8003::153")
#: GitHub's addresses of long ago, which have no HTTPS.
OLD = (
    "192.30.252.153", "192.30.252.154", "207.97.227.245", "204.232.175.78", "199.27.73.133",
)  # fmt: skip
#: Whose certificates GitHub uses.
AUTHORITY = "letsencrypt.org"
#: What stands for the owner's name while nobody knows it.
NOBODY = "USER"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `name` is whole and without a last dot, `value` as it stands in a zone file."""

    name: str
    type: str
    value: str
    ttl: int = _HOUR

    @property
    def line(self) -> str:
        """Write it as a line of a zone file."""
        return f"{self.name}. {self.ttl} IN {self.type} {self.value}"


def target_of(owner: str) -> str:
    """Return where a CNAME record has to lead: never with the repository's name."""
    return f"{(owner or NOBODY).lower() if owner else NOBODY}.github.io"


def address_records(name: str, kind: str) -> tuple[Record, ...]:
    """Return the A or AAAA records of an apex."""
    return tuple(Record(name, kind, value) for value in (A if kind == "A" else AAAA))


def cname_record(name: str, owner: str) -> Record:
    """Return the record of a subdomain."""
    return Record(name, "CNAME", f"{target_of(owner)}.")


def caa_record(name: str) -> Record:
    """Return the record that lets GitHub's authority sign for a name."""
    return Record(name, "CAA", f'0 issue "{AUTHORITY}"')


def challenge_name(apex: str, owner: str) -> str:
    """Return where GitHub looks for the proof that a domain is yours."""
    return (
        f"_github-pages-challenge-{owner or NOBODY}.{apex}".lower()
        if owner
        else (f"_github-pages-challenge-{NOBODY}.{apex}")
    )


def site_records(names: Names, owner: str) -> tuple[Record, ...]:
    """Return all that has to be entered for a site."""
    found: list[Record] = []
    for name in names.all:
        if name == names.apex:
            found += [*address_records(name, "A"), *address_records(name, "AAAA")]
        else:
            found.append(cname_record(name, owner))
    return tuple(found)
