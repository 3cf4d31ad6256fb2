"""All that a publication needs from outside of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from meishi.config import SiteConfig, load_site_config
from meishi.content.editing.git import Author
from meishi.errors import PublishError
from meishi.publishing.branch import Branch
from meishi.publishing.git import CancelledError, Git
from meishi.publishing.masking import Mask
from meishi.publishing.remotes import remote_of, with_token
from meishi.publishing.site import AppFactory


def _never() -> bool:
    return False


def no_one_writes() -> str:
    """Gather nothing: the site has no guestbook, or nobody opened it yet."""
    return ""


@dataclass(frozen=True, slots=True)
class Press:
    """The site, the means to build it, the environment and the clock; `stop` tells that the owner cancels."""

    root: Path
    instance: Path
    environ: Mapping[str, str] = field(repr=False)
    app_factory: AppFactory
    clock: Callable[[], datetime]
    interactive: bool = False
    stop: Callable[[], bool] = _never
    #: Brings what visitors wrote into content/ before the pages are made; says what it did.
    gather: Callable[[], str] = no_one_writes

    @property
    def folder(self) -> Path:
        """Return where publications keep what must outlive them."""
        return self.instance / "publishing"

    @property
    def mask(self) -> Mask:
        """Return what keeps this environment's secrets out of texts."""
        return Mask.of_environment(self.environ)

    def check_stop(self) -> None:
        """Stop here if the owner wishes it."""
        if self.stop():
            raise CancelledError("Stopped", hint="Nothing was published")

    def config(self) -> SiteConfig:
        """Read config.toml."""
        return load_site_config(self.root)

    def git(self) -> Git:
        """Return git in the checkout that the site lies in."""
        git = Git(self.root, self.environ, self.mask, interactive=self.interactive, stop=self.stop)
        done = git.attempt("rev-parse", "--is-inside-work-tree")
        if done.code or done.out.strip() != "true":
            if "dubious ownership" in done.err:
                command = f"git config --global --add safe.directory {self.root}"
                hint = f"Run once, as the user who publishes: {command}"
                raise PublishError("git does not trust this folder, because another user owns it", hint=hint)
            hint = (
                "Run: git init -b main && git add . && git commit -m 'My site' "
                "&& git remote add origin https://github.com/USER/REPOSITORY.git"
            )
            raise PublishError("this site is in no git repository, nothing to publish to", hint=hint)
        return git

    def branch(self, config: SiteConfig) -> Branch:
        """Return the branch that holds the published build."""
        git = self.git()
        remote = remote_of(git, config.publish.remote)
        return Branch(with_token(git, remote), remote, config.publish.branch)


def author_in(git: Git) -> Author:
    """Return who commits here by git's settings."""
    settings = {}
    for line in git.attempt("config", "-z", "--get-regexp", r"^user\.(name|email)$").out.split("\0"):
        key, _, value = line.partition("\n")
        settings[key] = value
    name = git.environ.get("GIT_COMMITTER_NAME") or settings.get("user.name") or "Meishi"
    return Author(name, git.environ.get("GIT_COMMITTER_EMAIL") or settings.get("user.email", ""))
