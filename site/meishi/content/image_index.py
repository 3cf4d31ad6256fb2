"""What is already known about pictures, kept on disk so that a build reads no picture twice."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from meishi.content.formats.info import PictureInfo

_VERSION = 1
# A file touched just now may be touched again within the clock's grain and keep its size and time.
_SETTLED = 2_000_000_000


def digest(data: bytes) -> str:
    """Name content by its hash."""
    return blake2b(data, digest_size=16).hexdigest()


class ImageIndex:
    """Remember digests by file and facts by digest, in a journal that several processes may write.

    Each line is one JSON array, added by a single write; a torn or foreign line is skipped.
    """

    def __init__(self, file: Path, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._file = file
        self._clock = clock
        self._digests: dict[str, tuple[list[int], str]] = {}
        self._facts: dict[str, PictureInfo] = {}
        self._lock = threading.Lock()
        self._loaded = False

    def digest(self, path: Path) -> str:
        """Hash a file, or recall its hash when size, times and number are those of the last look."""
        self._load()
        name = str(path.absolute())
        stat = path.stat()
        mark = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
        known = self._digests.get(name)
        if known and known[0] == mark:
            return known[1]
        value = digest(path.read_bytes())
        if self._clock() - max(stat.st_mtime_ns, stat.st_ctime_ns) > _SETTLED:
            self._digests[name] = (mark, value)
            self._append(["file", name, mark, value])
        return value

    def recall(self, value: str) -> PictureInfo | None:
        """Look up what is known about the content with this digest."""
        self._load()
        return self._facts.get(value)

    def remember(self, value: str, info: PictureInfo) -> None:
        """Keep what was found out about the content with this digest."""
        if self._facts.get(value) != info:
            self._facts[value] = info
            self._append(["info", value, info._asdict()])

    def _append(self, row: list[Any]) -> None:
        with self._lock:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("ab", buffering=0) as journal:
                    journal.write(_line(row))
            except OSError:
                pass  # A cache that cannot be written makes the next build slower, nothing else.

    def _load(self) -> None:
        with self._lock:
            if self._loaded:
                return
            try:
                lines = self._file.read_bytes().splitlines()
            except OSError:
                lines = []
            for line in lines:
                self._take(line)
            self._loaded = True
            if len(lines) > 1000 and len(lines) > 2 * (len(self._facts) + len(self._digests)):
                self._compact()

    def _take(self, line: bytes) -> None:
        try:
            version, kind, key, *rest = json.loads(line)
            if version != _VERSION:
                return
            if kind == "info":
                self._facts[key] = PictureInfo(**rest[0])
            elif kind == "file":
                self._digests[key] = (rest[0], rest[1])
        except (ValueError, TypeError, IndexError):
            return

    def _compact(self) -> None:
        rows: list[list[Any]] = [["info", key, info._asdict()] for key, info in self._facts.items()]
        rows += [["file", key, *known] for key, known in self._digests.items() if Path(key).exists()]
        temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            temporary.write_bytes(b"".join(map(_line, rows)))
            temporary.replace(self._file)
        except OSError:
            temporary.unlink(missing_ok=True)


def _line(row: list[Any]) -> bytes:
    # The line end before the row, too, parts it from a line that a killed process left unfinished.
    return b"\n" + json.dumps([_VERSION, *row], separators=(",", ":")).encode() + b"\n"
