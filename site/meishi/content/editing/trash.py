"""What was deleted, as it was, until the owner empties the trash."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path, PurePosixPath

from meishi.content.editing.files import make_folder, sync_folder, write_over

_ID = re.compile(r"[0-9a-z-]{10,80}")


@dataclass(frozen=True, slots=True)
class Trashed:
    """A deleted file or folder; `size` in bytes, `files` counts what a folder had."""

    id: str
    path: PurePosixPath
    when: datetime
    author: str
    size: int
    files: int


class Trash:
    """Keep what was deleted."""

    def __init__(self, folder: Path) -> None:
        """Keep it in `folder`."""
        self._folder = folder

    def put(self, place: Path, path: PurePosixPath, author: str, when: datetime) -> Trashed:
        """Move a file or folder into the trash."""
        inner = [file for file in place.rglob("*") if file.is_file()] if place.is_dir() else [place]
        size = sum(file.stat().st_size for file in inner)
        stem = f"{when:%Y%m%d-%H%M%S}-{blake2b(path.as_posix().encode(), digest_size=4).hexdigest()}"
        make_folder(self._folder)
        for number in count():
            identity = f"{stem}-{number}"
            try:
                (self._folder / identity).mkdir()
                break
            except FileExistsError:
                continue
        home = self._folder / identity
        item = Trashed(identity, path, when, author, size, len(inner))
        try:
            # First what it is, then the thing itself: a kill in between leaves it where it was.
            about = {"path": path.as_posix(), "when": when.isoformat(), "author": author}
            about |= {"size": str(size), "files": str(len(inner))}
            write_over(home / "about.json", json.dumps(about, ensure_ascii=False).encode())
            carry(place, home / "content")
        except BaseException:
            if not (home / "content").exists():
                shutil.rmtree(home, ignore_errors=True)
            raise
        return item

    def items(self) -> list[Trashed]:
        """List what is in the trash, newest first."""
        found = []
        for about in self._folder.glob("*/about.json"):
            if not os.path.lexists(about.parent / "content"):
                continue
            try:
                values = json.loads(about.read_bytes())
                path, when = PurePosixPath(values["path"]), datetime.fromisoformat(values["when"])
                sizes = int(values["size"]), int(values["files"])
                found.append(Trashed(about.parent.name, path, when, str(values["author"]), *sizes))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return sorted(found, key=lambda item: (item.when, item.id), reverse=True)

    def find(self, identity: str) -> Trashed | None:
        """Find one item."""
        return next((item for item in self.items() if item.id == identity), None)

    def take(self, identity: str, place: Path) -> None:
        """Move an item out of the trash to a place where nothing is."""
        make_folder(place.parent)
        carry(self._home(identity) / "content", place)
        shutil.rmtree(self._home(identity), ignore_errors=True)

    def erase(self, identity: str) -> None:
        """Delete an item for good."""
        shutil.rmtree(self._home(identity))

    def _home(self, identity: str) -> Path:
        if not _ID.fullmatch(identity):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), identity)
        return self._folder / identity


def carry(place: Path, target: Path) -> None:
    """Move a file or folder to a place where nothing is, to another disk too."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    try:
        place.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(place, target)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
    sync_folder(target.parent)
    sync_folder(place.parent)


def _copy(place: Path, target: Path) -> None:
    part = target.with_name(f".meishi-{target.name}.tmp")
    try:
        if place.is_dir():
            shutil.copytree(place, part, symlinks=True)
        else:
            shutil.copy2(place, part)
        for file in part.rglob("*") if part.is_dir() else [part]:
            if file.is_file():
                with file.open("rb") as handle:
                    os.fsync(handle.fileno())
        part.rename(target)
    except BaseException:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
        raise
