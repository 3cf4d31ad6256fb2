"""A site from its backup: looked through first, unpacked beside, then put in place; nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from meishi.config.site import FILE_NAMES
from meishi.content.backup import EXTRAS, FOLDERS, FORMAT, MANIFEST, OWN, BackupError, Entry, site_files
from meishi.content.editing.files import make_folder, sync_folder
from meishi.content.editing.paths import fold

#: Far beyond any site (GitHub Pages takes 1 GB): more is a bomb, or a mistake.
MOST_BYTES, MOST_FILES, MOST_NAMES = 8_000_000_000, 200_000, 64_000_000
#: Text that packs a thousand times smaller is none that somebody wrote.
MOST_RATIO = 400
_BLOCK = 1 << 20
#: What the library raises about bytes that make no sense.
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
    UnicodeDecodeError, struct.error, IndexError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the files that were written anew, and where those that they replaced are kept."""

    written: int
    same: int
    aside: Path | None
    moved: int


#: Checks what a backup holds besides files, before anything is changed; returns what brings it back.
Extras = Callable[[Mapping[str, Path]], Callable[[], None]]


def _ignored(_found: Mapping[str, Path]) -> Callable[[], None]:
    return lambda: None


def restore_backup(
    archive: Path, root: Path, aside: Path, now: datetime, extras: Extras = _ignored
) -> Restored:
    """Make the site at `root` what a backup says; what differs there is moved below `aside`."""
    with _opened(archive) as pack:
        entries = _entries(pack, archive)
        staging = root / ".meishi-restore.tmp"
        shutil.rmtree(staging, ignore_errors=True)
        try:
            _unpack(pack, entries, staging, archive)
            finish = extras({entry.name: staging / entry.name for entry in entries if entry.name in EXTRAS})
            files = [entry for entry in entries if entry.name not in EXTRAS]
            done = _put_in_place(files, staging, root, aside / f"{now:%Y%m%d-%H%M%S}")
            finish()
            return done
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BackupError(
                f"the site could not be restored: {reason}",
                path=str(getattr(error, "filename", "") or root.name),
                hint="Nothing is lost; put that right and restore again",
            ) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as pack:
            yield pack
    except FileNotFoundError as error:
        raise BackupError("there is no such file", path=archive.name) from error
    except _BROKEN as error:
        raise _wrong(archive, f"it is no ZIP file, or a broken one ({error})") from error
    except OSError as error:
        raise BackupError(f"it cannot be read ({error.strerror})", path=archive.name) from error


def _entries(pack: zipfile.ZipFile, archive: Path) -> list[Entry]:
    """Compare what the file holds with what it says that it holds."""
    infos = pack.infolist()
    if len(infos) > MOST_FILES:
        raise _wrong(archive, f"it has {len(infos)} entries")
    if not infos or infos[0].filename != MANIFEST or infos[0].file_size > MOST_NAMES:
        raise BackupError(
            "this is no backup of a site", path=archive.name, hint="Name a file that `flask backup` made"
        )
    listed = _manifest(pack, archive)
    names = [info.filename for info in infos[1:]]
    if len(set(names)) != len(names) or set(names) != set(listed):
        raise _wrong(archive, "its entries are not those that its list names")
    if len({fold(name) for name in names}) != len(names):
        raise _wrong(archive, "two of its names differ only in capitals")
    total = 0
    for info in infos[1:]:
        _check(info, listed[info.filename], archive)
        total += info.file_size
    packed = archive.stat().st_size
    if total > MOST_BYTES or total > max(packed * MOST_RATIO, 64_000_000):
        raise _wrong(archive, f"it would grow from {packed:,} to {total:,} bytes")
    return [listed[name] for name in names]


def _manifest(pack: zipfile.ZipFile, archive: Path) -> dict[str, Entry]:
    try:
        told: Any = json.loads(pack.read(MANIFEST))
        if told["format"] != FORMAT:
            raise BackupError(
                f"it was made by another Meishi (format {told['format']!r})",
                path=archive.name,
                hint="Restore it with that one, or update this one",
            )
        return {
            str(name): Entry(str(name), int(size), str(digest))
            for name, (size, digest) in told["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(archive, "its list cannot be read") from error


def _check(info: zipfile.ZipInfo, entry: Entry, archive: Path) -> None:
    name = info.filename
    if (reason := refusal(name)) is not None:
        raise _wrong(archive, f"the name {name[:80]!r} {reason}")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _wrong(archive, f"{name} is a link or something else that is no file")
    if info.flag_bits & 1:
        raise _wrong(archive, f"{name} is locked with a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _wrong(archive, f"{name} is packed in another way")
    if info.file_size != entry.size:
        raise _wrong(archive, f"{name} has not the size that its list says")


def refusal(name: str) -> str | None:
    """Say why a name is none that a backup of ours would have; None for a good one."""
    parts = name.split("/")
    if name in FILE_NAMES or name in EXTRAS:
        return None
    if "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name) or name.startswith("/"):
        return "leads elsewhere"
    if any(part in ("", ".", "..") for part in parts):
        return "leads elsewhere"
    if parts[0] not in FOLDERS or len(parts) < 2:
        return "is not one of a site's"
    if tuple(parts[:2]) in OWN or ".git" in {unicodedata.normalize("NFKC", part).lower() for part in parts}:
        return "is not the owner's to bring"
    if any(ord(sign) < 32 for sign in name) or len(name.encode("utf-8", "surrogatepass")) > 1000:
        return "cannot be stored"
    return None


def _unpack(pack: zipfile.ZipFile, entries: list[Entry], staging: Path, archive: Path) -> None:
    for entry in entries:
        info = pack.getinfo(entry.name)
        place = staging / entry.name
        place.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with pack.open(info) as part, place.open("xb") as file:
            while block := part.read(_BLOCK):
                size += len(block)
                if size > entry.size:
                    break
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if size != entry.size or digest.hexdigest() != entry.digest:
            raise _wrong(archive, f"{entry.name} is damaged")
        moment = timegm((*info.date_time, 0, 0, 0))
        os.utime(place, (moment, moment))


def _put_in_place(entries: list[Entry], staging: Path, root: Path, aside: Path) -> Restored:
    wanted = {entry.name for entry in entries}
    there = dict(site_files(root))
    same = {name for name in wanted & set(there) if _equal(there[name], staging / name)}
    away = [name for name in there if name not in same]
    for name in wanted - set(there):
        place = root / name
        if os.path.lexists(place) or not _within(root, place):
            # A link, or a folder in the place of a file.
            raise BackupError("something is in the way", path=name, hint="Move it, and restore again")
    moved = False
    if away:
        aside = _free(aside)
        for name in away:
            _move(there[name], aside / name)
            moved = True
    for name in sorted(wanted - same):
        _move(staging / name, root / name)
    for folder in FOLDERS:
        _drop_empty(root / folder)
    return Restored(len(wanted - same), len(same), aside if moved else None, len(away))


def _within(root: Path, place: Path) -> bool:
    top = root.resolve()
    parent = place.parent
    while not parent.exists():
        parent = parent.parent
    return parent.is_dir() and (parent.resolve() == top or top in parent.resolve().parents)


def _move(source: Path, target: Path) -> None:
    make_folder(target.parent)
    try:
        source.rename(target)
    except OSError:
        # instance/ may lie on another disk.
        shutil.copy2(source, target, follow_symlinks=False)
        source.unlink()
    sync_folder(target.parent)


def _equal(one: Path, other: Path) -> bool:
    if one.is_symlink() or one.stat().st_size != other.stat().st_size:
        return False
    return one.read_bytes() == other.read_bytes()


def _free(folder: Path) -> Path:
    number, found = 1, folder
    while found.exists():
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found


def _drop_empty(folder: Path) -> None:
    """Take away the folders that a move has emptied, but not the one at the top."""
    for place, folders, files in os.walk(folder, topdown=False):
        path = Path(place)
        if path != folder and not files and not any((path / one).exists() for one in folders):
            path.rmdir()


def _wrong(archive: Path, reason: str) -> BackupError:
    return BackupError(
        f"this backup is not used: {reason}", path=PurePosixPath(archive.name), hint="Nothing was changed"
    )
