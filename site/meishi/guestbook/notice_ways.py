"""Which channels lead to the owner, as config.toml and the environment say."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from meishi.config.guestbook import NoticeSettings
from meishi.config.notices import NoticeServers
from meishi.guestbook.notice_channels import Channel, Mail, Webhook


def channels_of(
    settings: NoticeSettings, servers: NoticeServers, now: Callable[[], datetime]
) -> Sequence[Channel]:
    """List the channels that are set up; none where the owner wants to hear nothing."""
    if settings.about == "none":
        return ()
    found: list[Channel] = []
    if servers.smtp is not None and settings.mail:
        found.append(Mail(servers.smtp, settings.mail, settings.mail_from, now, secrets.token_bytes))
    if servers.webhook:
        found.append(Webhook(servers.webhook))
    return found
