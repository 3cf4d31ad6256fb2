"""Limits: so many in so much time, for each key; counted here, or in Redis for several processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from meishi.config.guestbook import Rate


class Limiter(Protocol):
    """Count what is taken."""

    def take(self, wishes: Sequence[Sequence[tuple[str, Rate]]]) -> Sequence[float]:
        """Take one from all the keys of each wish, or from none; return 0, or the seconds to wait."""
