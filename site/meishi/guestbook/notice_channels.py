"""The ways on which news reach the owner: a mail server, and an address that is called."""

from __future__ import annotations

import http.client
import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from meishi.config.notices import Smtp
from meishi.errors import MeishiError
from meishi.guestbook.notice_texts import Notice, letter, line, subject

#: Seconds for which a server that does not answer is waited for.
PATIENCE = 15.0


class NoticeError(MeishiError):
    """Report that the owner could not be told; it is tried again later."""


class Channel(Protocol):
    """A way on which news reach the owner."""

    @property
    def name(self) -> str:
        """Return what the channel is called where it is remembered what was told."""

    def send(self, notice: Notice) -> None:
        """Tell the owner, or raise NoticeError."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Hand mail to a server by SMTP."""

    smtp: Smtp
    to: str
    sender: str
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    trust: ssl.SSLContext | None = field(default=None, repr=False)  # None: as the system trusts
    name: str = "mail"

    def send(self, notice: Notice) -> None:
        """Send the news as one mail of plain text."""
        try:
            with self._connected() as server:
                if self.smtp.user:
                    server.login(self.smtp.user, self.smtp.password)
                server.send_message(self._message(notice))
        except (smtplib.SMTPException, OSError) as error:
            raise NoticeError(
                f"the mail server {self.smtp.host}:{self.smtp.port} did not take the mail ({_said(error)})",
                hint="Look at MEISHI_SMTP_URL and guestbook.notices in config.toml",
            ) from error

    def _connected(self) -> smtplib.SMTP:
        smtp, trust = self.smtp, self.trust or ssl.create_default_context()
        if smtp.security == "tls":
            return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE, context=trust)
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE)
        try:
            if smtp.security == "starttls":
                server.starttls(context=trust)
                server.ehlo()
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        sender = self.sender or self.to
        message["From"] = Address(notice.site.replace("\n", " ").replace("\r", " "), addr_spec=sender)
        message["To"] = self.to
        message["Subject"] = subject(notice)
        message["Date"] = format_datetime(self.now())
        message["Message-ID"] = f"<{self.random(16).hex()}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # no answering machine answers it
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter(notice), cte="base64")
        return message


@dataclass(frozen=True, slots=True)
class Webhook:
    """Call an address with the news as JSON."""

    url: str = field(repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    name: str = "webhook"

    def send(self, notice: Notice) -> None:
        """Send the news as JSON that chats understand, too."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = json.dumps(_said_to_machines(notice), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Meishi"}
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            trust = self.trust or ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=PATIENCE, context=trust
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NoticeError(
                f"{parts.hostname} could not be told ({_said(error)})", hint="Look at MEISHI_NOTICE_WEBHOOK"
            ) from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise NoticeError(
                f"{parts.hostname} answered {status} to the news", hint="Look at MEISHI_NOTICE_WEBHOOK"
            )


def _said_to_machines(notice: Notice) -> dict[str, Any]:
    text = line(notice)
    return {
        "text": text,  # Slack, Mattermost, Rocket.Chat, Google Chat
        "content": text[:1900],  # Discord
        "allowed_mentions": {"parse": []},
        "site": notice.site,
        "desk": notice.desk,
        "new": notice.new,
        "held": notice.held,
        "test": notice.test,
        "entries": [
            {
                "id": entry.id,
                "room": entry.room,
                "name": entry.name,
                "body": entry.body,
                "link": entry.link,
                "at": entry.at.isoformat().replace("+00:00", "Z"),
                "held": entry.held,
            }
            for entry in notice.entries
        ],
    }


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
