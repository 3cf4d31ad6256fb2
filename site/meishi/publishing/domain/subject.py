"""What the doctor has to know about a site before it looks anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from meishi.config import SiteConfig
from meishi.errors import PublishError
from meishi.publishing.branch import Branch
from meishi.publishing.git import Git
from meishi.publishing.masking import Mask
from meishi.publishing.remotes import remote_of


@dataclass(frozen=True, slots=True)
class Subject:
    """A site: its address, its repository at GitHub ("" where nobody told), and what is published."""

    base_url: str
    owner: str = ""
    repository: str = ""
    branch: str = "gh-pages"
    published: bool = False  # this computer has seen the branch
    cname_file: str | None = None  # what the file CNAME on it holds
    by_ci: bool = False  # GitHub Actions publishes, and not the branch


def subject_of(config: SiteConfig, environ: Mapping[str, str]) -> Subject:
    """Gather what is known on this computer; the network is not asked."""
    publish = config.publish
    by_ci = publish.via == "push"
    subject = Subject(config.base_url, branch=publish.branch, by_ci=by_ci)
    if not _in_git(config.root):
        return subject
    git = Git(config.root, environ, Mask.of_environment(environ))
    try:
        remote = remote_of(git, publish.remote)
        tip = Branch(git, remote, publish.branch).known_tip()
    except PublishError:
        return subject
    file = git.bytes("cat-file", "blob", f"{tip}:CNAME") if tip else None
    return Subject(
        config.base_url, remote.owner, remote.repository, publish.branch, bool(tip),
        file.decode("utf-8", "replace") if file is not None else None, by_ci,
    )  # fmt: skip


def _in_git(root: Path) -> bool:
    return any((folder / ".git").exists() for folder in (root, *root.parents))
