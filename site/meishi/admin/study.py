"""What the study's views work with, made once and passed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from meishi.admin.authorship import git_options
from meishi.admin.database import Database
from meishi.admin.doorbell import Doorbell
from meishi.admin.invitation import Invitation
from meishi.admin.owner import Owner
from meishi.admin.page_freshness import Freshness
from meishi.admin.page_list import PageList
from meishi.admin.passkeys import Passkeys
from meishi.admin.passwords import Passwords
from meishi.admin.published import Published
from meishi.admin.sessions import Sessions
from meishi.admin.throttle import Throttle
from meishi.config.secret import Random, Secret, load_secret
from meishi.config.server import ServerConfig
from meishi.content.editing.desk import Desk
from meishi.publishing.job import Jobs
from meishi.web.source import CurrentSite

if TYPE_CHECKING:
    # Only who opens the guestbook loads the database's library.
    from meishi.guestbook.notices import Notices
    from meishi.guestbook.service import Guestbook


@dataclass(frozen=True, slots=True)
class Study:
    """The collaborators of every admin view."""

    root: Path  # the site: config.toml, content/, static/
    home: Path  # Meishi itself: templates/, static/
    server: ServerConfig  # server.instance is the folder for what is never published
    secret: Secret
    source: CurrentSite  # the site as visitors see it now
    now: Callable[[], datetime]
    random: Random
    owner: Owner
    invitation: Invitation
    doorbell: Doorbell
    passkeys: Passkeys
    sessions: Sessions
    throttle: Throttle
    desk: Desk  # where the files of content/ are changed
    pages: PageList  # the list of pages, with what it remembers from one look to the next
    jobs: Jobs  # publications, each in a process of its own
    guestbook: Callable[[], Guestbook | None] = lambda: None  # None while the site has none
    notices: Notices | None = None


def make_study(
    root: Path,
    home: Path,
    server: ServerConfig,
    source: CurrentSite,
    now: Callable[[], datetime],
    random: Random = secrets.token_bytes,
    guestbook: Callable[[], Guestbook | None] = lambda: None,
    notices: Notices | None = None,
) -> Study:
    """Make the collaborators for the site in a folder."""
    database = Database(server.instance)
    passwords = Passwords()
    secret = load_secret(server, random)
    desk = Desk(root, server.instance, clock=now, git=git_options(source))
    invitation = Invitation(database, passwords, now, random)
    return Study(
        root=root,
        home=home,
        server=server,
        secret=secret,
        source=source,
        now=now,
        random=random,
        owner=Owner(database, passwords, now, random),
        invitation=invitation,
        doorbell=Doorbell(invitation),
        passkeys=Passkeys(database, now, random),
        sessions=Sessions(database, now, random),
        throttle=Throttle(database, secret, now),
        desk=desk,
        pages=PageList(Published(root, server.instance), Freshness(desk)),
        jobs=Jobs(root, server.instance, now),
        guestbook=guestbook,
        notices=notices,
    )
