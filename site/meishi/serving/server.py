"""Serve visitors for real: what `python app.py` does once the process is ready for many at a time."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meishi.cli.errors import plainly, say
from meishi.config.server import ServerConfig, load_server_config
from meishi.errors import ConfigError

if TYPE_CHECKING:
    from meishi.live.guestbook import LiveGuestbook

#: Connections that may wait to be taken in; a crowd that comes at once must not be turned away.
BACKLOG = 2048
#: Connections besides the live ones: pages, pictures, forms.
ORDINARY = 2000
#: Seconds after which a signal is seen at the latest.
_BEAT = 0.25


@dataclass(frozen=True, slots=True)
class Green:
    """The green threads that the server stands on; app.py alone knows which library they are from."""

    #: Serves an app on a listener, with so many connections at most.
    serve: Callable[[socket.socket, Any, int, WsgiLog], None]
    #: Does something in so many seconds; may be called from a signal's handler.
    later: Callable[[float, Callable[[], None]], object]


@dataclass(frozen=True, slots=True)
class Options:
    """What stands on the command line."""

    host: str | None
    port: int | None
    workers: int | None


def read_options(arguments: Sequence[str]) -> Options:
    """Read the command line of `python app.py`."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve the site and its guestbook.")
    parser.add_argument("--host", help="the address to listen on (MEISHI_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port, 0 for any free one (MEISHI_PORT, else 8000)")
    parser.add_argument("--workers", type=int, help="processes; more than one needs PostgreSQL and Redis")
    found = parser.parse_args(arguments)
    return Options(found.host, found.port, found.workers)


def configured(root: Path, environ: Mapping[str, str], options: Options) -> ServerConfig:
    """Return the server's settings; the command line goes before the environment."""
    named = {"MEISHI_HOST": options.host, "MEISHI_PORT": options.port, "MEISHI_WORKERS": options.workers}
    given = {name: str(value) for name, value in named.items() if value is not None}
    config = load_server_config(root, {**environ, **given})
    if config.workers > 1 and not (config.redis_url and config.database_url.startswith("postgresql")):
        raise ConfigError(
            f"{config.workers} workers need a database and a wake-up that they share",
            hint="Set MEISHI_DATABASE_URL=postgresql+pg8000://… and MEISHI_REDIS_URL=redis://…",
        )
    return config


def listen(config: ServerConfig) -> socket.socket:
    """Listen where the settings say."""
    try:
        family, *_, address = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {config.host}:{config.port} ({error.strerror})",
            hint="Is another server running there? Name another port: python app.py --port 8001",
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address that a listener answers at."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    root: Path, config: ServerConfig, listener: socket.socket, green: Green, *, parent: int | None = None
) -> int:
    """Serve a site until SIGTERM or Ctrl-C (a worker until its parent is gone); return the exit code."""
    from meishi.factory import create_app
    from meishi.serving.access_log import AccessLog, logs

    log, access = logs(config)
    app = create_app(root, server=replace(config, port=listener.getsockname()[1]), sockets="eventlet")
    live: LiveGuestbook = app.extensions["meishi.guestbook"]
    with plainly():
        live.warm()
    served: Callable[..., Iterable[bytes]] = app.wsgi_app
    if access is not None:
        served = AccessLog(served, access, config.trusted_proxies)
    _install_stop(green, listener, live.stop, log)
    _beat(green, parent)
    if parent is None:
        say(f"Meishi is at {address_of(listener)} (Ctrl-C stops it)", err=True)
    # All that was made until now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    green.serve(listener, served, live.settings().limits.connections + ORDINARY, WsgiLog(log))
    return 0


def _beat(green: Green, parent: int | None) -> None:
    """Wake up now and then: a signal is only seen by one who is awake, and a worker ends with its parent."""
    if parent is not None and os.getppid() != parent:
        # Nobody watches over it any more, and it would keep the port from the next start.
        os.kill(os.getpid(), signal.SIGTERM)
    green.later(_BEAT, lambda: _beat(green, parent))


#: How a traceback ends when a browser has left in the middle of an answer.
_LEFT = re.compile(
    r"""wsgi\.py", line [0-9]+, in write\n.*^(?:BrokenPipe|ConnectionReset)Error\b.*\Z""",
    re.MULTILINE | re.DOTALL,
)


class WsgiLog:
    """What the WSGI server has to say: only its tracebacks are news, and not that somebody left."""

    def __init__(self, log: logging.Logger) -> None:
        self._logger = log

    def info(self, text: str, *_rest: object) -> None:
        """Pass on what went wrong; starts, stops and requests are logged elsewhere."""
        if "Traceback" in text and not _LEFT.search(text.rstrip()):
            self._logger.error("%s", text.rstrip())

    error = info

    def debug(self, text: str, *_rest: object) -> None:
        """Keep silent."""


def _install_stop(
    green: Green, listener: socket.socket, stop: Callable[[], None], log: logging.Logger
) -> None:
    stopping: list[int] = []

    def stop_all() -> None:
        try:
            stop()
        except Exception:
            log.exception("the server could not stop in order")
        finally:
            listener.close()
            sys.stderr.flush()
            # Whoever still reads a large file must not keep the server from starting again.
            os._exit(0)

    def asked(number: int, _frame: object) -> None:
        if stopping:
            os._exit(1)
        stopping.append(number)
        green.later(0, stop_all)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
