"""What the doctor looks with on this machine, as the environment wishes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from meishi.errors import ConfigError
from meishi.publishing.domain.doctor import Instruments
from meishi.publishing.domain.lookup import Lookup, Server
from meishi.publishing.domain.web import Web
from meishi.publishing.github_api import GitHub

SERVERS, SITES = "MEISHI_DNS_SERVERS", "MEISHI_WEB_SERVERS"


def instruments_of(environ: Mapping[str, str], now: Callable[[], datetime]) -> Instruments:
    """Make the instruments.

    MEISHI_DNS_SERVERS names other resolvers; MEISHI_WEB_SERVERS two servers, for http and https, to be asked
    instead of those that DNS leads to.
    """
    lookup = Lookup(_servers(environ, SERVERS))
    github = GitHub.from_environment(environ)
    sites = _servers(environ, SITES)
    if len(sites) not in (0, 2):
        raise ConfigError(
            f"{SITES} must name two servers", hint="Write the one for http first: 192.0.2.1:80,192.0.2.1:443"
        )
    web = Web(lookup, (sites[0], sites[1]) if sites else None)
    return Instruments(lookup, web, github if github.token else None, now)


def _servers(environ: Mapping[str, str], name: str) -> list[Server]:
    found = []
    for part in environ.get(name, "").replace(",", " ").split():
        address, colon, port = part.rpartition(":")
        # An address of IPv6 has colons of its own: with a port it stands in brackets.
        whole = not colon or (":" in address and not address.endswith("]"))
        host, number = (part, "53") if whole else (address, port)
        if not number.isdigit():
            raise ConfigError(f"{name} has no port in {part!r}", hint="Write it like 192.0.2.1:53")
        found.append((host.strip("[]"), int(number)))
    return found
