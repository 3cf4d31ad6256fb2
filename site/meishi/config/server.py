"""The server's settings: MEISHI_… variables of the environment, read once, then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from meishi.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How this server runs; `instance` is the folder for what must never be published."""

    instance: Path
    #: How many proxies in front of the server may say who the visitor is.
    trusted_proxies: int = 0
    #: A key given from outside; without one, a file in `instance` holds it.
    secret_key: str | None = None


def load_server_config(root: Path, environ: Mapping[str, str]) -> ServerConfig:
    """Read the server's settings for the site in this folder."""
    instance = environ.get("MEISHI_INSTANCE", "")
    return ServerConfig(
        instance=(root / instance) if instance else root / "instance",
        trusted_proxies=_count(environ, "MEISHI_TRUSTED_PROXIES"),
        secret_key=_key(environ),
    )


def _count(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name, "").strip() or "0"
    if not value.isascii() or not value.isdigit() or int(value) > 9:
        raise ConfigError(
            f"{name} must be a small number, not {value!r}",
            hint=f"Behind one proxy, such as nginx, set {name}=1",
        )
    return int(value)


def _key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("MEISHI_SECRET_KEY") or None
    if key is not None and len(key) < 32:
        raise ConfigError(
            "MEISHI_SECRET_KEY is too short",
            hint='Use at least 32 characters: python -c "import secrets; print(secrets.token_hex(32))"',
        )
    return key
