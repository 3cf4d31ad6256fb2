"""The publications so far, and any of their files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from meishi.config import SiteConfig, load_site_config
from meishi.errors import PublishError
from meishi.publishing.branch import Branch
from meishi.publishing.difference import Difference
from meishi.publishing.git import Git
from meishi.publishing.masking import Mask
from meishi.publishing.publication import Publication
from meishi.publishing.remotes import remote_of, with_token
from meishi.publishing.restoring import difference_between, find_publication


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file of a publication."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class History:
    """Read the published branch as this computer last saw it; only `fetch` asks the network."""

    branch: Branch

    @property
    def _tip(self) -> str:
        """Return the newest publication: the branch's, else what CI was made to publish from here."""
        return self.branch.known_tip() or self.branch.kept_tip()

    def fetch(self) -> Publication | None:
        """Ask the remote for its newest publication; return it. Raises PublishError."""
        return self.branch.publication(self.branch.fetch())

    def publications(self, limit: int = 100, skip: int = 0) -> tuple[Publication, ...]:
        """List publications, newest first."""
        return tuple(self.branch.publications(self._tip, limit, skip))

    def find(self, identity: str) -> Publication | None:
        """Find a publication by its commit, or the beginning of it, or by its build's id."""
        return find_publication(self.branch, self._tip, identity)

    def changes(self, publication: Publication) -> Difference:
        """Compare a publication with the one before it."""
        before = self.branch.files(publication.parent) if publication.parent else {}
        return difference_between(self.branch, before, self.branch.files(publication.id))

    def file(self, publication: Publication, address: str) -> PastFile | None:
        """Return what answered at an address below the base path then, as GitHub Pages would find it."""
        path = unquote(address).lstrip("/")
        files = self.branch.files(publication.id)
        tries = [f"{path}index.html"] if path.endswith("/") or not path else [path, f"{path}.html"]
        found = next((each for each in tries if each in files), None)
        data = self.branch.blob(files[found].id) if found is not None else None
        return PastFile(found, data) if found is not None and data is not None else None

    def blob(self, identity: str) -> bytes | None:
        """Read the bytes that a Change names by `blob` or `old_blob`, for a side-by-side view."""
        return self.branch.blob(identity)


def history_of(
    root: Path, config: SiteConfig | None = None, environ: Mapping[str, str] | None = None
) -> History | None:
    """Open the history of the site in a folder; None where there is no git or no remote yet."""
    environ = os.environ if environ is None else environ
    config = config or load_site_config(root)
    git = Git(root, environ, Mask.of_environment(environ))
    try:
        if git.attempt("rev-parse", "--git-dir").code:
            return None
        remote = remote_of(git, config.publish.remote)
    except PublishError:
        return None
    return History(Branch(with_token(git, remote), remote, config.publish.branch))
