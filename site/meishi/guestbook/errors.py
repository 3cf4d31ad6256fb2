"""The guestbook's errors, below MeishiError."""

from __future__ import annotations

from meishi.errors import MeishiError


class GuestbookError(MeishiError):
    """Reject something about the guestbook."""


class UnknownRoomError(GuestbookError):
    """Reject a room that does not exist."""


class UnknownEntryError(GuestbookError):
    """Reject an entry that does not exist."""


class NotYoursError(GuestbookError):
    """Reject a token that does not open the entry."""


class GuestbookBusyError(GuestbookError):
    """Say that the database cannot be reached or written now."""


class SnapshotError(GuestbookError):
    """Reject content/guestbook.json."""
