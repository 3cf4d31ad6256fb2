"""One process, or several that share a port and are watched over by one that does nothing else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from meishi.cli.errors import say
from meishi.serving.server import Green, address_of, configured, listen, read_options, serve

#: Names the file descriptor on which a worker finds the port that it shares, and the process that started it.
_INHERITED = "MEISHI_LISTENER"
#: Seconds that workers have to stop.
_PATIENCE = 5.0
#: Seconds before a worker that died is started again.
_REST = 1.0


def run(root: Path, arguments: Sequence[str], green: Green) -> int:
    """Serve the site in a folder, as the command line and the environment say."""
    config = configured(root, os.environ, read_options(arguments))
    if inherited := os.environ.get(_INHERITED):
        number, _, parent = inherited.partition(" ")
        return serve(root, config, socket.socket(fileno=int(number)), green, parent=int(parent))
    listener = _from_systemd() or listen(config)
    if config.workers == 1:
        return serve(root, config, listener, green)
    say(f"Meishi is at {address_of(listener)} with {config.workers} workers (Ctrl-C stops it)", err=True)
    return _Watch(config.workers, listener).run()


def _from_systemd() -> socket.socket | None:
    """Return the socket that systemd holds open while the server starts anew, if it does."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=3)


class _Watch:
    """Keep so many workers running, and end with them."""

    def __init__(self, count: int, listener: socket.socket) -> None:
        self._listener = listener
        self._workers: list[subprocess.Popen[bytes]] = []
        self._count = count
        self._stopping = 0.0

    def run(self) -> int:
        """Watch until a signal says to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._workers = [self._start() for _ in range(self._count)]
        while not self._stopping:
            time.sleep(0.2)
            for place, worker in enumerate(self._workers):
                if worker.poll() is not None and not self._stopping:
                    say(f"A worker ended with {worker.returncode}; another one starts", err=True)
                    time.sleep(_REST)
                    self._workers[place] = self._start()
        for worker in self._workers:
            worker.terminate()
        while any(worker.poll() is None for worker in self._workers):
            if time.monotonic() - self._stopping > _PATIENCE:
                for worker in self._workers:
                    worker.kill()
            time.sleep(0.05)
        return 0

    def _start(self) -> subprocess.Popen[bytes]:
        number = self._listener.fileno()
        environ = {**os.environ, _INHERITED: f"{number} {os.getpid()}"}
        return subprocess.Popen(
            [sys.executable, *sys.orig_argv[1:]], env=environ, pass_fds=[number], start_new_session=True
        )

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = self._stopping or time.monotonic()
