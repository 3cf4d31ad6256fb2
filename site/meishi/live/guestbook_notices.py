"""Tell the owner of new entries while the server runs: begun with the guestbook, stopped with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from meishi.config import SiteConfig
from meishi.config.guestbook import GuestbookSettings
from meishi.config.notices import load_notice_servers
from meishi.guestbook.notice_channels import Channel
from meishi.guestbook.notice_ways import channels_of
from meishi.guestbook.notices import Means, Notices, Site

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook


def make_notices(
    guestbook: Callable[[], Guestbook | None],
    config: Callable[[], SiteConfig],
    environ: Mapping[str, str],
    now: Callable[[], datetime],
) -> Notices:
    """Make the notices of a site; the environment names the servers that carry them."""
    servers = load_notice_servers(environ)

    def channels() -> Sequence[Channel]:
        return channels_of(config().guestbook.notices, servers, now)

    return Notices(Means(guestbook, channels, lambda: site_of(config()), now))


def site_of(config: SiteConfig) -> Site:
    """Return what a notice says of a site."""
    language = config.language(config.default_language)
    home = config.guestbook.server or config.base_url.rstrip("/")
    return Site(
        title=language.title or config.title or config.host or "Meishi",
        language=language.code.partition("-")[0],
        desk=f"{home}/admin/guestbook/" if home else "",
    )


def watched_by(
    notices: Notices, open_it: Callable[[GuestbookSettings], Guestbook]
) -> Callable[[GuestbookSettings], Guestbook]:
    """Return what opens the guestbook, and lets the notices hear of it."""

    def open_and_tell(settings: GuestbookSettings) -> Guestbook:
        guestbook = open_it(settings)
        guestbook.subscribe(notices.hear)
        return guestbook

    return open_and_tell
