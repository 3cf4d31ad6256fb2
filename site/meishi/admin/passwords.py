"""Passwords: hashed with Argon2id, long enough, and none that others would guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM = 12
#: Longer ones are refused: hashing them would be work that a stranger can order.
MAXIMUM = 200
#: zxcvbn's marks go from 0 to 4; below 3, guessing takes fewer than 10⁸ tries.
_STRONG = 3


class Passwords:
    """Hash and check passwords; one at a time, since each takes 46 MiB for a moment."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=47104, parallelism=1)
        self._lock = Lock()

    def hash(self, password: str) -> str:
        """Return what may be stored of a password."""
        with self._lock:
            return self._hasher.hash(_normal(password))

    def matches(self, stored: str, password: str) -> bool:
        """Tell whether a password is the one that was stored."""
        if len(password) > MAXIMUM:
            return False
        with self._lock:
            try:
                return self._hasher.verify(stored, _normal(password))
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, stored: str) -> bool:
        """Tell whether a stored password should be hashed anew, with today's cost."""
        return self._hasher.check_needs_rehash(stored)


def weakness(password: str, around: Sequence[str] = ()) -> str | None:
    """Say why a password is refused: "short", "long" or "guessable"; `around` has the site's own words."""
    normal = _normal(password)
    if len(normal) < MINIMUM:
        return "short"
    if len(password) > MAXIMUM:
        return "long"
    from zxcvbn import zxcvbn  # its lists take a moment to load

    # It looks at 72 characters at most; a start that is strong stays strong.
    marks = zxcvbn(normal[:72], user_inputs=["meishi", "名刺", *around])
    return "guessable" if marks["score"] < _STRONG else None


def _normal(password: str) -> str:
    """Return a password as every keyboard and system would send it."""
    return unicodedata.normalize("NFKC", password)
