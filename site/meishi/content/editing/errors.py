"""What can go wrong between the owner's words and the disk.

ContentError
├── PathError               a name that is no place for a file
├── FieldError              a field that cannot be changed by itself
└── SavingError             the text could not be put on the disk; it is where it was before
    ├── GoneError           the file was deleted or renamed meanwhile
    ├── ExistsError         there is a file of that name
    ├── ClashError          two changes of the same lines (has base, mine, theirs)
    ├── NoSpaceError        the disk is full
    ├── NotWritableError    no permission, or a read-only file system
    ├── LockedError         another process holds the file for too long
    └── GitError            the text is saved, but not committed
        └── GitBusyError    a merge, a rebase or another git is under way
"""

from __future__ import annotations

import errno
from pathlib import PurePath, PurePosixPath

from meishi.content.editing.merging import Merged
from meishi.errors import ContentError


class PathError(ContentError):
    """Reject a name that is no place for a file."""


class FieldError(ContentError):
    """Reject a change of one field that would change others, or could not be read back."""


class SavingError(ContentError):
    """Report that a text could not be put on the disk; nothing was changed."""


class GoneError(SavingError):
    """Report that a file was deleted or renamed meanwhile; `moved_to` is where the same text is now."""

    moved_to: PurePosixPath | None = None


class ExistsError(SavingError):
    """Report that there is a file of that name already."""


class ClashError(SavingError):
    """Report that two changes touch the same lines; nothing was written.

    `theirs` is what is on the disk, `version` its version, and `base` what both began with (None if that
    is no longer known). `merged` has the pieces; saving a text against `version` settles the clash.
    """

    base: str | None
    mine: str
    theirs: str
    version: str
    merged: Merged


class NoSpaceError(SavingError):
    """Report that the disk is full."""


class NotWritableError(SavingError):
    """Report that the server may not write there."""


class LockedError(SavingError):
    """Report that another process holds the file for too long."""


class GitError(SavingError):
    """Report that a saved text could not be committed."""


class GitBusyError(GitError):
    """Report that a merge, a rebase or another git command is under way."""


#: What the system says when a disk, a quota or a limit is full.
FULL = {errno.ENOSPC, errno.EFBIG, *(getattr(errno, name) for name in ("EDQUOT",) if hasattr(errno, name))}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def explain(error: OSError, path: PurePath) -> SavingError:
    """Turn what the system said into what the owner can do."""
    if error.errno in FULL:
        return NoSpaceError(
            "not saved: the disk is full",
            path=path,
            hint="Make room on the server and save again; your text is kept in the browser until then",
        )
    if error.errno in _FORBIDDEN:
        return NotWritableError(
            "not saved: the server may not write there",
            path=path,
            hint="Give the server's user the right to write this file and its folder, then save again",
        )
    if error.errno in {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}:
        return SavingError(
            "the file system takes no such name", path=path, hint="Choose a shorter, plainer name"
        )
    reason = error.strerror or type(error).__name__
    return SavingError(f"not saved: {reason}", path=path, hint="Look at the server's disk, then save again")
