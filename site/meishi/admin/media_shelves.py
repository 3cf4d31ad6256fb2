"""The two shelves of the owner's files, beside pages and shared, with a desk for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import abort

from meishi.admin.authorship import git_options, owner_of
from meishi.admin.study import Study
from meishi.content.editing.desk import Desk, Saved
from meishi.content.editing.errors import ExistsError
from meishi.content.editing.files import read
from meishi.content.editing.moving import Moved, Thrown
from meishi.content.editing.paths import content_path, inside
from meishi.content.editing.trash import Trashed
from meishi.content.media import Item, Media
from meishi.content.uploads import Upload


@dataclass(frozen=True, slots=True)
class Deleted:
    """A file in the trash of a shelf; `name` is what it was, as seen from the site's folder."""

    shelf: str
    item: Trashed

    @property
    def name(self) -> str:
        """Return where it lay."""
        return f"{self.shelf}/{self.item.path}"


class Shelves:
    """Keep, find, rename and delete the owner's files by their names as seen from the site's folder."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._media = Media(study.root)
        static = Desk(
            study.root,
            study.server.instance,
            clock=study.now,
            git=git_options(study.source),
            folder="static",
        )
        self._desks = {"content": study.desk, "static": static}

    def items(self) -> dict[str, Item]:
        """Map every file's name to it."""
        site = self._study.source.current()
        return self._media.items(site.library, site.links, site.folders.static_files(), site.pictures)

    def item(self, name: str) -> Item:
        """Find one file; what is not in the list is not there."""
        found = self.items().get(content_path(name).as_posix())
        if found is None:
            abort(404)
        return found

    def picture(self, name: str) -> Path:
        """Find a picture's file, without a look at all the others."""
        shelf, path = split(content_path(name))
        return inside(self._study.root / shelf, path)

    def keep(self, folder: PurePosixPath, upload: Upload) -> tuple[PurePosixPath, Saved | None]:
        """Put a file into a folder under a free name; the same file again is not kept twice."""
        shelf, rest = split(folder)
        top = self._study.root / shelf
        for number in range(1, 10_000):
            path = content_path((rest / upload.name(number)).as_posix())
            there = read(inside(top, path))
            if there == upload.data:
                return PurePosixPath(shelf) / path, None
            try:
                saved = self._desks[shelf].create(path, upload.data, owner_of(self._study.source))
            except ExistsError:
                continue
            self._study.source.changed()
            return PurePosixPath(shelf) / path, saved
        raise ExistsError("there are too many files of that name", path=folder, hint="Rename it first")

    def rename(self, name: str, to: PurePosixPath) -> Moved:
        """Give a file another name; its folder stays."""
        shelf, path = split(content_path(name))
        done = self._desks[shelf].rename(path, to, owner_of(self._study.source))
        self._study.source.changed()
        return done

    def delete(self, name: str) -> Thrown:
        """Put a file into the trash."""
        shelf, path = split(content_path(name))
        done = self._desks[shelf].delete(path, owner_of(self._study.source))
        self._study.source.changed()
        return done

    def restore(self, shelf: str, identity: str) -> Thrown:
        """Bring a file back from the trash."""
        if shelf not in self._desks:
            abort(404)
        done = self._desks[shelf].restore(identity, owner_of(self._study.source))
        self._study.source.changed()
        return done

    def deleted(self) -> list[Deleted]:
        """List the files in the trash, newest first; deleted pages are listed with the pages."""
        found = [Deleted(shelf, item) for shelf, desk in self._desks.items() for item in desk.trash()]
        files = [one for one in found if one.item.path.suffix.lower() not in ("", ".md", ".markdown")]
        return sorted(files, key=lambda one: one.item.when, reverse=True)


def split(name: PurePosixPath) -> tuple[str, PurePosixPath]:
    """Take the shelf from a name, and the path on it."""
    if name.parts[0] not in ("content", "static") or len(name.parts) < 2:
        abort(404)
    return name.parts[0], PurePosixPath(*name.parts[1:])
