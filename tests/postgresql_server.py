"""A real PostgreSQL server for tests: made in a temporary folder, and gone with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

#: It refuses to run as root: then one of these users runs it.
_USERS = ("postgres", "nobody")


class PostgresqlServer:
    """Start a server at a free port; `database()` makes an empty database and returns its address."""

    def __init__(self, find: Callable[..., str]) -> None:
        self._programs = _programs(find)
        self._as = _another_user() if os.name == "posix" and os.getuid() == 0 else []
        self.folder = Path(tempfile.mkdtemp(prefix="meishi-postgresql-"))
        if self._as:
            self.folder.chmod(0o755)
            shutil.chown(self.folder, self._as[2])
        self._data = self.folder / "data"
        self._run("initdb", "-D", self._data, "-U", "meishi", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale=C")  # fmt: skip
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start the server, at the same port as before if there was one."""
        for attempt in range(5):
            port = self.port or _free_port()
            options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off -c max_connections=60"
            try:
                log = self.folder / "log"
                self._run("pg_ctl", "-D", self._data, "-w", "-t", "60", "-l", log, "-o", options, "start")
            except subprocess.CalledProcessError:
                if attempt == 4:
                    raise
            else:
                self.port = port
                return

    def stop(self) -> None:
        """Stop the server at once, as a power cut would."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def database(self) -> str:
        """Make an empty database, and return its address for MEISHI_DATABASE_URL."""
        import pg8000.native

        name = f"test_{uuid4().hex}"
        with pg8000.native.Connection(
            "meishi", host="127.0.0.1", port=self.port, database="postgres"
        ) as server:
            server.run(f"create database {name}")
        return f"postgresql+pg8000://meishi@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        """Stop the server and delete its folder."""
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [*self._as, self._programs[program], *map(str, arguments)]
        # The server keeps what it inherits: a pipe would never end.
        with (self.folder / "output").open("ab") as output:
            subprocess.run(command, check=True, stdout=output, stderr=output, cwd="/", timeout=120)


def _programs(find: Callable[..., str]) -> dict[str, str]:
    """Find the server's programs, which Debian keeps apart by version."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    places = [str(folder / "initdb") for folder in newest if (folder / "initdb").is_file()]
    folder = Path(find(*(places or ["initdb"]))).resolve().parent
    return {name: str(folder / name) for name in ("initdb", "pg_ctl")}


def _another_user() -> list[str]:
    known = {user.pw_name for user in pwd.getpwall()}
    user = next(name for name in _USERS if name in known)
    return ["runuser", "-u", user, "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
