"""The desk where files are changed: opened, saved, made, renamed, thrown away and brought back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from meishi.content.editing import moving
from meishi.content.editing.bench import Bench
from meishi.content.editing.errors import ClashError, GitError, SavingError
from meishi.content.editing.files import leftovers, swap, write_new
from meishi.content.editing.freshness import Behind, behind, translated_from
from meishi.content.editing.git import Author, GitOptions, Repository
from meishi.content.editing.history import History, Version
from meishi.content.editing.journal import Draft, Journal
from meishi.content.editing.lines import keep_line_ends
from meishi.content.editing.locks import Locks
from meishi.content.editing.merging import Merged, compare
from meishi.content.editing.moving import Moved, Moves, Thrown
from meishi.content.editing.pagemerge import merge_page
from meishi.content.editing.texts import Texts, decode, encode
from meishi.content.editing.trash import Trash, Trashed
from meishi.content.sources import digest_of
from meishi.errors import ContentError

_WEEK, _MONTH = timedelta(days=7), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it is on the disk; `version` is the digest of its bytes."""

    path: PurePosixPath
    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as it is on the disk after a save.

    `merged` tells that another change is in `text`, too. `commit` is git's, if one was made; `notice` says
    why there is none, where there should be one.
    """

    path: PurePosixPath
    version: str
    text: str
    merged: bool = False
    commit: str | None = None
    notice: GitError | None = None


class Desk:
    """Change the files below one folder of a site."""

    def __init__(
        self,
        root: Path,
        instance: Path,
        *,
        clock: Callable[[], datetime],
        git: GitOptions | None = None,
        folder: str = "content",
        only: Collection[str] | None = None,
        sync_every: float = 1.0,
        quiet: float = 0.4,
    ) -> None:
        """Change the files in `folder` of the site at `root`; with `only`, just those.

        `Desk(root, instance, clock=…, folder="", only={"config.toml"})` is the desk for the settings.
        All that must not be published is kept in `instance`. Without `git` nothing is ever committed.
        `clock` tells the time with its zone. The journal is forced to the disk at most every `sync_every` s.
        What another program wrote counts when it has been quiet for `quiet` seconds.
        """
        store = instance / "desk" / (folder or "site")
        locks, texts = Locks(store / "locks"), Texts(store / "texts")
        self.journal = Journal(store / "journal", locks, clock, sync_every=sync_every)
        self._bench = Bench(
            folder=root / folder,
            label=PurePosixPath(folder),
            only=only,
            clock=clock,
            git=git,
            locks=locks,
            texts=texts,
            trash=Trash(store / "trash"),
            history=History(store / "saves", texts),
            journal=self.journal,
            quiet=quiet,
        )

    def open(self, path: PurePosixPath, known: str | None = None) -> Opened:
        """Read a file, and remember its text: what is typed may have to be merged with another change.

        With a known version, another program is waited for until it has written the file.
        """
        with self._bench.explained(path):
            data = self._bench.read(path) if known is None else self._bench.read_apart(path, known)
            with suppress(OSError):
                # On a full disk the owner can still read.
                self._bench.texts.put(data)
            return Opened(path, decode(data), digest_of(data))

    def save(self, path: PurePosixPath, text: str, base: str, author: Author, message: str = "") -> Saved:
        """Put on the disk a text that began as version `base`; merge it with what else changed meanwhile.

        Line ends and a byte order mark that the browser dropped come back. Raises ClashError, GoneError,
        another SavingError or a PathError; then nothing was written.
        """
        bench = self._bench
        with bench.explained(path), bench.locks.hold(path):
            place = bench.place(path)
            for _ in range(20):
                there = bench.read_apart(path, base)
                mine, merged = self._combine(path, text, base, there)
                data = encode(mine)
                if data == there:
                    return self._unchanged(path, there, merged, author, message)
                bench.remember(path, place, there)
                version = bench.texts.put(data)
                if swap(place, data, there):
                    break
            else:
                hint = "Save again when it is done; your text is kept"
                raise SavingError("not saved: another program keeps writing this file", path=path, hint=hint)
            message = message or f"Edit {bench.label / path}"
            bench.note(path, version, len(data), author, message)
            commit, notice = self._commit(path, version, author, message)
            return Saved(path, version, decode(data), merged, commit, notice)

    def create(self, path: PurePosixPath, content: str | bytes, author: Author, message: str = "") -> Saved:
        """Make a file that does not exist yet; a picture comes as bytes."""
        bench = self._bench
        data = encode(content) if isinstance(content, str) else content
        with bench.explained(path), bench.locks.hold(path):
            place = bench.place(path)
            if place.exists():
                raise bench.exists(path)
            try:
                write_new(place, data)
            except FileExistsError as error:
                raise bench.exists(path) from error
            message = message or f"Add {bench.label / path}"
            version = digest_of(data)
            if isinstance(content, str):
                with suppress(OSError):
                    bench.texts.put(data)
                bench.note(path, version, len(data), author, message)
            commit, notice = self._commit(path, version, author, message)
            return Saved(path, version, decode(data), False, commit, notice)

    def duplicate(self, path: PurePosixPath, to: PurePosixPath, author: Author) -> Saved:
        """Copy a file."""
        label = self._bench.label
        return self.create(to, self.open(path).text, author, f"Copy {label / path} to {label / to}")

    def rename(self, path: PurePosixPath, to: PurePosixPath, author: Author) -> Moved:
        """Rename or move a file, or a folder with all that is in it."""
        return moving.move(self._bench, [(path, to)], author)

    def move(self, moves: Moves, author: Author, message: str = "") -> Moved:
        """Rename several, such as a page and its translations: all of them or none, in one commit."""
        return moving.move(self._bench, moves, author, message)

    def delete(
        self, path: PurePosixPath, author: Author, base: str | None = None, message: str = ""
    ) -> Thrown:
        """Put a file or folder into the trash; with `base`, only if the file still has that version."""
        return moving.delete(self._bench, path, author, base, message)

    def trash(self) -> list[Trashed]:
        """List what is in the trash, newest first."""
        return self._bench.trash.items()

    def restore(self, identity: str, author: Author, to: PurePosixPath | None = None) -> Thrown:
        """Bring an item back from the trash, under another name if its own is taken."""
        return moving.restore(self._bench, identity, author, to)

    def erase(self, identity: str) -> None:
        """Delete an item of the trash for good."""
        if self._bench.trash.find(identity) is not None:
            self._bench.trash.erase(identity)

    def versions(self, path: PurePosixPath) -> list[Version]:
        """List what is known of a file's past, newest first; each can be opened by `past`."""
        with self._bench.explained(path):
            place = self._bench.place(path)
            return self._bench.history.versions(path, place, self._repository(place))

    def past(self, path: PurePosixPath, identity: str) -> str | None:
        """Read a file as it was; to restore it, save that text. None if it is not known any more."""
        with self._bench.explained(path):
            return self._bench.history.text(identity, self._repository(self._bench.place(path)))

    def text_of(self, path: PurePosixPath, version: str) -> str | None:
        """Find a file's text by the digest of its bytes, in what the desk keeps and in git."""
        kept = self._bench.texts.get(version)
        if kept is not None:
            return decode(kept)
        with self._bench.explained(path):
            place = self._bench.place(path)
            repository = self._repository(place)
            for commit in repository.log(place) if repository else []:
                data = repository.blob(commit.blob) if repository else None
                if data is not None and digest_of(data) == version:
                    return decode(data)
        return None

    def behind(self, translation: PurePosixPath, source: PurePosixPath) -> list[Behind] | None:
        """List what changed in a page since its translation was made; None if that is not known."""
        version = translated_from(self.open(translation).text)
        then = self.text_of(source, version) if version else None
        return None if then is None else behind(self.open(source).text, then)

    def drafts(self, path: PurePosixPath | None = None) -> list[Draft]:
        """List what was typed and is not on the disk, of one file or of all; newest first."""
        found = []
        for draft in self.journal.drafts(path):
            try:
                there = self.open(draft.path)
            except ContentError:
                found.append(draft)  # the file went away: all the more reason
                continue
            known = self._bench.texts.get(draft.base)
            began = there.text if draft.base == there.version else decode(known or b"")
            kept = keep_line_ends(draft.text, there.text)
            if kept != there.text and keep_line_ends(draft.text, began) != began:
                found.append(draft)
        return found

    def tidy(self) -> None:
        """Clear what kills left behind and what nobody needs any more; run it when the server starts."""
        now = self._bench.clock()
        for folder in (self._bench.folder, self._bench.locks.folder.parent):
            for file in leftovers(folder, (now - timedelta(hours=1)).timestamp()):
                file.unlink(missing_ok=True)
        self.journal.prune(now - _WEEK)
        keep = {draft.base for draft in self.journal.drafts()} | set(self._bench.history.referred())
        for page in self._bench.folder.rglob("*.md"):
            with suppress(OSError):
                keep.add(translated_from(decode(page.read_bytes())) or "")
        self._bench.texts.prune(keep, (now - _MONTH).timestamp())

    def _combine(self, path: PurePosixPath, text: str, base: str, there: bytes) -> tuple[str, bool]:
        theirs = decode(there)
        if digest_of(there) == base:
            return keep_line_ends(text, theirs), False
        began = self.text_of(path, base)
        mine = keep_line_ends(text, theirs if began is None else began)
        merged = compare(mine, theirs) if began is None else merge_page(path, began, mine, theirs)
        if merged.clashes:
            raise self._clash(path, began, mine, theirs, merged)
        return merged.text, merged.text != mine

    @staticmethod
    def _clash(path: PurePosixPath, base: str | None, mine: str, theirs: str, merged: Merged) -> ClashError:
        error = ClashError(
            "not saved: the same lines were changed elsewhere meanwhile",
            path=path,
            line=merged.clashes[0].line,
            hint="Look at both and choose; your text is kept",
        )
        error.base, error.mine, error.theirs, error.merged = base, mine, theirs, merged
        error.version = digest_of(encode(theirs))
        return error

    def _unchanged(
        self, path: PurePosixPath, there: bytes, merged: bool, author: Author, message: str
    ) -> Saved:
        """Write nothing; but a save that could not be committed earlier is committed now."""
        version = digest_of(there)
        commit, notice = None, None
        if self._bench.history.uncommitted(path):
            commit, notice = self._commit(
                path, version, author, message or f"Edit {self._bench.label / path}"
            )
        return Saved(path, version, decode(there), merged, commit, notice)

    def _commit(
        self, path: PurePosixPath, version: str, author: Author, message: str
    ) -> tuple[str | None, GitError | None]:
        commit, notice = self._bench.commit([path], author, message)
        if commit or notice:
            with suppress(OSError):
                self._bench.history.note_commit(path, version, commit)
        return commit, notice

    def _repository(self, place: Path) -> Repository | None:
        try:
            return self._bench.repository(place)
        except GitError:
            return None  # its commits cannot be read; the desk's own saves can
