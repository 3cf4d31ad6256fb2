"""What reading the content costs most, remembered between runs: rendered Markdown and the pages' fields.

One SQLite file that may vanish at any time: what is damaged, or written by another version of the code,
counts as absent. Two processes may use it at once; who comes second waits, or goes without.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from meishi.content.markdown import Document, MarkdownSettings
    from meishi.content.models import Page

# Rows of pages that are gone are kept until there are this many more than pages.
_SPARE_ROWS = 500
# So many newest values lie beside the common pickle, before it is written anew.
_APART = 100
_PROTOCOL = 5


class Job(NamedTuple):
    """A text that has to be rendered, and the key of what comes out."""

    key: str
    source: str
    settings: MarkdownSettings
    first_line: int


class DocumentCache:
    """Keep documents and pages by key; `version` names the code that made them."""

    def __init__(self, path: Path, version: str = "") -> None:
        self.path = path
        self._version = version
        self._connection: sqlite3.Connection | None = None
        self._fresh: dict[str, bytes] = {}
        self._known: set[str] | None = None  # keys in the file, once somebody asked for all of them
        self._used: set[str] = set()
        self._pages = _Pages(self._rows)
        # Asked for what is not here yet: worker processes that are rendering it.
        self.source: Callable[[str], bytes | None] | None = None

    def get(self, key: str) -> Document | None:
        """Return the document, or None if it has to be rendered."""
        self._used.add(key)
        blob = self._fresh.get(key)
        if blob is None and (self._known is None or key in self._known):
            rows = self._rows("SELECT document FROM documents WHERE key = ?", (key,))
            blob = rows[0][0] if rows else None
        if blob is None and self.source is not None:
            blob = self.source(key)
            if blob is not None:
                self._fresh[key] = blob
        return _unpickled(blob)  # type: ignore[no-any-return]

    def put(self, key: str, document: Document) -> None:
        """Remember a document."""
        self._used.add(key)
        self._fresh[key] = pickled(document)

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Return those keys for which there is no document, in order."""
        wanted = list(dict.fromkeys(keys))
        self._used.update(wanted)
        self._known = {row[0] for row in self._rows("SELECT key FROM documents", ())}
        return [key for key in wanted if key not in self._known and key not in self._fresh]

    def page(self, key: str) -> Page | None:
        """Return the page that was made before under this key, or None if it has to be made."""
        return self._pages.get(key)  # type: ignore[no-any-return]

    def keep_page(self, key: str, page: Page) -> None:
        """Remember what a file was made into."""
        self._pages.put(key, page)

    def fresh(self) -> Mapping[str, bytes]:
        """Return the pickled documents that are not in the file yet."""
        return self._fresh

    def add(self, documents: Mapping[str, bytes]) -> None:
        """Take over pickled documents that another process rendered."""
        self._used.update(documents)
        self._fresh.update(documents)

    def learn(self, keys: Iterable[str], *, pages: bool) -> None:
        """Take note of documents, and maybe of all pages, that another process saved."""
        if pages:
            self._pages.fresh.clear()
        new = set(keys)
        self._used |= new
        if self._known is not None:
            self._known |= new

    def after_fork(self) -> None:
        """Let go of the file without closing it: in a copy of the process it is still the parent's."""
        self._connection = None

    def save_pages(self) -> bool:
        """Write down pages alone; False if that cannot be done now."""
        try:
            connection = self._open()
            with connection:
                self._pages.save(connection)
        except sqlite3.Error:
            return False
        return True

    def hand_over(self, known: Collection[str]) -> tuple[list[str], dict[str, bytes]]:
        """Put the new documents but the `known` ones into the file, and return their keys.

        The second value holds them instead where that cannot be done. For a copy of the process at its end.
        """
        self._fresh = {key: blob for key, blob in self._fresh.items() if key not in known}
        try:
            connection = self._open()
            with connection:
                self._write_documents(connection)
        except sqlite3.Error:
            return [], self._fresh
        return list(self._fresh), {}

    def save(self) -> None:
        """Write down what is new, and drop what no page has used for long."""
        try:
            self._save()
        except sqlite3.Error:
            # A cache that cannot be written is not worth an error: the next run works as this one did.
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _save(self) -> None:
        if not self._fresh and not self._pages.fresh:
            return
        connection = self._open()
        with connection:
            self._write_documents(connection)
            self._pages.save(connection)
            keys = [row[0] for row in connection.execute("SELECT key FROM documents")]
            if len(keys) > len(self._used) + _SPARE_ROWS:
                gone = ((key,) for key in keys if key not in self._used)
                connection.executemany("DELETE FROM documents WHERE key = ?", gone)
        self._fresh.clear()

    def _write_documents(self, connection: sqlite3.Connection) -> None:
        # In the order of the keys: their index is written from one end to the other.
        rows = sorted(self._fresh.items())
        connection.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", rows)

    def _rows(self, query: str, values: tuple[str, ...]) -> list[Any]:
        try:
            return self._open().execute(query, values).fetchall()
        except sqlite3.OperationalError:
            return []  # locked for long by another process: go without
        except sqlite3.DatabaseError:
            self._start_anew()
            return []

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = self._connected()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._start_anew()
                self._connection = self._connected()
        return self._connection

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
        try:
            # Losing the cache in a power cut costs one slow build; waiting for the disk costs every build.
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value BLOB)")
                connection.execute("CREATE TABLE IF NOT EXISTS pages (key TEXT PRIMARY KEY, value BLOB)")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY, document BLOB)"
                )
                row = connection.execute("SELECT value FROM notes WHERE name = 'version'").fetchone()
                if row is None or row[0] != self._version:
                    for name in ("documents", "notes", "pages"):
                        connection.execute(f"DELETE FROM {name}")  # noqa: S608
                    connection.execute("INSERT INTO notes VALUES ('version', ?)", (self._version,))
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _start_anew(self) -> None:
        self.close()
        for ending in ("", "-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


class _Pages:
    """Keep the pages, of which every run wants all: one pickle of them together, and rows for the newest."""

    def __init__(self, rows: Callable[[str, tuple[str, ...]], list[Any]]) -> None:
        self._rows = rows
        self._values: dict[str, Any] | None = None
        self._used: set[str] = set()
        self._apart = 0  # rows that are not in the common pickle
        self.fresh: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        self._used.add(key)
        if self._values is None:
            self._load()
        return self._values.get(key) if self._values is not None else None

    def put(self, key: str, value: Any) -> None:
        self.get(key)
        assert self._values is not None
        self._values[key] = self.fresh[key] = value

    def save(self, connection: sqlite3.Connection) -> None:
        if not self.fresh:
            return
        if self._apart + len(self.fresh) < _APART:
            rows = [(key, pickled(value)) for key, value in self.fresh.items()]
            connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?)", rows)
        else:
            values = self._values or {}
            if len(values) > len(self._used) + _SPARE_ROWS:
                values = {key: values[key] for key in values if key in self._used}
            connection.execute("INSERT OR REPLACE INTO notes VALUES ('pages', ?)", (pickled(values),))
            connection.execute("DELETE FROM pages")
        self.fresh.clear()

    def _load(self) -> None:
        rows = self._rows("SELECT value FROM notes WHERE name = 'pages'", ())
        found = _unpickled(rows[0][0]) if rows else None
        self._values = found if isinstance(found, dict) else {}
        apart = self._rows("SELECT key, value FROM pages", ())
        self._apart = len(apart)
        self._values |= {key: value for key, blob in apart if (value := _unpickled(blob)) is not None}


def pickled(value: object) -> bytes:
    """Return the bytes of a document or a page."""
    return pickle.dumps(value, _PROTOCOL)


def _unpickled(blob: bytes | None) -> Any:
    if blob is None:
        return None
    try:
        return pickle.loads(blob)  # noqa: S301  (written by this class into the site's own cache)
    except Exception:  # noqa: BLE001  (damaged pickles raise anything; then it is rendered again)
        return None
