"""Wait until the public address serves a build, or say where it hangs."""

from __future__ import annotations

import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from meishi import __version__
from meishi.publishing.stamp import stamp_of

#: Where it hangs: the push did not arrive; GitHub builds; GitHub failed to build; an older build is served
#: (a cache, or Pages is set to another branch); the name does not resolve; the certificate is wrong;
#: nothing answers.
Hangs = Literal["push", "pages_build", "pages_failed", "cache", "dns", "certificate", "unreachable"]
_MOST = 4 << 20  # bytes of a home page that are read


@dataclass(frozen=True, slots=True)
class Seen:
    """What the public address showed."""

    live: bool
    seconds: float
    address: str
    hangs: Hangs | None = None
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the public address found: the page, or why there is none."""

    page: bytes | None
    hangs: Hangs | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The build that is waited for: its id, or where the home page bears none, that page's bytes."""

    build: str
    page: bytes | None = None

    def is_in(self, page: bytes) -> bool:
        """Tell whether a page is the build's home page."""
        return page == self.page if self.page is not None else stamp_of(page) == self.build


def look(address: str, bust: str, timeout: float = 20) -> Look:
    """Get the home page past any cache, as a visitor's browser would."""
    url = f"{address}{'&' if '?' in address else '?'}meishi={bust}"
    headers = {"Cache-Control": "no-cache", "User-Agent": f"Meishi/{__version__}"}
    try:
        request = urllib.request.Request(url, headers=headers)  # noqa: S310  (http or https, by config.toml)
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            return Look(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        with error:
            # A site that was never published answers 404 for a while.
            return Look(None, "cache" if error.code == 404 else "unreachable", f"it answers {error.code}")
    except (OSError, ValueError) as error:
        return _unreachable(getattr(error, "reason", error), urlsplit(address).hostname or address)


def _unreachable(reason: object, host: str) -> Look:
    if isinstance(reason, socket.gaierror):
        return Look(None, "dns", f"the name {host} leads nowhere")
    if isinstance(reason, ssl.SSLError):
        words = getattr(reason, "verify_message", "") or str(reason)
        return Look(None, "certificate", f"its certificate is not in order: {words}")
    return Look(None, "unreachable", str(reason))


@dataclass(frozen=True, slots=True)
class Watch:
    """How to wait: the longest time, and what passes it; `told` hears of each look."""

    patience: float
    told: Callable[[float, Seen], None]
    stop: Callable[[], bool]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def await_live(
    address: str, expected: Expected, watch: Watch, pages: Callable[[], tuple[Hangs | None, str]]
) -> Seen:
    """Look until the address serves the build. `pages` asks GitHub how its own build goes."""
    began = watch.monotonic()
    pause = 0.5
    while True:
        found = look(address, f"{expected.build or 'build'}-{watch.monotonic():.3f}")
        waited = watch.monotonic() - began
        if found.page is not None and expected.is_in(found.page):
            return Seen(True, waited, address)
        seen = _judged(address, waited, found, pages())
        watch.told(waited, seen)
        if seen.hangs == "pages_failed" or waited >= watch.patience or watch.stop():
            return seen
        until = min(began + watch.patience, watch.monotonic() + pause)
        # Short naps: the owner may wish to stop.
        while watch.monotonic() < until and not watch.stop():
            watch.sleep(min(0.2, max(0.0, until - watch.monotonic())))
        pause = min(pause * 1.5, 10)


_HINTS: dict[Hangs, str] = {
    "push": "Publish again",
    "pages_build": "GitHub is still building; it takes up to ten minutes. `flask publish` looks again",
    "pages_failed": "Look at the repository's page Actions, and at Settings → Pages",
    "cache": (
        "Look at Settings → Pages of the repository: is its source this branch? "
        "Else wait: copies on the way are kept for ten minutes"
    ),
    "dns": "Look at the domain: `flask domain` tells which record is missing",
    "certificate": "Look at the domain: `flask domain`. A new certificate takes up to an hour",
    "unreachable": "Look at the connection and at the domain: `flask domain`",
}


def _judged(address: str, waited: float, found: Look, pages: tuple[Hangs | None, str]) -> Seen:
    """Say where it hangs: what GitHub tells of its build goes before what the address shows."""
    hangs, detail = found.hangs, found.detail
    if found.page is not None:
        hangs, detail = "cache", "it still serves an older build"
    if pages[0] is not None and hangs in {"cache", None}:
        hangs, detail = pages
    assert hangs is not None
    return Seen(False, waited, address, hangs, detail, _HINTS[hangs])
