"""A budget that fills up again with time: so many at once, and so many a second from then on."""

from __future__ import annotations


class Budget:
    """Count what is taken; small, as every connection has two."""

    __slots__ = ("_at", "_left", "_rate", "_size")

    def __init__(self, size: float, rate: float, now: float) -> None:
        self._size = self._left = size
        self._rate = rate
        self._at = now

    def take(self, amount: float, now: float) -> float:
        """Take an amount; return 0, or the seconds after which there is enough of it."""
        left = min(self._size, self._left + (now - self._at) * self._rate)
        self._at = now
        if left >= amount:
            self._left = left - amount
            return 0.0
        self._left = left
        return (amount - left) / self._rate
