"""Freeze addresses into files. The only user of Frozen-Flask."""

# Thousands of files: strings, not Paths.
# ruff: noqa: PTH102, PTH103

from __future__ import annotations

import contextlib
import os
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask_frozen import Freezer, MissingURLGeneratorWarning

from meishi.errors import FreezeError, MeishiError
from meishi.publishing.client import Client
from meishi.publishing.made import Made, digest, facts_in, note_of
from meishi.publishing.manifest import Note
from meishi.publishing.site import Frozen

# Each step of rendering is done for so many addresses before the next: what it needs stays in the
# processor's cache, which makes Markdown 8 % and the reading of links 20 % quicker.
_BATCH = 50
# A file that is there already may be a link to the published one.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class _File:
    """Be what Frozen-Flask asks of a path, for a file that is not there yet: a tenth of pathlib's cost."""

    __slots__ = ("_folder", "name")

    def __init__(self, folder: _Folder, name: str) -> None:
        self._folder, self.name = folder, name

    def is_file(self) -> bool:
        return False

    @property
    def parent(self) -> _File:
        return self

    def mkdir(self, **_options: bool) -> None:
        self._folder.have(self.name)

    def write_bytes(self, data: bytes) -> None:
        file = os.open(self._folder.base + self.name, _NEW, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(file, rest) :]
        finally:
            os.close(file)

    def relative_to(self, _folder: _Folder) -> str:
        return self.name


class _Folder:
    """Be the destination; each of its folders is made once."""

    def __init__(self, path: Path) -> None:
        self.base = str(path) + os.sep
        self._there = {""}

    def mkdir(self, **_options: bool) -> None:
        os.makedirs(self.base, exist_ok=True)

    def __truediv__(self, name: str) -> _File:
        return _File(self, name)

    def have(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder not in self._there:
            try:
                os.mkdir(self.base + folder)
            except FileExistsError:
                pass  # another process was quicker
            except FileNotFoundError:
                os.makedirs(self.base + folder, exist_ok=True)
            self._there.add(folder)


class _Freezer(Freezer):  # type: ignore[misc]
    """Write into a folder of which is known what it holds."""

    root = _Folder(Path())


def _no_request(**_options: object) -> contextlib.nullcontext[None]:
    return contextlib.nullcontext()


class Renderer:
    """Ask the app for addresses, and put the answers into a folder.

    Their files must not be there yet: one that is there may be a link to the published file.
    """

    def __init__(self, frozen: Frozen, staging: Path, files: dict[str, str]) -> None:
        self._frozen = frozen
        self._staging = staging
        self._files = files
        self._queue: deque[str] = deque()
        self.errors: list[MeishiError] = []
        app = frozen.app
        app.config.update(
            FREEZER_DESTINATION=str(staging),
            FREEZER_BASE_URL=(frozen.origin or "http://localhost") + frozen.base_path + "/",
            FREEZER_REDIRECT_POLICY="error",
            FREEZER_REMOVE_EXTRA_FILES=False,
            # The table of types is the machine's, and no other machine's.
            FREEZER_IGNORE_MIMETYPE_WARNINGS=True,
            PROPAGATE_EXCEPTIONS=True,
        )
        self._client = Client(app, app.config["FREEZER_BASE_URL"])
        self._freezer = _Freezer(
            app, with_static_files=False, with_no_argument_rules=False, log_url_for=False
        )
        self._freezer.root = _Folder(staging)
        self._freezer.register_generator(self._addresses)

    def render(self, addresses: Sequence[str]) -> Iterator[Made]:
        """Freeze addresses; an error is kept, and the others go on."""
        for start in range(0, len(addresses), _BATCH):
            some = addresses[start : start + _BATCH]
            self._frozen.site.prepare(some)
            for made, data in list(self._frozen_ones(some)):
                yield made._replace(facts=facts_in(made.path, data))

    def _frozen_ones(self, addresses: Sequence[str]) -> Iterator[tuple[Made, bytes]]:
        self._queue.extend(addresses)
        site, app = self._frozen.site, self._frozen.app
        app.test_client_class = self._handed_out  # type: ignore[assignment]
        # Frozen-Flask opens a request for generators that call url_for. Ours does not, and Flask's own takes
        # a testing library and a debugger with it.
        app.test_request_context = _no_request  # type: ignore[method-assign, assignment]
        while self._queue:
            first = self._queue[0]
            known = len(site.warnings)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", MissingURLGeneratorWarning)
                    for page in self._freezer.freeze_yield():
                        found = site.warnings
                        yield self._made(page.url, tuple(map(note_of, found[known:])))
                        known = len(found)
                        first = self._queue[0] if self._queue else ""
            except MeishiError as error:
                self.errors.append(error)
            except ValueError as error:
                # Frozen-Flask's own words for a redirect and for a status other than 200.
                self.errors.append(FreezeError(f"{first} cannot be frozen: {error}"))

    def _addresses(self) -> Iterator[str]:
        while self._queue:
            yield self._queue.popleft().replace("%", "%25").replace("?", "%3F").replace("#", "%23")

    def _handed_out(self, *_arguments: object, **_more: object) -> Client:
        return self._client

    def _made(self, address: str, notes: tuple[Note, ...]) -> tuple[Made, bytes]:
        path = self._files[address]
        data = self._client.last
        site = self._frozen.site
        reads, needs = site.reads(address), tuple(site.needs(address))
        return Made(address, path, digest(data), reads, needs, notes, b""), data
