"""Renaming, deleting and bringing back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from meishi.content.editing.bench import Bench
from meishi.content.editing.errors import GitError, GoneError, SavingError
from meishi.content.editing.files import make_folder, read, sync_folder
from meishi.content.editing.git import Author
from meishi.content.editing.paths import content_path, fold
from meishi.content.editing.trash import Trashed
from meishi.content.sources import digest_of

Moves = Sequence[tuple[PurePosixPath, PurePosixPath]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Which files have which names now, and the commit, or why there is none."""

    files: tuple[tuple[PurePosixPath, PurePosixPath], ...]
    commit: str | None
    notice: GitError | None


@dataclass(frozen=True, slots=True)
class Thrown:
    """An item that went into the trash or came out of it, and the commit, or why there is none."""

    item: Trashed
    commit: str | None
    notice: GitError | None


def move(bench: Bench, moves: Moves, author: Author, message: str = "") -> Moved:
    """Rename files or folders: all of them or none."""
    paths = [path for pair in moves for path in pair]
    with bench.explained(paths[0]), bench.locks.hold(*paths):
        inner = [bench.inner(path) for path, _ in moves]
        _rename_all(bench, moves)
        pairs = zip(moves, inner, strict=True)
        files = [(old, to / old.relative_to(path)) for (path, to), olds in pairs for old in olds]
        for old, new in files:
            # The files are where they should be: a full disk must not say otherwise.
            with suppress(OSError, SavingError):
                bench.history.move(old, new)
                bench.journal.move(old, new)
        message = message or "; ".join(
            f"Move {bench.label / path} to {bench.label / to}" for path, to in moves
        )
        commit, notice = bench.commit([one for pair in files for one in pair], author, message)
        return Moved(tuple(files), commit, notice)


def _rename_all(bench: Bench, moves: Moves) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for path, to in moves:
            place = bench.place(path)
            if not place.exists():
                raise bench.gone(path, None)
            target = _target(bench, path, to)
            make_folder(target.parent)
            place.rename(target)
            done.append((place, target))
            sync_folder(target.parent)
            sync_folder(place.parent)
    except BaseException:
        for place, target in reversed(done):
            target.rename(place)
        raise


def _target(bench: Bench, path: PurePosixPath, to: PurePosixPath) -> Path:
    to = content_path(to.as_posix())
    if path in to.parents:
        raise SavingError("a folder cannot move into itself", path=path, hint="Choose another folder")
    if path != to and path.parent == to.parent and fold(path.name) == fold(to.name):
        # About.md to about.md: the one that is in the way is the file itself.
        return bench.place(path).with_name(to.name)
    target = bench.place(to)
    if target.exists():
        raise bench.exists(to)
    return target


def delete(
    bench: Bench, path: PurePosixPath, author: Author, base: str | None = None, message: str = ""
) -> Thrown:
    """Put a file or folder into the trash; with `base`, only if the file still has that version."""
    with bench.explained(path), bench.locks.hold(path):
        place = bench.place(path)
        if not place.exists():
            raise bench.gone(path, base)
        inner = bench.inner(path)
        if place.is_file() and base is not None and digest_of(read(place) or b"") != base:
            hint = "Look at it first, then delete it"
            raise SavingError("not deleted: the file was changed meanwhile", path=path, hint=hint)
        item = bench.trash.put(place, path, author.name, bench.clock())
        return Thrown(item, *bench.commit(inner, author, message or f"Delete {bench.label / path}"))


def restore(bench: Bench, identity: str, author: Author, to: PurePosixPath | None = None) -> Thrown:
    """Bring an item back from the trash, under another name if its own is taken."""
    item = bench.trash.find(identity)
    if item is None:
        raise GoneError("that is no longer in the trash", hint="Look at the list anew")
    path = to or item.path
    with bench.explained(path), bench.locks.hold(path):
        place = bench.place(path)
        if place.exists():
            raise bench.exists(path)
        bench.trash.take(identity, place)
        return Thrown(item, *bench.commit(bench.inner(path), author, f"Restore {bench.label / path}"))
