"""The publications so far, and any of their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from meishi.publishing.difference import Difference
from meishi.publishing.publication import Publication


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file of a publication."""

    path: str
    data: bytes


class History(Protocol):
    """Read the published branch as this computer last saw it; nothing here asks the network but `fetch`."""

    def fetch(self) -> Publication | None:
        """Ask the remote for its newest publication; return it. Raises PublishError."""

    def publications(self, limit: int = 100, skip: int = 0) -> tuple[Publication, ...]:
        """List publications, newest first."""

    def find(self, identity: str) -> Publication | None:
        """Find a publication by its commit, or the beginning of it, or by its build's id."""

    def changes(self, publication: Publication) -> Difference:
        """Compare a publication with the one before it."""

    def file(self, publication: Publication, address: str) -> PastFile | None:
        """Return what answered at an address below the base path then, as GitHub Pages would find it."""

    def blob(self, identity: str) -> bytes | None:
        """Read the bytes that a Change names by `blob` or `old_blob`, for a side-by-side view."""


def history_of(root: Path) -> History | None:
    """Open the history of the site in a folder; None where there is no git, remote or branch yet."""
    raise NotImplementedError
