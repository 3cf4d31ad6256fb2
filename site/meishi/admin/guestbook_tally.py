"""The guestbook on the dashboard: what waits, how much is new, and whether the owner can be told."""

from __future__ import annotations

from dataclasses import dataclass

from meishi.admin.guestbook_door import open_guestbook
from meishi.admin.sentences import explained, said
from meishi.admin.study import Study
from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.models import Record
from meishi.guestbook.unread import unread

#: So many waiting entries are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class GuestbookTally:
    """How the guestbook stands; `troubles` say why notices did not reach the owner."""

    waiting: tuple[Record, ...] = ()
    held: int = 0
    unread: int = 0
    troubles: tuple[str, ...] = ()


def guestbook_tally(study: Study) -> GuestbookTally:
    """Count what the owner should look at: nothing where there is no guestbook."""
    found = open_guestbook(study)
    if found is None:
        return GuestbookTally()
    try:
        heads = found.heads()
        held = sum(head.held for head in heads.values())
        waiting = found.queue(limit=NAMED) if held else ()
        posts = study.notices.posts() if study.notices else {}
        troubles = tuple(said(post.error) for post in posts.values() if post.error)
    except GuestbookError as error:
        return GuestbookTally(troubles=(explained(error),))
    return GuestbookTally(waiting, held, unread(found, heads), troubles)
