"""What a file was like before: the desk's own saves, and git's commits where there are any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b, sha1
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from meishi.content.editing.files import make_folder, read, write_over
from meishi.content.editing.git import Repository
from meishi.content.editing.lines import blocks, lines
from meishi.content.editing.texts import Texts, decode

#: So many saves of a file are kept; git keeps all.
KEPT = 200

_GIT_ID = re.compile(r"git-[0-9a-f]{40,64}-([0-9a-f]{40,64})")


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a file; `author` is empty if another program wrote it. `size` is in bytes."""

    id: str
    when: datetime
    author: str
    message: str
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison, with its numbers before and after (0 where it is not)."""

    kind: Literal["same", "gone", "new"]
    before: int
    after: int
    text: str


class History:
    """Remember the saves of each file; git's commits are asked for when they are looked at."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        """Keep the list of saves in `folder`, their texts in `texts`."""
        self._folder = folder
        self._texts = texts

    def note(
        self,
        path: PurePosixPath,
        version: str,
        size: int,
        when: datetime,
        author: str,
        message: str,
    ) -> None:
        """Remember that a file has this version now."""
        entry = {"path": path.as_posix(), "version": version, "size": size}
        self._add(path, entry | {"when": when.isoformat(), "author": author, "message": message})

    def note_commit(self, path: PurePosixPath, version: str, commit: str | None) -> None:
        """Remember that a version was committed, or (None) that it still has to be."""
        self._add(path, {"path": path.as_posix(), "version": version, "commit": commit})

    def newest(self, path: PurePosixPath) -> str | None:
        """Name the version that the desk last saw or made."""
        entries = self._entries(path)
        return str(entries[-1]["version"]) if entries else None

    def uncommitted(self, path: PurePosixPath) -> bool:
        """Tell whether the last save could not be committed."""
        entries = self._entries(path)
        return bool(entries) and entries[-1].get("commit", "") is None

    def versions(self, path: PurePosixPath, place: Path, repository: Repository | None) -> list[Version]:
        """List all that is known of a file, newest first."""
        commits = repository.log(place) if repository else []
        known, blobs = {commit.id for commit in commits}, {commit.blob for commit in commits}
        found = [
            Version(f"git-{one.id}-{one.blob}", one.when, one.author, one.message, one.size)
            for one in commits
        ]
        for number, entry in enumerate(self._entries(path)):
            if entry.get("commit") in known or not self._texts.has(entry["version"]):
                continue
            if not entry["author"] and self._blob(entry["version"]) in blobs:
                continue
            when = datetime.fromisoformat(entry["when"])
            identity = f"save-{number}-{entry['version']}"
            found.append(Version(identity, when, entry["author"], entry["message"], int(entry["size"])))
        return sorted(found, key=lambda version: version.when, reverse=True)

    def text(self, identity: str, repository: Repository | None) -> str | None:
        """Read a version; None if it is not known any more."""
        data = None
        if git := _GIT_ID.fullmatch(identity):
            data = repository.blob(git[1]) if repository else None
        else:
            data = self._texts.get(identity.rpartition("-")[2])
        return None if data is None else decode(data)

    def move(self, path: PurePosixPath, to: PurePosixPath) -> None:
        """Take the list along when a file is renamed."""
        if (old := read(self._place(path))) is not None:
            write_over(self._place(to), (read(self._place(to)) or b"") + old)
            self._place(path).unlink()

    def referred(self) -> Iterator[str]:
        """Name the versions whose texts must stay."""
        for file in self._folder.glob("*.jsonl"):
            for entry in self._read(file):
                yield entry["version"]

    def _entries(self, path: PurePosixPath) -> list[dict[str, Any]]:
        return self._read(self._place(path))

    @staticmethod
    def _read(file: Path) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        for line in (read(file) or b"").split(b"\n"):
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # cut short by a crash
            if "when" in entry:
                entries.append(entry)
            elif entries and entries[-1]["version"] == entry["version"]:
                entries[-1]["commit"] = entry["commit"]
        return entries[-KEPT:]

    def _blob(self, version: str) -> str:
        """Name a text as git does."""
        data = self._texts.get(version) or b""
        return sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()

    def _add(self, path: PurePosixPath, entry: dict[str, Any]) -> None:
        place = self._place(path)
        old = read(place)
        line = json.dumps(entry).encode() + b"\n"
        if old is None:
            make_folder(place.parent)
        elif old.count(b"\n") > 4 * KEPT:
            entries = [json.dumps(kept).encode() + b"\n" for kept in self._read(place)]
            write_over(place, b"".join(entries) + line)
            return
        elif not old.endswith(b"\n"):
            line = b"\n" + line
        with place.open("ab") as file:
            file.write(line)

    def _place(self, path: PurePosixPath) -> Path:
        name = blake2b(path.as_posix().encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        return self._folder / f"{name}.jsonl"


def diff(before: str, after: str) -> list[Row]:
    """Compare two texts line by line, whatever their line ends."""
    old, new = [line.says for line in lines(before)], [line.says for line in lines(after)]
    rows: list[Row] = []
    here = there = 0
    for one, other, size in [*blocks(old, new), (len(old), len(new), 0)]:
        rows += [Row("gone", number + 1, 0, old[number]) for number in range(here, one)]
        rows += [Row("new", 0, number + 1, new[number]) for number in range(there, other)]
        rows += [Row("same", one + n + 1, other + n + 1, old[one + n]) for n in range(size)]
        here, there = one + size, other + size
    return rows


def modified(place: Path) -> datetime:
    """Tell when a file was last written, by whomever."""
    return datetime.fromtimestamp(place.stat().st_mtime, UTC)
