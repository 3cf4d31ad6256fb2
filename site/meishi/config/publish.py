"""The table [publish] of config.toml: where and how the site is published."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from meishi.config.values import Reader

_BRANCH = re.compile(r"(?!-)(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))[^\s~^:?*\[\\\x00-\x1f\x7f]+(?<![/.])")
_REMOTE = re.compile(r"[\w][\w.-]*")


class Publishing(NamedTuple):
    """How to publish: "branch" builds here and pushes `branch`; "push" pushes the content, and CI builds."""

    via: Literal["branch", "push"] = "branch"
    remote: str = "origin"
    branch: str = "gh-pages"
    #: Seconds to wait until the public address shows the new build.
    patience: int = 600


def read_publishing(table: Reader) -> Publishing:
    """Read and check the table."""
    standard = Publishing()
    via = table.text("via", default=standard.via)
    if via not in ("branch", "push"):
        raise table.error(
            "via",
            f'publish.via must be "branch" or "push", not {via!r}',
            '"branch" builds here and pushes gh-pages; "push" pushes what you wrote, and CI builds',
        )
    remote = table.text("remote", default=standard.remote)
    if not _REMOTE.fullmatch(remote):
        hint = "`git remote -v` lists them; write the first word"
        raise table.error(
            "remote", f"publish.remote must be the name of a remote of git, not {remote!r}", hint
        )
    branch = table.text("branch", default=standard.branch)
    if not _BRANCH.fullmatch(branch):
        raise table.error("branch", f"publish.branch must be the name of a branch, not {branch!r}")
    patience = table.number("patience", default=standard.patience, least=0)
    return Publishing("push" if via == "push" else "branch", remote, branch, patience)
