"""Bring a folder to the state in which only what changed has to be written into it.

Files that stay as they are become hard links to those of the published build: they take no room and keep
their times. Nothing is ever written into an existing file, as it may be the published one.
"""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH102, PTH106, PTH108, PTH112, PTH116, PTH118

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from meishi.publishing.manifest import strange
from meishi.publishing.swap import remove_tree

# size, mtime_ns, inode
Look = tuple[int, int, int]


class Spare(NamedTuple):
    """Say what a staging folder is known to hold: its folders with their times, and its files."""

    folders: Mapping[str, int]
    files: frozenset[str]


def folders_of(files: Iterable[str]) -> set[str]:
    """Return every folder that these files need, "" among them."""
    found = {""}
    for path in files:
        end = path.rfind("/")
        while end > 0 and (folder := path[:end]) not in found:
            found.add(folder)
            end = path.rfind("/", 0, end)
    return found


def bring_up(
    staging: Path, published: Path, keep: Mapping[str, Look], wanted: Iterable[str], known: Spare | None
) -> list[str]:
    """Make `staging` hold the files to `keep` and nothing else, but for folders of files that are `wanted`.

    A wanted file that is not kept is removed, so that a new one can be written in its place. `known` is what
    staging holds; without it everything in it is looked at. Returns the kept files that are copies, because
    the file system has no hard links.
    """
    wanted_files = frozenset(wanted)
    wanted_folders = folders_of(wanted_files)
    base = str(staging) + os.sep
    if known is None:
        there = _clear(staging, wanted_files, wanted_folders)
    else:
        there = _clear_known(staging, known, wanted_files, wanted_folders)
    # The folders of the others are made with them, by whichever process makes them.
    for folder in sorted(folders_of(keep) - there):
        os.mkdir(base + folder)
    fresh = not there - {""}
    copies = []
    for path, look in keep.items():
        if (fresh or look_at(base + path) != look) and not link(str(published) + os.sep + path, base + path):
            copies.append(path)
    if not fresh:
        for path in wanted_files - keep.keys():
            remove(base + path)
    return copies


def _clear_known(staging: Path, known: Spare, files: frozenset[str], folders: set[str]) -> set[str]:
    base = str(staging) + os.sep
    for path in known.files - files:
        remove(base + path)
    there = set(known.folders)
    for folder in sorted(there - folders, key=len, reverse=True):
        try:
            os.rmdir(base + folder)
        except OSError:
            remove_tree(staging / folder)
    there &= folders
    for folder in strange({name: known.folders[name] for name in there}, staging):
        _clear_folder(base + folder, folder, files, folders)
        if not os.path.isdir(base + folder):
            there.discard(folder)
    return there


def _clear(staging: Path, files: frozenset[str], folders: set[str]) -> set[str]:
    """Remove what is not wanted, wherever it is; return the wanted folders that are there."""
    there = set()
    pending = [""]
    while pending:
        folder = pending.pop()
        there.add(folder)
        pending += _clear_folder(os.path.join(str(staging), folder), folder, files, folders)
    return there


def _clear_folder(path: str, folder: str, files: frozenset[str], folders: set[str]) -> list[str]:
    """Remove what is not wanted from one folder; return its wanted folders."""
    inner: list[str] = []
    prefix = f"{folder}/" if folder else ""
    if not os.path.isdir(path):
        return inner
    with os.scandir(path) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name in folders:
                    inner.append(name)
                else:
                    shutil.rmtree(entry.path)
            elif name not in files:
                os.unlink(entry.path)
    return inner


def look_at(path: str) -> Look | None:
    """Return a file's size, time and inode, or None if there is none."""
    try:
        found = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def link(source: str, target: str) -> bool:
    """Make `target` the same file as `source`; False if it is a copy, where there are no hard links."""
    remove(target)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        return False
    return True


def remove(path: str) -> None:
    """Remove a file, if it is there; a folder in its place too."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError:
        remove_tree(Path(path))


def times(tree: Path, folders: Iterable[str]) -> dict[str, int]:
    """Return the time of each folder."""
    base = str(tree) + os.sep
    return {folder: os.stat(base + folder).st_mtime_ns for folder in sorted(folders)}
