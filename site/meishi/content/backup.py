"""A whole site in one ZIP file: what the owner made, and nothing that is secret or can be made again."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from meishi.config.site import FILE_NAMES
from meishi.errors import MeishiError

#: The first entry: what the others are, so that a broken or foreign file is known before anything is touched.
MANIFEST = "meishi-backup.json"
FORMAT = 1
FOLDERS = ("archetypes", "content", "i18n", "static", "templates", "themes")
#: What may lie in a backup besides files of the site: its database's content.
EXTRAS = frozenset({"guestbook/entries.json"})
#: Below these lies Meishi itself: the study, and what the install builds.
OWN = (("static", "admin"), ("static", "dist"), ("templates", "admin"))
_LEFT_OUT = {".git", "__pycache__", "node_modules", ".DS_Store", "Thumbs.db"}
_BLOCK = 1 << 20
# The format's first year; it counts in steps of two seconds.
_FIRST = datetime(1980, 1, 1, tzinfo=UTC)


class BackupError(MeishiError):
    """Stop a backup or a restoring; the site is as it was."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a backup; `digest` is the SHA-256 of its bytes."""

    name: str
    size: int
    digest: str


def site_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the owner's files in their order: each name as seen from the site's folder, and the file."""
    for name in FILE_NAMES:
        if (root / name).is_file():
            yield name, root / name
    for top in FOLDERS:
        for folder, folders, files in os.walk(root / top):
            below = Path(folder).relative_to(root)
            folders[:] = sorted(
                one for one in folders if one not in _LEFT_OUT and (*below.parts, one) not in OWN
            )
            for name in sorted(files):
                file = Path(folder, name)
                if name not in _LEFT_OUT and not name.startswith(".meishi-") and file.is_file():
                    yield (below / name).as_posix(), file


def left_out(root: Path) -> list[str]:
    """List the names that lead out of the site: a backup holds what lies in it."""
    top = root.resolve()
    found = [name for name, file in site_files(root) if top not in file.resolve().parents]
    for folder in FOLDERS:
        for place, folders, _files in os.walk(root / folder):
            found += [
                Path(place, one).relative_to(root).as_posix()
                for one in folders
                if Path(place, one).is_symlink()
            ]
    return sorted(found)


def write_backup(root: Path, out: IO[bytes], extras: Mapping[str, Path] | None = None) -> list[Entry]:
    """Write the site at `root`, and extras from elsewhere; the same files give the same bytes."""
    skipped = set(left_out(root))
    entries, newest = [], _FIRST
    chosen = [(name, file) for name, file in site_files(root) if name not in skipped]
    chosen += sorted((extras or {}).items())
    if not chosen:
        raise BackupError("there is nothing to back up", path=root.name, hint="Run it in the site's folder")
    for name, file in chosen:
        with _explained(name), file.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        entries.append(Entry(name, file.stat().st_size, digest))
        newest = max(newest, _changed(file))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(_info(MANIFEST, newest), _manifest(entries), zipfile.ZIP_DEFLATED)
        for entry, (_, file) in zip(entries, chosen, strict=True):
            info = _info(entry.name, _changed(file))
            info.file_size = entry.size
            written = hashlib.sha256()
            with _explained(entry.name), file.open("rb") as data, archive.open(info, "w") as part:
                while block := data.read(_BLOCK):
                    written.update(block)
                    part.write(block)
            if written.hexdigest() != entry.digest:
                raise BackupError("the file was changed just now", path=entry.name, hint="Back up again")
    return entries


def _manifest(entries: list[Entry]) -> bytes:
    files = {entry.name: [entry.size, entry.digest] for entry in entries}
    return json.dumps({"format": FORMAT, "files": files}, ensure_ascii=False, indent=1).encode()


def _changed(file: Path) -> datetime:
    # The last year of the format is 2107.
    seconds = min(max(file.stat().st_mtime, _FIRST.timestamp()), 4_354_819_198)
    return datetime.fromtimestamp(seconds, UTC)


def _info(name: str, changed: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, changed.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    # Whatever system writes it, the bytes are the same.
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


class _explained:  # noqa: N801
    """Say of an error of the system which file it is about."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise BackupError(f"it cannot be read ({error.strerror})", path=self._name) from error
