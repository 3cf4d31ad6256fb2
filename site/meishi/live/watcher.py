"""Hear of files that change, from the operating system and not by looking again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Milliseconds. A save that comes in several steps (write, rename) is one change.
_TOGETHER, _QUIET = 80, 20
_BEAT = 500


class _Signal(Protocol):
    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Either:
    """Stand for two signals of which one is set."""

    first: _Signal
    second: _Signal

    def is_set(self) -> bool:
        return self.first.is_set() or self.second.is_set()


class Watcher:
    """Tell who listens of each change below a site's folders, and in its top folder.

    The top folder is watched by itself, without what lies in it: config.toml may be replaced by a rename,
    and folders may come and go, while .venv/ and build/ are nobody's business. `changed` is called from two
    threads; each also calls it once when its watching has begun, as nobody saw what happened before.
    """

    def __init__(
        self,
        root: Path,
        files: Iterable[str],
        folders: Callable[[], Iterable[Path]],
        changed: Callable[[], None],
    ) -> None:
        self._root = root
        self._files = frozenset(files)
        self._folders = folders
        self._changed = changed
        self._stop = threading.Event()
        self._again = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to watch, once."""
        with self._lock:
            if not self._threads and not self._stop.is_set():
                self._threads = [
                    threading.Thread(target=target, name=f"watcher of {name}", daemon=True)
                    for target, name in ((self._watch_top, "the top"), (self._watch_folders, "folders"))
                ]
                for thread in self._threads:
                    thread.start()

    def stop(self) -> None:
        """End the threads."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def _present(self) -> list[Path]:
        return [folder for folder in self._folders() if folder.is_dir()]

    def _watch_top(self) -> None:
        from watchfiles import watch

        known = self._present()
        begun = False
        for changes in watch(
            self._root, stop_event=self._stop, debounce=_TOGETHER, step=_QUIET, rust_timeout=_BEAT,
            yield_on_timeout=True, recursive=False, raise_interrupt=False,
        ):  # fmt: skip
            if begun and not changes:
                continue
            paths = {Path(path) for _, path in changes}
            now = self._present()
            if now != known or paths.intersection(now):
                known = now
                self._again.set()
            elif not begun or any(path.name in self._files for path in paths):
                self._changed()
            begun = True

    def _watch_folders(self) -> None:
        from watchfiles import watch

        while not self._stop.is_set():
            self._again.clear()
            present = self._present()
            if not present:
                self._again.wait(_BEAT / 1000)
                continue
            begun = False
            for changes in watch(
                *present, stop_event=_Either(self._stop, self._again), debounce=_TOGETHER, step=_QUIET,
                rust_timeout=_BEAT, yield_on_timeout=True, raise_interrupt=False,
            ):  # fmt: skip
                if changes or not begun:
                    begun = True
                    self._changed()
            if self._again.is_set():
                self._changed()
