"""What all work at the desk needs: places, locks, the memory of texts, and commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from meishi.content.editing.errors import ExistsError, GitError, GoneError, PathError, SavingError, explain
from meishi.content.editing.files import read, read_settled
from meishi.content.editing.git import Author, GitOptions, Repository
from meishi.content.editing.history import History, modified
from meishi.content.editing.journal import Journal
from meishi.content.editing.locks import Locks
from meishi.content.editing.paths import inside
from meishi.content.editing.texts import Texts
from meishi.content.editing.trash import Trash
from meishi.content.sources import digest_of


@dataclass(frozen=True, slots=True)
class Bench:
    """The tools of one desk; `label` is what the folder is called in messages."""

    folder: Path
    label: PurePosixPath
    only: Collection[str] | None
    clock: Callable[[], datetime]
    git: GitOptions | None
    locks: Locks
    texts: Texts
    trash: Trash
    history: History
    journal: Journal
    quiet: float = 0.0

    def place(self, path: PurePosixPath) -> Path:
        """Find a file's place on the disk."""
        if self.only is not None and path.as_posix() not in self.only:
            raise PathError("this desk does not change that file", path=path)
        return inside(self.folder, path)

    def read(self, path: PurePosixPath, base: str | None = None) -> bytes:
        """Read a file that should be there."""
        place = self.place(path)
        if place.is_dir():
            raise PathError("it is a folder", path=path, hint="Choose a file in it")
        if place.exists() and not place.is_file():
            # Reading a pipe would wait for ever.
            raise PathError("it is no ordinary file", path=path, hint="Choose another one")
        data = read(place)
        if data is None:
            raise self.gone(path, base)
        return data

    def read_apart(self, path: PurePosixPath, known: str) -> bytes:
        """Read a file; where it is not the known version, another program may still be writing it.

        What it has written by now may be half a page: merged with ours, the other half would seem deleted.
        """
        try:
            data = self.read(path, known)
        except GoneError:
            # Some programs take a file away before they put the new one there.
            time.sleep(self.quiet)
            data = self.read(path, known)
        if not self.quiet or digest_of(data) in (known, self.history.newest(path)):
            return data
        settled = read_settled(self.place(path), self.quiet)
        if settled is None:
            raise self.gone(path, known)
        return settled

    def inner(self, path: PurePosixPath) -> list[PurePosixPath]:
        """List the files of a folder, or the one file."""
        place = self.place(path)
        if not place.is_dir():
            return [path]
        files = sorted(file for file in place.rglob("*") if file.is_file())
        return [path / file.relative_to(place).as_posix() for file in files]

    @contextmanager
    def explained(self, path: PurePosixPath) -> Iterator[None]:
        """Say of every error which file it is about, as it is seen from the site's folder."""
        try:
            yield
        except OSError as error:
            raise explain(error, self.label / path) from error
        except (PathError, SavingError) as error:
            if isinstance(error.path, PurePosixPath) and not error.path.is_relative_to(self.label):
                error.path = self.label / error.path
            raise

    def remember(self, path: PurePosixPath, place: Path, data: bytes) -> None:
        """Keep what is about to be replaced, also when another program wrote it."""
        outside = self.history.newest(path) != digest_of(data)
        version = self.texts.put(data, sync=outside)
        if outside:
            self.history.note(path, version, len(data), modified(place), "", "")

    def note(self, path: PurePosixPath, version: str, size: int, author: Author, message: str) -> None:
        """Remember a save; it is done, and a full disk makes it no less so."""
        with suppress(OSError):
            self.history.note(path, version, size, self.clock(), author.name, message)

    def commit(
        self, paths: Sequence[PurePosixPath], author: Author, message: str
    ) -> tuple[str | None, GitError | None]:
        """Commit these files where they lie in a git checkout; return the commit, or why there is none."""
        if self.git is None:
            return None, None
        commit = None
        try:
            for repository, places in self._by_repository(paths, self.git):
                with self.locks.named("git"):
                    commit = repository.commit(places, author, message)
        except GitError as error:
            error.path = self.label / paths[0]
            return None, error
        except (OSError, SavingError) as error:
            reason = f"saved, but not committed: {error}"
            return None, GitError(reason, path=self.label / paths[0], hint="Your next save tries again")
        return commit, None

    def repository(self, place: Path) -> Repository | None:
        """Find the checkout that a file belongs to, if commits are wanted."""
        return None if self.git is None else Repository.find(place.parent, self.git)

    def _by_repository(
        self, paths: Sequence[PurePosixPath], options: GitOptions
    ) -> list[tuple[Repository, list[Path]]]:
        found: dict[Path, tuple[Repository, list[Path]]] = {}
        folders: dict[Path, Repository | None] = {}
        for path in paths:
            place = self.folder.resolve() / path
            folder = place.parent.resolve()
            if folder not in folders:
                folders[folder] = Repository.find(folder, options)
            if (repository := folders[folder]) is not None:
                found.setdefault(repository.top, (repository, []))[1].append(folder / place.name)
        return list(found.values())

    def gone(self, path: PurePosixPath, base: str | None) -> GoneError:
        """Make the error for a file that is not there, and look where it may be."""
        hint = "Save it under a name of your choice; your text is kept"
        error = GoneError("there is no such file any more", path=path, hint=hint)
        if base is not None:
            error.moved_to = self._find(base, path.suffix)
        if error.moved_to is not None:
            error.hint = f"It is {error.moved_to} now; open that, your text is kept"
        elif any(item.path == path or item.path in path.parents for item in self.trash.items()):
            error.hint = "It is in the trash: restore it, then save again; your text is kept"
        return error

    def exists(self, path: PurePosixPath) -> ExistsError:
        """Make the error for a name that is taken."""
        return ExistsError("there is a file of that name already", path=path, hint="Choose another name")

    def _find(self, version: str, ending: str) -> PurePosixPath | None:
        text = self.texts.get(version)
        if text is None:
            return None
        for file in sorted(self.folder.rglob(f"*{ending}")):
            with suppress(OSError):
                if file.stat().st_size == len(text) and digest_of(file.read_bytes()) == version:
                    return PurePosixPath(file.relative_to(self.folder).as_posix())
        return None
