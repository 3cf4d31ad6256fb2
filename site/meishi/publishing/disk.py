"""What to tell the owner when the system refuses a file."""

from __future__ import annotations

from meishi.content.editing.errors import FULL
from meishi.errors import PublishError


def explained(error: OSError) -> PublishError:
    """Turn what the system said into what the owner can do."""
    if error.errno in FULL:
        hint = "Visitors see what they saw before. Make room on the disk, and publish again"
        return PublishError("the disk is full", path=error.filename, hint=hint)
    hint = "Publish again when it is put right"
    return PublishError(f"{error.strerror or error}", path=error.filename, hint=hint)
