"""The site's pictures: those that cannot be read, and those that are far too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from meishi.content.images import Pictures
from meishi.errors import ImageError
from meishi.web.checks.findings import Finding

#: Beyond these a picture slows down every build and checkout, and no visitor sees a difference.
LARGEST_BYTES = 8_000_000
LARGEST_SIDE = 6000
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg")


class PictureCheck:
    """Read each picture once."""

    def __init__(self, pictures: Pictures, root: Path) -> None:
        self._pictures = pictures
        self._root = root
        self._seen: dict[Path, str] = {}

    def used(self, file: Path, path: str, line: int | None) -> Iterator[Finding]:
        """Yield an error where a page shows a picture that cannot be read."""
        if problem := self._problem(file):
            yield Finding("error", path, line, f"the picture {self._name(file)} cannot be shown: {problem}")

    def others(self, files: Mapping[str, Path]) -> Iterator[Finding]:
        """Yield what is wrong with pictures as files, whether a page shows them or not."""
        for file in sorted(set(files.values())):
            if not file.name.lower().endswith(_ENDINGS) or not file.is_relative_to(self._root):
                continue
            used = file in self._seen
            if problem := self._problem(file):
                if not used:
                    yield Finding("warning", self._name(file), None, problem)
                continue
            yield from self._size(file)

    def _size(self, file: Path) -> Iterator[Finding]:
        size = file.stat().st_size
        info = self._pictures.describe(file)
        if size > LARGEST_BYTES or (max(info.width, info.height) > LARGEST_SIDE and info.format != "svg"):
            message = f"a very large picture: {info.width} × {info.height}, {size / 1e6:.1f} MB"
            yield Finding("warning", self._name(file), None, message, "4,000 pixels a side are plenty")

    def _problem(self, file: Path) -> str:
        """Return what keeps a picture from being shown, "" for a good one."""
        if file not in self._seen:
            self._seen[file] = ""
            if file.name.lower().endswith(_ENDINGS):
                try:
                    self._pictures.describe(file)
                except ImageError as error:
                    self._seen[file] = f"{error.message}. {error.hint or ''}".strip()
        return self._seen[file]

    def _name(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else file.name
