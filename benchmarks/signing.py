"""How many entries a second the guestbook stores, by the size of the batch.

    python benchmarks/signing.py [--seconds 3] [--database postgresql+pg8000://…] [--profile]

Every batch is one transaction that is on the disk when `sign` returns. Prints for each size the batches and
entries a second, microseconds of this process's CPU for an entry, and milliseconds for a batch (median and
the slowest of 100).
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from meishi.config.guestbook import GuestbookSettings, LimitSettings, Rate
from meishi.config.secret import Secret
from meishi.guestbook.models import Signing, Visitor
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.service import Guestbook

AUTHORS = 200
WORDS = "ink paper mist hill river stone lamp letter winter morning 春 山 墨 紙 手紙 光".split()


def settings() -> GuestbookSettings:
    many = Rate(1_000_000, 1)
    limits = LimitSettings(author=many, address=many, room=many)
    return GuestbookSettings(enabled=True, mode="open", words=("casino", "crypto"), limits=limits)


def batch(size: int, start: int, ticket: str) -> list[Signing]:
    return [
        Signing(
            room="lobby",
            id=str(uuid4()),
            name=f"Visitor {number % AUTHORS}",
            body=f"{number} " + " ".join(WORDS[(number + step) % len(WORDS)] for step in range(12)),
            visitor=Visitor(author=f"author-{number % AUTHORS}", address=f"10.0.{number % 200}.1"),
            ticket=ticket,
        )
        for number in range(start, start + size)
    ]


def measure(guestbook: Guestbook, size: int, seconds: float, ticket: str, start: int) -> int:
    times: list[float] = []
    cpu = 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        wishes = batch(size, start, ticket)
        began, worked = time.perf_counter(), time.process_time()
        outcomes = guestbook.sign(wishes)
        times.append(time.perf_counter() - began)
        cpu += time.process_time() - worked
        assert all(outcome.ok for outcome in outcomes), outcomes[0]
        start += size
    spent = sum(times)
    times.sort()
    print(
        f"{size:>6} {len(times) / spent:>10,.0f} {len(times) * size / spent:>10,.0f}"
        f" {cpu / len(times) / size * 1e6:>10,.0f} {times[len(times) // 2] * 1e3:>8.2f}"
        f" {times[int(len(times) * 0.99)] * 1e3:>8.2f}"
    )
    return start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--database", default="")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    late = [timedelta(0)]
    with tempfile.TemporaryDirectory() as folder:
        guestbook = open_guestbook(
            settings(),
            Secret(b"0" * 64),
            database_address(Path(folder), options.database),
            now=lambda: datetime.now(UTC) + late[0],
        )
        ticket = guestbook.ticket()
        late[0] = timedelta(seconds=3)
        print("  size  batches/s  entries/s  µs of CPU  ms p50   ms p99")
        start = time.time_ns() // 1000 % 10**12
        profile = cProfile.Profile()
        if options.profile:
            profile.enable()
        for size in (1, 10, 50, 200, 500):
            start = measure(guestbook, size, options.seconds, ticket, start)
        if options.profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        guestbook.close()


if __name__ == "__main__":
    main()
