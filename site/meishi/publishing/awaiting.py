"""Wait until the public address serves a build, or say where it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Where it hangs: the push did not arrive; GitHub builds; GitHub failed to build; an older build is served
#: (a cache); the name does not resolve; the certificate is wrong; nothing answers.
Hangs = Literal["push", "pages_build", "pages_failed", "cache", "dns", "certificate", "unreachable"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the public address showed."""

    live: bool
    seconds: float
    address: str
    hangs: Hangs | None = None
    detail: str = ""
    hint: str = ""
