"""What the owner is told when a change is on the disk, but git did not take it."""

from __future__ import annotations

from typing import Protocol

from meishi.admin.sentences import explained
from meishi.admin.shell import Shell
from meishi.content.editing.errors import GitError


class Done(Protocol):
    """A change at the desk; `notice` says why it is not committed, where it should be."""

    @property
    def notice(self) -> GitError | None:
        """Return the reason."""


def tell_notice(shell: Shell, done: Done) -> None:
    """Show on the next page why a change is not committed."""
    if done.notice is not None:
        shell.notify("warning", explained(done.notice))
