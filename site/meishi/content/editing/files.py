"""Writing that is never half done: a temporary file beside the old one, synced, then put in its place."""

# System calls by their names.
# ruff: noqa: PTH105, PTH116

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

#: Hidden, and with an ending that the site leaves out, should a kill leave one behind.
TEMPORARY = (".meishi-", ".tmp")

_NO_LINKS = {
    errno.EPERM,
    errno.ENOSYS,
    errno.EMLINK,
    getattr(errno, "ENOTSUP", 0),
    getattr(errno, "EOPNOTSUPP", 0),
}


def read(place: Path) -> bytes | None:
    """Read a file; None where there is none."""
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_settled(place: Path, quiet: float, longest: float = 4.0) -> bytes | None:
    """Read a file that another program may be writing: wait until nothing happened to it for `quiet` seconds.

    After the longest time it is read as it is: something writes there without an end.
    """
    until = time.monotonic() + longest
    seen = _mark(place)
    if seen is not None and time.time() - seen[1] / 1e9 > quiet:
        data = read(place)
        if _mark(place) == seen:
            return data
    while True:
        time.sleep(quiet)
        data, now = read(place), _mark(place)
        if now == seen or time.monotonic() > until:
            return data
        seen = now


def _mark(place: Path) -> tuple[int, int, int] | None:
    """Return what differs after each write, None where there is no file."""
    try:
        status = os.stat(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def swap(place: Path, data: bytes, expected: bytes) -> bool:
    """Replace a file that has the expected bytes; False, and nothing done, if it has others by now."""
    status = os.stat(place)
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
    temporary = _write_beside(place, data, status)
    try:
        # Writing and syncing took a while: this look is what keeps another program's save.
        if read(place) != expected:
            return False
        _exchange_or_replace(temporary, place)
        if temporary.exists() and read(temporary) not in (expected, None):
            # It was written in that very moment: it goes back, and the caller merges with it.
            _exchange_or_replace(temporary, place)
            return False
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(place.parent)
    return True


def write_new(place: Path, data: bytes) -> None:
    """Write a file that must not exist yet."""
    make_folder(place.parent)
    temporary = _write_beside(place, data, None)
    try:
        try:
            os.link(temporary, place)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if place.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place)) from error
            os.replace(temporary, place)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(place.parent)


def write_over(place: Path, data: bytes, *, sync: bool = True) -> None:
    """Write a file of our own, whatever was there; without `sync`, a power cut may undo that."""
    if sync:
        make_folder(place.parent)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
    temporary = _write_beside(place, data, None, sync=sync)
    try:
        _replace(temporary, place)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    if sync:
        sync_folder(place.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and make sure that they stay."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems know no fsync of folders.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def leftovers(folder: Path, before: float) -> list[Path]:
    """List temporary files that a kill left, last written before a time."""
    found = folder.rglob(f"{TEMPORARY[0]}*{TEMPORARY[1]}")
    return [file for file in found if file.is_file() and file.stat().st_mtime < before]


def _write_beside(place: Path, data: bytes, like: os.stat_result | None, *, sync: bool = True) -> Path:
    for number in count():
        temporary = place.with_name(f"{TEMPORARY[0]}{os.getpid()}-{number}{TEMPORARY[1]}")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            handle = os.open(temporary, flags, 0o666)
            break
        except FileExistsError:
            continue
    try:
        with os.fdopen(handle, "wb") as file:
            if like is not None and hasattr(os, "fchown"):
                os.fchmod(file.fileno(), like.st_mode & 0o7777)
                with suppress(OSError):
                    # Only root may give files away; anyone else owns what they write.
                    os.fchown(file.fileno(), like.st_uid, like.st_gid)
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _exchange_or_replace(temporary: Path, place: Path) -> None:
    """Put a file in another's place; where the system can, the other stays under the first one's name."""
    if sys.platform.startswith("linux"):
        import ctypes

        renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        at_cwd, rename_exchange = -100, 2
        if (
            renameat2 is not None
            and renameat2(at_cwd, os.fsencode(temporary), at_cwd, os.fsencode(place), rename_exchange) == 0
        ):
            return
    _replace(temporary, place)


def _replace(temporary: Path, place: Path) -> None:
    for pause in (0.01, 0.05, 0.2, 0.5):
        try:
            os.replace(temporary, place)
            return
        except PermissionError:
            # On Windows a file cannot be replaced while a virus scanner reads it.
            if os.name != "nt":
                raise
            time.sleep(pause)
    os.replace(temporary, place)
