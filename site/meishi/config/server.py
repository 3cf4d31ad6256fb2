"""The server's settings: MEISHI_… variables of the environment, read once, then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from meishi.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """How this server runs; `instance` is the folder for what must never be published."""

    instance: Path
    #: How many proxies in front of the server may say who the visitor is.
    trusted_proxies: int = 0
    #: A key given from outside; without one, a file in `instance` holds it.
    secret_key: str | None = field(default=None, repr=False)
    #: Where the guestbook is stored; "" is a SQLite file in `instance`.
    database_url: str = field(default="", repr=False)
    #: What several processes wake each other through; "" is one process alone.
    redis_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    #: Sites, besides this server and baseURL, whose pages may use the guestbook.
    origins: frozenset[str] = frozenset()
    access_log: bool = True


def load_server_config(root: Path, environ: Mapping[str, str]) -> ServerConfig:
    """Read the server's settings for the site in this folder."""
    instance = environ.get("MEISHI_INSTANCE", "")
    return ServerConfig(
        instance=(root / instance) if instance else root / "instance",
        trusted_proxies=_number(
            environ, "MEISHI_TRUSTED_PROXIES", 0, most=9, hint="Behind one proxy, such as nginx, set {}=1"
        ),
        secret_key=_key(environ),
        database_url=_url(environ, "MEISHI_DATABASE_URL", _DATABASES),
        redis_url=_url(environ, "MEISHI_REDIS_URL", _REDIS),
        host=environ.get("MEISHI_HOST", "").strip() or "127.0.0.1",
        port=_number(environ, "MEISHI_PORT", 8000, most=65535, hint="Write it like {}=8000"),
        workers=_number(environ, "MEISHI_WORKERS", 1, least=1, most=64, hint="Write it like {}=2"),
        origins=_origins(environ),
        access_log=_flag(environ, "MEISHI_ACCESS_LOG", default=True),
    )


#: Drivers that eventlet can wait for; C drivers would stop the whole server.
_DATABASES = ("sqlite", "postgresql+pg8000")
_REDIS = ("redis", "rediss", "unix")


def _number(
    environ: Mapping[str, str],
    name: str,
    default: int,
    *,
    least: int = 0,
    most: int = 1_000_000,
    hint: str = "Write it in digits, like {}=100",
) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
    if not least <= number <= most:
        size = "small number" if most < 10 else f"number from {least} to {most}"
        raise ConfigError(f"{name} must be a {size}, not {value!r}", hint=hint.format(name))
    return number


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in ("", "1", "on", "true", "yes", "0", "off", "false", "no"):
        return value in ("1", "on", "true", "yes") if value else default
    raise ConfigError(f"{name} must be on or off, not {value!r}", hint=f"Write {name}=off")


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """Return an address whose password no message repeats."""
    value = environ.get(name, "").strip()
    if not value:
        return ""
    scheme, separator, _ = value.partition("://")
    if not separator or scheme not in schemes:
        wanted = " or ".join(f"{known}://" for known in schemes)
        hint = f"Write it like {name}={_EXAMPLES[name]}"
        if scheme in ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"):
            hint = (
                "Begin it with postgresql+pg8000://, the driver that does not stop the server while it waits"
            )
        raise ConfigError(f"{name} must begin with {wanted}", hint=hint)
    return value


_EXAMPLES = {
    "MEISHI_DATABASE_URL": "postgresql+pg8000://meishi:password@127.0.0.1/meishi",
    "MEISHI_REDIS_URL": "redis://127.0.0.1:6379/0",
}


def _origins(environ: Mapping[str, str]) -> frozenset[str]:
    """Return scheme and host of each site that is named; a path would never match what browsers send."""
    found = set()
    for value in environ.get("MEISHI_ORIGINS", "").replace(",", " ").split():
        try:
            parts = urlsplit(value)
            whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            whole = False
        if not whole or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ConfigError(
                f"MEISHI_ORIGINS must list origins, not {value!r}",
                hint="Write scheme and host without a path, like MEISHI_ORIGINS=https://name.github.io",
            )
        found.add(f"{parts.scheme}://{parts.netloc}".lower())
    return frozenset(found)


def _key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("MEISHI_SECRET_KEY") or None
    if key is not None and len(key) < 32:
        raise ConfigError(
            "MEISHI_SECRET_KEY is too short",
            hint='Use at least 32 characters: python -c "import secrets; print(secrets.token_hex(32))"',
        )
    return key
