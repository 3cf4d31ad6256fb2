"""Serve a site with its study in a process of its own, so that a test can kill it."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from pathlib import Path

from meishi.factory import create_app


class StudyServer:
    """A server that can be killed and started again at the same address."""

    def __init__(self, root: Path) -> None:
        self.root, self.port = root, free_port()
        self.address = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it takes connections."""
        command = [sys.executable, __file__, str(self.root), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", "the server did not start"

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def free_port() -> int:
    """Choose a port that stays free while its server is dead.

    The system hands out those from 32768 on to whoever connects to somebody.
    """
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def main(root: Path, port: int) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from visitors import PASSWORD, study_of
    from werkzeug.serving import make_server

    app = create_app(root, reload=False)
    if not study_of(app).owner.exists():
        study_of(app).owner.set_password(PASSWORD)
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
