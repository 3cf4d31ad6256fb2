"""Limits: so many in so much time, for each key; counted here, or in Redis for several processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from meishi.config.guestbook import Rate

#: All that one entry is counted under; it is taken from all of the keys, or from none.
Wish = Sequence[tuple[str, Rate]]


class Limiter(Protocol):
    """Count what is taken."""

    def take(self, wishes: Sequence[Wish]) -> Sequence[float]:
        """Take one from all the keys of each wish, or from none; return 0, or the seconds to wait."""


class MemoryLimiter:
    """Count in this process. Each key has a full bucket that refills steadily."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 50_000) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        #: When each key's bucket is full again, and at what number of keys old ones are dropped.
        self._full: dict[str, float] = {}

    def take(self, wishes: Sequence[Wish]) -> list[float]:
        """Take one from all the keys of each wish, or from none; return 0, or the seconds to wait."""
        now = self._clock()
        with self._lock:
            if len(self._full) > self._most:
                self._full = {key: full for key, full in self._full.items() if full > now}
            return [self._taken(wish, now) for wish in wishes]

    def _taken(self, wish: Wish, now: float) -> float:
        after: dict[str, float] = {}
        longest = 0.0
        for key, rate in wish:
            step = rate.seconds / rate.count
            full = max(self._full.get(key, now), now) + step
            longest = max(longest, full - now - rate.seconds)
            after[key] = full
        if longest > 1e-9:
            return longest
        self._full.update(after)
        return 0.0


_SCRIPT = """
local time = redis.call('time')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local longest, after = 0, {}
for i, key in ipairs(KEYS) do
  local count, seconds = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local full = math.max(tonumber(redis.call('get', key) or now), now) + seconds / count
  longest = math.max(longest, full - now - seconds)
  after[i] = full
end
if longest > 0.000000001 then return tostring(longest) end
for i, key in ipairs(KEYS) do
  redis.call('set', key, string.format('%.6f', after[i]), 'px', math.ceil((after[i] - now) * 1000) + 1)
end
return '0'
"""


class RedisLimiter:
    """Count in Redis, for all processes; while Redis is away, each process counts for itself.

    The client should have a short `socket_timeout`: a Redis that hangs is left alone for a while.
    """

    def __init__(
        self,
        client: Any,
        *,
        prefix: str = "meishi:limit:",
        clock: Callable[[], float] = time.monotonic,
        rest: float = 5.0,
    ) -> None:
        self._client = client
        self._script = client.register_script(_SCRIPT)
        self._prefix = prefix
        self._clock = clock
        self._rest = rest
        self._away_until = float("-inf")
        self._own = MemoryLimiter(clock)

    def take(self, wishes: Sequence[Wish]) -> Sequence[float]:
        """Take one from all the keys of each wish, or from none; return 0, or the seconds to wait."""
        from redis.exceptions import RedisError

        # Redis may not know what was taken while it was away, nor this process what others took.
        own = self._own.take(wishes)
        if not wishes or self._clock() < self._away_until:
            return own
        try:
            with self._client.pipeline(transaction=False) as pipe:
                for wish in wishes:
                    keys = [f"{self._prefix}{key}" for key, _ in wish]
                    numbers = [number for _, rate in wish for number in (rate.count, rate.seconds)]
                    self._script(keys=keys, args=numbers, client=pipe)
                return [float(wait) for wait in pipe.execute()]
        except (RedisError, OSError):
            self._away_until = self._clock() + self._rest
            return own
