"""Write entries from a process of its own, and print what was acknowledged, a line for each.

python writer_process.py DATABASE NAME BATCHES SIZE
"""

from __future__ import annotations

import os
import sys

from guestbooks import OPEN, open_party

from meishi.config.guestbook import RoomSettings
from meishi.guestbook.models import Signing


def main() -> None:
    database, name, batches, size = sys.argv[1:]
    rooms = (RoomSettings("lobby"), RoomSettings("tea"))
    party = open_party(database, OPEN._replace(rooms=rooms))
    os.write(1, b"ready\n")
    sys.stdin.readline()
    for batch in range(int(batches)):
        wishes: list[Signing] = [
            party.wish(f"{name} {batch} {number}", by=name, room=rooms[number % 2].slug)
            for number in range(int(size))
        ]
        for outcome in party.guestbook.sign(wishes):
            if outcome.ok and outcome.record is not None:
                entry = outcome.record.entry
                # Written at once: a process that is killed has said what it knew.
                os.write(1, f"{outcome.record.room} {entry.number} {entry.id} {entry.body}\n".encode())
            else:
                assert outcome.code == "try_again", outcome


if __name__ == "__main__":
    main()
