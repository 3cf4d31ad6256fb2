"""The servers that tell the owner of new entries, as the environment names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from meishi.errors import ConfigError

#: The port and the way to TLS of each scheme.
_SCHEMES = {"smtp": (587, "starttls"), "smtps": (465, "tls")}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A server that takes mail; `security` is "tls", "starttls" or "none"."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NoticeServers:
    """What the environment says: where mail is handed in, and which address is called."""

    smtp: Smtp | None = None
    webhook: str = field(default="", repr=False)  # such addresses are secrets: who knows them may post


def load_notice_servers(environ: Mapping[str, str]) -> NoticeServers:
    """Read MEISHI_SMTP_URL and MEISHI_NOTICE_WEBHOOK."""
    webhook = environ.get("MEISHI_NOTICE_WEBHOOK", "").strip()
    if webhook and not _is_address(webhook):
        raise ConfigError(
            "MEISHI_NOTICE_WEBHOOK must be an address that begins with https:// (or http://)",
            hint="Copy it from the service that is to be told",
        )
    smtp = environ.get("MEISHI_SMTP_URL", "").strip()
    return NoticeServers(_smtp(smtp) if smtp else None, webhook)


def _smtp(value: str) -> Smtp:
    # The address holds a password: no message repeats it.
    wrong = ConfigError(
        "MEISHI_SMTP_URL is not the address of a mail server",
        hint="Write it like smtps://user:password@mail.example.com:465, or smtp://… for STARTTLS at port 587",
    )
    try:
        parts = urlsplit(value)
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise wrong from None
    if (
        parts.scheme not in _SCHEMES
        or not parts.hostname
        or parts.path not in ("", "/")
        or set(asked) - {"tls"}
    ):
        raise wrong
    usual, security = _SCHEMES[parts.scheme]
    if asked.get("tls") == ["none"] and security == "starttls":
        security = "none"
    elif asked:
        raise wrong
    if security == "starttls" and parts.hostname in _LOOPBACK and not parts.username:
        security = "none"  # a mail server of this machine, without a password: nothing leaves it
    return Smtp(
        parts.hostname, port or usual, security, unquote(parts.username or ""), unquote(parts.password or "")
    )


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018, raises for one that is no number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and value.isascii() and value.isprintable()
    )
