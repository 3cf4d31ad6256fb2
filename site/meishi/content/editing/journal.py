"""What was typed and not yet saved: never in the published file, and still there after a crash.

A file for each page and browser tab. Each line of it is one state of the whole text, with a checksum:
lines are only added, so a state that was acknowledged is never overwritten by one that a crash cuts short.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any
from zlib import crc32

from meishi.content.editing.errors import explain
from meishi.content.editing.files import make_folder, read, sync_folder, write_over
from meishi.content.editing.locks import Locks

_ROOM = 256 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """What a tab last sent; `base` is the version of the file that its typing began with."""

    path: PurePosixPath
    tab: str
    base: str
    seq: int
    when: datetime
    text: str


class Journal:
    """Keep the unsaved texts of all tabs."""

    def __init__(
        self, folder: Path, locks: Locks, clock: Callable[[], datetime], *, sync_every: float = 1.0
    ) -> None:
        """Keep them in `folder`; force them to the disk itself at most every `sync_every` seconds."""
        self._folder = folder
        self._locks = locks
        self._clock = clock
        self._sync_every = sync_every
        self._synced: dict[Path, float] = {}

    def put(self, path: PurePosixPath, tab: str, base: str, seq: int, text: str) -> int:
        """Keep a text; return the newest number that is kept, which is greater if this one came late.

        When this returns, a crash of the server loses nothing; a power cut at most the last second
        (`sync` closes that gap).
        """
        place = self._place(path, tab)
        with self._held(place, path):
            last = _last(read(place) or b"")
            if last is not None and int(last["seq"]) >= seq:
                return int(last["seq"])
            state = {"path": path.as_posix(), "tab": tab, "base": base, "seq": seq, "text": text}
            self._add(place, state)
        return seq

    def drop(self, path: PurePosixPath, tab: str, seq: int | None = None) -> None:
        """Forget a tab's text after it was saved or thrown away; not if newer typing than `seq` came in."""
        place = self._place(path, tab)
        with self._held(place, path):
            last = _last(read(place) or b"")
            if last is None or last["text"] is None or (seq is not None and int(last["seq"]) > seq):
                return
            # The number stays for a while, so that a late copy of an old request brings nothing back.
            newest = max(int(last["seq"]), seq or 0)
            write_over(place, _line(last | {"seq": newest, "text": None, "when": self._clock().isoformat()}))

    def drafts(self, path: PurePosixPath | None = None) -> list[Draft]:
        """List what is kept, of one file or of all, newest first."""
        folders = [self._home(path)] if path is not None else sorted(self._folder.glob("*"))
        found = []
        for folder in folders:
            for file in folder.glob("*.log"):
                last = _last(read(file) or b"")
                if last is None or last["text"] is None:
                    continue
                where, when = PurePosixPath(last["path"]), datetime.fromisoformat(last["when"])
                found.append(Draft(where, last["tab"], last["base"], int(last["seq"]), when, last["text"]))
        return sorted(found, key=lambda draft: (draft.when, draft.seq), reverse=True)

    def sync(self) -> None:
        """Force everything to the disk itself, as before the owner is told that all is kept."""
        for place in list(self._synced):
            with suppress(FileNotFoundError), place.open("rb") as file:
                os.fsync(file.fileno())
            self._synced.pop(place, None)

    def move(self, path: PurePosixPath, to: PurePosixPath) -> None:
        """Take what was typed along when a file is renamed."""
        for draft in self.drafts(path):
            self.put(to, draft.tab, draft.base, draft.seq, draft.text)
            self.drop(path, draft.tab)

    def prune(self, before: datetime) -> None:
        """Delete what was dropped before a time."""
        for file in self._folder.glob("*/*.log"):
            last = _last(read(file) or b"")
            if last is not None and last["text"] is None and datetime.fromisoformat(last["when"]) < before:
                file.unlink(missing_ok=True)

    @contextmanager
    def _held(self, place: Path, path: PurePosixPath) -> Iterator[None]:
        with self._locks.named(f"journal-{int(place.stem, 16) % 16:02d}", path):
            try:
                yield
            except OSError as error:
                raise explain(error, path) from error

    def _add(self, place: Path, state: dict[str, object]) -> None:
        data = _line(state | {"when": self._clock().isoformat()})
        before = read(place)
        if before is None:
            make_folder(place.parent)
        elif before and len(before) + len(data) > max(_ROOM, 4 * len(data)):
            write_over(place, data)
            return
        elif before and not before.endswith(b"\n"):
            data = b"\n" + data
        _append(place, data, len(before or b""))
        now = time.monotonic()
        if now - self._synced.get(place, -self._sync_every) >= self._sync_every:
            with place.open("rb") as file:
                os.fsync(file.fileno())
            self._synced[place] = now
        if before is None:
            sync_folder(place.parent)

    def _home(self, path: PurePosixPath) -> Path:
        return self._folder / _hash(path.as_posix())

    def _place(self, path: PurePosixPath, tab: str) -> Path:
        return self._home(path) / f"{_hash(tab)}.log"


def _append(place: Path, data: bytes, size: int) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    try:
        written = 0
        while written < len(data):
            written += os.write(handle, data[written:])
    except OSError:
        # A full disk: what came through of it goes, what was there before stays.
        os.ftruncate(handle, size)
        raise
    finally:
        os.close(handle)


def _hash(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _line(state: dict[str, Any]) -> bytes:
    data = json.dumps(state).encode()
    return b"%08x %s\n" % (crc32(data), data)


def _last(log: bytes) -> dict[str, Any] | None:
    """Read the newest state that is whole."""
    for line in reversed(log.split(b"\n")):
        checksum, _, data = line.partition(b" ")
        if data and checksum == b"%08x" % crc32(data):
            state: dict[str, Any] = json.loads(data)
            return state
    return None
