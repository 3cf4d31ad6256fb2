"""The server's secret key: made once, kept in instance/, and keys for each purpose derived from it."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from meishi.config.server import ServerConfig
from meishi.errors import ConfigError

Random = Callable[[int], bytes]

_NAME = "secret.key"
_LENGTH = 64  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Secret:
    """Derive keys for separate purposes from the server's one key."""

    key: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """Return the key for a purpose: knowing one tells nothing about another."""
        return hmac.digest(self.key, purpose.encode(), hashlib.sha256)

    def sign(self, purpose: str, message: str) -> str:
        """Return a seal that only this server can put on a message."""
        return hmac.new(self.derive(purpose), message.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def load_secret(server: ServerConfig, random: Random = secrets.token_bytes) -> Secret:
    """Return the server's key; the first process that asks makes it."""
    if server.secret_key:
        return Secret(server.secret_key.encode())
    make_instance(server.instance)
    file = server.instance / _NAME
    try:
        # O_EXCL: of several processes that start at once, one makes the file and the others read it.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        return Secret(_read(file))
    except OSError as error:
        raise _unwritable(server.instance, error) from error
    with os.fdopen(descriptor, "wb") as opened:
        key = random(_LENGTH // 2).hex().encode()
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    return Secret(key)


def make_instance(instance: Path) -> None:
    """Make the folder for what must never be published, open to its owner alone."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(instance, error) from error


def _read(file: Path) -> bytes:
    for _ in range(100):
        try:
            key = file.read_bytes().strip()
        except OSError as error:
            raise ConfigError(
                f"the key cannot be read ({error.strerror})",
                path=f"instance/{_NAME}",
                hint="Start the server as the user who owns the file",
            ) from error
        if len(key) >= _LENGTH:
            _close(file)
            return key
        time.sleep(0.01)  # the process that made the file has not written it yet
    raise ConfigError(
        "the key is damaged",
        path=f"instance/{_NAME}",
        hint="Delete the file: a new one is made at the next start, and you sign in again",
    )


def _close(file: Path) -> None:
    """Take other users' access to the key away, as a copied folder may have given it."""
    with contextlib.suppress(OSError):
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def _unwritable(instance: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"cannot write into the folder {instance.name}/ ({error.strerror})",
        hint="Make it writable for the server's user, or name another folder in MEISHI_INSTANCE",
    )
