"""Names of hosts: as people write them, as DNS wants them, and which belong together."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from meishi.errors import ConfigError

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
#: Letters that the older rules for names map to others; Punycode says which name is meant.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")
#: Under a country's two letters these are no names of anybody: example.co.jp is one.
_SHARED = frozenset(
    "ac ad art asso co com ed edu gen go gob gov govt gr id lg ltd me mil ne net nom or org plc sch"
    " web".split()
)
_GITHUB = ("github.io", "github.com", "githubusercontent.com")


@dataclass(frozen=True, slots=True)
class Names:
    """The host of a site and what belongs to it, in Punycode; `partner` is the apex's www, or www's apex."""

    host: str
    apex: str

    @property
    def partner(self) -> str:
        """Return the other name that visitors type, "" for a subdomain of its own."""
        if self.host == self.apex:
            return f"www.{self.apex}"
        return self.apex if self.host == f"www.{self.apex}" else ""

    @property
    def all(self) -> tuple[str, ...]:
        """Return the apex first, then the subdomain."""
        return tuple(sorted(filter(None, (self.host, self.partner)), key=lambda name: name != self.apex))


def host_of(text: str) -> str:
    """Read a host as people write or paste it, in Punycode; raises ConfigError."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".").lower()
    plain = plain if "//" in plain else f"//{plain}"
    try:
        host = (urlsplit(plain).hostname or "").rstrip(".")
        port = urlsplit(plain).port
    except ValueError:
        host, port = "", None
    if port is not None:
        raise _wrong(text, "A site at GitHub Pages has no port: leave it out")
    if set(host) & _AMBIGUOUS:
        raise _wrong(text, "Write it in Punycode, beginning with xn--, as your registrar shows it")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit() or len(host) > 253:
        raise _wrong(text, "Write it like www.example.com")
    if host.endswith(_GITHUB):
        raise _wrong(text, "This is GitHub's own name. Write the domain that you registered")
    return host


def _wrong(text: str, hint: str) -> ConfigError:
    return ConfigError(f"{text.strip()!r} is no domain", hint=hint)


def shown(host: str) -> str:
    """Return a host as people read it."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def guessed_apex(host: str) -> str:
    """Guess which name somebody registered, without asking: example.co.jp for www.example.co.jp."""
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if shared else -2 :])


def is_own(host: str) -> bool:
    """Tell whether a host is a domain of the owner's, and not GitHub's, this machine or a number."""
    if not host or host == "localhost" or host.endswith((".localhost", ".local", ".test")) or ":" in host:
        return False
    return not host.endswith(_GITHUB) and not host.replace(".", "").isdigit() and "." in host
