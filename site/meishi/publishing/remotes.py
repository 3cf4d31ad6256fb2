"""The remote that a site is published to: its address, GitHub's names in it, and the token for it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from meishi.errors import PublishError
from meishi.publishing.git import Git

_SSH = re.compile(r"^(?:ssh://)?(?:[\w.-]+@)?(?P<host>[\w.-]+)(?::\d+/|[:/])(?P<path>[^\s]+)$")
_USER = re.compile(r"(?<=://)[^/@]+@")


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote of the checkout; `shown` is its address without user names and passwords."""

    name: str
    shown: str
    url: str = field(repr=False)
    owner: str = ""
    repository: str = ""

    @property
    def on_github(self) -> bool:
        """Tell whether it is on GitHub."""
        return bool(self.owner)

    @property
    def pages_address(self) -> str:
        """Return where GitHub Pages shows the repository without a domain of its own; "" elsewhere."""
        if not self.on_github:
            return ""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.repository.lower() == host else f"https://{host}/{self.repository}/"


def github_hosts(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the hosts that are GitHub and may get its token: github.com, and that of GITHUB_SERVER_URL."""
    own = urlsplit(environ.get("GITHUB_SERVER_URL", "")).netloc.lower()
    return frozenset({"github.com", "www.github.com", "ssh.github.com", own} - {""})


def remote_of(git: Git, name: str) -> Remote:
    """Find a remote of the checkout."""
    done = git.attempt("remote", "get-url", "--push", name)
    url = done.out.strip()
    if done.code or not url:
        others = git.attempt("remote").out.split()
        known = f"There are: {', '.join(others)}; set `remote` in [publish]" if others else (
            f"Make a repository and run: git remote add {name} https://github.com/USER/REPOSITORY.git"
        )  # fmt: skip
        raise PublishError(f"there is no remote {name!r} to publish to", hint=known)
    owner, repository = _names(url, github_hosts(git.environ))
    return Remote(
        name, _USER.sub(lambda user: user[0] if user[0] == "git@" else "", url), url, owner, repository
    )


def _names(url: str, hosts: frozenset[str]) -> tuple[str, str]:
    """Take owner and repository out of an address on GitHub."""
    if url.startswith(("http://", "https://")):
        parts = urlsplit(url)
        host, path = parts.netloc.rpartition("@")[2], parts.path
    elif match := _SSH.match(url):
        host, path = match["host"], match["path"]
    else:
        return "", ""
    names = path.strip("/").removesuffix(".git").split("/")
    # A loopback server of git has its repositories at other depths: the last two names count.
    return (names[-2], names[-1]) if host.lower() in hosts and len(names) >= 2 else ("", "")


def with_token(git: Git, remote: Remote) -> Git:
    """Let git send GITHUB_TOKEN to the remote, if that is GitHub by http; else the owner's own ways count."""
    token = git.environ.get("GITHUB_TOKEN") or git.environ.get("GH_TOKEN") or ""
    parts = urlsplit(remote.url)
    host = parts.netloc.rpartition("@")[2]
    if not token or parts.scheme not in {"http", "https"} or host.lower() not in github_hosts(git.environ):
        return git
    if "@" in parts.netloc:
        return git  # the address brings its own
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return replace(git, header=(f"{parts.scheme}://{host}/", f"Authorization: Basic {basic}"))
